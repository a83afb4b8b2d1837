"""A summary in Telegram: two files with words, made when they are sent; words alone when they cannot be made."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_bot import EchoAssistant
from twitchwise.channels.summaries import Document
from twitchwise.channels.telegram.replies import reply_calls
from twitchwise.channels.telegram.store import Store

Start = Callable[..., Any]
CARD = {"text": "Here is one page for your doctor.", "custom": {"kind": "summary", "title": "Summary for a doctor"}}


async def answers(_text: str, deliver: Any) -> None:
    await deliver(CARD)


async def test_both_files_are_sent_after_the_words(telegram: FakeTelegram, bot: Start) -> None:
    asked: list[tuple[str, str]] = []

    async def make(conversation: str, form: str) -> Document:
        asked.append((conversation, form))
        return Document(f"summary.{form}", "application/pdf", f"%PDF-{form}".encode())

    assistant = EchoAssistant(answers)
    connector = await bot(assistant)
    connector.sender.summaries = make
    await telegram.queue(telegram.message("summary please"))
    await telegram.until(lambda: len(telegram.sent) == 3)
    assert [each.get("content") for each in telegram.sent] == [None, "%PDF-pdf", "%PDF-fhir"]
    # Each is made for the conversation that asked, and nobody else's.
    assert asked == [(assistant.said[0][0], "pdf"), (assistant.said[0][0], "fhir")]


async def test_when_no_file_can_be_made_words_say_so_once(telegram: FakeTelegram, bot: Start) -> None:
    async def make(conversation: str, form: str) -> Document:
        raise RuntimeError("broken")

    connector = await bot(EchoAssistant(answers))
    connector.sender.summaries = make
    await telegram.queue(telegram.message("summary please"))
    await telegram.until(lambda: len(telegram.texts()) == 2)
    await telegram.queue(telegram.message("and now?"))
    await telegram.until(lambda: len(telegram.texts()) == 4)
    assert ["could not make the page" in text for text in telegram.texts()] == [False, True, False, True]


async def test_no_page_waits_in_the_queue(telegram: FakeTelegram, bot: Start) -> None:
    kept: list[Any] = []
    connector = await bot(EchoAssistant(answers))
    finish: Any = Store.finish

    def spy(record: str, update_id: int, calls: Any, chat: Any = None) -> None:
        kept.extend(calls)
        finish(connector.store, record, update_id, calls, chat)

    connector.store.finish = spy
    await telegram.queue(telegram.message("summary please"))
    await telegram.until(lambda: len(telegram.texts()) == 2)
    files = [call for call in kept if call.get("summary")]
    assert len(files) == 2 and all(set(call) == {"method", "params", "summary", "otherwise", "conversation"} for call in files)
    assert "base64" not in json.dumps(files) and len(json.dumps(files)) < 2000


def test_the_calls_carry_words_for_each_file() -> None:
    first, pdf, fhir = reply_calls(7, CARD)
    assert first["method"] == "sendMessage" and [each["method"] for each in (pdf, fhir)] == ["sendDocument"] * 2
    assert "print" in pdf["params"]["caption"] and "FHIR" in fhir["params"]["caption"]
