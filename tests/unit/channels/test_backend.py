"""A message that may have been served before, by this process or another one: looked for while its conversation is held."""
from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

from twitchwise.channels.backend import RasaBackend, replies_to
from twitchwise.channels.guard import Accepted

MESSAGE = Accepted("rest", "someone", "hello", "m2")
EVENTS = [
    UserUttered("first", {"name": "greet"}, message_id="m1"), BotUttered("one"), ActionExecuted("action_listen"),
    UserUttered("second", {"name": "greet"}, message_id="m2"), BotUttered("two", {"buttons": [{"title": "Yes", "payload": "{}"}], "image": None}),
    BotUttered("three"), ActionExecuted("action_listen"),
    UserUttered("third", {"name": "greet"}, message_id="m3"), BotUttered("four"),
]


class FakeAgent:
    """An agent whose conversation holds `events`; counts what it had to serve, and whether the conversation was held meanwhile."""

    def __init__(self, events: list[Any]) -> None:
        self.events, self.served, self.held = events, 0, False
        self.lock_store = self.tracker_store = self.processor = self

    @asynccontextmanager
    async def lock(self, conversation: str) -> Any:
        self.held = True
        yield
        self.held = False

    async def retrieve(self, conversation: str) -> Any:
        assert self.held
        return SimpleNamespace(events=self.events) if self.events else None

    async def handle_message(self, message: Any) -> None:
        self.served += 1
        await message.output_channel.send_response("someone", {"text": "served"})


async def said(agent: FakeAgent, message: Accepted) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []

    async def send(reply: dict[str, Any]) -> None:
        out.append(reply)

    await RasaBackend(lambda: agent).handle(message, send)
    return out


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


def test_replies_are_those_of_one_message() -> None:
    assert replies_to(EVENTS, "m2") == [{"text": "two", "buttons": [{"title": "Yes", "payload": "{}"}]}, {"text": "three"}]
    assert replies_to(EVENTS, "m9") == []


async def test_a_new_message_is_served_without_a_look() -> None:
    agent = FakeAgent(EVENTS)
    assert await said(agent, MESSAGE) == [{"text": "served"}] and agent.served == 1


@pytest.mark.parametrize("message", [replace(MESSAGE, perhaps_known=True), replace(MESSAGE, came_again=yes)])
async def test_what_stands_in_the_conversation_is_said_again_and_not_served(message: Accepted) -> None:
    agent = FakeAgent(EVENTS)
    assert [reply["text"] for reply in await said(agent, message)] == ["two", "three"] and agent.served == 0


@pytest.mark.parametrize("message", [
    replace(MESSAGE, perhaps_known=True, message_id="m9"), replace(MESSAGE, came_again=no), replace(MESSAGE, came_again=yes, message_id="m9")])
async def test_what_does_not_stand_there_is_served(message: Accepted) -> None:
    for events in (EVENTS, []):
        agent = FakeAgent(events)
        assert [reply["text"] for reply in await asyncio.wait_for(said(agent, message), 60)] == ["served"] and agent.served == 1
