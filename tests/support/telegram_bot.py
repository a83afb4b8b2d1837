"""A connector with a stand-in for the assistant, for tests: no Rasa needed. Also a process of its own, to be killed."""
from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from twitchwise.channels.telegram.connector import Connector
from twitchwise.channels.telegram.settings import TelegramSettings
from twitchwise.records.engine import make_engine
from twitchwise.records.keys import Keys

from .fake_telegram import TOKEN

SECRET = "a-secret-of-the-webhook"
KEYS = Keys(b"k" * 32)


class EchoAssistant:
    """Answers "echo: ..." unless `act` says otherwise; remembers what it was asked."""

    def __init__(self, act: Callable[[str, Any], Awaitable[None]] | None = None) -> None:
        self.act = act
        self.said: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.pressed: list[str] = []
        self.chosen: list[dict[str, Any]] = []
        self.recalled: dict[str, list[dict[str, Any]]] = {}

    async def say(self, conversation: str, text: str, message_id: str, deliver: Any, *, pressed: bool = False) -> None:
        self.said.append((conversation, text))
        self.ids.append(message_id)
        if pressed:
            self.pressed.append(text)
        await (self.act(text, deliver) if self.act else deliver({"text": f"echo: {text}"}))

    async def choose(self, conversation: str, title: str, meaning: dict[str, Any], message_id: str, deliver: Any) -> None:
        self.chosen.append(meaning)
        await deliver({"text": f"chosen: {title}"})

    async def recall(self, conversation: str, message_id: str) -> list[dict[str, Any]]:
        return self.recalled.get(message_id, [])

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.said]


def settings_for(url: str, **more: Any) -> TelegramSettings:
    """Fast settings for tests."""
    fast = {"token": TOKEN, "api_url": url, "secret": SECRET, "poll_timeout_s": 2, "backoff_s": 0.05, "backoff_most_s": 0.3,
            "request_timeout_s": 1.0}
    return TelegramSettings(**{**fast, **more})


def make_connector(url: str, assistant: Any, database: Path | str, **more: Any) -> Connector:
    """A connector on a database file."""
    engine = make_engine(f"sqlite:///{database}") if isinstance(database, Path) else make_engine(database)
    return Connector(settings_for(url, **more), assistant, engine, KEYS, secret=SECRET)


async def _main(url: str, database: str, hold: str, journal: str) -> None:
    async def act(text: str, deliver: Any) -> None:
        with open(journal, "a") as file:
            file.write(f"{text}\n")
        while os.path.exists(hold):     # it has the message and does not answer: now it can be killed
            await asyncio.sleep(0.01)
        await deliver({"text": f"echo: {text}"})
        await deliver({"text": f"more: {text}"})

    connector = make_connector(url, EchoAssistant(act), Path(database))
    await connector.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:5]))
