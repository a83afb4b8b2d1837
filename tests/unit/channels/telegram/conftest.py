"""A fake Telegram, and a connector that polls it."""
from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_bot import EchoAssistant, make_connector
from twitchwise.channels.telegram.connector import Connector


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def bot(telegram: FakeTelegram, tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Makes started connectors; `bot(assistant, **settings)`. They share one database file."""
    started: list[Connector] = []

    async def start(assistant: Any = None, **settings: Any) -> Connector:
        connector = make_connector(telegram.url, assistant or EchoAssistant(), tmp_path / "telegram.db", **settings)
        await connector.start()
        started.append(connector)
        return connector

    yield start
    for connector in started:
        await connector.stop()
