"""Getting messages there and back: failures of Telegram, of the database and of the process; nothing lost, nothing answered twice."""
from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_bot import EchoAssistant, make_connector

Start = Callable[..., Any]


async def test_retry_after_is_honoured_to_the_second(telegram: FakeTelegram, bot: Start) -> None:
    await bot()
    telegram.fail("sendMessage", (429, 1))
    await telegram.queue(telegram.message("hello"), telegram.message("again"))
    start = time.monotonic()
    await telegram.until(lambda: len(telegram.sent) == 2)
    assert time.monotonic() - start >= 1.0 and telegram.too_early == 0
    assert telegram.texts() == ["echo: hello", "echo: again"]


@pytest.mark.parametrize("faults", [
    [(500, "Internal Server Error")] * 3, [("cut", None)] * 3, [("junk", 502)] * 2, [("hang", 0.4)], [("hang", 1.5)],
    [(502, "Bad Gateway"), (401, "Unauthorized")],
])
async def test_a_message_is_tried_until_it_arrives(telegram: FakeTelegram, bot: Start, faults: list[Any]) -> None:
    await bot()
    telegram.fail("sendMessage", *faults)
    await telegram.queue(telegram.message("one"), telegram.message("two"))
    await telegram.until(lambda: len(telegram.sent) == 2)
    assert telegram.texts() == ["echo: one", "echo: two"]


async def test_a_failing_chat_does_not_hold_up_others(telegram: FakeTelegram, bot: Start) -> None:
    await bot()
    telegram.fail("sendMessage", (429, 600))
    await telegram.queue(telegram.message("held", chat=1))
    await telegram.until(lambda: telegram.count("sendMessage") == 1)
    await telegram.queue(telegram.message("free", chat=2))
    await telegram.until(lambda: telegram.texts(2))
    assert not telegram.texts(1)


async def test_refused_formatting_goes_as_plain_words_and_refused_words_do_not_block(telegram: FakeTelegram, bot: Start) -> None:
    async def act(text: str, deliver: Any) -> None:
        await deliver({"text": "**Bold** & <plain>"})

    await bot(EchoAssistant(act))
    telegram.fail("sendMessage", (400, "Bad Request: can't parse entities"))
    await telegram.queue(telegram.message("x"))
    await telegram.until(lambda: telegram.texts() == ["Bold & <plain>"])
    telegram.fail("sendMessage", (400, "Bad Request: nope"), (400, "Bad Request: nope"))
    await telegram.queue(telegram.message("y"), telegram.message("z"))
    await telegram.until(lambda: len(telegram.sent) == 2)


async def test_a_file_that_cannot_be_sent_holds_up_no_words(telegram: FakeTelegram, bot: Start) -> None:
    async def act(text: str, deliver: Any) -> None:
        card = {"custom": {"type": "data_export", "data": {}}} if text == "export" else {"text": f"echo: {text}"}
        await deliver(card)

    await bot(EchoAssistant(act))
    telegram.fail("sendDocument", *[(500, "Internal Server Error")] * 50)
    await telegram.queue(telegram.message("export"), telegram.message("I can't breathe"))
    await telegram.until(lambda: len(telegram.sent) == 2)
    assert telegram.texts()[0] == "echo: I can't breathe" or "could not send the file" in telegram.texts()[0]
    assert {"echo: I can't breathe"} <= set(telegram.texts()) and any("could not send the file" in text for text in telegram.texts())
    assert telegram.count("sendDocument") == 2


async def test_telegram_down_for_long_loses_nothing(telegram: FakeTelegram, bot: Start) -> None:
    """Ten minutes at the tests' pace: many rounds of the longest pause."""
    connector = await bot()
    await telegram.queue(*(telegram.message(f"m{n}", chat=n % 3 + 1) for n in range(9)))
    await telegram.until(lambda: telegram.sent)
    telegram.down = True
    await telegram.until(lambda: connector.poller.failures >= 5)
    more = [telegram.message(f"late{n}", chat=n % 3 + 1) for n in range(9)]
    await telegram.queue(*more)
    telegram.down = False
    await telegram.until(lambda: len(telegram.sent) == 18)
    await asyncio.sleep(0.3)
    texts = telegram.texts()
    assert sorted(texts) == sorted(f"echo: {name}{n}" for name in ("m", "late") for n in range(9))
    for chat in (1, 2, 3):
        own = telegram.texts(chat)
        assert own == sorted(own, key=lambda text: ("late" in text, text))


