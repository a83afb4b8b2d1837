"""Limits and served messages that several processes share, in Redis. Knows neither Rasa nor HTTP.

One Lua script takes a token from each bucket (the algorithm of rate.py, as one number for each bucket: GCRA) and claims a message's id.
While Redis is away each process counts for itself, and no message is certain to be new. Redis sees pseudonyms only.
"""
from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import time
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from twitchwise.channels.rate import RateLimiter

logger = logging.getLogger(__name__)
PREFIX = "twitchwise:guard:"
TIMEOUT_S = 0.5
#: For connecting and asking together; longer than both, so that it is the connection that gives up.
ALL_S = 2.0
RETRY_S = 1.0
#: A client that did not hear back tries again within this time.
REMEMBERED_S = 900

# KEYS: the buckets, then perhaps the claim. ARGV: number of buckets; for each the microseconds that a token costs, and the burst; at last
# the seconds that a claim is kept. Returns {allowed, new}. A message that is refused is not claimed: it may come again.
_ADMIT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local buckets = tonumber(ARGV[1])
local due = {}
for index = 1, buckets do
  local cost, burst = tonumber(ARGV[index * 2]), tonumber(ARGV[index * 2 + 1])
  local at = math.max(tonumber(redis.call('GET', KEYS[index]) or '0'), now)
  -- A clock that was wrong must not lock anybody out: no debt is larger than a whole bucket.
  if at - now > cost * burst then at = now end
  if at - now > cost * (burst - 1) then return {0, 0} end
  due[index] = at + cost
end
for index = 1, buckets do
  local left = math.ceil((due[index] - now) / 1000)
  redis.call('SET', KEYS[index], string.format('%.0f', due[index]), 'PX', left + 1000)
end
if #KEYS == buckets or redis.call('SET', KEYS[#KEYS], 'once', 'NX', 'EX', ARGV[#ARGV]) then return {1, 1} end
redis.call('SET', KEYS[#KEYS], 'again', 'EX', ARGV[#ARGV])
return {1, 0}
"""


@dataclass(frozen=True)
class Admission:
    """`new`: no process has taken this message before, for certain."""

    allowed: bool
    new: bool


class SharedLimits:
    """The limits of a process, shared where there is a Redis. `url` None: this process alone."""

    def __init__(self, senders: RateLimiter, addresses: RateLimiter, *, url: str | None = None, key: bytes = b"", prefix: str = PREFIX) -> None:
        self.senders, self.addresses = senders, addresses
        self._url, self._key, self._prefix = url, key, prefix
        self._redis: Any = None
        self._script: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._away_until = 0.0
        self._since = time.monotonic()

    async def admit(self, sender: str, address: str | None, message: str | None) -> Admission:
        """Count a message for its sender and its address (None: not limited), and claim it by its id."""
        if self._url is None or time.monotonic() < self._away_until:
            return self._alone(sender, address)
        try:
            return await asyncio.wait_for(self._ask(sender, address, message), ALL_S)
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            self._away_until = time.monotonic() + RETRY_S
            logger.warning("Redis is away (%s); limits count in this process only", type(error).__name__)
            return self._alone(sender, address)

    async def came_again(self, message: str) -> bool:
        """Whether a message that was new was taken by another process since, or may have been. To be asked while its conversation is held:
        the other process may have been quicker to get hold of it."""
        if self._url is None:
            return False
        try:
            self._connect()
            return await asyncio.wait_for(self._redis.get(self._name("m", message)), ALL_S) != b"once"
        except (RedisError, OSError, asyncio.TimeoutError):
            return True

    def _alone(self, sender: str, address: str | None) -> Admission:
        allowed = (address is None or self.addresses.allow(address)) and self.senders.allow(sender)
        # The guard's own memory is all there is then: it knows nothing of other processes, nor of what this one served before it restarted.
        return Admission(allowed, new=self._url is None and time.monotonic() - self._since > REMEMBERED_S)

    async def _ask(self, sender: str, address: str | None, message: str | None) -> Admission:
        buckets = [(self._name("s", sender), self.senders)]
        if address is not None:
            buckets.append((self._name("a", address), self.addresses))
        keys = [name for name, _ in buckets]
        arguments: list[object] = [len(buckets)]
        for _, limiter in buckets:
            arguments += [round(1e6 / limiter.rate), limiter.burst]
        if message is not None:
            keys.append(self._name("m", message))
        allowed, new = await self._called(keys, [*arguments, REMEMBERED_S])
        return Admission(bool(allowed), bool(new))

    async def _called(self, keys: list[str], arguments: list[object]) -> Any:
        self._connect()
        return await self._script(keys=keys, args=arguments)

    def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            # Connections belong to an event loop; a test may run several.
            self._redis = Redis.from_url(self._url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, health_check_interval=15)
            self._script, self._loop = self._redis.register_script(_ADMIT), loop

    def _name(self, kind: str, value: str) -> str:
        digest = hmac.new(self._key, f"{kind}\x00{value}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
        return f"{self._prefix}{kind}:{digest}"

    async def close(self) -> None:
        """Close the connections."""
        if self._redis is not None:
            await self._redis.close(close_connection_pool=True)
            self._redis = self._loop = None
