"""Addresses of databases, and one engine for each process."""
from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import DisconnectionError

from twitchwise.records.columns import UtcDateTime
from twitchwise.records.engine import PING_AFTER_S, ROOT, _note_use, _ping_when_idle, default_url, dispose_engines, make_engine, parse_url, shared_engine
from twitchwise.records.errors import DatabaseSettingError


@pytest.mark.parametrize("given, expected", [
    ("postgres://u:p@h:5432/d", "postgresql+psycopg2://u:p@h:5432/d"),
    ("postgresql://u:p@h/d", "postgresql+psycopg2://u:p@h/d"),
    ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ("sqlite:///var/x.db", f"sqlite:///{ROOT}/var/x.db"),
    ("sqlite://", "sqlite://"),
])
def test_addresses(given, expected):
    assert parse_url(given).render_as_string(hide_password=False) == expected


@pytest.mark.parametrize("given", ["", "nonsense", "mysql://u:secret@h/d", "http://x"])
def test_a_bad_address_says_what_to_do_and_no_password(given):
    with pytest.raises(DatabaseSettingError, match="DATABASE_URL") as caught:
        parse_url(given)
    assert "secret" not in str(caught.value)


def test_the_default_is_a_file_of_the_project(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert default_url() == f"sqlite:///{ROOT}/var/twitchwise.db"
    monkeypatch.setenv("DATABASE_URL", "postgresql://h/d")
    assert default_url() == "postgresql://h/d"


def test_one_engine_for_a_process_and_another_for_its_child(tmp_path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    engine = shared_engine(url)
    assert shared_engine(url) is engine
    with engine.connect():
        pass
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        other = shared_engine(url)
        with other.connect() as connection:
            same = connection.exec_driver_sql("SELECT 1").scalar() == 1
        os.write(writing, b"1" if same and other is not engine else b"0")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 1) == b"1"
    dispose_engines()
    assert shared_engine(url) is not engine
    dispose_engines()


def test_moments_are_utc_and_need_a_zone():
    engine = make_engine("sqlite://")
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime))
    there = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"id": 1, "at": there}, {"id": 2, "at": None}])
        got = connection.execute(select(table.c.at).order_by(table.c.id)).scalars().all()
    assert got == [there, None]
    assert got[0].tzinfo is timezone.utc
    with pytest.raises(Exception, match="time zone"), engine.begin() as connection:
        connection.execute(insert(table), {"at": datetime(2026, 3, 1)})


class FakeConnection:
    """A driver's connection that counts what it is asked."""

    class Error(Exception):
        pass

    def __init__(self, broken: bool = False) -> None:
        self.asked, self.broken = 0, broken

    def cursor(self) -> FakeConnection:
        return self

    def __enter__(self) -> FakeConnection:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def execute(self, _statement: str) -> None:
        self.asked += 1
        if self.broken:
            raise self.Error

    def rollback(self) -> None:
        return None


def test_a_connection_is_asked_whether_it_is_there_only_when_nobody_used_it_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("twitchwise.records.engine.time", SimpleNamespace(monotonic=lambda: now))
    connection, record = FakeConnection(), SimpleNamespace(info={})
    _ping_when_idle(connection, record, None)      # new
    _note_use(connection, record)
    now += PING_AFTER_S - 1
    _ping_when_idle(connection, record, None)
    assert connection.asked == 0
    now += 2
    _ping_when_idle(connection, record, None)
    assert connection.asked == 1
    connection.broken = True
    with pytest.raises(DisconnectionError):        # the pool opens another one then
        _ping_when_idle(connection, record, None)
