"""The worker and the daily retention run together, and stop when told to."""
from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta, timezone

import pytest

from tests.integration.records.conftest import everything, free_port
from tests.integration.records.receiver import SECRET, Receiver
from twitchwise.records.delivery import DeliverySettings
from twitchwise.records.engine import make_engine
from twitchwise.records.recorder import Recorder
from twitchwise.records.schema import migrate
from twitchwise.records.targets import WebhookSettings
from twitchwise.records.turns import Escalation
from twitchwise.records.upkeep import keep_up


async def until(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        await asyncio.sleep(0.05)


async def test_it_delivers_deletes_and_stops(engine, keys, tmp_path):
    receiver = Receiver(free_port())
    await receiver.start()
    recorder, now = Recorder(engine, keys, spool=tmp_path / "spool"), datetime.now(timezone.utc)
    recorder.record_turn("long ago", "m", [], None, None, now - timedelta(days=91))
    recorder.record_turn("now", "m", [], None, Escalation("emergency"), now)
    stop = asyncio.Event()
    task = asyncio.create_task(keep_up(recorder, DeliverySettings(webhook=WebhookSettings(receiver.url, SECRET), poll_s=0.05), stop=stop))
    await until(lambda: receiver.taken and len(everything(engine)["conversations"]) == 1)
    stop.set()
    await asyncio.wait_for(task, 60)
    assert list(receiver.taken.values()) == [1]
    await receiver.stop()
    recorder.close()


@pytest.mark.servers
async def test_postgresql_stopped_in_the_middle_loses_nothing(empty_postgres, keys, tmp_path):
    """Recording goes on, the worker comes back by itself, and the receiver gets every escalation under its one key."""
    postgres = empty_postgres
    migrate(postgres.url)
    engine = make_engine(postgres.url)
    receiver = Receiver(free_port())
    await receiver.start()
    recorder = Recorder(engine, keys, spool=tmp_path / "spool", retry_s=0.2)
    settings = DeliverySettings(webhook=WebhookSettings(receiver.url, SECRET), poll_s=0.1, lease_s=3.0)
    stop = asyncio.Event()
    workers = [asyncio.create_task(keep_up(recorder, settings, stop=stop)) for _ in range(2)]
    ids = []

    async def write(count: int) -> None:
        for _ in range(count):
            number = len(ids)
            ids.append((await asyncio.to_thread(recorder.record_turn, f"p{number}", "m", [], None, Escalation("emergency"))).escalation_id)

    await write(15)
    await asyncio.to_thread(postgres.stop)
    await write(15)
    await asyncio.to_thread(postgres.start)
    await write(15)
    await until(lambda: len(receiver.taken) == 45)
    await until(lambda: {row["state"] for row in everything(engine)["deliveries"]} == {"delivered"})
    stop.set()
    await asyncio.gather(*workers)
    # Every one arrived under one key; a second arrival is possible only for those on the wire when the database went away.
    assert set(receiver.taken) == {f"{each}-webhook" for each in ids}
    assert sum(receiver.taken.values()) <= 45 + 15
    await receiver.stop()
    recorder.close()
    engine.dispose()
