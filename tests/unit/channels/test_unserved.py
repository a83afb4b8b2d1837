"""An emergency whose turn fails reaches the outbox once, whatever becomes of the turn later."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.unit.channels.test_guard import FakeBackend, incoming, make
from twitchwise.channels.guard import Accepted, Deliver, Guard
from twitchwise.channels.unserved import Unserved
from twitchwise.records.engine import make_engine
from twitchwise.records.keys import Keys
from twitchwise.records.recorder import Recorder
from twitchwise.records.schema import migrate
from twitchwise.records.turns import Escalation

EMERGENCY = "I have crushing chest pain"


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    url = f"sqlite:///{tmp_path}/records.db"
    migrate(url)
    made = Recorder(make_engine(url), Keys(b"k" * 32), spool=tmp_path / "spool", retry_s=600)
    yield made
    made.close()
    made.engine.dispose()


@pytest.fixture
def guard(recorder: Recorder) -> Guard:
    made = make(deadline_s=0.2)
    made.unserved = Unserved(lambda: recorder)
    return made


def raised(recorder: Recorder) -> list[tuple[Any, ...]]:
    with recorder.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT level, delivery_state FROM escalations"))]


def waiting(recorder: Recorder) -> int:
    with recorder.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM outbox")).scalar() or 0)


async def fails(message: Accepted, send: Deliver) -> None:
    raise RuntimeError("boom")


async def silent(message: Accepted, send: Deliver) -> None:
    return None


@pytest.mark.parametrize("turn", [fails, silent])
async def test_an_escalation_is_written_when_the_turn_fails(guard: Guard, recorder: Recorder, turn: Any) -> None:
    await guard.collect(incoming(EMERGENCY, message_id="m1"), FakeBackend(turn))
    await guard.finish(60)
    assert raised(recorder) == [("emergency", "pending")] and waiting(recorder) == 1


async def test_it_waits_on_disk_when_the_database_is_away(guard: Guard, recorder: Recorder) -> None:
    recorder._away_until = float("inf")
    await guard.collect(incoming(EMERGENCY), FakeBackend(fails))
    await guard.finish(60)
    assert recorder.waiting == 1 and raised(recorder) == []
    recorder._away_until = 0
    recorder.drain()
    assert raised(recorder) == [("emergency", "pending")]


async def test_a_turn_that_is_only_late_escalates_once(guard: Guard, recorder: Recorder) -> None:
    answered = asyncio.Event()

    async def late(message: Accepted, send: Deliver) -> None:
        await answered.wait()
        await asyncio.to_thread(
            recorder.record_turn, message.conversation, message.message_id, [], {"level": "emergency"}, Escalation("emergency"))
        await send({"text": "Call now", "custom": {"kind": "emergency"}})

    await guard.collect(incoming(EMERGENCY), FakeBackend(late))
    assert raised(recorder) == [], "the turn may still record it with all that it knows"
    answered.set()
    while not raised(recorder):
        await asyncio.sleep(0.01)
    await guard.finish(60)
    assert len(raised(recorder)) == 1


async def test_emergency_words_without_a_record_are_recorded(guard: Guard, recorder: Recorder) -> None:
    """The policy said the words, and the actions were away."""

    async def words_only(message: Accepted, send: Deliver) -> None:
        await send({"text": "Call now", "custom": {"kind": "emergency"}})

    await guard.collect(incoming(EMERGENCY), FakeBackend(words_only))
    await guard.finish(60)
    assert len(raised(recorder)) == 1


async def test_what_is_no_emergency_raises_nothing(guard: Guard, recorder: Recorder) -> None:
    await guard.collect(incoming("does coffee make muscles twitch?"), FakeBackend(fails))
    await guard.finish(60)
    assert raised(recorder) == []


async def test_a_broken_recorder_does_not_reach_the_person(guard: Guard) -> None:
    def broken() -> Any:
        raise RuntimeError("no records")

    guard.unserved = Unserved(broken)
    replies = await guard.collect(incoming(EMERGENCY), FakeBackend(fails))
    await guard.finish(60)
    assert "999" in replies[0]["text"]
