"""Rasa's lock stores: one message at a time, in order, at once; with Redis, over processes, and while Redis is away."""
from __future__ import annotations

import asyncio
import os
import sys
import time

import pytest
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis as Client

from tests.integration.records.conftest import Redis
from twitchwise.records import redis_queue
from twitchwise.records.keys import Keys
from twitchwise.records.lock_store import InProcessLockStore, RedisLockStore

KEYS = Keys(b"integration tests " * 2)


@pytest.fixture
def url(redis_server: Redis) -> str:
    if redis_server.process is None:
        redis_server.start()
    return f"redis://127.0.0.1:{redis_server.port}/0"


def make(kind: str, request, **settings):
    if kind == "here":
        return InProcessLockStore(**settings)
    return RedisLockStore(url=request.getfixturevalue("url"), keys=KEYS, **settings)


BOTH = pytest.mark.parametrize("kind", ["here", pytest.param("redis", marks=pytest.mark.servers)])


async def visit(store, name: str, order: list, label, work_s: float = 0.0):
    async with store.lock(name):
        order.append(label)
        await asyncio.sleep(work_s)


async def finish(store) -> None:
    if isinstance(store, RedisLockStore):
        await store.close()


@BOTH
async def test_twenty_messages_at_once_are_served_in_order_and_at_once(kind, request):
    store, order = make(kind, request), []
    # Rasa's own waits in steps of a second: twenty would take nineteen of them.
    await asyncio.wait_for(asyncio.gather(*(visit(store, "someone", order, number, 0.005) for number in range(20))), 15)
    assert order == list(range(20))
    await finish(store)


@BOTH
async def test_different_conversations_run_side_by_side(kind, request):
    store, inside, everybody = make(kind, request), set(), asyncio.Event()

    async def work(number: int) -> None:
        async with store.lock(f"someone {number}"):
            inside.add(number)
            if len(inside) == 15:
                everybody.set()
            await everybody.wait()      # nobody leaves before all are inside

    await asyncio.wait_for(asyncio.gather(*(work(number) for number in range(15))), 60)
    assert len(inside) == 15
    await finish(store)


@BOTH
async def test_a_turn_that_fails_lets_the_next_one_in(kind, request):
    store = make(kind, request)
    with pytest.raises(KeyError):
        async with store.lock("someone"):
            raise KeyError
    with pytest.raises(asyncio.TimeoutError):
        async with store.lock("someone"):
            raise asyncio.TimeoutError
    await asyncio.wait_for(visit(store, "someone", [], 0), 60)
    await finish(store)


@BOTH
async def test_a_turn_that_hangs_loses_its_hold(kind, request, monkeypatch):
    monkeypatch.setattr(redis_queue, "ALIVE_S", 0.4)
    monkeypatch.setattr(redis_queue, "LOOK_S", 0.1)
    store, order = make(kind, request, lifetime_s=0.5), []
    stuck = asyncio.create_task(visit(store, "someone", order, "stuck", 600))
    while not order:
        await asyncio.sleep(0.02)
    await asyncio.wait_for(visit(store, "someone", order, "next"), 60)
    assert order == ["stuck", "next"] and not stuck.done()
    stuck.cancel()
    await asyncio.gather(stuck, return_exceptions=True)
    await finish(store)


@BOTH
async def test_who_waits_too_long_is_told(kind, request):
    store = make(kind, request, patience_s=0.3)
    async with store.lock("someone"):
        with pytest.raises(LockError, match="waited"):
            async with store.lock("someone"):
                pytest.fail("two at once")
    await asyncio.wait_for(visit(store, "someone", [], 0), 60)
    await finish(store)


@pytest.mark.parametrize("name", ["InProcessLockStore", "RedisLockStore"])
def test_rasa_makes_it_from_endpoints_yml(name):
    config = EndpointConfig(url="redis://127.0.0.1:5297/0", type=f"twitchwise.records.lock_store.{name}", lifetime=7)
    store = LockStore.create(config)
    assert type(store).__name__ == name
    assert store.lifetime_s == 7


