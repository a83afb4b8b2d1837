"""The programs that a cluster on one machine is made of: PostgreSQL, Redis, the servers, the action processes and the proxy.

Each is a plain process of ours, started with its configuration in the cluster's folder, reachable on loopback only. cluster.py starts them
in order, watches them and ends them.
"""
from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from glob import glob
from pathlib import Path

from twitchwise.settings import ROOT

#: PostgreSQL and the proxy's workers do not run as root.
USERS = ("postgres", "www-data", "nobody")
STOP_S = 20.0


class ClusterError(RuntimeError):
    """A part cannot be started. The message is one line, for the operator."""


def program(name: str, package: str) -> str:
    """The path of a program. Raises ClusterError that names Debian's package."""
    found = [*sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True), shutil.which(name), shutil.which(name, path="/usr/sbin:/sbin")]
    path = next((each for each in found if each), None)
    if path is None:
        raise ClusterError(f"The program {name} is missing. On Debian: apt-get install {package}.")
    return path


def free_port() -> int:
    """A port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    """Whether somebody listens on this port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def http_status(url: str, timeout_s: float = 10.0) -> int | None:
    """The status of a GET; None when nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=timeout_s) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)
    except (OSError, ValueError):
        return None


def other_user() -> str | None:
    """Who runs what refuses to run as root; None when we are not root, or there is nobody else."""
    if os.geteuid() != 0:
        return None
    for name in USERS:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise ClusterError("PostgreSQL does not run as root, and this machine has no other user. Start this as an ordinary user.")


def secret_file(path: Path) -> str:
    """A secret of this cluster, made once."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(24))
    return path.read_text(encoding="ascii")


