"""`python -m twitchwise cluster`: the topology of several machines as plain processes on one, and what the fault tests use.

PostgreSQL, Redis, servers, action processes where wanted, and nginx, all of them programs of Debian's packages or of this project. A part
that ends by itself is started again. Everything lies in one folder; Ctrl-C ends all, SIGHUP starts the servers anew one after the other.
"""
from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from twitchwise.cluster_parts import Actions, ClusterError, Part, Postgres, Proxy, Redis, Server, free_port, other_user, secret_file
from twitchwise.settings import ROOT, Settings

logger = logging.getLogger(__name__)
#: The first start of PostgreSQL makes its data; a server loads its model, on a crowded machine for minutes.
START_S = 600.0
AGAIN_S, LONGEST_AGAIN_S = 0.5, 10.0


@dataclass(frozen=True)
class Wanted:
    """What a cluster is to be. `actions`: processes beside the servers, 0 for actions inside each server."""

    folder: Path
    port: int = 5005
    host: str = "127.0.0.1"
    servers: int = 2
    actions: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)


class Cluster:
    """Starts, watches and ends its parts. Usable as a context manager."""

    def __init__(self, wanted: Wanted, say: Callable[[str], None] = lambda _text: None) -> None:
        self.wanted, self._say = wanted, say
        self.folder = wanted.folder.absolute()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.postgres = Postgres(self.folder, free_port())
        self.redis = Redis(self.folder, free_port())
        self.actions_port = free_port()
        self.actions = [Actions(number + 1, self.folder, free_port(), self.environment()) for number in range(wanted.actions)]
        self.servers = [Server(number + 1, self.folder, free_port(), self.environment()) for number in range(wanted.servers)]
        self.proxy = Proxy(self.folder, wanted.port, wanted.host, self.servers, self.actions, self.actions_port)
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None
        self._again: dict[str, tuple[float, float]] = {}

    @property
    def parts(self) -> list[Part]:
        """In the order of starting."""
        return [self.postgres, self.redis, *self.actions, self.proxy, *self.servers]

    @property
    def url(self) -> str:
        """The proxy's address."""
        return f"http://127.0.0.1:{self.wanted.port}"

    def environment(self) -> dict[str, str]:
        """What every server and action process is told. What the operator set beforehand counts more than what is made here."""
        made = {
            "DATABASE_URL": self.postgres.url,
            "TWITCHWISE_REDIS_URL": self.redis.url,
            "TWITCHWISE_SIGNING_KEY": secret_file(self.folder / "signing.secret"),
            "TWITCHWISE_API_TOKEN": secret_file(self.folder / "operators.secret"),
            # Shared on purpose: what a killed server left on its spool, another one writes to the database.
            "TWITCHWISE_VAR_DIR": str(self.folder / "var"),
            "TWITCHWISE_PROXIES": "1",
            "TWITCHWISE_ACTIONS": f"http://127.0.0.1:{self.actions_port}/webhook" if self.wanted.actions else "in-process",
            "RASA_TELEMETRY_ENABLED": "false",
        }
        kept = {name: os.environ[name] for name in ("TWITCHWISE_SIGNING_KEY", "TWITCHWISE_API_TOKEN") if os.environ.get(name)}
        return {**made, **kept, **self.wanted.environment}

    # -- start and end

    def start(self) -> None:
        """Start everything; returns once a message gets through. Raises ClusterError with one line."""
        self._end_leftovers()
        try:
            self.postgres.start()
            self.redis.start()
            self._wait(self.postgres, self.redis)
            self._say("PostgreSQL and Redis run")
            self._migrate()
            self.proxy.check()
            for part in (*self.actions, *self.servers, self.proxy):
                part.start()
            self._wait(*self.actions, self.proxy, *self.servers)
        except BaseException:
            self.stop()
            raise
        self._watcher = threading.Thread(target=self._watch, name="cluster", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """End everything, the proxy first."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join(START_S)
        for group in ([self.proxy], self.servers, self.actions, [self.redis], [self.postgres]):
            threads = [threading.Thread(target=part.stop) for part in group]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self._pids.unlink(missing_ok=True)

    def __enter__(self) -> Cluster:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def restart_servers(self, environment: Mapping[str, str] | None = None) -> None:
        """A rolling start with what is on disk now (a new model, new code): never are all servers away. Raises ClusterError."""
        for server in self.servers:
            server.stop()
            server._environment.update(environment or {})
            server.start()
            self._wait(server)
            self._write_pids()
            self._say(f"{server.name} runs again")

    def _migrate(self) -> None:
        done = subprocess.run([sys.executable, "-m", "twitchwise", "migrate"], cwd=ROOT, env={**os.environ, **self.environment()},
                              capture_output=True, text=True, timeout=START_S, check=False)
        if done.returncode:
            raise ClusterError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "The database could not be migrated.")

    def _wait(self, *parts: Part) -> None:
        end = time.monotonic() + START_S
        self._write_pids()
        for part in parts:
            while not part.is_ready():
                if not part.alive:
                    raise ClusterError(f"{part.name} ended at its start. See {part.log}.")
                if time.monotonic() > end:
                    raise ClusterError(f"{part.name} does not answer. See {part.log}.")
                time.sleep(0.1)

    # -- watching

    def _watch(self) -> None:
        while not self._stop.wait(0.25):
            for part in self.parts:
                if part.wanted and not part.alive:
                    self._start_again(part)

    def _start_again(self, part: Part) -> None:
        now = time.monotonic()
        last, pause = self._again.get(part.name, (0.0, AGAIN_S))
        if now - last < pause:
            return
        # What ends again and again is started less and less often.
        self._again[part.name] = (now, min(pause * 2, LONGEST_AGAIN_S) if now - last < 30.0 else AGAIN_S)
        self._say(f"{part.name} ended and is started again")
        try:
            part.start()
            self._write_pids()
        except (OSError, ClusterError) as error:
            logger.error("%s could not be started again (%s)", part.name, error)

    # -- what a killed cluster left behind

    @property
    def _pids(self) -> Path:
        return self.folder / "pids"

    def _write_pids(self) -> None:
        lines = [f"{part.pid} {_started(part.pid)}" for part in self.parts if part.alive]
        self._pids.write_text("\n".join(lines) + "\n", encoding="ascii")

    def _end_leftovers(self) -> None:
        """End the parts of a cluster that was killed in this folder. A number used again by another process has another start time."""
        for line in self._pids.read_text(encoding="ascii").splitlines() if self._pids.exists() else ():
            number, _, started = line.partition(" ")
            if number.isdigit() and started and _started(int(number)) == started:
                with contextlib.suppress(OSError):
                    os.kill(int(number), signal.SIGINT)
                    self._say(f"Ended process {number}, which an earlier cluster left behind")
                end = time.monotonic() + 10
                while _started(int(number)) == started and time.monotonic() < end:
                    time.sleep(0.1)


def _started(pid: int) -> str:
    """When a process started, in ticks since the machine's start; "" when it is gone (or is a corpse nobody has collected)."""
    with contextlib.suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    return ""


@contextlib.contextmanager
def _signals(stop: threading.Event, again: threading.Event) -> Iterator[None]:
    old = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    old[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda *_: again.set())
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def run(settings: Settings, *, servers: int, actions: int, folder: Path | None) -> int:
    """Run a cluster until Ctrl-C. The exit code."""
    where = folder or settings.var_dir / "cluster"
    stop, again = threading.Event(), threading.Event()
    environment = {} if settings.is_loopback else {"TWITCHWISE_API_TOKEN": settings.api_token or ""}
    say = lambda text: print(f"twitchwise: {text}", flush=True)  # noqa: E731
    with _signals(stop, again):
        cluster = Cluster(Wanted(where, settings.port, settings.host, servers, actions, environment), say)
        if other_user():
            # PostgreSQL runs as somebody else, who must be able to walk through.
            cluster.folder.chmod(0o711)
        try:
            cluster.start()
        except ClusterError as error:
            print(f"twitchwise: {error}", file=sys.stderr)
            return 1
        try:
            say(f"{servers} servers answer at {cluster.url}/chat   (Ctrl-C ends all; SIGHUP starts the servers anew one by one)")
            while not stop.wait(0.5):
                if again.is_set():
                    again.clear()
                    try:
                        cluster.restart_servers()
                    except ClusterError as error:
                        print(f"twitchwise: {error}", file=sys.stderr)
        finally:
            cluster.stop()
    return 0
