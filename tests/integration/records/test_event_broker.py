"""Rasa's event broker: whatever happens to RabbitMQ, nobody waits for it, and what it can have it gets in order."""
from __future__ import annotations

import asyncio
import json
import os
from typing import Any

import pytest
from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from twitchwise.records.event_broker import ConfiguredBroker

NOBODY = "amqp://nobody:nothing@127.0.0.1:9/"


class FakeRabbit:
    """What stands where aio_pika connects to: takes messages, or refuses them. The real protocol is aio_pika's own concern."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refuses = False
        self.fails_after: int | None = None
        self.default_exchange = self

    async def connect(self, url: str) -> FakeRabbit:
        if self.refuses:
            raise ConnectionError
        return self

    async def __aenter__(self) -> FakeRabbit:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def channel(self, publisher_confirms: bool) -> FakeRabbit:
        assert publisher_confirms
        return self

    async def declare_queue(self, name: str, durable: bool) -> None:
        assert durable

    async def publish(self, message: Any, queue: str) -> None:
        if self.fails_after is not None and len(self.taken) >= self.fails_after:
            self.fails_after = None
            raise ConnectionError
        self.taken.append(json.loads(message.body))


@pytest.fixture
def rabbit(monkeypatch: pytest.MonkeyPatch) -> FakeRabbit:
    import aio_pika

    made = FakeRabbit()
    monkeypatch.setattr(aio_pika, "connect", made.connect)
    return made


async def until(condition: Any) -> None:
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came")


async def test_without_an_address_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWITCHWISE_BROKER_URL", raising=False)
    assert await EventBroker.create(EndpointConfig(type="twitchwise.records.event_broker.ConfiguredBroker")) is None


async def test_a_broker_that_refuses_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the real library, and a port where nobody listens."""
    monkeypatch.setenv("TWITCHWISE_BROKER_URL", NOBODY)
    broker = await EventBroker.create(EndpointConfig(type="twitchwise.records.event_broker.ConfiguredBroker"))
    assert isinstance(broker, ConfiguredBroker)
    for number in range(3):
        broker.publish({"number": number})
    await until(lambda: not broker.is_ready())
    assert len(broker.waiting) == 3
    await broker.close()


async def test_events_leave_in_order_and_once_although_the_broker_comes_late_and_goes_away(rabbit: FakeRabbit) -> None:
    broker = ConfiguredBroker(NOBODY, retry_s=0.01)
    rabbit.refuses = True
    for number in range(5):
        broker.publish({"number": number})
    await until(lambda: not broker.is_ready())
    rabbit.refuses, rabbit.fails_after = False, 3
    await until(lambda: len(rabbit.taken) == 5)
    broker.publish({"number": 5})
    await until(lambda: len(rabbit.taken) == 6 and not broker.waiting)
    assert [each["number"] for each in rabbit.taken] == list(range(6)) and broker.is_ready()
    await broker.close()


async def test_the_queue_is_bounded_in_bytes_and_the_oldest_make_room(rabbit: FakeRabbit) -> None:
    limit = 20_000
    broker = ConfiguredBroker(NOBODY, limit_bytes=limit, retry_s=0.01)
    rabbit.refuses = True
    for number in range(500):
        # What does not compress counts as it is; what does, takes less.
        broker.publish({"number": number, "noise": os.urandom(100 + number % 7 * 100).hex(), "text": "twitch " * 1000})
        assert sum(map(len, broker.waiting)) < broker.waiting_bytes <= limit
    kept = len(broker.waiting)
    assert 0 < kept < 100 and broker.dropped == 500 - kept
    rabbit.refuses = False
    await until(lambda: len(rabbit.taken) == kept and not broker.waiting)
    assert [each["number"] for each in rabbit.taken] == list(range(500 - kept, 500)) and broker.waiting_bytes == 0
    await broker.close()


async def test_closing_sends_what_waits(rabbit: FakeRabbit) -> None:
    broker = ConfiguredBroker(NOBODY, retry_s=0.01)
    for number in range(50):
        broker.publish({"number": number})
    await broker.close()
    assert len(rabbit.taken) == 50
