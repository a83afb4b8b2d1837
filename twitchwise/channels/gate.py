"""How many turns a process works on at once. Knows neither Rasa nor HTTP.

A turn is mostly computing, on one event loop. If all that came were worked on side by side, each would take as long as all of them together:
under more load than the machine carries every answer would be late, and so would the loop be for connections and deadlines. Here a few are
worked on and the others wait, first come first served; who comes when the wait is long already is told so at once (`is_overrun`).
asyncio.Semaphore has the queue, but neither its age nor places that are given back while their turn waits for something else.
"""
from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

AT_ONCE = 8
#: A turn that takes longer than this on an event loop that is in time waits for something that is away, and needs no processor.
WORKED_S, IN_TIME_S = 0.5, 0.05
#: More turns than this waiting would only fill the memory.
MOST_WAITING = 2000


class GateFull(RuntimeError):
    """So many turns wait that this one cannot."""


@dataclass(eq=False)
class _Place:
    since: float
    open: asyncio.Event = field(default_factory=asyncio.Event)


class Gate:
    """For one event loop. `patience_s`: when the first one waits longer than this, whoever comes now would wait too long."""

    def __init__(self, at_once: int = AT_ONCE, *, patience_s: float = 2.0, most_waiting: int = MOST_WAITING,
                 clock: Callable[[], float] | None = None) -> None:
        self.at_once, self.patience_s, self.most_waiting = at_once, patience_s, most_waiting
        self._given_clock = clock
        self._places: set[_Place] = set()       # those that count
        self._waiting: deque[_Place] = deque()

    @property
    def is_overrun(self) -> bool:
        """Whether a turn that came now would have to wait for longer than is good."""
        return bool(self._waiting) and self._clock() - self._waiting[0].since > self.patience_s

    @property
    def waiting(self) -> int:
        """Turns that wait for their place."""
        return len(self._waiting)

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Work inside this. Raises GateFull."""
        if len(self._waiting) >= self.most_waiting:
            raise GateFull(f"{self.most_waiting} turns wait already.")
        place = _Place(self._clock())
        self._waiting.append(place)
        self._let_in()
        try:
            await place.open.wait()
            yield
        finally:
            if place in self._waiting:
                self._waiting.remove(place)
            self._give_back(place)

    def _clock(self) -> float:
        return self._given_clock() if self._given_clock else asyncio.get_running_loop().time()

    def _let_in(self) -> None:
        while self._waiting and len(self._places) < self.at_once:
            place = self._waiting.popleft()
            self._places.add(place)
            place.open.set()
            self._look_again(place)

    def _give_back(self, place: _Place) -> None:
        if place in self._places:
            self._places.remove(place)
            self._let_in()

    def _look_again(self, place: _Place) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(WORKED_S, self._worked, place, self._clock() + WORKED_S)

    def _worked(self, place: _Place, due: float) -> None:
        """Somebody holds a place for long. A loop that calls this late is busy, and the place is needed; otherwise the next one may go on."""
        if place not in self._places:
            return
        if self._clock() - due < IN_TIME_S:
            self._give_back(place)
        else:
            self._look_again(place)
