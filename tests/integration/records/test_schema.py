"""Migrations up and down, with data in the tables, on both databases."""
from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from datetime import datetime, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from tests.integration.records.conftest import everything
from twitchwise.channels.telegram import tables as telegram
from twitchwise.records import hand_over, repository, staff
from twitchwise.records.engine import CONNECT_S, make_engine
from twitchwise.records.errors import MigrationError
from twitchwise.records.keys import Keys
from twitchwise.records.models import Base, FindingRow, metadata
from twitchwise.records.recorder import Recorder
from twitchwise.records.schema import current, downgrade, head, migrate
from twitchwise.records.tracker_events import Batch, EventLine, append
from twitchwise.records.turns import Escalation

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
FINDING = {"kind": "symptom", "code": "twitching", "assertion": "present"}


def fill(engine, keys: Keys, tmp_path) -> None:
    """A row in every table."""
    recorder = Recorder(engine, keys, spool=tmp_path / "spool")
    done = recorder.record_turn("someone", "m1", [FINDING], {"level": "emergency", "red_flags": ["breathing_difficulty"]},
                                Escalation("emergency", ("breathing_difficulty",)), NOW, state={"a": 1})
    over = hand_over.request(engine, keys, "someone", "web", NOW, done.escalation_id)
    hand_over.add_message(engine, keys, over.id, hand_over.PERSON, "hello", NOW)
    repository.acknowledge(engine, done.escalation_id, "ada", NOW)
    staff.create(engine, "ada", "hash", NOW)
    event = EventLine.of({"event": "user", "timestamp": NOW.timestamp(), "text": "hello"})
    append(engine, keys, keys.conversation("someone"), Batch("b" * 32, (event,)))
    chat(engine, keys.conversation("someone"))


def chat(engine, conversation: str, **more) -> None:
    """A chat of Telegram's with an update to answer and a message to send."""
    with engine.begin() as connection:
        connection.execute(telegram.bots.insert(), {"bot": "42", "next_offset": 8, "offset_at": NOW})
        connection.execute(telegram.chats.insert(), {
            "conversation_id": conversation, "bot": "42", "chat_sealed": "a chat's number", "seen_at": NOW, **more})
        connection.execute(telegram.updates.insert(), {
            "bot": "42", "update_id": 7, "conversation_id": conversation, "work_sealed": "words", "received_at": NOW})
        connection.execute(telegram.outgoing.insert(), {
            "bot": "42", "conversation_id": conversation, "call_sealed": "words", "created_at": NOW, "next_at": NOW})


def test_the_migrations_make_what_the_models_say(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, [metadata, telegram.metadata]) == []


def test_up_down_and_up_again_with_data(url, keys, tmp_path):
    assert current(url) is None
    assert migrate(url, "0001") == "0001"
    engine = make_engine(url)
    Recorder(engine, keys, spool=tmp_path / "spool").record_turn("someone", "m0", [FINDING], None, Escalation("emergency"), NOW)
    assert migrate(url) == head() == current(url)
    fill(engine, keys, tmp_path)
    before = everything(engine)
    assert all(before[name] for name in before if name not in ("deliveries", "deletions"))
    assert len(before["turns"]) == 2

    assert downgrade(url, "0004") == "0004"
    assert "address_sealed" not in {each["name"] for each in inspect(engine).get_columns("escalations")}
    assert downgrade(url, "0003") == "0003"
    assert not any(name.startswith("telegram_") for name in inspect(engine).get_table_names())
    assert downgrade(url, "0002") == "0002"
    assert "tracker_events" not in inspect(engine).get_table_names()
    assert downgrade(url, "0001") == "0001"
    assert set(inspect(engine).get_table_names()) == {
        "alembic_version", "conversations", "turns", "findings", "assessments", "escalations", "outbox", "deliveries", "deletions"}
    assert migrate(url) == head()
    after = everything(engine)
    for name in ("conversations", "turns", "findings", "assessments", "escalations", "outbox"):
        assert after[name] == before[name]

    assert downgrade(url, "base") == "base"
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    assert migrate(url) == head()
    assert not any(everything(engine).values())
    engine.dispose()


def test_telegrams_tables_that_are_there_already_stay(url, keys):
    """The channel made them itself before there was a migration for them."""
    migrate(url, "0003")
    engine = make_engine(url)
    telegram.metadata.create_all(engine)
    chat(engine, "c" * 32)
    assert migrate(url) == head()
    assert all(rows for name, rows in everything(engine).items() if name.startswith("telegram_"))
    engine.dispose()


def test_migrating_twice_changes_nothing(url, keys, tmp_path):
    migrate(url)
    engine = make_engine(url)
    fill(engine, keys, tmp_path)
    before = everything(engine)
    assert migrate(url) == head()
    assert everything(engine) == before
    engine.dispose()


def test_several_processes_may_migrate_at_once(url):
    failures: list[Exception] = []

    def run() -> None:
        try:
            migrate(url)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert current(url) == head()


@contextmanager
def locked(path, seconds: float):
    """The SQLite file `path` in its first mode (no WAL), locked for so long by somebody else."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(seconds, other.close)
    timer.start()
    yield
    timer.join()


def test_a_new_file_that_somebody_else_opens_is_waited_for(tmp_path):
    path = tmp_path / "a.db"
    engine = make_engine(f"sqlite:///{path}")
    with locked(path, 0.5), engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_a_migration_waits_longer_for_another_than_a_turn_does(tmp_path):
    path = tmp_path / "a.db"
    migrate(f"sqlite:///{path}", "0003")
    with locked(path, CONNECT_S + 1):
        assert migrate(f"sqlite:///{path}") == head()


def test_an_unknown_version_says_what_to_do(url):
    with pytest.raises(MigrationError, match=r"newer Twitchwise"):
        migrate(url, "9999")


def test_a_database_that_is_not_there_says_what_to_do():
    with pytest.raises(MigrationError, match=r"Check that it runs and that DATABASE_URL is right"):
        migrate("postgresql://nobody@127.0.0.1:5299/nothing")


def test_foreign_keys_hold(engine, keys):
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(FindingRow.__table__.insert(), {
            "turn_id": 1, "conversation_id": "nobody", "kind": "symptom", "code": "twitching", "created_at": NOW})


def test_sqlite_is_set_up_for_several_processes(tmp_path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    migrate(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    engine.dispose()


def test_every_table_with_text_of_a_person_is_named_so():
    """Columns of type text are sealed ones: nobody adds a place for a person's words by accident."""
    plain = [f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.c
             if type(column.type).__name__ == "Text" and not column.name.endswith("_sealed")]
    assert plain == []
