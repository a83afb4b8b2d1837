"""The web desk: a message is served once, history is whole, and nobody reaches another's conversation."""
from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, UserUttered

from twitchwise.channels.guard import Accepted, Deliver, Guard
from twitchwise.channels.tokens import Button, TokenSigner, buttons_of
from twitchwise.channels.web_desk import BadRequest, Desk, places_button
from twitchwise.channels.web_session import SessionSigner
from twitchwise.settings import load_settings

PLACES = [{"title": code, "payload": json.dumps({"place": [code]})} for code in ("eyelid", "calf", "hand")]
ID = "message-0001"


class Tracker:
    def __init__(self) -> None:
        self.events: list[Any] = []
        self.slots: dict[str, Any] = {}

    def get_slot(self, name: str) -> Any:
        return self.slots.get(name)


class Backend:
    """Answers every message with two replies, and stores both sides as Rasa would."""

    def __init__(self) -> None:
        self.trackers: dict[str, Tracker] = {}
        self.handled: list[Accepted] = []
        self.wait: asyncio.Event | None = None
        self.broken = False

    async def handle(self, message: Accepted, send: Deliver) -> None:
        self.handled.append(message)
        if self.wait:
            await self.wait.wait()
        if self.broken:
            raise RuntimeError("as asked")
        tracker = self.trackers.setdefault(message.conversation, Tracker())
        new: list[Any] = [UserUttered(message.text, message_id=message.message_id)]
        for reply in ({"text": f"You said {message.text}."}, {"text": "Where is it?", "buttons": PLACES}):
            new.append(BotUttered(reply["text"], {"buttons": reply.get("buttons")}))
            await send(reply)
        tracker.events += new
        tracker.slots.update(triage_level="see_gp", red_flags=[], requested_slot="where")

    async def buttons(self, conversation: str) -> list[Button]:
        tracker = self.trackers.get(conversation)
        return buttons_of(tracker.events) if tracker else []


class Case:
    """A desk, a session, and what was sent to its pages."""

    def __init__(self, backend: Backend | None = None) -> None:
        settings = load_settings(signing_key="s" * 32)
        self.backend = backend or Backend()
        self.sent: list[tuple[str, dict[str, Any]]] = []

        async def tracker(conversation: str) -> Any:
            return self.backend.trackers.get(conversation)

        self.desk = Desk(Guard(settings, TokenSigner(settings.key())), self.backend, tracker, SessionSigner(settings.key(), 1))

    async def emit(self, event: str, payload: dict[str, Any]) -> None:
        self.sent.append((event, payload))

    def replies(self) -> list[dict[str, Any]]:
        return [payload for event, payload in self.sent if event == "bot_uttered"]


async def test_a_message_is_served_with_signs_of_typing_and_the_state() -> None:
    case = Case()
    session, shown = await case.desk.open(None)
    assert not shown["resumed"] and shown["history"] == []
    ack = await case.desk.receive(session, {"message_id": ID, "text": "my calf"}, case.emit)
    assert ack["ok"] and [event for event, _ in case.sent] == ["user_said", "typing", "bot_uttered", "bot_uttered", "typing", "state"]
    assert case.sent[-1][1] == {"level": "see_gp", "escalated": False, "crisis": False, "question": "where"}
    assert [reply["id"] for reply in case.replies()] == [f"{ack['id']}.0", f"{ack['id']}.1"]
    assert case.replies()[1]["places"] and not case.replies()[0]["places"]
    assert all(button["payload"].startswith("tw-") for button in case.replies()[1]["buttons"])


async def test_the_replay_has_the_ids_and_buttons_of_the_first_showing() -> None:
    case = Case()
    session, shown = await case.desk.open(None)
    await case.desk.receive(session, {"message_id": ID, "text": "my calf"}, case.emit)
    again, replay = await case.desk.open({"token": shown["token"], "pending": [ID, "message-0002", 7]})
    assert again.conversation == session.conversation and replay["resumed"]
    assert [item["id"] for item in replay["history"] if item["role"] == "bot"] == [reply["id"] for reply in case.replies()]
    assert replay["history"][-1]["buttons"] == case.replies()[1]["buttons"] and replay["history"][-1]["places"]
    assert list(replay["known"]) == [ID] and replay["state"]["level"] == "see_gp"


