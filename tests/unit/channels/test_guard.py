from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from twitchwise.channels import guard as guard_module
from twitchwise.channels import safety_net
from twitchwise.channels.guard import Accepted, Deliver, Guard, Incoming
from twitchwise.channels.tokens import Button, TokenSigner
from twitchwise.settings import Settings

KEY = b"k" * 32
YES = Button("Yes", json.dumps({"answer": "yes"}))


class FakeBackend:
    """Answers "ok", or does what it is told to."""

    def __init__(self, act: Callable[[Accepted, Deliver], Any] | None = None, buttons: list[Button] | None = None) -> None:
        self.seen: list[Accepted] = []
        self.act = act
        self.offered = buttons or []
        self.finished = 0

    async def handle(self, message: Accepted, send: Deliver) -> None:
        self.seen.append(message)
        if self.act:
            await self.act(message, send)
        else:
            await send({"text": "ok"})
        self.finished += 1

    async def buttons(self, conversation: str) -> list[Button]:
        return self.offered


def make(**settings: Any) -> Guard:
    return Guard(Settings(**{"rate_burst": 1000, **settings}), TokenSigner(KEY))


def incoming(text: Any, **more: Any) -> Incoming:
    return Incoming(channel="rest", conversation="c1", text=text, **more)


async def texts(guard: Guard, message: Incoming, backend: FakeBackend) -> list[str]:
    return [reply["text"] for reply in await guard.collect(message, backend)]


async def test_an_ordinary_message_goes_through_untouched() -> None:
    backend = FakeBackend()
    assert await texts(make(), incoming("my calf twitches"), backend) == ["ok"]
    (message,) = backend.seen
    assert (message.text, message.parse_data, message.channel, message.conversation) == ("my calf twitches", None, "rest", "c1")


@pytest.mark.parametrize("value", [None, 5, ["a"], {"text": "x"}, True, "", "   ", "\x00\u200b"])
async def test_what_is_no_text_gets_a_sentence_and_goes_no_further(value: Any) -> None:
    backend = FakeBackend()
    (reply,) = await texts(make(), incoming(value), backend)
    assert "999" in reply and "112" in reply
    assert not backend.seen


async def test_a_long_message_is_cut_and_the_reply_says_so_last() -> None:
    backend = FakeBackend()
    replies = await texts(make(), incoming("weak " * 20_000), backend)
    assert replies[0] == "ok"
    assert "too long" in replies[-1] and "999" in replies[-1]
    assert len(backend.seen[0].text) <= 2000


@pytest.mark.parametrize("text", ["/restart", '/twitch{"site": "INJECTED"}', "  /session_start", "／back", "/ I have chest pain"])
async def test_typed_commands_never_reach_nlu(text: str) -> None:
    backend = FakeBackend()
    await texts(make(), incoming(text), backend)
    parse = backend.seen[0].parse_data
    assert parse is not None and parse["intent"]["name"] == "typed_command"


async def test_findings_are_read_from_a_typed_command() -> None:
    backend = FakeBackend()
    await texts(make(), incoming("/greet I have chest pain"), backend)
    parse = backend.seen[0].parse_data
    assert parse is not None
    found = [entity for entity in parse["entities"] if entity["value"] == "chest_pain"]
    assert found and "chest pain" in parse["text"][found[0]["start"] : found[0]["end"]]


async def test_a_failing_turn_still_gets_words() -> None:
    async def fail(message: Accepted, send: Deliver) -> None:
        raise RuntimeError("boom")

    (reply,) = await texts(make(), incoming("hello"), FakeBackend(fail))
    assert "999" in reply and "Sorry" in reply


async def test_a_silent_turn_with_an_emergency_gets_its_words_first() -> None:
    async def silence(message: Accepted, send: Deliver) -> None:
        return None

    replies = await texts(make(), incoming("I have crushing chest pain"), FakeBackend(silence))
    assert len(replies) == 2
    assert "Chest pain" in replies[0] and "999" in replies[0]


async def test_a_late_turn_is_not_cancelled_and_its_person_not_left_waiting() -> None:
    answered = asyncio.Event()

    async def slow(message: Accepted, send: Deliver) -> None:
        await answered.wait()
        await send({"text": "late"})

    guard, backend = make(deadline_s=0.05), FakeBackend(slow)
    (reply,) = await texts(guard, incoming("hello"), backend)
    assert "Sorry" in reply
    answered.set()
    await guard.finish()
    assert backend.finished == 1


async def test_a_channel_that_can_gets_late_replies_too() -> None:
    got: list[str] = []
    answered = asyncio.Event()

    async def slow(message: Accepted, send: Deliver) -> None:
        await answered.wait()
        await send({"text": "late"})

    async def deliver(message: dict[str, Any]) -> None:
        got.append(message["text"])
        answered.set()

    guard = make(deadline_s=0.02)
    await guard.serve(incoming("hello"), FakeBackend(slow), deliver, late=True)
    await guard.finish()
    assert "Sorry" in got[0] and got[-1] == "late"


async def test_words_said_before_a_failure_are_kept() -> None:
    async def half(message: Accepted, send: Deliver) -> None:
        await send({"text": "call now"})
        raise RuntimeError("boom")

    replies = await texts(make(), incoming("hello"), FakeBackend(half))
    assert replies[0] == "call now" and len(replies) == 2


