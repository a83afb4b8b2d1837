"""The store: updates once, order, leases, the offset's age, housekeeping."""
from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import update

from twitchwise.channels.telegram import store as module
from twitchwise.channels.telegram import tables as t
from twitchwise.channels.telegram.ownership import is_dead, process_name
from twitchwise.channels.telegram.store import Store
from twitchwise.channels.telegram.updates import TEXT, Update
from twitchwise.records.engine import make_engine
from twitchwise.records.keys import Keys


@pytest.fixture
def store() -> Store:
    made = Store(make_engine("sqlite:///:memory:"), Keys(b"k" * 32), "42")
    made.prepare()
    return made


def text(number: int, chat: int = 7) -> Update:
    return Update(number, TEXT, chat, f"words {number}", message_id=number)


def later(monkeypatch: pytest.MonkeyPatch, delta: timedelta) -> None:
    now = datetime.now(timezone.utc) + delta
    monkeypatch.setattr(module, "_now", lambda: now)


def test_an_update_is_taken_once_for_ever(store: Store) -> None:
    assert store.accept([text(1), text(2), text(1)]) == [text(1), text(2)]
    record = store.chat_of(7).record
    store.finish(record, 1, [])
    assert store.accept([text(1)]) == []
    waiting = store.next_update(record)
    assert waiting is not None and (waiting.update, waiting.tries) == (text(2), 1)
    assert store.next_update(record).tries == 2  # type: ignore[union-attr]


def test_the_lowest_number_comes_first_whatever_came_first(store: Store) -> None:
    store.accept([text(9)])
    store.accept([text(3), text(5)])
    record = store.chat_of(7).record
    order = []
    while (waiting := store.next_update(record)) is not None:
        order.append(waiting.update.update_id)
        store.finish(record, waiting.update.update_id, [])
    assert order == [3, 5, 9]


def test_one_process_at_a_time_has_a_chat(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Store(store.engine, store.keys, "42")
    record = store.chat_of(7).record
    assert store.claim(record) and store.claim(record) and not other.claim(record)
    store.beat()
    later(monkeypatch, timedelta(seconds=module.LEASE_S + 5))
    assert other.claim(record) and not store.claim(record)
    other.release(record)
    assert store.claim(record)


def test_a_dead_process_of_this_machine_holds_nothing_up(store: Store) -> None:
    record = store.chat_of(7).record
    dead = Store(store.engine, store.keys, "42", owner=f"{socket.gethostname()}:999999999:x")
    assert dead.claim(record) and store.claim(record)
    assert not is_dead("elsewhere:1:x", store.owner)
    assert not is_dead(f"{socket.gethostname()}:{os.getppid()}:x", store.owner)
    assert not is_dead(process_name(), store.owner) and is_dead(f"{socket.gethostname()}:{os.getpid()}:x", store.owner)


def test_the_offset_is_forgotten_before_telegram_begins_with_new_numbers(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.offset() is None
    store.accept([text(1)], 2)
    assert store.offset() == 2
    later(monkeypatch, timedelta(days=7))
    assert store.offset() is None


def test_old_rows_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.accept([text(1), text(2, chat=8)])
    store.finish(store.chat_of(7).record, 1, [{"method": "sendMessage"}])
    later(monkeypatch, timedelta(days=91))
    store.purge()
    assert store.counts() == {"unanswered": 1, "unsent": 0}, "what was never answered is kept"
    assert store.accept([text(1)]) == [text(1)]


def test_what_a_key_of_another_time_sealed_does_not_block_a_chat(store: Store) -> None:
    store.accept([text(1), text(2)])
    record = store.chat_of(7).record
    with store.engine.begin() as connection:
        connection.execute(update(t.updates).where(t.updates.c.update_id == 1).values(work_sealed="gAAAA-of-another-key"))
        connection.execute(t.outgoing.insert().values(bot="42", conversation_id=record, call_sealed="junk", attempts=0,
                                                      created_at=datetime.now(timezone.utc), next_at=datetime.now(timezone.utc)))
    waiting = store.next_update(record)
    assert waiting is not None and waiting.update == text(2)
    assert store.next_call(record) is None


def test_a_chat_has_the_same_name_for_the_records(store: Store) -> None:
    chat: Any = store.chat_of(7)
    assert chat.record == store.keys.conversation(chat.conversation) and chat.conversation.startswith("telegram:")
    assert Store(store.engine, store.keys, "43").chat_of(7).record != chat.record
