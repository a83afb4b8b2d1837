"""The same queue across processes, in Redis. Knows no Rasa.

A conversation's queue is a sorted set of tickets by number of issue; its first ticket holds the conversation. A ticket counts as
long as its process says now and then that it is alive, in Redis's own clock, so that the clocks of the machines do not matter.
Each change is one Lua script, and so atomic; whoever becomes first is told over pub/sub.
"""
from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

#: A message of pub/sub can be lost (a connection that broke): whoever waits also looks by itself, rarely.
LOOK_S = 2.0
#: A ticket whose process was not heard of for so long no longer counts.
ALIVE_S = 6.0

_COMMON = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function first()
  while true do
    local head = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
    if not head then return nil, 0 end
    local deadline = tonumber(redis.call('HGET', KEYS[2], head) or '0')
    if deadline > now then return head, deadline end
    redis.call('ZREM', KEYS[1], head)
    redis.call('HDEL', KEYS[2], head)
  end
end
"""
# KEYS: queue, deadlines. ARGV: ticket, ms that it counts, its number where it had one before Redis forgot it (else 0), ms to keep the keys.
# Numbers are microseconds of Redis's clock, each above all that wait: they stay in order when Redis restarts empty.
_ISSUE = _COMMON + """
local number = tonumber(ARGV[3])
if number == 0 then
  local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
  number = math.max(time[1] * 1000000 + time[2], last[2] and tonumber(last[2]) + 1 or 0)
end
redis.call('ZADD', KEYS[1], number, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], now + tonumber(ARGV[2]))
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[4]) end
return {string.format('%.0f', number), first() == ARGV[1] and 1 or 0}
"""
# ARGV: ticket, ms that it counts from now on. Returns {1, 0} for "your turn", {0, ms that the first still counts} for "wait",
# {-1, 0} for "unknown".
_LOOK = _COMMON + """
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return {-1, 0} end
redis.call('HSET', KEYS[2], ARGV[1], now + tonumber(ARGV[2]))
local head, deadline = first()
if head == ARGV[1] then return {1, 0} end
return {0, math.max(deadline - now, 1)}
"""
# ARGV: ticket, channel.
_LEAVE = _COMMON + """
local removed = redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
local head = first()
if head then redis.call('PUBLISH', ARGV[2], head) end
return removed
"""
_KEPT_MS = 600_000


@dataclass(frozen=True)
class Ticket:
    """A place in the queue of `name`. `first`: it was its turn at once, as it mostly is."""

    name: str
    id: str
    number: int
    first: bool = False


class RedisTurnstile:
    """The queues as one event loop sees them. Raises RedisError (or OSError) where Redis cannot be reached."""

    def __init__(self, url: str, prefix: str = "twitchwise:lock:", timeout_s: float = 1.0) -> None:
        self._redis: Any = Redis.from_url(url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s, health_check_interval=15)
        # Waiting for messages takes as long as it takes: a connection of its own, without a time limit for reading.
        self._listening: Any = Redis.from_url(url, socket_connect_timeout=timeout_s)
        self._prefix, self._channel = prefix, f"{prefix}wake"
        self._scripts = {name: self._redis.register_script(text) for name, text in (("issue", _ISSUE), ("look", _LOOK), ("leave", _LEAVE))}
        self._waiting: dict[str, asyncio.Event] = {}
        self._listener: asyncio.Task[None] | None = None

    async def _call(self, script: str, name: str, *arguments: object) -> Any:
        # The braces keep the keys of a conversation on one node of a Redis cluster.
        keys = [f"{self._prefix}{{{name}}}:{part}" for part in ("queue", "until")]
        return await self._scripts[script](keys=keys, args=list(arguments))

    async def issue(self, name: str) -> Ticket:
        """The last place in the queue; `leave` gives it up."""
        return await self._issue(Ticket(name, uuid4().hex, 0))

    async def _issue(self, ticket: Ticket) -> Ticket:
        number, first = await self._call("issue", ticket.name, ticket.id, int(ALIVE_S * 1000), ticket.number, _KEPT_MS)
        return replace(ticket, number=int(number), first=bool(first))

    async def _look(self, ticket: Ticket) -> tuple[int, int]:
        state, milliseconds = await self._call("look", ticket.name, ticket.id, int(ALIVE_S * 1000))
        return int(state), int(milliseconds)

    async def wait(self, ticket: Ticket, patience_s: float) -> None:
        """Wait until it is this ticket's turn. Raises asyncio.TimeoutError after `patience_s`."""
        if ticket.first:
            return
        loop = asyncio.get_running_loop()
        end = loop.time() + patience_s
        woken = self._waiting[ticket.id] = asyncio.Event()
        listening = False
        try:
            while True:
                woken.clear()
                state, milliseconds = await self._look(ticket)
                left = end - loop.time()
                if state == 1:
                    return
                if left <= 0:
                    raise asyncio.TimeoutError
                if state == -1:
                    # Redis was restarted and forgot: back to the place that we had.
                    await self._issue(ticket)
                    listening = False
                elif not listening:
                    # Whoever need not wait does without; having subscribed, look again, for the message may be gone already.
                    await self._listen()
                    listening = True
                else:
                    with contextlib.suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(woken.wait(), min(left, milliseconds / 1000, LOOK_S))
        finally:
            del self._waiting[ticket.id]

    async def stay(self, ticket: Ticket, lifetime_s: float) -> None:
        """Say that this ticket's process is alive, for `lifetime_s` at most: a turn that hangs loses its hold. Cancel it to stop."""
        end = asyncio.get_running_loop().time() + lifetime_s - ALIVE_S
        while asyncio.get_running_loop().time() < end:
            await asyncio.sleep(LOOK_S)
            with contextlib.suppress(RedisError, OSError):
                await self._look(ticket)

    async def leave(self, ticket: Ticket) -> bool:
        """Let the next one in. False when the hold was taken away meanwhile."""
        return bool(await self._call("leave", ticket.name, ticket.id, self._channel))

    async def _listen(self) -> None:
        """Have a listener, subscribed before this returns."""
        if self._listener is not None and not self._listener.done():
            return
        subscription = self._listening.pubsub(ignore_subscribe_messages=True)
        await subscription.subscribe(self._channel)
        self._listener = asyncio.get_running_loop().create_task(self._pass_on(subscription))

    async def _pass_on(self, subscription: Any) -> None:
        try:
            async for message in subscription.listen():
                event = self._waiting.get(message["data"].decode())
                if event is not None:
                    event.set()
        except (RedisError, OSError):
            pass
        finally:
            # Redis went away: whoever waits sees for itself, and goes on without it.
            for event in self._waiting.values():
                event.set()
            with contextlib.suppress(RedisError, OSError):
                await subscription.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
        await self._redis.close(close_connection_pool=True)
        await self._listening.close(close_connection_pool=True)
