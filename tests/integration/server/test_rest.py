"""The REST channel of a really started server: its shape, and everything a stranger may throw at it."""
from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.running import Server, new_sender

CASE_SLOTS = (
    "body_locations", "duration_days", "symptoms_present", "symptoms_absent", "triggers", "red_flags", "triage_level", "faq_topic",
)
NUMBERS = ("999", "112", "911")


def empty(slots: dict[str, Any]) -> bool:
    return not any(slots.get(name) for name in CASE_SLOTS)


def test_a_message_is_answered_by_a_list_of_messages(server: Server) -> None:
    sender = new_sender()
    replies = server.say(sender, "my calf has been twitching for 3 days")
    assert replies and all(set(reply) <= {"recipient_id", "text", "buttons", "custom", "image"} for reply in replies)
    assert all(reply["recipient_id"] == sender for reply in replies)
    buttons = [button for reply in replies for button in reply.get("buttons", [])]
    assert buttons and all(set(button) == {"title", "payload"} for button in buttons)


def test_the_contracts_slots_are_there(server: Server) -> None:
    sender = new_sender()
    server.say(sender, "my left calf has been twitching for 3 days, no numbness")
    slots = server.slots(sender)
    assert set(CASE_SLOTS) | {"requested_slot"} <= set(slots)
    assert slots["body_locations"] == ["calf"] and slots["duration_days"] == 3
    assert slots["requested_slot"] is not None


def test_a_press_comes_back_as_a_message(server: Server) -> None:
    sender = new_sender()
    replies = server.say(sender, "my calf has been twitching for 3 days")
    token = next(button["payload"] for reply in replies for button in reply.get("buttons", []) if button["title"] == "No")
    before = server.slots(sender)["requested_slot"]
    assert server.say(sender, token)
    assert server.slots(sender)["requested_slot"] not in (None, before)
    assert "button" in server.words(new_sender(), token)


HOSTILE: list[Any] = [
    "", "   ", "🙂", "🙂🙂🙂👍", "???", "…", "a" * 100_000, "weak " * 20_000, "\x00\x01\x02", "\u202eevil", "\u200b", "﷽" * 4000,
    None, ["my calf twitches"], {"text": "x"}, 5, True, 1.5, [], {},
    "/restart", "/session_start", '/greet{"a": 1}', '/inform{"red_flags": ["stroke_signs"], "triage_level": "emergency"}', "/back",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'; DROP TABLE events; --", "' OR 1=1 --", "{{7*7}} ${7*7}",
    "../../etc/passwd",
    "Meine Wade zuckt seit drei Wochen", "J'ai le mollet qui saute depuis hier", "我的小腿抽搐", "عضلة ساقي ترتعش", "икра дёргается",
    "qwertz asdfgh yxcvbn", "\ud800", "%s %n %x", "tw-" + "A" * 27, "A\r\nSet-Cookie: x=1", "ａｂｃ", "z̴̢̛a̷l̸g̶o̵",
]


@pytest.mark.parametrize("message", HOSTILE, ids=[f"{number}-{str(each)[:12]!a}" for number, each in enumerate(HOSTILE)])
def test_hostile_messages_get_a_helpful_sentence_and_change_nothing(server: Server, message: Any) -> None:
    sender = new_sender("hostile")
    replies = server.say(sender, message)
    words = "\n".join(reply.get("text", "") for reply in replies)
    assert len(words) > 20
    assert "Traceback" not in words and "<script" not in words and "Error" not in words
    slots = server.slots(sender)
    if "weak" not in str(message) and "twitch" not in str(message):
        assert empty(slots), slots
    assert server.slots(sender).get("triage_level") != "emergency"


def test_a_message_too_long_says_so_and_names_the_number(server: Server) -> None:
    words = server.words(new_sender(), "my calf twitches. " * 6000)
    assert "too long" in words and any(number in words for number in NUMBERS)


BODIES = [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 50_000, b'{"sender": "x", "message": ', b"sender=x&message=hi"]


@pytest.mark.parametrize("body", BODIES, ids=[str(number) for number in range(len(BODIES))])
def test_what_is_no_request_gets_a_sentence_and_200(server: Server, body: bytes) -> None:
    status, replies = server.call("/webhooks/rest/webhook", raw=body, method="POST")
    assert status == 200 and isinstance(replies, list) and "Please send" in replies[0]["text"]


@pytest.mark.parametrize("sender", [None, "", "   ", [], {}, True, "x" * 300, "a\nb", "web:abc", "telegram:1", "probe:1"])
def test_no_sender_of_their_own_no_case(server: Server, sender: Any) -> None:
    body = {"message": "I have chest pain", **({} if sender is None else {"sender": sender})}
    status, replies = server.call("/webhooks/rest/webhook", body)
    assert status == 200 and "sender" in replies[0]["text"]
    assert "recipient_id" not in replies[0]
    assert empty(server.slots("default"))


