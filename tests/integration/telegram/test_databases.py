"""The connector on SQLite and on PostgreSQL, two of them on one database."""
from __future__ import annotations

import asyncio
import json
from typing import Any

from sqlalchemy.engine import Engine

from tests.integration.records.conftest import empty_postgres, engine, postgres, url  # noqa: F401
from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_bot import KEYS, SECRET, EchoAssistant, settings_for
from tests.unit.channels.telegram.conftest import telegram  # noqa: F401 (a Bot API of its own: the server of this folder asks the other one)
from tests.unit.channels.telegram.test_carrier import test_words_pass_both_ways_and_the_assistant_keeps_quiet  # noqa: F401 (here on both databases)
from twitchwise.channels.telegram.connector import Connector


async def test_two_connectors_on_one_database(engine: Engine) -> None:  # noqa: F811
    running = most = 0

    async def act(text: str, deliver: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        await deliver({"text": text, "buttons": [{"title": "Yes", "payload": "tw-" + "a" * 27}]})

    async with FakeTelegram() as telegram:  # noqa: F811
        settings = settings_for(telegram.url, webhook_url="https://example.org")
        both = [Connector(settings, EchoAssistant(act), engine, KEYS, secret=SECRET) for _ in range(2)]
        for connector in both:
            await connector.start()
        updates = [json.dumps(telegram.message(f"m{n}")).encode() for n in range(8)]
        for number, body in enumerate(updates):
            await asyncio.gather(both[number % 2].receive(body), both[1 - number % 2].receive(body))
        await telegram.until(lambda: len(telegram.sent) >= 8, 20)
        await asyncio.gather(*(both[0].receive(body) for body in updates))
        store = both[0].store
        await telegram.until(lambda: store.counts() == {"unanswered": 0, "unsent": 0})
        assert telegram.texts() == [f"m{n}" for n in range(8)] and most == 1
        record = store.chat_of(7).record
        assert len(store.chat(record)["live"]) == 1
        store.purge()
        store.forget(record)
        assert store.claim(record) and store.lead() and not both[1].store.lead()
        store.release(record)
        assert store.chat(record) == {}
        for connector in both:
            await connector.stop()