@pytest.mark.servers
async def test_two_processes_share_one_order(url):
    """Two stores as two processes have them: no message of a conversation beside another, first come first served."""
    stores = [RedisLockStore(url=url, keys=KEYS) for _ in range(2)]
    inside, most, left, order = 0, 0, 0, []
    client, queue = Client.from_url(url), f"twitchwise:lock:{{{KEYS.conversation('someone')}}}:queue"

    async def work(store, number: int) -> None:
        nonlocal inside, most, left
        async with store.lock("someone"):
            inside += 1
            most = max(most, inside)
            order.append(number)
            await asyncio.sleep(0.005)
            inside -= 1
        left += 1

    tasks = []
    for number in range(30):
        tasks.append(asyncio.create_task(work(stores[number % 2], number)))
        while True:     # until it stands in the queue, so that the next one comes after it
            gone = left
            if gone + await client.zcard(queue) > number:
                break
            await asyncio.sleep(0.001)
    await asyncio.wait_for(asyncio.gather(*tasks), 60)
    assert most == 1
    assert order == list(range(30))
    assert await client.zcard(queue) == 0
    assert not [key for key in await client.keys("*") if b"someone" in key]
    await client.close(close_connection_pool=True)
    for store in stores:
        await store.close()


_HOLDS_AND_DIES = """
import asyncio, os, sys
from twitchwise.records.redis_queue import RedisTurnstile
async def main():
    queue = RedisTurnstile(sys.argv[1])
    holding, waiting = await queue.issue(sys.argv[2]), await queue.issue(sys.argv[2])
    await queue.wait(holding, 5)
    os.kill(os.getpid(), 9)
asyncio.run(main())
"""


@pytest.mark.servers
async def test_a_killed_process_frees_its_conversations(url):
    name = KEYS.conversation("someone else")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOLDS_AND_DIES, url, name, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert await asyncio.wait_for(process.wait(), 60) == -9
    client = Client.from_url(url)
    assert await client.zcard(f"twitchwise:lock:{{{name}}}:queue") == 2
    await client.close(close_connection_pool=True)
    store = RedisLockStore(url=url, keys=KEYS)
    await asyncio.wait_for(visit(store, "someone else", [], 0), 60)
    await store.close()


@pytest.mark.servers
async def test_while_redis_is_away_each_process_keeps_its_order(url, redis_server):
    store, order = RedisLockStore(url=url, keys=KEYS, retry_s=0.3), []
    await visit(store, "someone", order, "before")
    redis_server.stop()
    await asyncio.wait_for(asyncio.gather(*(visit(store, "someone", order, number, 0.005) for number in range(10))), 60)
    assert store._away_until > 0
    redis_server.start()
    await visit(store, "someone", order, "after")
    assert order == ["before", *range(10), "after"]
    end, client = time.monotonic() + 60, Client.from_url(url)
    while not await client.keys("twitchwise:lock:*"):      # Redis is used again, a moment later
        assert time.monotonic() < end
        await asyncio.sleep(0.1)
        async with store.lock("a third"):
            if await client.keys("twitchwise:lock:*"):
                break
    await client.close(close_connection_pool=True)
    await store.close()


@pytest.mark.servers
async def test_redis_restarted_under_load_keeps_the_order(url, redis_server):
    store, order, inside = RedisLockStore(url=url, keys=KEYS, retry_s=0.2), [], 0

    async def work(number: int) -> None:
        nonlocal inside
        async with store.lock("someone"):
            inside += 1
            assert inside == 1
            order.append(number)
            await asyncio.sleep(0.05)
            inside -= 1

    tasks = []
    for number in range(40):
        tasks.append(asyncio.create_task(work(number)))
        await asyncio.sleep(0.02)
        if number == 15:
            redis_server.stop()
        if number == 25:
            await asyncio.to_thread(redis_server.start)
    await asyncio.wait_for(asyncio.gather(*tasks), 120)
    assert order == list(range(40))
    await store.close()
