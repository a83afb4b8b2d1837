"""Who may see the metrics, and how often a probe's message is sent."""
from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from twitchwise.channels import monitoring
from twitchwise.channels.monitoring import FORWARDED, Sparing, may_see_metrics

TOKEN = "operators-token"


def request(ip: str = "203.0.113.7", token: str | None = None, **headers: str) -> Any:
    return SimpleNamespace(ip=ip, args={"token": token} if token else {}, headers={key.replace("_", "-"): value for key, value in headers.items()})


@pytest.mark.parametrize("ip", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may(ip: str) -> None:
    assert may_see_metrics(request(ip), TOKEN) and may_see_metrics(request(ip), None)


@pytest.mark.parametrize("header", FORWARDED)
def test_whoever_comes_through_a_proxy_here_may_not(header: str) -> None:
    assert not may_see_metrics(request("127.0.0.1", **{header: "203.0.113.7"}), TOKEN)


def test_others_need_the_token() -> None:
    assert not may_see_metrics(request(), TOKEN)
    assert not may_see_metrics(request(token="wrong"), TOKEN)
    assert not may_see_metrics(request(authorization="Bearer wrong"), TOKEN)
    assert not may_see_metrics(request(authorization="Bearer "), None)
    assert may_see_metrics(request(token=TOKEN), TOKEN)
    assert may_see_metrics(request(authorization=f"Bearer {TOKEN}"), TOKEN)


async def test_many_who_ask_at_once_cost_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    now, asked = 100.0, 0
    monkeypatch.setattr(monitoring.time, "monotonic", lambda: now)

    async def ask() -> float | None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return float(asked)

    probe = Sparing(1.0)
    assert await asyncio.gather(*(probe(ask) for _ in range(20))) == [1.0] * 20
    now += 0.9
    assert await probe(ask) == 1.0
    now += 0.2
    assert await probe(ask) == 2.0


async def test_a_failure_is_remembered_no_longer_than_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(monitoring.time, "monotonic", lambda: now)

    async def fails() -> float | None:
        return None

    async def answers() -> float | None:
        return 0.1

    probe = Sparing(1.0)
    assert await probe(fails) is None and await probe(answers) is None
    now += 1
    assert await probe(answers) == 0.1