async def test_a_second_delivery_is_not_served_again() -> None:
    case = Case()
    session, _ = await case.desk.open(None)
    case.backend.wait = asyncio.Event()
    first = asyncio.create_task(case.desk.receive(session, {"message_id": ID, "text": "a"}, case.emit))
    second = asyncio.create_task(case.desk.receive(session, {"message_id": ID, "text": "a", "again": True}, case.emit))
    await asyncio.sleep(0)
    case.backend.wait.set()
    assert (await second)["again"] and (await first)["ok"]
    assert len(case.backend.handled) == 1 and len(case.replies()) == 2


async def test_nor_after_a_restart() -> None:
    case = Case()
    session, _ = await case.desk.open(None)
    await case.desk.receive(session, {"message_id": ID, "text": "a"}, case.emit)
    restarted = Case(case.backend)
    ack = await restarted.desk.receive(session, {"message_id": ID, "text": "a", "again": True}, restarted.emit)
    assert ack["ok"] and ack["again"] and len(case.backend.handled) == 1 and restarted.sent == []


async def test_a_failed_turn_gets_words_that_a_reload_shows_too() -> None:
    case = Case()
    session, shown = await case.desk.open(None)
    case.backend.broken = True
    ack = await case.desk.receive(session, {"message_id": ID, "text": "I cannot breathe"}, case.emit)
    assert ack["ok"] and any("999" in reply["text"] for reply in case.replies())
    _, replay = await case.desk.open({"token": shown["token"]})
    assert replay["history"][0]["role"] == "user" and len(replay["history"]) == 1 + len(case.replies())


async def test_the_body_map_presses_a_button() -> None:
    case = Case()
    session, _ = await case.desk.open(None)
    ack = await case.desk.receive(session, {"message_id": ID, "places": [["calf", "left"], ["eyelid", None]]}, case.emit)
    assert ack["ok"]
    accepted = case.backend.handled[0]
    assert accepted.text == "Left calf, eyelid"
    entities = [(each["value"], (each.get("additional_info") or {}).get("laterality")) for each in accepted.parse_data["entities"]]
    assert entities == [("calf", "left"), ("eyelid", None)]


async def test_a_menu_button_and_a_quick_reply_are_pressed_by_their_tokens() -> None:
    case = Case()
    session, shown = await case.desk.open(None)
    await case.desk.receive(session, {"message_id": ID, "button": shown["menu"][0]["payload"], "title": "Start over"}, case.emit)
    assert case.backend.handled[0].parse_data["intent"]["name"] == "start_over"
    await case.desk.receive(session, {"message_id": "message-0002", "button": case.replies()[1]["buttons"][1]["payload"]}, case.emit)
    assert case.backend.handled[1].parse_data["button"] == {"place": ["calf"]}


async def test_a_token_of_another_conversation_does_nothing() -> None:
    case = Case()
    _, other = await case.desk.open(None)
    session, _ = await case.desk.open(None)
    await case.desk.receive(session, {"message_id": ID, "button": other["menu"][0]["payload"], "title": "Start over"}, case.emit)
    assert case.backend.handled == [] and "button" in case.replies()[0]["text"]


@pytest.mark.parametrize("token", [None, "", 7, "tws1.x", "tws1." + "0" * 32 + ".9999999999." + "A" * 43])
async def test_without_a_valid_token_the_conversation_is_new(token: Any) -> None:
    case = Case()
    first, _ = await case.desk.open(None)
    session, shown = await case.desk.open({"token": token})
    assert session.conversation != first.conversation and not shown["resumed"] and shown["lost"] is bool(token)


