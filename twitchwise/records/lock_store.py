"""Rasa's lock stores: one message of a conversation at a time, in order, woken at once. In endpoints.yml:

    lock_store:
      type: twitchwise.records.lock_store.ConfiguredLockStore    # one process, or several where TWITCHWISE_REDIS_URL is set
    lock_store:
      type: twitchwise.records.lock_store.InProcessLockStore     # one Rasa process
    lock_store:
      type: twitchwise.records.lock_store.RedisLockStore         # several
      url: redis://localhost:6379/1

Rasa's own stores look once a second whether it is their turn, and the one on Redis reads and writes without a transaction.
"""
from __future__ import annotations

import asyncio
import logging
import time
import weakref
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, LockError
from rasa.utils.endpoints import EndpointConfig
from redis.exceptions import RedisError

from twitchwise.records.keys import Keys, as_keys
from twitchwise.records.redis_queue import RedisTurnstile
from twitchwise.records.turnstile import Turnstile

logger = logging.getLogger(__name__)
T = TypeVar("T")

#: A turn answers within ten seconds; one that holds its conversation longer hangs, and the next message goes ahead.
LIFETIME_S = 20.0
#: Longer than any queue that the rate limit lets through.
PATIENCE_S = 60.0


class InProcessLockStore(InMemoryLockStore):
    """For one Rasa process. `lifetime` and `patience` (seconds) may stand in endpoints.yml."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, *, lifetime_s: float = LIFETIME_S,
                 patience_s: float = PATIENCE_S) -> None:
        super().__init__()
        given: dict[str, Any] = endpoint_config.kwargs if endpoint_config else {}
        self.lifetime_s = float(given.get("lifetime", lifetime_s))
        self.patience_s = float(given.get("patience", patience_s))
        # Queues belong to an event loop; a test or a shell may run several.
        self._turnstiles: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Turnstile] = weakref.WeakKeyDictionary()

    @property
    def _turnstile(self) -> Turnstile:
        return self._turnstiles.setdefault(asyncio.get_running_loop(), Turnstile())

    @asynccontextmanager
    async def lock(self, conversation_id: str, lock_lifetime: float | None = None,
                   wait_time_in_seconds: float = 1) -> AsyncIterator[TicketLock]:
        """Hold a conversation. Rasa passes no lifetime, and nobody waits in steps. Raises LockError when it was never our turn."""
        lifetime, turnstile = lock_lifetime or self.lifetime_s, self._turnstile
        place = turnstile.take(conversation_id)
        try:
            async with self._everywhere(conversation_id, lifetime):
                await turnstile.wait(place, lifetime, self.patience_s)
                yield TicketLock(conversation_id)
        except asyncio.TimeoutError:
            if place.until is not None:
                raise    # somebody's own time limit, while the conversation was held
            raise LockError(f"A message waited {self.patience_s:.0f} s for those before it and was not served.") from None
        finally:
            turnstile.leave(place)

    @asynccontextmanager
    async def _everywhere(self, conversation_id: str, lifetime_s: float) -> AsyncIterator[None]:
        """Hold the conversation in other processes as well: there are none."""
        yield


class RedisLockStore(InProcessLockStore):
    """For several Rasa processes. `key_prefix` may stand in endpoints.yml. While Redis is away, each process keeps its own order,
    and the tracker store keeps every event."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, *, url: str | None = None, keys: Keys | bytes | str | None = None,
                 retry_s: float = 1.0, timeout_s: float = 1.0, **limits: float) -> None:
        super().__init__(endpoint_config, **limits)
        given: dict[str, Any] = endpoint_config.kwargs if endpoint_config else {}
        self.url = url or (endpoint_config.url if endpoint_config else None) or "redis://localhost:6379/1"
        self.prefix = str(given.get("key_prefix", "twitchwise:lock:"))
        self.retry_s, self.timeout_s = retry_s, timeout_s
        self._secrets = as_keys(keys) if keys is not None else None
        self._queues: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, RedisTurnstile] = weakref.WeakKeyDictionary()
        self._issuing: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._away_until = 0.0

    def _name(self, conversation_id: str) -> str:
        """Redis sees pseudonyms only."""
        if self._secrets is None:
            from twitchwise.settings import Settings

            self._secrets = as_keys(Settings.parse_obj({}).key())
        return self._secrets.conversation(conversation_id)

    @property
    def _queue(self) -> RedisTurnstile:
        loop = asyncio.get_running_loop()
        if loop not in self._queues:
            self._queues[loop] = RedisTurnstile(self.url, self.prefix, self.timeout_s)
        return self._queues[loop]

    @asynccontextmanager
    async def _everywhere(self, conversation_id: str, lifetime_s: float) -> AsyncIterator[None]:
        name = self._name(conversation_id)
        # Tickets of one conversation are asked for one after the other, so that the order in Redis is that of this process.
        # In two different orders, two messages would wait for each other.
        issuing = self._issuing.setdefault(name, asyncio.Lock())
        async with issuing:
            ticket = None if time.monotonic() < self._away_until else await self._reached(self._queue.issue(name))
        if ticket is None:
            yield
            return
        alive = None
        try:
            await self._reached(self._queue.wait(ticket, self.patience_s))
            alive = asyncio.get_running_loop().create_task(self._queue.stay(ticket, lifetime_s))
            yield
        finally:
            if alive is not None:
                alive.cancel()
            await self._reached(self._queue.leave(ticket))    # else nobody says that it is alive, and it stops counting

    async def _reached(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The result of `work`, None while Redis is away: an answer out of order is better than none."""
        try:
            return await work
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + self.retry_s
            logger.warning("Redis is away (%s); messages keep their order within this process only", type(error).__name__)
            return None

    async def close(self) -> None:
        """Close the connections of this event loop."""
        queue = self._queues.pop(asyncio.get_running_loop(), None)
        if queue is not None:
            await queue.close()


class ConfiguredLockStore(RedisLockStore):
    """On the Redis of the settings; without one, for one process."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, **options: Any) -> None:
        from twitchwise.settings import Settings

        url = options.pop("url", None) or (endpoint_config.url if endpoint_config else None) or Settings.parse_obj({}).redis_url
        super().__init__(endpoint_config, url=url, **options)
        self._shared = url is not None

    @asynccontextmanager
    async def _everywhere(self, conversation_id: str, lifetime_s: float) -> AsyncIterator[None]:
        if not self._shared:
            yield
            return
        async with super()._everywhere(conversation_id, lifetime_s):
            yield
