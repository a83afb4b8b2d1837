"""Many stored conversations, quickly: a few real ones, written by the server itself, copied in the database with new names.

Everything is done in SQL, so that 100,000 conversations take a minute or two. The copies are spread over the last 80 days.
"""
from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, Table, inspect, text
from sqlalchemy.engine import Connection, Engine

#: Filled in this order; a child's rows point at the rows of its parent that belong to the same copy.
TABLES = ("conversations", "turns", "findings", "assessments", "tracker_events")
SPREAD_DAYS = 80


def templates(engine: Engine) -> list[str]:
    """The conversations that are there now: they will be copied."""
    with engine.connect() as connection:
        return [name for (name,) in connection.execute(text("SELECT id FROM conversations ORDER BY id"))]


def fill(engine: Engine, first: int, last: int, copied: list[str]) -> None:
    """Add the conversations numbered `first` to `last` (not included), copies of `copied` in turn."""
    with engine.begin() as connection:
        for name in TABLES:
            connection.execute(text(insert_sql(connection, name)), {"first": first, "last": last, "templates": len(copied)})
    _refresh(engine)


def prepare(engine: Engine, copied: list[str]) -> None:
    """Numbered copies of the templates in tables of their own."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS bench_template (number INTEGER PRIMARY KEY, id VARCHAR(32))"))
        connection.execute(text("DELETE FROM bench_template"))
        connection.execute(text("INSERT INTO bench_template (number, id) VALUES (:number, :id)"),
                           [{"number": number, "id": name} for number, name in enumerate(copied)])
        for name in TABLES:
            connection.execute(text(f"DROP TABLE IF EXISTS bench_{name}"))
            owner = "id" if name == "conversations" else "conversation_id"
            connection.execute(text(f"CREATE TABLE bench_{name} AS SELECT bench_template.number AS bench_number, {name}.* FROM {name} "
                                    f"JOIN bench_template ON bench_template.id = {name}.{owner}"))


def clean(engine: Engine) -> None:
    """Remove the tables that `prepare` made."""
    with engine.begin() as connection:
        for name in ("template", *TABLES):
            connection.execute(text(f"DROP TABLE IF EXISTS bench_{name}"))


def insert_sql(connection: Connection, table: str) -> str:
    """INSERT ... SELECT that makes one table's rows of the copies :first to :last."""
    postgres = connection.dialect.name == "postgresql"
    columns = [column["name"] for column in inspect(connection).get_columns(table)]
    numbers = "generate_series(CAST(:first AS bigint), CAST(:last AS bigint) - 1) AS copies(n)" if postgres else "copies"
    series = "" if postgres else "WITH RECURSIVE copies(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM copies WHERE n + 1 < :last) "
    chosen = [_value(table, name, postgres) for name in columns]
    return (f"INSERT INTO {table} ({', '.join(columns)}) {series}"
            f"SELECT {', '.join(chosen)} FROM {numbers} JOIN bench_{table} AS t ON t.bench_number = copies.n % :templates")


#: Ids of copied rows lie far above real ones: number of the copy times this, plus the template's own id.
STEP = 1_000_000


def _value(table: str, column: str, postgres: bool) -> str:
    # Names that no real conversation has, spread over the index as real ones are.
    name = "md5('copy ' || copies.n)" if postgres else "printf('%08x', (copies.n * 2654435761) % 4294967296) || printf('%024x', copies.n)"
    back = f"((copies.n * 7919) % {SPREAD_DAYS * 86400})"
    if (table, column) == ("conversations", "id") or column == "conversation_id":
        return name
    if (table, column) == ("turns", "id") or column == "turn_id":
        return f"(copies.n + 1) * {STEP} + t.{'id' if column == 'id' else 'turn_id'}"
    if column == "id":
        return f"(copies.n + 1) * {STEP} + t.id"
    if column in ("created_at", "updated_at"):
        return f"t.{column} - {back} * interval '1 second'" if postgres else f"datetime(t.{column}, '-' || {back} || ' seconds')"
    if (table, column) == ("tracker_events", "timestamp"):
        return f"t.timestamp - {back}"
    return f"t.{column}"


def counts(engine: Engine) -> dict[str, int]:
    """Rows of each table."""
    with engine.connect() as connection:
        return {name: int(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar()) for name in TABLES}


def _refresh(engine: Engine) -> None:
    """What a database does by itself in time: statistics for its planner, pages made visible, the log put away."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
        else:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def reflect(engine: Engine, name: str) -> Any:
    """A table as it is in the database."""
    return Table(name, MetaData(), autoload_with=engine)
