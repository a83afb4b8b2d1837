"""A few turns at a time, in the order of coming; and what happens when too many come."""
from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from twitchwise.channels.gate import WORKED_S, Gate, GateFull


class Turns:
    """Turns that work until they are told to end."""

    def __init__(self, gate: Gate) -> None:
        self.gate, self.working, self.done = gate, [], []       # type: ignore[var-annotated]
        self.ends: dict[int, asyncio.Event] = {}

    def start(self, number: int) -> asyncio.Task[None]:
        self.ends[number] = asyncio.Event()
        return asyncio.create_task(self._work(number))

    async def _work(self, number: int) -> None:
        async with self.gate.hold():
            self.working.append(number)
            await self.ends[number].wait()
        self.done.append(number)


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop go round until it is so."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0)
    pytest.fail("It never was so")


async def test_so_many_work_at_once_and_the_next_ones_in_the_order_of_coming() -> None:
    turns = Turns(Gate(2))
    tasks = [turns.start(number) for number in range(5)]
    await until(lambda: turns.gate.waiting == 3)
    assert turns.working == [0, 1]
    turns.ends[1].set()
    await until(lambda: turns.working == [0, 1, 2])
    for number in (0, 2, 3, 4):
        turns.ends[number].set()
    await asyncio.gather(*tasks)
    assert turns.working == [0, 1, 2, 3, 4] and turns.gate.waiting == 0


async def test_it_is_overrun_while_the_first_one_waits_too_long() -> None:
    now = 100.0
    turns = Turns(Gate(1, patience_s=2.0, clock=lambda: now))
    assert not turns.gate.is_overrun
    tasks = [turns.start(number) for number in range(3)]
    await until(lambda: turns.gate.waiting == 2)
    now = 102.0
    assert not turns.gate.is_overrun
    now = 102.1
    assert turns.gate.is_overrun
    for number in range(3):
        turns.ends[number].set()
    await asyncio.gather(*tasks)
    assert not turns.gate.is_overrun


async def test_a_turn_that_waits_for_something_else_gives_its_place_to_the_next() -> None:
    now = 0.0
    gate = Gate(1, clock=lambda: now)
    turns = Turns(gate)
    tasks = [turns.start(number) for number in range(3)]
    await until(lambda: turns.working == [0])
    (place,) = gate._places
    # The loop was late: the processor is busy, and the place stays taken.
    now = 10.0
    gate._worked(place, due=now - 1.0)
    await until(lambda: True)
    assert turns.working == [0]
    # In time: the turn waits for something that is away.
    gate._worked(place, due=now)
    await until(lambda: turns.working == [0, 1])
    # It gives back once, not again at its end.
    turns.ends[0].set()
    await until(lambda: turns.done == [0])
    assert turns.working == [0, 1] and gate.waiting == 1
    turns.ends[1].set()
    await until(lambda: turns.working == [0, 1, 2])
    turns.ends[2].set()
    await asyncio.gather(*tasks)
    assert WORKED_S > 0




async def test_one_that_gives_up_waiting_leaves_no_gap() -> None:
    turns = Turns(Gate(1))
    tasks = [turns.start(number) for number in range(3)]
    await until(lambda: turns.gate.waiting == 2)
    tasks[1].cancel()
    await until(lambda: turns.gate.waiting == 1)
    turns.ends[0].set()
    turns.ends[2].set()
    await asyncio.gather(tasks[0], tasks[2])
    assert turns.done == [0, 2]


async def test_a_failing_turn_gives_its_place_back() -> None:
    gate = Gate(1)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="boom"):
            async with gate.hold():
                raise RuntimeError("boom")


async def test_who_cannot_even_wait_is_told() -> None:
    turns = Turns(Gate(1, most_waiting=1))
    tasks = [turns.start(number) for number in range(2)]
    await until(lambda: turns.gate.waiting == 1)
    with pytest.raises(GateFull):
        async with turns.gate.hold():
            pass
    for number in range(2):
        turns.ends[number].set()
    await asyncio.gather(*tasks)
