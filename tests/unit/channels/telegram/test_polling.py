"""Long polling against a fake Bot API."""
from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_bot import EchoAssistant


async def test_a_message_is_fetched_and_answered(telegram: FakeTelegram, bot: Callable[..., Any]) -> None:
    assistant = EchoAssistant()
    await bot(assistant)
    await telegram.queue(telegram.message("my calf twitches"))
    await telegram.until(lambda: telegram.texts())
    assert telegram.texts() == ["echo: my calf twitches"]
    ((conversation, text),) = assistant.said
    assert text == "my calf twitches"
    assert conversation.startswith("telegram:") and conversation.split(":")[1] != "7"
    assert telegram.count("sendChatAction") >= 1
    await telegram.until(lambda: telegram.commands)
    assert [entry["command"] for entry in telegram.commands] == ["start", "check", "stop", "restart", "summary", "privacy", "delete", "help"]


async def test_each_kind_of_failure_is_said_once_in_a_series(
    telegram: FakeTelegram, bot: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    def said() -> Counter[str]:
        return Counter(record.getMessage()[:30] for record in caplog.records if record.name.endswith("polling"))

    telegram.fail("getUpdates", ("cut", 0), (500, "Internal"), (409, "Conflict: terminated by other getUpdates"), ("cut", 0), (409, "again"),
                  (401, "Unauthorized"))
    await bot()
    await telegram.queue(telegram.message("hello"))
    await telegram.until(lambda: telegram.sent)
    reached, fetching, token = "Telegram cannot be reached (get", "Telegram does not let this ser", "Telegram does not know this to"
    assert said() == {reached[:30]: 1, fetching: 1, token: 1}
    telegram.webhook = {"url": "https://example.org"}    # a new series says it again
    await telegram.until(lambda: said()[fetching] == 2)