class Part:
    """One process. `wanted`: it is to be started again when it ends."""

    end_signal = signal.SIGTERM

    def __init__(self, name: str, folder: Path, port: int) -> None:
        self.name, self.folder, self.port = name, folder, port
        self.process: subprocess.Popen[bytes] | None = None
        self.wanted = False
        self.starts = 0

    def command(self) -> list[str]:
        """What is run."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """With what environment."""
        return dict(os.environ)

    def user(self) -> str | None:
        """As whom; None: as ourselves."""
        return None

    def prepare(self) -> None:
        """Before each start."""

    def is_ready(self) -> bool:
        """Whether it serves."""
        return accepts(self.port)

    @property
    def log(self) -> Path:
        return self.folder / "logs" / f"{self.name}.log"

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id. Raises ClusterError when it does not run."""
        if self.process is None or self.process.poll() is not None:
            raise ClusterError(f"{self.name} does not run.")
        return self.process.pid

    def start(self) -> None:
        """Start it; does not wait until it serves. A session of its own keeps the terminal's Ctrl-C from it: the cluster ends its parts in order."""
        self.prepare()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        user = self.user()
        # `user` of Popen needs the group as well, or the process keeps ours.
        who = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command(), cwd=ROOT, env=self.environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, **who)     # type: ignore[call-overload]
        self.wanted, self.starts = True, self.starts + 1

    def stop(self, number: int | None = None) -> None:
        """End it, and do not start it again."""
        self.wanted = False
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(number or self.end_signal)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_S)

    def kill(self) -> None:
        """SIGKILL, as a fault; it is started again if it was wanted."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(STOP_S)


class Postgres(Part):
    """PostgreSQL with its data in the cluster's folder."""

    end_signal = signal.SIGINT      # "fast": sessions are ended, nothing is lost

    def __init__(self, folder: Path, port: int, *, options: Mapping[str, str] | None = None) -> None:
        super().__init__("postgres", folder, port)
        self.data = folder / "postgres" / "data"
        # It writes the statement of each error to its log, values and all: people's words do not belong there.
        self.options = {"max_connections": "200", "log_min_error_statement": "panic", "log_error_verbosity": "terse", **(options or {})}

    @property
    def url(self) -> str:
        return f"postgresql://twitchwise:{secret_file(self.folder / 'postgres.secret')}@127.0.0.1:{self.port}/postgres"

    def user(self) -> str | None:
        return other_user()

    def command(self) -> list[str]:
        settings = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "", **self.options}
        return [program("postgres", "postgresql"), "-D", str(self.data), *(f"--{name}={value}" for name, value in settings.items())]

    def prepare(self) -> None:
        if (self.data / "PG_VERSION").exists():
            (self.data / "postmaster.pid").unlink(missing_ok=True) if not _runs(self.data / "postmaster.pid") else None
            return
        home = self.data.parent
        home.mkdir(parents=True, exist_ok=True)
        password = home / "password"
        secret = secret_file(self.folder / "postgres.secret")
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secret)
        user = self.user()
        who = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
        if user:
            for path in (home, password):
                os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        made = subprocess.run(
            [program("initdb", "postgresql"), "-D", str(self.data), "-A", "scram-sha-256", f"--pwfile={password}", "-U", "twitchwise", "-E",
             "UTF8", "--locale=C"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=180, cwd="/", check=False, **who)     # type: ignore[call-overload]
        password.unlink()
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise ClusterError(
                f"PostgreSQL's data cannot be made in {home} ({made.stderr.decode(errors='replace').strip().splitlines()[-1:]}). "
                f"The user {user or 'who started this'} must be able to reach that folder.")

    def is_ready(self) -> bool:
        import psycopg2

        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.Error:
            return False
        return True


def _runs(pid_file: Path) -> bool:
    """Whether the process named in a pid file is alive."""
    try:
        os.kill(int(pid_file.read_text().split()[0]), 0)
    except (OSError, ValueError, IndexError):
        return False
    return True


class Redis(Part):
    """Redis, in memory only: what it holds (order, limits, sockets) is worth nothing after a restart."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__("redis", folder, port)

    @property
    def url(self) -> str:
        return f"redis://:{secret_file(self.folder / 'redis.secret')}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        text = "\n".join((
            f"port {self.port}", "bind 127.0.0.1", 'save ""', "appendonly no", f"dir {self.folder}", "maxmemory 256mb",
            "maxmemory-policy noeviction", f"requirepass {secret_file(self.folder / 'redis.secret')}", ""))
        path = self.folder / "redis.conf"
        path.touch(mode=0o600)
        path.write_text(text, encoding="ascii")

    def command(self) -> list[str]:
        return [program("redis-server", "redis-server"), str(self.folder / "redis.conf")]


class Actions(Part):
    """An action process of its own."""

    def __init__(self, number: int, folder: Path, port: int, environment: Mapping[str, str]) -> None:
        super().__init__(f"actions-{number}", folder, port)
        self._environment = dict(environment)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "twitchwise", "actions", "--port", str(self.port)]

    def environment(self) -> dict[str, str]:
        return {**os.environ, **self._environment}

    def is_ready(self) -> bool:
        return http_status(f"http://127.0.0.1:{self.port}/health", 2.0) == 200


class Server(Part):
    """One of the servers: Rasa with the channels."""

    def __init__(self, number: int, folder: Path, port: int, environment: Mapping[str, str]) -> None:
        super().__init__(f"rasa-{number}", folder, port)
        self._environment = dict(environment)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [sys.executable, "-m", "twitchwise", "serve"]

    def environment(self) -> dict[str, str]:
        return {**os.environ, **self._environment, "HOST": "127.0.0.1", "PORT": str(self.port)}

    def is_ready(self) -> bool:
        return accepts(self.port) and http_status(f"{self.url}/ready") == 200


class Proxy(Part):
    """nginx in front of all servers, and in front of the action processes."""

    end_signal = signal.SIGQUIT     # running requests end first

    def __init__(self, folder: Path, port: int, host: str, servers: list[Server], actions: list[Actions], actions_port: int) -> None:
        super().__init__("proxy", folder, port)
        self.host, self.servers, self.actions, self.actions_port = host, servers, actions, actions_port

    def prepare(self) -> None:
        from twitchwise.cluster_proxy import write_words

        home = self.folder / "proxy"
        home.mkdir(parents=True, exist_ok=True)
        write_words(home)
        (home / "twitchwise.conf").write_text(self._site(home), encoding="utf-8")
        (home / "nginx.conf").write_text(self._main(home), encoding="utf-8")

    def _site(self, home: Path) -> str:
        from twitchwise.cluster_proxy import actions_block, server_lines, site

        actions = actions_block([f"127.0.0.1:{each.port}" for each in self.actions], f"127.0.0.1:{self.actions_port}") if self.actions else ""
        return site(
            server_lines([f"127.0.0.1:{each.port}" for each in self.servers]), listen=f"{self.host}:{self.port}", words=str(home), actions=actions)

    def _main(self, home: Path) -> str:
        user = other_user()
        group = pwd.getpwnam(user).pw_gid if user else None
        lines = [
            # As root, the workers are somebody else, who owns what they write.
            *([f"user {user} {_group(group)};"] if user and group is not None else []),
            "worker_processes 1;", "daemon off;", f"pid {home}/nginx.pid;", "error_log stderr warn;", "worker_rlimit_nofile 8192;",
            "events { worker_connections 4096; }",
            "http {", "    access_log off;",
            *(f"    {name}_temp_path {home}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")),
            f"    include {home}/twitchwise.conf;", "}", ""]
        return "\n".join(lines)

    def command(self) -> list[str]:
        home = self.folder / "proxy"
        return [program("nginx", "nginx"), "-p", str(home), "-e", "stderr", "-c", str(home / "nginx.conf")]

    def check(self) -> str:
        """What `nginx -t` says; raises ClusterError when it refuses."""
        self.prepare()
        done = subprocess.run([*self.command(), "-t"], capture_output=True, text=True, timeout=30, check=False)
        if done.returncode:
            raise ClusterError(f"nginx refuses its configuration: {done.stderr.strip()}")
        return done.stderr

    def is_ready(self) -> bool:
        return http_status(f"http://127.0.0.1:{self.port}/proxy/health", 2.0) == 200


def _group(number: int) -> str:
    import grp

    return grp.getgrgid(number).gr_name


__all__ = ["Actions", "ClusterError", "Part", "Postgres", "Proxy", "Redis", "Server", "free_port", "program"]
