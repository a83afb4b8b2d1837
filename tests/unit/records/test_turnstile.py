"""The queue within a process: in order, at once, and never closed for good."""
from __future__ import annotations

import asyncio

import pytest

from twitchwise.records.turnstile import Turnstile


async def visit(turnstile: Turnstile, name: str, order: list, label, work_s: float = 0.0, lifetime_s: float = 600.0):
    place = turnstile.take(name)
    try:
        await turnstile.wait(place, lifetime_s, 600.0)
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
        await turnstile.wait(place, 600, 600)
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.002)
        inside -= 1
        turnstile.leave(place)

    await asyncio.gather(*(work() for _ in range(20)))
    assert most == 1


async def test_conversations_do_not_wait_for_each_other():
    turnstile, inside = Turnstile(), set()
    everybody = asyncio.Event()

    async def work(number: int) -> None:
        place = turnstile.take(f"c{number}")
        await turnstile.wait(place, 600, 600)
        inside.add(number)
        if len(inside) == 20:
            everybody.set()
        await everybody.wait()      # nobody leaves before all twenty are inside
        turnstile.leave(place)

    await asyncio.wait_for(asyncio.gather(*(work(number) for number in range(20))), 60)
    assert len(inside) == 20


async def test_nobody_waits_in_steps(monkeypatch):
    """Who is next is woken at once: with a clock that stands still no timer runs, and all get in nevertheless."""
    turnstile, order = Turnstile(), []
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 0.0)
    await asyncio.gather(*(visit(turnstile, "a", order, number) for number in range(100)))
    assert order == list(range(100))


async def test_a_hold_that_is_too_old_is_taken_away():
    turnstile, order = Turnstile(), []
    stuck = asyncio.create_task(visit(turnstile, "a", order, "stuck", 600, lifetime_s=0.2))
    while not order:
        await asyncio.sleep(0.01)
    await asyncio.wait_for(asyncio.gather(*(visit(turnstile, "a", order, number, lifetime_s=600) for number in range(3))), 60)
    assert not stuck.done(), "it still holds on; it was passed by"
    assert order == ["stuck", 0, 1, 2]
    stuck.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stuck
    assert len(turnstile) == 0


async def test_who_loses_its_hold_does_not_open_the_door_for_others():
    turnstile = Turnstile()
    first = turnstile.take("a")
    await turnstile.wait(first, 0.05, 60)
    second = turnstile.take("a")
    await turnstile.wait(second, 600, 60)
    third = turnstile.take("a")
    turnstile.leave(first)
    with pytest.raises(asyncio.TimeoutError):
        await turnstile.wait(third, 10, 0.1)
    turnstile.leave(second)
    await turnstile.wait(third, 10, 60)
    turnstile.leave(third)
    assert len(turnstile) == 0


async def test_who_gives_up_does_not_stop_the_others():
    turnstile, order = Turnstile(), []
    first = turnstile.take("a")
    await turnstile.wait(first, 600, 60)
    impatient = asyncio.create_task(visit(turnstile, "a", order, "impatient"))
    patient = asyncio.create_task(visit(turnstile, "a", order, "patient"))
    await asyncio.sleep(0.01)
    impatient.cancel()
    await asyncio.sleep(0.01)
    turnstile.leave(first)
    await asyncio.wait_for(patient, 60)
    assert order == ["patient"]
    assert len(turnstile) == 0
