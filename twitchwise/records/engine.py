"""The one database engine of a process, and the unit of work."""
from __future__ import annotations

import math
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool, StaticPool

from twitchwise.records.errors import DatabaseSettingError

ROOT = Path(__file__).resolve().parent.parent.parent
URL_VARIABLE = "DATABASE_URL"

#: A turn has ten seconds for everything: whoever waits longer for the database is better served without it.
CONNECT_S = 3
STATEMENT_S = 5

#: A connection that nobody used for so long is asked first whether it is still there.
PING_AFTER_S = 5.0

_WRITE, _USED = "twitchwise_write", "twitchwise_used"
_engines: dict[str, Engine] = {}
_lock = threading.Lock()


def default_url() -> str:
    """DATABASE_URL, or the SQLite file var/twitchwise.db of the project's folder."""
    return os.environ.get(URL_VARIABLE) or f"sqlite:///{ROOT / 'var' / 'twitchwise.db'}"


def parse_url(url: str | URL) -> URL:
    """`url` with its driver. Relative SQLite paths are taken from the project's folder. Raises DatabaseSettingError."""
    try:
        # Hosting services hand out "postgres://", which SQLAlchemy no longer takes.
        parsed = make_url(url.replace("postgres://", "postgresql://", 1) if isinstance(url, str) else url)
    except ArgumentError:
        raise DatabaseSettingError(
            f"{URL_VARIABLE} is not a database address. Use sqlite:///path/to/file.db or postgresql://user:password@host:5432/name."
        ) from None
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg2")
    if backend != "sqlite":
        raise DatabaseSettingError(f"{URL_VARIABLE} names {backend}. Only SQLite and PostgreSQL are supported.")
    if parsed.database and parsed.database != ":memory:" and not Path(parsed.database).is_absolute():
        parsed = parsed.set(database=str(ROOT / parsed.database))
    return parsed


def make_engine(url: str | URL | None = None, *, pool_size: int = 8, wait_s: float = CONNECT_S) -> Engine:
    """A new engine. Most callers want `shared_engine`. Opens no connection yet. `wait_s`: seconds to wait for SQLite's write lock."""
    parsed = parse_url(url or default_url())
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, pool_size, wait_s)
    engine = create_engine(
        parsed, future=True, pool_size=pool_size, max_overflow=pool_size, pool_timeout=CONNECT_S, pool_recycle=1800,
        connect_args={
            "connect_timeout": CONNECT_S,
            "keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 10_000,
            "options": f"-c statement_timeout={STATEMENT_S * 1000} -c lock_timeout={STATEMENT_S * 1000} "
                       "-c idle_in_transaction_session_timeout=30000 -c timezone=utc",
            "application_name": "twitchwise",
        },
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _ping_when_idle)
    return engine


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED] = time.monotonic()


def _ping_when_idle(connection: Any, record: Any, _proxy: Any) -> None:
    """SQLAlchemy's own ping asks before each use: a fifth of all that was sent. One that was good a moment ago is good, or the database is
    away, which every caller expects."""
    if time.monotonic() - record.info.get(_USED, math.inf) < PING_AFTER_S:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except connection.Error as error:
        raise DisconnectionError("The connection was closed while nobody used it.") from error


def _sqlite(url: URL, pool_size: int, wait_s: float) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    pool: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {
        "poolclass": QueuePool, "pool_size": pool_size, "max_overflow": pool_size, "pool_timeout": CONNECT_S}
    engine = create_engine(url, future=True, pool_pre_ping=True, connect_args={"check_same_thread": False, "timeout": wait_s}, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes late and leaves DDL outside of transactions: `_begin_sqlite` does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Switch the journal to WAL. SQLite does not wait for its lock here when two open a new file at once: it says 'locked' at the first try.
    So long as it waits elsewhere is waited here: a turn a few seconds, a migration a minute."""
    until = time.monotonic() + cursor.execute("PRAGMA busy_timeout").fetchone()[0] / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer fails at once when somebody wrote in between: writers take the write lock first and wait for it.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITE) else "BEGIN")


def shared_engine(url: str | URL | None = None) -> Engine:
    """The engine of this process for `url`, made once."""
    parsed = parse_url(url or default_url())
    name = parsed.render_as_string(hide_password=False)
    with _lock:
        if name not in _engines:
            _engines[name] = make_engine(parsed)
        return _engines[name]


def dispose_engines() -> None:
    """Close every shared engine (at shutdown, and between tests)."""
    with _lock:
        for engine in _engines.values():
            engine.dispose()
        _engines.clear()


def _after_fork() -> None:
    # A connection shared by two processes mixes their answers up; the child lets go of it without closing the parent's.
    global _lock
    _lock = threading.Lock()
    for engine in _engines.values():
        engine.dispose(close=False)
    _engines.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def for_reading(engine: Engine) -> Engine:
    """The same engine for single statements that only read: on PostgreSQL without BEGIN and ROLLBACK around them."""
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name == "postgresql" else engine


def for_writing(engine: Engine) -> Engine:
    """The same engine, whose transactions take SQLite's write lock at their start. Made once: every message asks for it twice."""
    known = engine.__dict__.get(_WRITE)
    if known is None:
        known = engine.__dict__[_WRITE] = engine.execution_options(**{_WRITE: True})
    return cast(Engine, known)


@contextmanager
def unit(engine: Engine, *, write: bool = False) -> Iterator[Session]:
    """One unit of work: a session that commits at the end, or rolls back and raises."""
    with Session(for_writing(engine) if write else engine, future=True, expire_on_commit=False) as session, session.begin():
        yield session
