"""What the server does beside answering: escalations are delivered to whoever is configured, and old data is deleted every day."""
from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from twitchwise.settings import Settings

if TYPE_CHECKING:
    from twitchwise.records.delivery import DeliverySettings
    from twitchwise.records.recorder import Recorder

logger = logging.getLogger(__name__)
WARM_UP_S = 5.0
#: A delivery that takes longer than this at the end is left to the next start: it keeps its key.
STOP_S = 3.0
AGAIN_S = 5.0
_PHRASE_PAUSE_S = 0.02


def delivery_settings(settings: Settings) -> DeliverySettings:
    """The receivers that the operator configured; without any, escalations stay open and nothing is sent."""
    from twitchwise.records.delivery import DeliverySettings
    from twitchwise.records.targets import EmailSettings, WebhookSettings

    webhook = email = None
    if settings.webhook_url and settings.webhook_secret:
        webhook = WebhookSettings(settings.webhook_url, settings.webhook_secret.get_secret_value())
    if settings.smtp_host and settings.email_from and settings.email_to:
        email = EmailSettings(
            settings.smtp_host, settings.email_from, tuple(settings.email_to.split(",")), port=settings.smtp_port,
            user=settings.smtp_user, password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
            security=settings.smtp_security,
        )
    return DeliverySettings(webhook=webhook, email=email)


@contextlib.asynccontextmanager
async def background_for(settings: Settings) -> AsyncIterator[None]:
    """Deliver and delete for as long as the server runs. Any number of servers may do so on one database."""
    from twitchwise.records import open_recorder
    from twitchwise.records.keys import CONTENT_KEYS_VARIABLE, content_keys
    from twitchwise.understanding.lexicon import warm_up

    deliveries = delivery_settings(settings)
    if not deliveries.targets():
        logger.warning("No receiver of escalations is configured: they stay open in the records, and nobody is told")
    if not content_keys():
        logger.warning("%s is not set: what people write is stored without encryption (`python -m twitchwise records new-key` makes a key)",
                       CONTENT_KEYS_VARIABLE)
    turns = open_recorder(settings.database_url, settings.key(), spool=settings.var_dir / "spool")
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(turns.warm_up(), WARM_UP_S)
    # A phrase's regular expression is compiled at its first use: better now than in somebody's message.
    threading.Thread(target=warm_up, args=(_PHRASE_PAUSE_S,), name="phrases", daemon=True).start()
    stop = asyncio.Event()
    task = asyncio.create_task(_keep_going(turns.recorder, deliveries, settings.retention_days, stop))
    try:
        yield
    finally:
        stop.set()
        # wait_for cancels it when it takes too long.
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(task, STOP_S)
        turns.recorder.close()


async def _keep_going(recorder: Recorder, deliveries: DeliverySettings, retention_days: int, stop: asyncio.Event) -> None:
    """Whatever goes wrong, it begins again: an escalation that nobody delivers is worse than one delivered late."""
    from twitchwise.records.upkeep import keep_up

    while not stop.is_set():
        try:
            await keep_up(recorder, deliveries, retention_days=retention_days, stop=stop)
        except Exception as error:
            logger.error("The delivery of escalations broke off (%s); it is started again", type(error).__name__)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_S)