async def test_payloads_leave_as_tokens_only_and_come_back_as_presses() -> None:
    async def ask(message: Accepted, send: Deliver) -> None:
        await send({"text": "Weak?", "buttons": [{"title": YES.title, "payload": YES.payload}], "attachment": "x"})

    guard, backend = make(), FakeBackend(ask, [YES])
    (reply,) = await guard.collect(incoming("hello"), backend)
    assert set(reply) == {"text", "buttons"}
    token = reply["buttons"][0]["payload"]
    assert YES.payload not in json.dumps(reply)
    await guard.collect(incoming(token), backend)
    pressed = backend.seen[1]
    assert pressed.text == "Yes" and pressed.parse_data is not None
    assert pressed.parse_data["intent"]["name"] == "affirm"


async def test_a_token_of_another_conversation_is_refused() -> None:
    guard, backend = make(), FakeBackend(buttons=[YES])
    token = guard.signer.issue("c2", YES.payload)
    (reply,) = await texts(guard, incoming(token), backend)
    assert "button" in reply and not backend.seen


async def test_a_press_that_is_no_token_is_not_read_as_text() -> None:
    backend = FakeBackend(buttons=[YES])
    (reply,) = await texts(make(), incoming('/greet{"a": 1}', pressed=True), backend)
    assert "button" in reply and not backend.seen


async def test_buttons_that_cannot_be_looked_up_do_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging(FakeBackend):
        async def buttons(self, conversation: str) -> list[Button]:
            await asyncio.sleep(60)
            return []

    monkeypatch.setattr(guard_module, "BUTTON_LOOKUP_S", 0.05)
    guard = make()
    (reply,) = await texts(guard, incoming(guard.signer.issue("c1", YES.payload)), Hanging())
    assert "button" in reply


async def test_the_same_message_twice_is_served_once() -> None:
    guard, backend = make(), FakeBackend()
    first = await texts(guard, incoming("hello", message_id="m1"), backend)
    second = await texts(guard, incoming("hello", message_id="m1"), backend)
    assert first == second == ["ok"] and len(backend.seen) == 1


async def test_the_same_message_twice_at_once_is_served_once() -> None:
    async def slow(message: Accepted, send: Deliver) -> None:
        await asyncio.sleep(0.05)
        await send({"text": "ok"})

    guard, backend = make(), FakeBackend(slow)
    both = await asyncio.gather(*(texts(guard, incoming("hello", message_id="m1"), backend) for _ in range(2)))
    assert both == [["ok"], ["ok"]] and len(backend.seen) == 1


async def test_message_ids_are_stable_and_tell_conversations_apart() -> None:
    backend = FakeBackend()
    for conversation in ("c1", "c2"):
        for _ in range(2):
            await make().collect(Incoming("rest", conversation, "hello", message_id="m1"), backend)
    ids = [message.message_id for message in backend.seen]
    assert ids[0] == ids[1] != ids[2] == ids[3]


async def test_a_sender_who_floods_still_gets_emergency_words() -> None:
    guard, backend = make(rate_burst=1, rate_per_s=0.001), FakeBackend()
    await guard.collect(incoming("hello"), backend)
    replies = await texts(guard, incoming("I have chest pain"), backend)
    assert "Chest pain" in replies[0] and len(backend.seen) == 1
    assert "999" in (await texts(guard, incoming("hello again"), backend))[-1]


async def test_an_address_that_floods_is_limited_but_loopback_is_not() -> None:
    guard, backend = make(address_rate_burst=1, address_rate_per_s=0.001), FakeBackend()
    for number in range(3):
        await guard.collect(Incoming("rest", f"s{number}", "hello", address="127.0.0.1"), backend)
    assert len(backend.seen) == 3
    for number in range(3):
        await guard.collect(Incoming("rest", f"t{number}", "hello", address="203.0.113.9"), backend)
    assert len(backend.seen) == 4


@pytest.mark.parametrize("metadata", ["text", ["UK"], {"country": {"a": 1}}, {"country": "<script>"}, {"slots": {"red_flags": []}}, None])
async def test_unknown_metadata_is_dropped(metadata: Any) -> None:
    backend = FakeBackend()
    await make().collect(incoming("hello", metadata=metadata), backend)
    assert backend.seen[0].metadata == {}


async def test_a_country_is_kept_and_decides_the_number() -> None:
    backend = FakeBackend()
    guard = make()
    await guard.collect(incoming("hello", metadata={"country": "us", "other": 1}), backend)
    assert backend.seen[0].metadata == {"country": "US"}
    (reply,) = await texts(guard, incoming("", metadata={"country": "us"}), backend)
    assert "911" in reply and "999" not in reply


async def test_words_come_even_when_nothing_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("boom")

    async def fail(message: Accepted, send: Deliver) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(safety_net, "read_findings", broken)
    monkeypatch.setattr("twitchwise.answers.loader.load_answers", broken)
    (reply,) = await texts(make(), incoming("hello"), FakeBackend(fail))
    assert reply == safety_net.LAST_RESORT
