"""The connector put together: store, sender, dispatcher and poller of one bot. Knows no Rasa and no HTTP server."""
from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
from typing import Any

from sqlalchemy.engine import Engine

from twitchwise.channels.hand_over import HandOvers
from twitchwise.channels.telegram.api import ApiError, BotApi
from twitchwise.channels.telegram.assistant import Assistant
from twitchwise.channels.telegram.carrier import Carrier
from twitchwise.channels.telegram.commands import menu
from twitchwise.channels.telegram.conversation import Conversations
from twitchwise.channels.telegram.dispatch import Dispatcher
from twitchwise.channels.telegram.polling import Poller
from twitchwise.channels.telegram.replies import text_calls
from twitchwise.channels.telegram.sending import Sender, Summaries
from twitchwise.channels.telegram.settings import TelegramSettings
from twitchwise.channels.telegram.store import Store
from twitchwise.channels.telegram.updates import parse_update, update_id_of
from twitchwise.records.engine import make_engine
from twitchwise.records.keys import Keys

logger = logging.getLogger(__name__)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Connector:
    """One bot, served by one process (others may serve it too)."""

    def __init__(self, settings: TelegramSettings, assistant: Assistant, engine: Engine, keys: Keys, *, secret: str,
                 country: str | None = None, owner: str | None = None, summaries: Summaries | None = None,
                 hand_overs: HandOvers | None = None) -> None:
        self.settings, self._secret = settings, secret.encode()
        self.api = BotApi(settings)
        self.store = Store(engine, keys, settings.bot, owner=owner)
        spare = Store(make_engine("sqlite:///:memory:"), keys, settings.bot, owner=self.store.owner)
        self.sender = Sender(self.api, settings, summaries)
        conversations = Conversations(assistant, self.sender.aside, country=country)
        self.dispatcher = Dispatcher(self.store, spare, conversations, self.sender, concurrency=settings.concurrency)
        self.poller = Poller(self.api, self.store, self.dispatcher, settings)
        self._carrier = Carrier(hand_overs, self.send) if hand_overs else None
        self._tasks: list[asyncio.Task[Any]] = []

    async def start(self) -> None:
        """Begin: take up what was left, and fetch when there is no webhook. Telegram need not be there."""
        # One pass before anything comes in; when the database is away, the keeper makes the tables later.
        with contextlib.suppress(Exception):
            await asyncio.to_thread(self.store.prepare)
        await self.dispatcher.start()
        if self._carrier:
            self._tasks.append(asyncio.create_task(self._carrier.run()))
        if self.settings.polls:
            self._tasks += [asyncio.create_task(self.poller.run()), asyncio.create_task(self._register_menu())]

    async def stop(self) -> None:
        """Stop fetching, finish what is at work."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.dispatcher.stop()
        await self.api.close()

    async def _register_menu(self) -> None:
        try:
            await self.api.call("setMyCommands", {"commands": menu()})
        except ApiError as error:
            logger.info("The menu could not be registered (%s)", error)

    def is_telegram(self, given: str | None) -> bool:
        """Whether a request carries the webhook's secret, compared in constant time."""
        return hmac.compare_digest((given or "").encode("utf-8", "replace"), self._secret)

    async def receive(self, body: bytes) -> int:
        """One update that was pushed to the webhook; the HTTP status to answer at once. Only call it for `is_telegram` requests."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        if update_id_of(raw) is None:
            return 200  # nothing that could be answered, and nothing that sending again would mend
        update = parse_update(raw)
        if update is not None:
            await self.dispatcher.settle([update])
            await self.dispatcher.take([update])
        return 200

    async def send(self, conversation: str, text: str) -> bool:
        """Say something of our own in a conversation ("telegram:..."), such as a person's words at a hand-over. It is written down before
        this returns and sent until Telegram has it. False when the chat is not known (any more)."""
        record = self.store.keys.conversation(conversation)
        chat = await asyncio.to_thread(self.store.chat, record)
        if not chat.get("chat_id"):
            return False
        await asyncio.to_thread(self.store.add_calls, record, text_calls(chat["chat_id"], text))
        self.dispatcher.submit(record)
        return True

    async def forget(self, record: str) -> None:
        """A conversation was deleted: drop what this connector holds of it."""
        await asyncio.to_thread(self.store.forget, record)
