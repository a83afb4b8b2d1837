"""The connector's side of the guard: tokens, choices of its own, the mark of a question for a place, what was said before a crash."""
from __future__ import annotations

import json
from typing import Any

from twitchwise.channels.guard import Accepted, Deliver, Guard
from twitchwise.channels.telegram.assistant import ASKS_PLACE, GuardedAssistant
from twitchwise.channels.tokens import Button, TokenSigner
from twitchwise.settings import Settings

PLACES = [{"title": title, "payload": json.dumps({"place": [title.lower()]})} for title in ("Calf", "Thigh")]
CONVERSATION = "telegram:abc"


class Backend:
    """Remembers what it was given; asks for a place, or says ok."""

    def __init__(self) -> None:
        self.seen: list[Accepted] = []

    async def handle(self, message: Accepted, send: Deliver) -> None:
        self.seen.append(message)
        await send({"text": "Where?", "buttons": PLACES} if "where" in message.text else {"text": "ok", "custom": {"kind": "result"}})

    async def buttons(self, conversation: str) -> list[Button]:
        return [Button("Yes", '{"answer": "yes"}')]


def make(recorded: Any = None) -> tuple[GuardedAssistant, Backend, Guard]:
    guard, backend = Guard(Settings(rate_burst=1000), TokenSigner(b"k" * 32)), Backend()
    return GuardedAssistant(guard, backend, recorded), backend, guard


async def collect(call: Any, *given: Any, **more: Any) -> list[dict[str, Any]]:
    replies: list[dict[str, Any]] = []

    async def keep(reply: dict[str, Any]) -> None:
        replies.append(reply)

    await call(*given, keep, **more)
    return replies


async def test_a_question_for_a_place_is_marked_and_its_payloads_are_tokens() -> None:
    assistant, _, _ = make()
    (reply,) = await collect(assistant.say, CONVERSATION, "where", "1")
    assert reply["custom"][ASKS_PLACE] is True
    assert all(button["payload"].startswith("tw-") and len(button["payload"]) <= 64 for button in reply["buttons"])
    (reply,) = await collect(assistant.say, CONVERSATION, "hello", "2")
    assert reply["custom"] == {"kind": "result"}


async def test_chosen_places_arrive_as_findings() -> None:
    assistant, backend, _ = make()
    await collect(assistant.choose, CONVERSATION, "Left calf and neck", {"place": [["calf", "left"], ["neck", None]]}, "1")
    (message,) = backend.seen
    assert message.parse_data is not None
    places = [(entity["value"], entity.get("role")) for entity in message.parse_data["entities"]]
    assert [place[0] for place in places] == ["calf", "neck"] and message.text == "Left calf and neck"


async def test_a_command_arrives_as_its_intent_whatever_its_words() -> None:
    assistant, backend, _ = make()
    await collect(assistant.choose, CONVERSATION, "delete my data", {"intent": "delete_my_data"}, "1")
    assert backend.seen[0].parse_data is not None and backend.seen[0].parse_data["intent"]["name"] == "delete_my_data"


async def test_a_press_needs_a_token_of_this_conversation() -> None:
    assistant, backend, guard = make()
    for data in ("yes", guard.signer.issue("telegram:other", '{"answer": "yes"}'), '/restart{"a": 1}'):
        (reply,) = await collect(assistant.say, CONVERSATION, data, f"id {data}", pressed=True)
        assert "does not work any more" in reply["text"]
    assert not backend.seen
    await collect(assistant.say, CONVERSATION, guard.signer.issue(CONVERSATION, '{"answer": "yes"}'), "9", pressed=True)
    assert backend.seen[0].text == "Yes"


async def test_what_was_said_before_a_crash_is_found_by_the_same_message_id() -> None:
    asked: list[str] = []

    async def recorded(conversation: str, message_id: str) -> list[dict[str, Any]]:
        asked.append(message_id)
        return [{"text": "Where?", "buttons": PLACES, "internal": 1}]

    assistant, backend, _ = make(recorded)
    await collect(assistant.say, CONVERSATION, "hello", "update-5")
    (reply,) = await assistant.recall(CONVERSATION, "update-5")
    assert asked == [backend.seen[0].message_id]
    assert reply["custom"][ASKS_PLACE] and reply["buttons"][0]["payload"].startswith("tw-") and "internal" not in reply
