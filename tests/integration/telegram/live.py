"""What the tests against the really started server share: what stands in its database, a turn, its newest message."""
from __future__ import annotations

import contextlib
import sqlite3
from typing import Any

from tests.running import Server, free_port
from tests.support.fake_telegram import FakeTelegram

SECRET = "webhook-secret-of-this-test"
PORT = free_port()


def newest(telegram: FakeTelegram) -> dict[str, Any]:
    """The newest message, as it is now."""
    sent = telegram.sent[-1]
    return telegram.messages[sent["chat"]["id"], sent["message_id"]]


def titles(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def rows(running: Server, statement: str) -> list[Any]:
    """What the server's database holds."""
    with contextlib.closing(sqlite3.connect(running.database)) as connection:
        return connection.execute(statement).fetchall()


_OPEN = "select (select count(*) from telegram_updates where conversation_id is not null), (select count(*) from telegram_outgoing)"


async def turn(running: Server, telegram: FakeTelegram, update: dict[str, Any]) -> str:
    """What the bot says to an update."""
    before = len(telegram.sent)
    await telegram.queue(update)
    await telegram.until(lambda: len(telegram.sent) > before, timeout=180.0)
    # A turn's messages are written down together: it is over once none of them is left.
    await telegram.until(lambda: rows(running, _OPEN) == [(0, 0)])
    return "\n".join(message["seen"] for message in telegram.sent[before:])
