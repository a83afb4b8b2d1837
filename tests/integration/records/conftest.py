"""A real PostgreSQL and a real Redis for these tests, started by the tests themselves."""
from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from tests.running import free_port
from twitchwise.channels.telegram.tables import metadata as telegram
from twitchwise.records.engine import make_engine
from twitchwise.records.keys import Keys
from twitchwise.records.models import Base
from twitchwise.records.schema import migrate


def wait_for(condition: Callable[[], bool], seconds: float = 60.0, what: str = "it") -> None:
    """Wait until `condition` holds; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"Waited {seconds} s for {what}")
        time.sleep(0.05)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _program(name: str) -> str | None:
    return next(iter(sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None) or shutil.which(name)


@dataclass
class Postgres:
    """A server of our own. `url` ends in the name of a database that exists."""

    folder: Path
    port: int
    user: list[str]

    @property
    def url(self) -> str:
        return f"postgresql://twitchwise@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self._control("start", "-w", "-t", "60", "-l", str(self.folder / "log"), "-o",
                      f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off "
                      "-c max_connections=60")

    def stop(self, how: str = "immediate") -> None:
        self._control("stop", "-w", "-m", how)

    def empty(self) -> None:
        """Nothing of the tests before is left in it."""
        engine = make_engine(self.url)
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()

    def _control(self, *arguments: str) -> None:
        done = subprocess.run([*self.user, _program("pg_ctl"), "-D", str(self.folder / "data"), *arguments],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120, cwd="/")
        if done.returncode:
            raise RuntimeError(done.stderr.decode())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if not (_program("initdb") and _program("pg_ctl")):
        pytest.skip("PostgreSQL's programs are not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="twitchwise-pg-"))
    user: list[str] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        name = next((each for each in ("postgres", "nobody") if _has_user(each)), None)
        if name is None or shutil.which("runuser") is None:
            pytest.skip("PostgreSQL does not run as root, and there is no other user to run it as")
        os.chown(folder, pwd.getpwnam(name).pw_uid, pwd.getpwnam(name).pw_gid)
        user = ["runuser", "-u", name, "--"]
    server = Postgres(folder, free_port(), user)
    try:
        subprocess.run([*user, _program("initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "twitchwise", "-N", "-E", "UTF8"],
                       check=True, stdout=subprocess.DEVNULL, timeout=120, cwd="/")
        server.start()
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'twitchwise.db'}"
    server: Postgres = request.getfixturevalue("empty_postgres")
    return server.url


@pytest.fixture
def empty_postgres(postgres: Postgres) -> Postgres:
    """The server with nothing in it, not even a deletion's tombstone."""
    postgres.empty()
    return postgres


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A migrated database, of each kind."""
    migrate(url)
    made = make_engine(url)
    yield made
    made.dispose()


@pytest.fixture
def keys() -> Keys:
    return Keys(b"integration tests " * 2)


@dataclass
class Redis:
    """A Redis server of our own."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
             "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port), 10, "Redis")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed (Debian: redis-server)")
    server = Redis(free_port(), tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


def everything(engine: Engine) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, by the table's name."""
    with engine.connect() as connection:
        return {table.name: [dict(row._mapping) for row in connection.execute(table.select())]
                for metadata in (Base.metadata, telegram) for table in metadata.sorted_tables}
