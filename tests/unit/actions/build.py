"""A dialogue small enough to predict, a recorder that remembers, and trackers as Rasa sends them."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

from actions.service import Service
from twitchwise.dialogue import Button, DialogueState, Message, Reply, Turn
from twitchwise.turn_state import SLOT
from twitchwise.understanding.findings import PRESENT, SYMPTOM, Finding, to_entity


def fake_serve(state: DialogueState, message: Message, _kit: Any) -> Turn:
    """"twitch" opens the check, "done" ends it, "boom" breaks; every message is counted in `turns`."""
    if "boom" in message.text:
        raise RuntimeError("boom")
    after = state.copy()
    after.turns += 1
    if "twitch" in message.text:
        after.question = "breathing"
    if "done" in message.text:
        after.question = None
    said = "again" if message.emergency_said else "said"
    return Turn(
        replies=(Reply(f"{said} {message.text}", (Button.of("Yes", answer="yes"),)),),
        state=after,
        slots={"red_flags": ["weakness"] if "weak" in message.text else [], "triage_level": None, "unknown": 1},
        check_open=after.question is not None,
        requested_slot=after.question,
        effects=("delete",) if "delete" in message.text else (),
    )


@dataclass
class FakeRecorder:
    """Remembers what it was given; `broken` raises."""

    broken: bool = False
    turns: list[tuple[str, str]] = field(default_factory=list)
    state: dict[str, Any] | None = None

    async def record_turn(self, conversation: str, message: Any, turn: Any) -> None:
        if self.broken:
            raise OSError("the database is away")
        self.turns.append((conversation, message.message_id))

    async def load_state(self, conversation: str) -> dict[str, Any] | None:
        if self.broken:
            raise OSError("the database is away")
        return self.state


def service(recorder: FakeRecorder | None = None, **more: Any) -> Service:
    return Service(serve=fake_serve, kit=None, recorder=recorder or FakeRecorder(), **more)


def user(text: str, message_id: str, **parse: Any) -> dict[str, Any]:
    """A user's event as in a tracker."""
    data = {"text": text, "intent": {"name": "describe_symptoms", "confidence": 0.9}, "entities": [], **parse}
    return {"event": "user", "text": text, "message_id": message_id, "input_channel": "rest", "metadata": {}, "parse_data": data}


def tracker(*events: dict[str, Any], slots: dict[str, Any] | None = None, loop: str | None = None) -> Tracker:
    """A tracker whose latest message is the last user event."""
    latest = next(event for event in reversed(events) if event["event"] == "user")
    message = {**latest["parse_data"], "message_id": latest["message_id"], "metadata": latest["metadata"]}
    return Tracker("c1", {SLOT: None, **(slots or {})}, message, list(events), False, None, {"name": loop} if loop else {}, "action_listen")


def symptom(code: str, text: str) -> dict[str, Any]:
    return to_entity(Finding(kind=SYMPTOM, code=code, assertion=PRESENT, end=len(text)), text)