async def test_the_same_update_is_answered_once_across_restarts_and_processes(telegram: FakeTelegram, tmp_path: Path) -> None:
    assistant = EchoAssistant()
    update = telegram.message("only once")
    first, second = (make_connector(telegram.url, assistant, tmp_path / "shared.db", webhook_url="https://example.org") for _ in range(2))
    await first.start()
    await second.start()
    await asyncio.gather(*(connector.receive(_json(update)) for connector in (first, second, first, second)))
    await telegram.until(lambda: telegram.sent)
    await first.stop()
    third = make_connector(telegram.url, assistant, tmp_path / "shared.db")
    await third.start()
    await telegram.queue(update, telegram.message("next"))
    await telegram.until(lambda: len(telegram.sent) == 2)
    await second.stop()
    await third.stop()
    assert assistant.texts == ["only once", "next"] and telegram.texts() == ["echo: only once", "echo: next"]


async def test_order_within_a_chat_side_by_side_across_chats(telegram: FakeTelegram, bot: Start) -> None:
    running, most = 0, 0

    async def act(text: str, deliver: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        while most < 3:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.02)
        running -= 1
        await deliver({"text": text})

    await bot(EchoAssistant(act), concurrency=3)
    await telegram.queue(*(telegram.message(f"{chat}-{n:02}", chat=chat) for n in range(4) for chat in range(1, 7)))
    await telegram.until(lambda: len(telegram.sent) == 24)
    assert most == 3
    for chat in range(1, 7):
        assert telegram.texts(chat) == [f"{chat}-{n:02}" for n in range(4)]


async def test_two_processes_keep_the_order_of_a_chat(telegram: FakeTelegram, tmp_path: Path) -> None:
    running = most = 0

    async def act(text: str, deliver: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.1)
        running -= 1
        await deliver({"text": text})

    assistant = EchoAssistant(act)
    both = [make_connector(telegram.url, assistant, tmp_path / "shared.db", webhook_url="https://example.org") for _ in range(2)]
    for connector in both:
        await connector.start()
    for n in range(6):
        await both[n % 2].receive(_json(telegram.message(f"m{n}")))
    await telegram.until(lambda: len(telegram.sent) == 6)
    for connector in both:
        await connector.stop()
    assert telegram.texts() == [f"m{n}" for n in range(6)] and most == 1


