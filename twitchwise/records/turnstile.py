"""Who may work on a conversation, in the order of asking, woken at once: within this process.

asyncio.Lock knows no expiry (a turn that hangs would close its conversation for good), and gives no place in the queue before
one waits. That is what this has of its own. Not thread-safe, like everything of asyncio.
"""
from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass, field


@dataclass(eq=False)
class Place:
    """A place in a conversation's queue. `until`: while its owner works, when it loses its hold, in the event loop's time."""

    name: str
    until: float | None = None
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Turnstile:
    """The queues of one event loop."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Place]] = {}

    def take(self, name: str) -> Place:
        """The last place in the queue of `name`; `leave` must be called with it, come what may."""
        place = Place(name)
        self._queues.setdefault(name, deque()).append(place)
        return place

    async def wait(self, place: Place, lifetime_s: float, patience_s: float) -> None:
        """Wait until it is this place's turn, which then lasts `lifetime_s` at most. Raises asyncio.TimeoutError after `patience_s`."""
        loop = asyncio.get_running_loop()
        end = loop.time() + patience_s
        queue = self._queues[place.name]
        while True:
            while queue[0] is not place and queue[0].until is not None and loop.time() >= queue[0].until:
                queue.popleft()
            if queue[0] is place:
                break
            if loop.time() >= end:
                raise asyncio.TimeoutError
            wake = end if queue[0].until is None else min(end, queue[0].until)
            place.woken.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(place.woken.wait(), max(wake - loop.time(), 0.001))
        place.until = loop.time() + lifetime_s
        for waiting in queue:
            waiting.woken.set()    # from now on they know how long this can take

    def leave(self, place: Place) -> None:
        """Give the place up, whether it waited, worked or had lost its hold."""
        queue = self._queues.get(place.name, deque())
        if place not in queue:
            return    # its hold was taken away
        queue.remove(place)
        if queue:
            queue[0].woken.set()
        else:
            del self._queues[place.name]

    def __len__(self) -> int:
        """Conversations that somebody works on or waits for."""
        return len(self._queues)
