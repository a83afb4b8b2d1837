"""The queue within a process: in order, at once, and never closed for good."""
from __future__ import annotations

import asyncio
import time

import pytest

from twitchwise.records.turnstile import Turnstile


async def visit(turnstile: Turnstile, name: str, order: list, label, work_s: float = 0.0, lifetime_s: float = 10.0):
    place = turnstile.take(name)
    try:
        await turnstile.wait(place, lifetime_s, 10.0)
        order.append(label)
        await asyncio.sleep(work_s)
    finally:
        turnstile.leave(place)


async def test_first_come_first_served():
    turnstile, order = Turnstile(), []
    await asyncio.gather(*(visit(turnstile, "a", order, number, 0.001) for number in range(50)))
    assert order == list(range(50))
    assert len(turnstile) == 0


async def test_one_at_a_time():
    turnstile, inside, most = Turnstile(), 0, 0

    async def work():
        nonlocal inside, most
        place = turnstile.take("a")
        await turnstile.wait(place, 10, 10)
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.002)
        inside -= 1
        turnstile.leave(place)

    await asyncio.gather(*(work() for _ in range(20)))
    assert most == 1


async def test_conversations_do_not_wait_for_each_other():
    turnstile, order = Turnstile(), []
    started = time.monotonic()
    await asyncio.gather(*(visit(turnstile, f"c{number}", order, number, 0.1) for number in range(20)))
    assert time.monotonic() - started < 1.0


async def test_nobody_waits_in_steps():
    turnstile, order = Turnstile(), []
    started = time.monotonic()
    await asyncio.gather(*(visit(turnstile, "a", order, number) for number in range(100)))
    assert time.monotonic() - started < 0.5


async def test_a_hold_that_is_too_old_is_taken_away():
    turnstile, order = Turnstile(), []
    stuck = asyncio.create_task(visit(turnstile, "a", order, "stuck", 5.0, lifetime_s=0.2))
    await asyncio.sleep(0.01)
    started = time.monotonic()
    await asyncio.gather(*(visit(turnstile, "a", order, number) for number in range(3)))
    assert 0.1 < time.monotonic() - started < 1.0
    assert order == ["stuck", 0, 1, 2]
    stuck.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stuck
    assert len(turnstile) == 0


async def test_who_loses_its_hold_does_not_open_the_door_for_others():
    turnstile = Turnstile()
    first = turnstile.take("a")
    await turnstile.wait(first, 0.05, 1)
    second = turnstile.take("a")
    await turnstile.wait(second, 10, 1)
    third = turnstile.take("a")
    turnstile.leave(first)
    with pytest.raises(asyncio.TimeoutError):
        await turnstile.wait(third, 10, 0.1)
    turnstile.leave(second)
    await turnstile.wait(third, 10, 0.1)
    turnstile.leave(third)
    assert len(turnstile) == 0


async def test_who_gives_up_does_not_stop_the_others():
    turnstile, order = Turnstile(), []
    first = turnstile.take("a")
    await turnstile.wait(first, 10, 1)
    impatient = asyncio.create_task(visit(turnstile, "a", order, "impatient"))
    patient = asyncio.create_task(visit(turnstile, "a", order, "patient"))
    await asyncio.sleep(0.01)
    impatient.cancel()
    await asyncio.sleep(0.01)
    turnstile.leave(first)
    await asyncio.wait_for(patient, 1)
    assert order == ["patient"]
    assert len(turnstile) == 0