async def test_only_one_process_fetches_and_the_other_takes_over(telegram: FakeTelegram, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("twitchwise.channels.telegram.polling.FOLLOWER_S", 0.1)
    first, second = (make_connector(telegram.url, EchoAssistant(), tmp_path / "shared.db") for _ in range(2))
    await first.start()
    await telegram.until(lambda: telegram.offsets)
    await second.start()
    await asyncio.sleep(0.3)
    assert second.poller._leads is False
    await first.stop()
    await telegram.until(lambda: second.poller._leads)
    await telegram.queue(telegram.message("hello"))
    await telegram.until(lambda: telegram.sent)
    await second.stop()


async def test_a_restart_takes_up_what_was_left(telegram: FakeTelegram, tmp_path: Path) -> None:
    path = tmp_path / "left.db"
    before = make_connector(telegram.url, EchoAssistant(), path, webhook_url="https://example.org")
    # Its process is gone: this machine and number, a name that nobody has.
    before.store.owner = f"{socket.gethostname()}:{os.getpid()}:gone"
    before.store.prepare()
    from twitchwise.channels.telegram.updates import parse_update

    update = parse_update(telegram.message("left behind"))
    assert update is not None
    before.store.accept([update])
    assert before.store.claim(before.store.chat_of(7).record) and before.store.next_update(before.store.chat_of(7).record)
    assistant = EchoAssistant()
    assistant.recalled[f"update-{update.update_id}"] = [{"text": "said before the crash"}]
    after = make_connector(telegram.url, assistant, path)
    await after.start()
    await telegram.until(lambda: telegram.sent)
    await after.stop()
    assert telegram.texts() == ["said before the crash"] and not assistant.said


async def test_an_update_that_brings_the_process_down_is_answered_with_safe_words(telegram: FakeTelegram, tmp_path: Path) -> None:
    from twitchwise.channels.telegram.updates import parse_update

    assistant = EchoAssistant()
    connector = make_connector(telegram.url, assistant, tmp_path / "poison.db")
    connector.store.prepare()
    update = parse_update(telegram.message("poison"))
    assert update is not None
    connector.store.accept([update])
    for _ in range(4):
        connector.store.next_update(connector.store.chat_of(7).record)
    await connector.start()
    await telegram.until(lambda: telegram.sent)
    await connector.stop()
    assert "999" in telegram.texts()[0] and not assistant.said


@pytest.mark.parametrize("broken", ["accept", "claim", "next_update", "finish"])
async def test_people_are_answered_while_the_database_is_away_and_only_once(
    telegram: FakeTelegram, bot: Start, monkeypatch: Any, broken: str
) -> None:
    assistant = EchoAssistant()
    connector = await bot(assistant)
    original = getattr(connector.store, broken)
    away = True

    def fails(*given: Any, **more: Any) -> Any:
        if away:
            raise OperationalError("select", {}, Exception("gone"))
        return original(*given, **more)

    monkeypatch.setattr(connector.store, broken, fails)
    first = telegram.message("help")
    await telegram.queue(first)
    await telegram.until(lambda: telegram.sent)
    away = False
    await telegram.until(lambda: not connector.dispatcher.state()["in_memory"])
    await telegram.queue(telegram.message("more"))
    await telegram.until(lambda: len(telegram.sent) >= 2)
    await connector.receive(_json(first))
    await asyncio.sleep(0.3)
    assert telegram.texts() == ["echo: help", "echo: more"] and assistant.texts == ["help", "more"]


async def test_late_words_still_arrive(telegram: FakeTelegram, bot: Start) -> None:
    tasks = []

    async def act(text: str, deliver: Any) -> None:
        await deliver({"text": "safe words"})

        async def later() -> None:
            await asyncio.sleep(0.2)
            await deliver({"text": "the real answer"})

        tasks.append(asyncio.create_task(later()))

    await bot(EchoAssistant(act))
    await telegram.queue(telegram.message("slow"))
    await telegram.until(lambda: telegram.texts() == ["safe words", "the real answer"])


async def test_long_answers_are_split_and_every_part_arrives(telegram: FakeTelegram, bot: Start) -> None:
    paragraphs = [f"**{n}** " + "Muscles 💪 twitch & rest < ever. " * 12 for n in range(30)]

    async def act(text: str, deliver: Any) -> None:
        await deliver({"text": "\n\n".join(paragraphs), "buttons": [{"title": "Yes", "payload": "tw-" + "a" * 27}]})

    await bot(EchoAssistant(act))
    await telegram.queue(telegram.message("tell me all"))
    await telegram.until(lambda: telegram.sent and "reply_markup" in telegram.sent[-1])
    assert len(telegram.sent) >= 3 and all("reply_markup" not in each for each in telegram.sent[:-1])
    assert "\n\n".join(telegram.texts()).split() == "\n\n".join(paragraphs).replace("**", "").split()


async def test_nothing_kept_names_a_chat_or_its_words(telegram: FakeTelegram, bot: Start, tmp_path: Path) -> None:
    await bot(EchoAssistant(lambda text, deliver: deliver({"text": "unmistakable-reply"})))
    telegram.fail("sendMessage", *[(500, "down")] * 2)
    await telegram.queue(telegram.message("unmistakable-words", chat=987654321))
    await telegram.until(lambda: telegram.sent)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"987654321" not in stored and b"unmistakable" not in stored


async def test_a_deleted_chat_leaves_nothing_but_update_numbers(telegram: FakeTelegram, bot: Start) -> None:
    connector = await bot()
    record = connector.store.chat_of(7).record

    async def act(text: str, deliver: Any) -> None:
        await connector.forget(record)
        await deliver({"text": "Deleted."})

    connector.dispatcher._conversations._assistant.act = act
    await telegram.queue(telegram.message("delete all"))
    await telegram.until(lambda: telegram.sent and not connector.dispatcher._workers)
    assert connector.store.counts() == {"unanswered": 0, "unsent": 0}
    assert connector.store.chat(record) == {}
    with connector.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("select conversation_id, work_sealed from telegram_updates").all()
        assert rows == [(None, None)]
        assert connection.exec_driver_sql("select count(*) from telegram_chats").scalar() == 0


async def test_words_of_our_own_can_be_sent_to_a_known_conversation(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant()
    connector = await bot(assistant)
    await telegram.queue(telegram.message("hello"))
    await telegram.until(lambda: telegram.sent)
    assert await connector.send(assistant.said[0][0], "A nurse is here.") and not await connector.send("telegram:nobody", "x")
    await telegram.until(lambda: telegram.texts(7)[-1] == "A nurse is here.")


def _json(update: dict[str, Any]) -> bytes:
    import json

    return json.dumps(update).encode()
