"""What the channels know of hand-overs: who answers, and that nobody is ever left without an answer."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from twitchwise.channels.guard import Accepted, Deliver, Guard, Incoming
from twitchwise.channels.hand_over import HandOvers, is_mark, mark
from twitchwise.channels.telegram.carrier import Carrier
from twitchwise.channels.tokens import Button, TokenSigner
from twitchwise.channels.web_push import Push
from twitchwise.records import hand_over, migrate, staff
from twitchwise.records.engine import make_engine
from twitchwise.records.keys import Keys
from twitchwise.settings import load_settings
from twitchwise.turn_message import HANDED_OVER

KEYS = Keys(b"k" * 32)
START = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
WEB, CHAT = "web:" + "a" * 32, "telegram:x"


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    migrate(url)
    made = make_engine(url)
    staff.create(made, "ada", "hash", START, shown_as="Ada, nurse")
    yield made
    made.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def overs(engine: Engine, clock: Clock) -> HandOvers:
    return HandOvers(engine, KEYS, team="the care team", idle_minutes=15, country="UK", clock=clock)


def take(engine: Engine, conversation: str, channel: str) -> Any:
    hand_over.request(engine, KEYS, conversation, channel, START)
    return hand_over.take_case(engine, KEYS, KEYS.conversation(conversation), "ada", START, "here I am")


class Backend:
    """Says what it is told to say, and remembers what it was given."""

    def __init__(self, *replies: str, broken: bool = False) -> None:
        self.replies, self.broken, self.handled = replies, broken, list[Accepted]()

    async def handle(self, message: Accepted, send: Deliver) -> None:
        self.handled.append(message)
        if self.broken:
            raise RuntimeError("as asked")
        for reply in self.replies:
            await send({"text": reply})

    async def buttons(self, conversation: str) -> list[Button]:
        return [Button("Start over", '{"intent": "start_over"}')]


def guard(overs: HandOvers | None) -> Guard:
    settings = load_settings(signing_key="s" * 32, country="UK")
    return Guard(settings, TokenSigner(settings.key()), overs)


async def say(made: Guard, backend: Backend, text: str, message_id: str | None = "id-00000001", **more: Any) -> list[dict[str, Any]]:
    return await made.collect(Incoming("web", WEB, text, message_id=message_id, **more), backend)


async def test_a_message_is_marked_kept_once_and_answered_by_nobody_else(engine: Engine, overs: HandOvers) -> None:
    over = take(engine, WEB, "web")
    backend = Backend()
    assert await say(guard(overs), backend, "hello") == [mark()]
    assert backend.handled[0].metadata[HANDED_OVER] is True
    assert await say(guard(overs), backend, "hello") == [mark()], "the same message, by another process"
    said = [message.text for message in hand_over.messages(engine, KEYS, over.id) if message.sender == hand_over.PERSON]
    assert said == ["hello"]


async def test_what_the_assistant_cannot_keep_to_itself_is_said(engine: Engine, overs: HandOvers) -> None:
    take(engine, WEB, "web")
    replies = await say(guard(overs), Backend("Call 999 now."), "I cannot breathe")
    assert replies[0]["text"] == "Call 999 now." and is_mark(replies[-1])


async def test_an_emergency_has_its_words_although_the_turn_fails(engine: Engine, overs: HandOvers) -> None:
    take(engine, WEB, "web")
    replies = await say(guard(overs), Backend(broken=True), "I can hardly breathe")
    assert "999" in replies[0]["text"] and is_mark(replies[-1])
    assert await say(guard(overs), Backend(broken=True), "thank you", "id-00000002") == [mark()]


async def test_while_somebody_is_only_waited_for_the_assistant_answers(engine: Engine, overs: HandOvers) -> None:
    hand_over.request(engine, KEYS, WEB, "web", START)
    backend = Backend("Hello.")
    assert await say(guard(overs), backend, "hello") == [{"text": "Hello."}] and HANDED_OVER not in backend.handled[0].metadata


async def test_no_client_can_claim_that_somebody_has_taken_over(overs: HandOvers) -> None:
    backend = Backend("Hello.")
    assert await say(guard(overs), backend, "hello", metadata={HANDED_OVER: True}) == [{"text": "Hello."}]
    assert HANDED_OVER not in backend.handled[0].metadata


async def test_without_the_database_the_assistant_answers(engine: Engine, overs: HandOvers, tmp_path: Path) -> None:
    take(engine, WEB, "web")
    lost = HandOvers(make_engine(f"sqlite:///{tmp_path / 'nothing.db'}"), KEYS, team="the care team", idle_minutes=15)
    assert await say(guard(lost), Backend("Hello."), "hello") == [{"text": "Hello."}]
    assert await lost.past(WEB) == (None, []) and await lost.news([KEYS.conversation(WEB)]) is None
    lost.engine.dispose()


async def test_start_over_goes_back_to_the_assistant(engine: Engine, overs: HandOvers) -> None:
    over = take(engine, WEB, "web")
    made, backend = guard(overs), Backend("We start again.")
    token = made.signer.issue(WEB, '{"intent": "start_over"}')
    assert await say(made, backend, token, pressed=True) == [{"text": "We start again."}]
    assert hand_over.hand_over(engine, KEYS, over.id).state == "ended"


async def test_who_waits_too_long_hears_the_assistant_again(engine: Engine, overs: HandOvers, clock: Clock) -> None:
    over = take(engine, WEB, "web")
    clock.now = START + timedelta(minutes=16)
    assert await say(guard(overs), Backend("Hello."), "anybody there?") == [{"text": "Hello."}]
    said = hand_over.messages(engine, KEYS, over.id)
    assert "answer again" in said[-1].text and "999" in said[-1].text and "anybody" not in str(said)


async def test_over_rest_answers_come_with_the_next_reply_and_nothing_is_silent(engine: Engine, overs: HandOvers) -> None:
    over = take(engine, "someone", "rest")
    first = await overs.with_answers("someone", [mark()])
    assert first[0]["text"] == "here I am" and "reads what you write" in first[1]["text"] and "999" in first[1]["text"]
    hand_over.answer(engine, KEYS, over.id, "ada", "Since when?", START)
    assert (await overs.with_answers("someone", [mark()]))[0]["text"] == "**Ada, nurse**: Since when?"
    assert len(await overs.with_answers("someone", [mark()])) == 1


async def test_the_page_gets_each_word_and_who_answers(engine: Engine, overs: HandOvers) -> None:
    sent: list[tuple[str, dict[str, Any]]] = []

    class Server:
        class manager:
            @staticmethod
            def get_participants(_namespace: str, room: str) -> Iterator[tuple[str, str]]:
                return iter([("sid", "eio")] if room == WEB else [])

        async def emit(self, event: str, data: dict[str, Any], room: str) -> None:
            assert room == WEB
            sent.append((event, data))

    push = Push(Server(), overs)  # type: ignore[arg-type]
    push.watch(WEB)
    push.watch("web:gone")
    await push.look()
    assert sent == [("hand_over", {"state": "none", "team": "the care team"})]
    over = take(engine, WEB, "web")
    hand_over.answer(engine, KEYS, over.id, "ada", "Hello.", START)
    await push.look()
    await push.look()
    assert [(event, data.get("text") or data.get("name")) for event, data in sent[1:]] == [
        ("staff_said", "here I am"), ("staff_said", "Hello."), ("hand_over", "Ada, nurse")]
    assert [message.carried_at for message in hand_over.messages(engine, KEYS, over.id)].count(None) == 0
    hand_over.end(engine, over.id, "ada", START, KEYS, "gone")
    await push.look()
    assert [event for event, _ in sent[4:]] == ["staff_said", "hand_over"] and sent[-1][1]["state"] == "none"
    assert hand_over.hand_over(engine, KEYS, over.id).address is None, "where the person is reached is forgotten"


async def test_telegram_is_carried_once_and_tried_again_where_the_chat_is_not_known(engine: Engine, overs: HandOvers) -> None:
    over = take(engine, CHAT, "telegram")
    hand_over.answer(engine, KEYS, over.id, "ada", "Hello.", START)
    sent: list[tuple[str, str]] = []
    known = False

    async def send(conversation: str, text: str) -> bool:
        if known:
            sent.append((conversation, text))
        return known

    first = Carrier(overs, send)
    assert await first.carry() == 0 and sent == []
    known = True
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE hand_over_messages SET leased_until = '2020-01-01 00:00:00'")
    assert await first.carry() == 2 and await Carrier(overs, send).carry() == 0
    assert sent == [(CHAT, "here I am"), (CHAT, "Ada, nurse:\nHello.")]


async def test_a_name_to_log_in_with_is_never_shown(engine: Engine, overs: HandOvers) -> None:
    staff.create(engine, "login-name", "hash", START)
    assert await overs.name_of("login-name") == "A person from the care team" and await overs.name_of(None) == "A person from the care team"
