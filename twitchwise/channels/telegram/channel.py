"""Telegram as a channel of Rasa's: the webhook's route, and the connector's life beside the server's.

Listed in credentials.yml without any secret: the token comes from the environment, and without one the channel does nothing.
"""
from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, Sanic

from twitchwise.channels.backend import replies_to
from twitchwise.channels.base import GuardedChannel
from twitchwise.channels.summaries import Document, make
from twitchwise.channels.telegram.assistant import CHANNEL, GuardedAssistant
from twitchwise.channels.telegram.connector import Connector
from twitchwise.channels.telegram.settings import load_telegram_settings
from twitchwise.channels.telegram.webhook import telegram_routes
from twitchwise.records.tracker_store import look_back


class TelegramChannel(GuardedChannel):
    """POST /webhooks/telegram/webhook, for Telegram alone; or long polling when no webhook address is set."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        if not load_telegram_settings().enabled:
            return Blueprint("twitchwise_telegram")
        return telegram_routes(self.connector)

    def connector(self, app: Sanic) -> Connector:
        """The connector of this process, on the guard and the database that everything else uses."""
        from twitchwise.records.engine import shared_engine
        from twitchwise.records.keys import as_keys

        settings = load_telegram_settings()
        general = self.guard.settings
        key = general.key()

        async def recorded(conversation: str, message_id: str) -> list[dict[str, Any]]:
            tracker = await look_back(app.ctx.agent.tracker_store, conversation)
            return replies_to(tracker.events if tracker else [], message_id)

        async def summaries(conversation: str, form: str) -> Document:
            return await make(await app.ctx.agent.tracker_store.retrieve_full_tracker(conversation), form)

        connector = Connector(
            settings, GuardedAssistant(self.guard, self.backend(app), recorded), shared_engine(general.database_url), as_keys(key),
            secret=settings.webhook_secret(key), country=general.country, summaries=summaries,
            hand_overs=self.guard.hand_overs,
        )
        _follow_deletions(connector)
        return connector


def _follow_deletions(connector: Connector) -> None:
    """When a person's records are deleted in this process, what the connector holds goes too."""
    from twitchwise.records import privacy

    privacy.on_delete(connector.store.forget)