@pytest.mark.parametrize("data", [None, 7, [], {}, {"message_id": 7}, {"message_id": "x"}, {"message_id": "a b c d e f g h"}])
async def test_a_message_without_an_id_is_refused_in_words(data: Any) -> None:
    case = Case()
    session, _ = await case.desk.open(None)
    ack = await case.desk.receive(session, data, case.emit)
    assert not ack["ok"] and "reload" in ack["error"] and case.sent == []


@pytest.mark.parametrize("text", [None, 7, ["a"], "", "   ", "\x00", "x" * 200_000])
async def test_whatever_is_sent_gets_words(text: Any) -> None:
    case = Case()
    session, _ = await case.desk.open(None)
    ack = await case.desk.receive(session, {"message_id": ID, "text": text}, case.emit)
    assert ack["ok"] and case.replies() and all(reply["text"] for reply in case.replies())
    assert all(len(payload["text"]) <= 2000 for event, payload in case.sent if event == "user_said")


@pytest.mark.parametrize(
    "raw", [None, [], "calf", [["calf"]], [["heart", None]], [["calf", "up"]], [[7, None]], [["calf", None], ["x", None]]]
)
def test_unknown_places_are_refused(raw: Any) -> None:
    with pytest.raises(BadRequest):
        places_button(raw)


async def test_history_that_cannot_be_read_does_not_keep_anyone_out() -> None:
    case = Case()
    session, shown = await case.desk.open(None)

    async def broken(conversation: str) -> Any:
        raise OSError("no database")

    case.desk._tracker = broken
    _, replay = await case.desk.open({"token": shown["token"]})
    assert replay["resumed"] and replay["history"] == []
    assert (await case.desk.receive(session, {"message_id": ID, "text": "a", "again": True}, case.emit))["ok"]


async def test_an_emergency_that_only_the_safety_net_answered_is_the_state_until_the_assistant_speaks_again() -> None:
    case = Case()
    session, _ = await case.desk.open(None)
    case.backend.broken = True
    await case.desk.receive(session, {"message_id": ID, "text": "I have crushing chest pain"}, case.emit)
    assert case.replies()[0]["custom"]["kind"] == "emergency"
    assert case.sent[-1] == ("state", {"level": "emergency", "escalated": True, "crisis": False, "question": None})
    _, shown = await case.desk.open({"token": case.desk.sessions.token(session)})
    assert shown["state"]["level"] == "emergency" and [item["role"] for item in shown["history"]] == ["user", "bot", "bot"]
    case.backend.broken = False
    await case.desk.receive(session, {"message_id": "message-0002", "text": "hello"}, case.emit)
    assert case.sent[-1][1]["level"] == "see_gp"


async def test_the_first_message_that_fails_is_still_shown_after_a_reload() -> None:
    case = Case()
    session, _ = await case.desk.open(None)
    case.backend.trackers[session.conversation] = Tracker()     # a session was started, and nothing was said in it
    case.backend.broken = True
    await case.desk.receive(session, {"message_id": ID, "text": "hello"}, case.emit)
    _, shown = await case.desk.open({"token": case.desk.sessions.token(session)})
    assert [item["role"] for item in shown["history"]] == ["user", "bot"]


async def test_after_a_deletion_nothing_is_left_to_be_shown() -> None:
    class Deleting(Backend):
        async def handle(self, message: Accepted, send: Deliver) -> None:
            self.trackers[message.conversation] = Tracker()
            await send({"text": "Done."})
            await send({"text": "I have deleted the messages of this chat.", "custom": {"type": "deleted"}})

    case = Case(Deleting())
    session, _ = await case.desk.open(None)
    await case.desk.receive(session, {"message_id": ID, "text": "delete my data"}, case.emit)
    assert case.replies()[-1]["custom"] == {"type": "deleted"}
    _, shown = await case.desk.open({"token": case.desk.sessions.token(session)})
    assert shown["history"] == []
