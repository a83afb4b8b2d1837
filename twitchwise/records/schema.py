"""Bring a database to a version of the schema, up or down, from code. `migrations/versions` holds the steps."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import SQLAlchemyError

from twitchwise.records.engine import default_url, for_writing, make_engine
from twitchwise.records.errors import MigrationError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

#: Any number that nothing else in the database locks on.
_ADVISORY_LOCK = 7_420_114

#: Seconds to wait for another process that migrates; a turn would give up much earlier.
_WAIT_S = 60


def config() -> Config:
    """Alembic's configuration, without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return made


def head() -> str:
    """The newest version."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def migrate(url: str | URL | Engine | None = None, revision: str = "head") -> str:
    """Bring the database to `revision` (the newest) and return its version. Safe to call from several processes at once.

    Raises MigrationError with a sentence for the operator.
    """
    return _run(url, command.upgrade, revision)


def downgrade(url: str | URL | Engine | None, revision: str) -> str:
    """Take the database back to `revision` ("base" for an empty one, "-1" for one step) and return its version."""
    return _run(url, command.downgrade, revision)


def current(url: str | URL | Engine | None = None) -> str | None:
    """The version of the database, None for an empty one."""
    engine, own = _engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise MigrationError(_sentence(error)) from error
    finally:
        if own:
            engine.dispose()


def _engine(url: str | URL | Engine | None) -> tuple[Engine, bool]:
    return (url, False) if isinstance(url, Engine) else (make_engine(url or default_url(), pool_size=1, wait_s=_WAIT_S), True)


def _run(url: str | URL | Engine | None, step: Callable[[Config, str], None], revision: str) -> str:
    engine, own = _engine(url)
    try:
        with for_writing(engine).connect() as connection, connection.begin():
            _exclusive(connection)
            settings = config()
            settings.attributes["connection"] = connection
            step(settings, revision)
            return MigrationContext.configure(connection).get_current_revision() or "base"
    except CommandError as error:
        raise MigrationError(f"The database cannot be brought to version {revision}: {error}. "
                             "A newer Twitchwise may have made it; start that one, or restore a backup.") from error
    except SQLAlchemyError as error:
        raise MigrationError(_sentence(error)) from error
    finally:
        if own:
            engine.dispose()


def _exclusive(connection: Connection) -> None:
    """One migrator at a time, without the limits that a turn has. SQLite's write lock is taken already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_S}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def _sentence(error: SQLAlchemyError) -> str:
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return f"The database could not be prepared ({type(error).__name__}: {reason}). Check that it runs and that DATABASE_URL is right."
