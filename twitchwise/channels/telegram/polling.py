"""Long polling: the way in that needs no public address. One process fetches; others wait for it to end."""
from __future__ import annotations

import asyncio
import logging
import random
from typing import Any

from twitchwise.channels.telegram.api import ApiError, BotApi, Conflict, TooMany, Unauthorized
from twitchwise.channels.telegram.dispatch import Dispatcher
from twitchwise.channels.telegram.settings import ALLOWED_UPDATES, TelegramSettings
from twitchwise.channels.telegram.store import Store
from twitchwise.channels.telegram.updates import parse_update, update_id_of

logger = logging.getLogger(__name__)
FOLLOWER_S = 3.0
#: An empty answer that comes at once although we asked to wait: some emulators do that.
EMPTY_PAUSE_S = 0.3
_CONFLICT = (
    "Telegram does not let this server fetch messages: another one uses the same token, or a webhook is set. End the other one, or run "
    "`python -m twitchwise telegram delete-webhook`."
)
_UNAUTHORIZED = "Telegram does not know this token. Check TWITCHWISE_TELEGRAM_TOKEN, or ask BotFather for a new one."


class Poller:
    """Fetches updates until it is cancelled."""

    def __init__(self, api: BotApi, store: Store, dispatcher: Dispatcher, settings: TelegramSettings) -> None:
        self.api, self.store, self.dispatcher, self.settings = api, store, dispatcher, settings
        self.offset: int | None = None
        self.failures = 0
        self._leads = False
        #: Kinds of failure that were said since fetching last worked.
        self._said: set[type[Exception]] = set()

    async def run(self) -> None:
        """Fetch for ever. Each kind of failure is logged once in a series, and fetching is tried again with growing pauses."""
        while True:
            try:
                if not await self._lead():
                    await asyncio.sleep(FOLLOWER_S)
                    continue
                await self.fetch()
                self.failures = 0
                self._said.clear()
            except asyncio.CancelledError:
                await self._step_down()
                raise
            except Exception as error:
                await asyncio.sleep(self._failed(error))

    async def fetch(self) -> int:
        """Fetch once and take in what came; the number of updates. Raises ApiError."""
        params: dict[str, Any] = {"timeout": self.settings.poll_timeout_s, "limit": 100, "allowed_updates": list(ALLOWED_UPDATES)}
        if self.offset is not None:
            params["offset"] = self.offset
        clock = asyncio.get_running_loop().time
        start = clock()
        raw = await self.api.call("getUpdates", params, timeout=self.settings.poll_timeout_s + 10.0)
        items = raw if isinstance(raw, list) else []
        # In the order of their numbers, whatever order they came in. Telegram may begin with lower numbers after a quiet week.
        items = sorted((each for each in items if update_id_of(each) is not None), key=lambda each: update_id_of(each) or 0)
        if not items:
            if clock() - start < min(EMPTY_PAUSE_S, self.settings.poll_timeout_s):
                await asyncio.sleep(EMPTY_PAUSE_S)
            return 0
        after = (update_id_of(items[-1]) or 0) + 1
        updates = [update for update in map(parse_update, items) if update is not None]
        if not await self.dispatcher.take(updates, after):
            # Not on disk: Telegram keeps them until the next request, so answer them before.
            await self.dispatcher.answered(updates, timeout=15.0)
        self.offset = after
        return len(items)

    async def _lead(self) -> bool:
        if self.settings.poll_timeout_s and self._leads:
            # The dispatcher renews the lease; asking again each time costs a write for nothing.
            return True
        try:
            leads = await asyncio.to_thread(self.store.lead)
            if leads and not self._leads:
                self.offset = await asyncio.to_thread(self.store.offset)
        except Exception as error:
            logger.error("Telegram's store cannot be reached (%s); fetching goes on without it", type(error).__name__)
            return True
        self._leads = leads
        return leads

    async def _step_down(self) -> None:
        try:
            await asyncio.to_thread(self.store.step_down)
        except Exception:
            logger.debug("The lease runs out by itself")

    def _failed(self, error: Exception) -> float:
        """Say what is wrong, each kind once in a series, for one kind must not hide another; the seconds to wait."""
        self.failures += 1
        # A process that slept may have lost its lease meanwhile.
        self._leads = False
        new = type(error) not in self._said
        self._said.add(type(error))
        if isinstance(error, TooMany):
            return error.retry_after
        if isinstance(error, (Conflict, Unauthorized)):
            if new:
                logger.error(_CONFLICT if isinstance(error, Conflict) else _UNAUTHORIZED)
            return self.settings.backoff_most_s
        if isinstance(error, ApiError):
            logger.log(logging.WARNING if new else logging.DEBUG, "Telegram cannot be reached (%s); trying again", error)
        elif new:
            logger.error("Fetching from Telegram failed", exc_info=error)
        pause = self.settings.backoff_s * 2 ** min(self.failures - 1, 20)
        return float(min(pause, self.settings.backoff_most_s) * random.uniform(0.7, 1.0))
