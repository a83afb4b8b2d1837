"""Long polling against a fake Bot API."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
    assert [entry["command"] for entry in telegram.commands] == ["start", "check", "stop", "restart", "privacy", "delete", "help"]
