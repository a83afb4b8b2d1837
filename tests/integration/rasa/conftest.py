"""Rasa's agent on the trained model, in this process, with actions that can be broken at will."""
from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError

from actions.service import Service, set_service
from tests.unit.actions.build import FakeRecorder
from twitchwise import models, rasa_patches
from twitchwise.channels.backend import RasaBackend
from twitchwise.channels.guard import Guard, Incoming
from twitchwise.channels.tokens import TokenSigner
from twitchwise.dialogue import load_kit, serve
from twitchwise.inprocess_actions import InProcessActions
from twitchwise.logging import configure_logging
from twitchwise.settings import Settings, load_settings

OK, DEAD, HANGING, REJECTING, FAILING = "ok", "dead", "hanging", "rejecting", "failing"


class BreakableActions(InProcessActions):
    """`mode` decides what a call of `only` (None: any action) meets."""

    def __init__(self) -> None:
        super().__init__()
        self.mode, self.only = OK, None  # type: str, str | None
        self.calls: list[str] = []

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        name = kwargs["json"]["next_action"]
        self.calls.append(name)
        if self.mode != OK and self.only in (None, name):
            if self.mode == DEAD:
                raise aiohttp.ClientConnectionError("connection refused")
            if self.mode == REJECTING:
                raise ClientResponseError(400, "rejected", json.dumps({"action_name": name, "error": "no"}))
            if self.mode == FAILING:
                raise ClientResponseError(500, "failed", "{}")
            # As aiohttp does with the timeout that Rasa passes on.
            await asyncio.wait_for(asyncio.sleep(600), kwargs["timeout"])
        return await super().request(*args, **kwargs)


@dataclass
class Bot:
    """One conversation with the agent, through the guard."""

    agent: Agent
    actions: BreakableActions
    guard: Guard
    recorder: FakeRecorder
    sender: str = field(default_factory=lambda: f"bot-{uuid.uuid4().hex}")

    async def replies(self, text: Any, **more: Any) -> list[dict[str, Any]]:
        """The replies to one message."""
        return await self.guard.collect(Incoming("rest", self.sender, text, **more), RasaBackend(lambda: self.agent))

    async def say(self, text: Any, **more: Any) -> str:
        """The words of the replies."""
        return "\n".join(reply.get("text", "") for reply in await self.replies(text, **more))

    async def tracker(self) -> DialogueStateTracker:
        """The conversation's tracker."""
        return await self.agent.processor.get_tracker(self.sender)

    async def slots(self) -> dict[str, Any]:
        """Its slots."""
        return (await self.tracker()).current_slot_values()

    async def last_turn(self) -> list[dict[str, Any]]:
        """The events since the last message, that message first. (A tracker's own `latest_message` leaves out what a form took.)"""
        events = [event.as_dict() for event in (await self.tracker()).events]
        start = max(number for number, event in enumerate(events) if event["event"] == "user")
        return events[start:]

    async def actions_of_last_turn(self) -> list[str]:
        """Names of the actions executed since the last message."""
        return [event["name"] for event in await self.last_turn() if event["event"] == "action"]

    async def in_check(self) -> bool:
        """Whether the form is active and a question is open."""
        tracker = await self.tracker()
        active, requested = tracker.active_loop_name == "check_form", tracker.get_slot("requested_slot") is not None
        assert active == requested, (tracker.active_loop_name, tracker.get_slot("requested_slot"))
        return active


@pytest.fixture(scope="session")
def loaded() -> tuple[Agent, BreakableActions]:
    """The agent, loaded once."""
    configure_logging("CRITICAL")
    rasa_patches.apply(action_timeout_s=5.0)
    actions = BreakableActions()
    agent = Agent(action_endpoint=actions, tracker_store=InMemoryTrackerStore(None))
    agent.load_model(str(models.find_model(load_settings().models_dir)))
    return agent, actions


@pytest.fixture
def bot(loaded: tuple[Agent, BreakableActions]) -> Iterator[Bot]:
    """A new conversation; everything that a test breaks is whole again after it."""
    agent, actions = loaded
    recorder = FakeRecorder()
    set_service(Service(serve=serve, kit=load_kit(), recorder=recorder))
    actions.mode, actions.only = OK, None
    actions.calls.clear()
    yield Bot(agent, actions, Guard(Settings(rate_burst=1000), TokenSigner(b"k" * 32)), recorder)
    actions.mode = OK
    set_service(None)
