"""The limits that processes share, on a real Redis: counted together, and each for itself while Redis is away."""
from __future__ import annotations

import pytest

from tests.integration.records.conftest import Redis
from twitchwise.channels.rate import RateLimiter
from twitchwise.channels.shared_limits import Admission, SharedLimits

KEY = b"integration tests " * 2


@pytest.fixture
def url(redis_server: Redis) -> str:
    if redis_server.process is None:
        redis_server.start()
    return f"redis://127.0.0.1:{redis_server.port}/0"


def limits(url: str | None, *, burst: int = 5, addresses: int = 100, rate: float = 0.001) -> SharedLimits:
    return SharedLimits(RateLimiter(rate, burst), RateLimiter(rate, addresses), url=url, key=KEY)


@pytest.mark.servers
async def test_two_processes_count_together(url: str) -> None:
    both = [limits(url), limits(url)]
    allowed = [(await both[number % 2].admit("one sender", None, None)).allowed for number in range(10)]
    assert allowed == [True] * 5 + [False] * 5
    assert (await both[0].admit("another", None, None)).allowed
    for each in both:
        await each.close()


@pytest.mark.servers
async def test_an_address_is_counted_over_all_its_senders(url: str) -> None:
    one = limits(url, addresses=3)
    assert [(await one.admit(f"sender {number}", "192.0.2.1", None)).allowed for number in range(4)] == [True, True, True, False]
    # Whoever was refused for the address has lost nothing of their own.
    assert [(await one.admit("sender 3", "192.0.2.2", None)).allowed for _ in range(2)] == [True, True]
    await one.close()


@pytest.mark.servers
async def test_tokens_come_back_with_time(url: str) -> None:
    one = limits(url, burst=1, rate=20.0)
    answers = [(await one.admit("comes back", None, None)).allowed for _ in range(2)]
    for _ in range(500):
        if (await one.admit("comes back", None, None)).allowed:
            break
    else:
        pytest.fail("no token came back")
    assert answers[0]
    await one.close()


@pytest.mark.servers
async def test_a_message_is_new_once_in_whichever_process(url: str) -> None:
    both = [limits(url, burst=50), limits(url, burst=50)]
    assert [(await both[number].admit("someone", None, "m1")) for number in (0, 1, 0)] == [
        Admission(True, True), Admission(True, False), Admission(True, False)]
    assert (await both[1].admit("someone", None, "m2")).new
    # Whoever took it first can ask later whether somebody else took it too: it may be slower to get hold of the conversation.
    assert await both[0].came_again("m1") and not await both[1].came_again("m2")
    # Redis holds pseudonyms only.
    client = both[0]._redis
    assert [key for key in await client.keys() if b"someone" in key or b"m1" in key] == []
    for each in both:
        await each.close()


@pytest.mark.servers
async def test_a_refused_message_is_not_claimed(url: str) -> None:
    one, other = limits(url, burst=1), limits(url, burst=50)
    assert (await one.admit("greedy", None, None)).allowed
    assert not (await one.admit("greedy", None, "m9")).allowed
    assert await other.admit("greedy", None, "m9") == Admission(True, True)
    for each in (one, other):
        await each.close()


@pytest.mark.servers
async def test_while_redis_is_away_each_counts_for_itself_and_nothing_is_certainly_new(redis_server: Redis, url: str) -> None:
    both = [limits(url, burst=2), limits(url, burst=2)]
    redis_server.stop()
    try:
        assert [(await both[number % 2].admit("away", None, f"m{number}")) for number in range(6)] == [Admission(True, False)] * 4 + [
            Admission(False, False)] * 2
    finally:
        redis_server.start()
    for each in both:
        each._away_until = 0.0
    assert (await both[0].admit("back again", None, "m1")).new
    for each in both:
        await each.close()


async def test_a_process_alone_is_certain_only_of_what_it_saw_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    import twitchwise.channels.shared_limits as module

    alone = limits(None)
    assert await alone.admit("someone", "192.0.2.1", "m1") == Admission(True, False)     # it may have restarted just now
    monkeypatch.setattr(module, "REMEMBERED_S", -1)
    assert await alone.admit("someone", "192.0.2.1", "m2") == Admission(True, True)
    await alone.close()
