"""More messages than a process can carry: safe words at once, nothing lost, and every conversation in its order."""
from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.shared.core.events import ActionExecuted

from tests.unit.channels.test_guard import FakeBackend, incoming, make, texts
from twitchwise.channels.backend import RasaBackend
from twitchwise.channels.gate import Gate
from twitchwise.channels.guard import Accepted, Deliver, Guard, Incoming
from twitchwise.records.lock_store import InProcessLockStore

SORRY = "Sorry, something went wrong"


class FakeAgent:
    """Rasa's agent as far as the backend knows it; a message is written down when its turn ends, as Rasa does."""

    def __init__(self) -> None:
        self.lock_store, self.processor = InProcessLockStore(), self
        self.written: list[tuple[str, str]] = []
        self.kept: list[str] = []
        self.read: list[dict[str, Any]] = []
        self.may_end = asyncio.Event()

    async def handle_message(self, message: Any) -> None:
        await self.may_end.wait()
        self.written.append((message.sender_id, message.text))
        await message.output_channel.send_response(message.sender_id, {"text": f"answer to {message.text}"})

    async def log_message(self, message: Any, should_save_tracker: bool) -> Any:
        assert not should_save_tracker
        self.read.append(message.parse_data)
        return SimpleNamespace(events=[], update=lambda event: self.kept.append(type(event).__name__), said=message)

    async def save_tracker(self, tracker: Any) -> None:
        self.written.append((tracker.said.sender_id, tracker.said.text))


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so, however slow the machine."""
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("It never was so")


def said(text: str, conversation: str = "c1") -> Incoming:
    return Incoming(channel="rest", conversation=conversation, text=text)


async def test_messages_answered_by_the_safety_net_are_written_in_the_order_in_which_they_came() -> None:
    guard, agent = make(deadline_s=0.02), FakeAgent()
    backend = RasaBackend(lambda: agent)
    for number in range(5):
        (reply,) = await guard.collect(said(f"number {number}"), backend)
        assert SORRY in reply["text"]
    assert agent.written == []
    agent.may_end.set()
    await guard.finish(60)
    assert agent.written == [("c1", f"number {number}") for number in range(5)]


async def test_a_late_message_that_nobody_hears_is_kept_without_a_turn() -> None:
    guard, agent = make(deadline_s=0.02), FakeAgent()
    guard.gate = Gate(1)
    backend = RasaBackend(lambda: agent)
    for number in range(3):
        await guard.collect(said(f"number {number}", f"c{number}"), backend)
    agent.may_end.set()
    await guard.finish(60)
    assert sorted(agent.written) == [(f"c{number}", f"number {number}") for number in range(3)]
    # The first one's turn was under way; the others only were read, each with its end.
    assert agent.kept == [ActionExecuted.__name__] * 2


async def test_what_a_kept_message_told_is_read_by_the_safety_net() -> None:
    guard, agent = make(deadline_s=0.02), FakeAgent()
    guard.gate = Gate(1)
    backend = RasaBackend(lambda: agent)
    await guard.collect(said("hello"), backend)
    await guard.collect(said("my left calf twitches", "c2"), backend)
    agent.may_end.set()
    await guard.finish(60)
    (parse,) = agent.read
    assert parse["intent"]["name"] == "describe_symptoms" and "calf" in {entity["value"] for entity in parse["entities"]}


async def test_a_channel_that_can_deliver_late_gets_the_answer_all_the_same() -> None:
    guard, agent, got = make(deadline_s=0.02), FakeAgent(), []
    guard.gate = Gate(1)

    async def deliver(message: dict[str, Any]) -> None:
        got.append(message["text"])

    for number in range(2):
        await guard.serve(said(f"number {number}", f"c{number}"), RasaBackend(lambda: agent), deliver, late=True)
    agent.may_end.set()
    await guard.finish(60)
    assert got[-2:] == ["answer to number 0", "answer to number 1"] and agent.kept == []


def overrun(guard: Guard) -> None:
    """A gate at which the first one has waited for too long."""
    guard.gate = SimpleNamespace(is_overrun=True)      # type: ignore[assignment]


async def test_who_would_wait_too_long_gets_safe_words_at_once_and_is_served_later() -> None:
    go_on = asyncio.Event()

    async def slow(message: Accepted, send: Deliver) -> None:
        assert message.unheard()
        await go_on.wait()

    guard, backend = make(deadline_s=9.0), FakeBackend(slow)
    overrun(guard)
    (reply,) = await texts(guard, incoming("hello"), backend)
    assert SORRY in reply and backend.finished == 0
    go_on.set()
    await guard.finish(60)
    assert backend.finished == 1


async def test_an_emergency_has_its_words_however_many_wait_and_is_recorded_when_its_turn_was_silent() -> None:
    recorded: list[str] = []

    async def keep(message: Accepted, send: Deliver) -> None:
        return None

    async def unserved(message: Accepted) -> None:
        recorded.append(message.text)

    guard = make()
    guard.unserved = unserved
    overrun(guard)
    replies = await texts(guard, incoming("I have crushing chest pain"), FakeBackend(keep))
    assert "999" in replies[0] and SORRY in replies[-1]
    await guard.finish(60)
    assert recorded == ["I have crushing chest pain"]
    await guard.collect(incoming("thank you"), FakeBackend(keep))
    await guard.finish(60)
    assert recorded == ["I have crushing chest pain"]


async def cut(delivery: asyncio.Task[Any], there: asyncio.Event) -> None:
    """End the connection of a delivery once it has come so far."""
    await asyncio.wait_for(there.wait(), 60)
    delivery.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivery


async def test_a_message_whose_connection_ended_is_served_and_its_second_delivery_answered() -> None:
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def slow(message: Accepted, send: Deliver) -> None:
        entered.set()
        await go_on.wait()
        await send({"text": "ok"})

    guard, backend = make(), FakeBackend(slow)
    first = asyncio.create_task(guard.collect(incoming("hello", message_id="m1"), backend))
    await cut(first, entered)
    go_on.set()
    assert await texts(guard, incoming("hello", message_id="m1"), backend) == ["ok"]
    assert len(backend.seen) == 1


async def test_a_connection_that_ends_before_its_message_was_taken_loses_nothing() -> None:
    """Cancelled while the limits were still being asked."""
    asked, go_on = asyncio.Event(), asyncio.Event()
    guard, backend = make(), FakeBackend()
    admit = guard.limits.admit

    async def slow(*arguments: Any) -> Any:
        asked.set()
        await go_on.wait()
        return await admit(*arguments)

    guard.limits.admit = slow       # type: ignore[method-assign]
    first = asyncio.create_task(guard.collect(incoming("hello", message_id="m1"), backend))
    await cut(first, asked)
    go_on.set()
    assert await texts(guard, incoming("hello", message_id="m1"), backend) == ["ok"]
    await until(lambda: backend.finished == 1)
