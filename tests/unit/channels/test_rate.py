from __future__ import annotations

from twitchwise.channels import rate
from twitchwise.channels.rate import RateLimiter


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_and_then_the_rate() -> None:
    clock = Clock()
    limiter = RateLimiter(1.0, 3, clock)
    assert [limiter.allow("a") for _ in range(5)] == [True, True, True, False, False]
    clock.now += 2
    assert [limiter.allow("a") for _ in range(3)] == [True, True, False]


def test_keys_do_not_share() -> None:
    limiter = RateLimiter(1.0, 1, Clock())
    assert limiter.allow("a") and limiter.allow("b") and not limiter.allow("a")


def test_a_clock_that_jumps_back_takes_nothing_away() -> None:
    clock = Clock()
    clock.now = 100
    limiter = RateLimiter(1.0, 2, clock)
    assert limiter.allow("a")
    clock.now = 0
    assert limiter.allow("a") and not limiter.allow("a")
    clock.now = 1
    assert limiter.allow("a")


def test_memory_is_bounded(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(rate, "MOST_KEYS", 10)
    limiter = RateLimiter(1.0, 1, Clock())
    for number in range(100):
        limiter.allow(str(number))
    assert len(limiter._buckets) == 10