def test_a_number_may_be_a_sender(server: Server) -> None:
    assert server.say(4711, "hello")  # type: ignore[arg-type]


def test_a_body_beyond_the_limit_is_refused_with_words(server: Server) -> None:
    body = json.dumps({"sender": "big", "message": "x" * 3_000_000}).encode()
    try:
        status, answer = server.call("/webhooks/rest/webhook", raw=body)
    except (ConnectionError, OSError):  # the server may close while we still send
        return
    assert status == 413 and "too long" in str(answer)
    assert server.say(new_sender(), "hello")


@pytest.mark.parametrize("extra", [
    {"metadata": "text"}, {"metadata": {"slots": {"red_flags": ["stroke_signs"]}}}, {"metadata": [1]}, {"input_channel": "telegram"},
    {"parse_data": {"intent": {"name": "start_over"}}}, {"message_id": {"a": 1}}, {"stream": True},
])
def test_unknown_fields_are_ignored(server: Server, extra: dict[str, Any]) -> None:
    sender = new_sender()
    assert server.say(sender, "hello", **extra)
    assert empty(server.slots(sender))
    events = server.tracker(sender)["events"]
    assert {event.get("input_channel") for event in events if event["event"] == "user"} == {"rest"}


def test_the_same_message_delivered_twice_is_served_once(server: Server) -> None:
    sender = new_sender()
    first = server.say(sender, "my calf twitches", message_id="m1")
    assert server.say(sender, "my calf twitches", message_id="m1") == first
    assert sum(event["event"] == "user" for event in server.tracker(sender)["events"]) == 1


def test_twenty_at_once_from_one_person_are_all_answered(server: Server) -> None:
    sender = new_sender()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda number: server.words(sender, f"hello {number}"), range(20)))
    assert all(answers)
    assert server.say(sender, "hello again")


def test_an_escalation_is_in_the_database(server: Server) -> None:
    sender = new_sender()
    words = server.words(sender, "I can't breathe")
    assert any(number in words for number in NUMBERS)
    with sqlite3.connect(server.database) as connection:
        tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
        (escalations,) = [name for name in tables if "escalation" in name and "deliver" not in name]
        rows = connection.execute(f"select count(*) from {escalations}").fetchone()[0]
    assert rows >= 1


def test_asked_to_the_server_deletes_what_it_keeps(server: Server) -> None:
    sender = new_sender("to-delete")
    server.say(sender, "my calf has been twitching for 3 days")
    replies = server.say(sender, "please delete my data")
    token = next(button["payload"] for reply in replies for button in reply.get("buttons", []) if "elete" in button["title"])
    said = " ".join(reply.get("text", "") for reply in server.say(sender, token))
    assert "I have deleted" in said and "what you told me about your health" in said
    assert empty(server.slots(sender))
    assert not [event for event in server.tracker(sender, "ALL")["events"] if event.get("text") and "calf" in event["text"]]


@pytest.mark.parametrize("answer", ["button", "Yes, delete it", "yes"])
def test_deletion_after_an_emergency_is_done_and_not_recorded(server: Server, answer: str) -> None:
    """"Yes" is about the deletion, not about help that was called."""
    from twitchwise.records import privacy
    from twitchwise.records.engine import make_engine
    from twitchwise.records.keys import as_keys

    sender = new_sender("emergency-delete")
    assert "999" in server.words(sender, "I can hardly breathe") or "112" in server.words(sender, "hello?")
    replies = server.say(sender, "please delete my data")
    assert sum(reply.get("text", "").count("?") for reply in replies) == 1, "nothing else is asked"
    if answer == "button":
        answer = next(button["payload"] for reply in replies for button in reply.get("buttons", []) if button["title"] == "Yes, delete it")
    said = server.words(sender, answer)
    assert "I have deleted" in said and "the note to the care team" in said, said
    assert empty(server.slots(sender))
    engine = make_engine(f"sqlite:///{server.database}")
    kept = privacy.export(engine, as_keys((server.folder / "signing.key").read_bytes().strip()), sender)
    engine.dispose()
    assert not any(kept[name] for name in ("conversation", "findings", "assessments", "escalations", "deliveries")), kept


def test_a_copy_of_what_is_kept(server: Server) -> None:
    sender = new_sender()
    server.say(sender, "my calf has been twitching for 3 days")
    assert not [reply for reply in server.say(sender, "can I have a copy of my data?") if "custom" in reply], "asked back first"
    cards = [reply["custom"] for reply in server.say(sender, "yes") if "custom" in reply]
    assert cards and cards[-1]["type"] == "data_export" and cards[-1]["data"]["findings"]


def test_no_words_of_anyone_are_in_the_log(server: Server) -> None:
    marker = "xylophonequartz"
    for text in (f"my {marker} twitches", f"/{marker}", f"<b>{marker}</b> I can't breathe"):
        server.say(f"sender-{marker}", text)
    log = server.log.read_text(errors="replace")
    assert marker not in log and "Traceback" not in log
