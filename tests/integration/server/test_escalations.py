"""An emergency told to the really started server reaches the operator's receiver, once, signed; without a receiver it stays open."""
from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from tests.integration.records.conftest import free_port as free_receiver_port
from tests.integration.records.receiver import SECRET, Receiver
from tests.running import Server, new_sender, start_server

EMERGENCY = "I can hardly breathe"


def rows(server: Server, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(server.database)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


async def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        await asyncio.sleep(0.1)


async def test_one_emergency_is_one_signed_delivery(tmp_path: Path) -> None:
    receiver = Receiver(free_receiver_port())
    await receiver.start()
    more = {"TWITCHWISE_WEBHOOK_URL": receiver.url, "TWITCHWISE_WEBHOOK_SECRET": SECRET}
    server = await asyncio.to_thread(lambda: start_server(tmp_path, **more))
    try:
        sender = new_sender("breathless")
        words = await asyncio.to_thread(server.words, sender, EMERGENCY)
        assert "999" in words or "112" in words
        await until(lambda: receiver.taken)
        await asyncio.to_thread(server.words, sender, "my cat is nice")
        await until(lambda: rows(server, "SELECT delivery_state FROM escalations") == [("delivered",)])
        await asyncio.sleep(2.5)      # two more rounds of the worker
        assert list(receiver.taken.values()) == [1] and receiver.forged == 0
        (body,) = receiver.bodies.values()
        assert body["data"]["level"] == "emergency" and "breathing_difficulty" in body["data"]["red_flags"]
        assert sender not in str(body) and "breathe" not in str(body), "codes and a pseudonym only"

        receiver.mode = "slow"
        await asyncio.to_thread(server.words, new_sender("another"), EMERGENCY)
        await until(lambda: receiver.refused)
        assert await asyncio.to_thread(server.stop) == 0, "it ends cleanly in the middle of a delivery"
        assert "Traceback" not in server.log.read_text() and SECRET not in server.log.read_text()
    finally:
        await asyncio.to_thread(server.stop)
        await receiver.stop()


async def test_without_a_receiver_an_escalation_stays_open(server: Server) -> None:
    sender = new_sender("unheard")
    await asyncio.to_thread(server.words, sender, EMERGENCY)
    await until(lambda: rows(server, "SELECT 1 FROM escalations WHERE state = 'open' AND delivery_state = 'pending'"))
    await asyncio.sleep(1.5)
    assert rows(server, "SELECT count(*) FROM deliveries") == [(0,)]
    assert rows(server, "SELECT count(*) FROM outbox WHERE state = 'pending'")[0][0] >= 1
    assert "No receiver of escalations" in server.log.read_text()


def test_what_is_older_than_the_retention_is_gone_after_the_start(tmp_path: Path) -> None:
    import datetime

    from twitchwise.records import migrate
    from twitchwise.records.engine import make_engine
    from twitchwise.records.recorder import Recorder

    url = f"sqlite:///{tmp_path}/test.db"
    migrate(url)
    engine = make_engine(url)
    recorder = Recorder(engine, b"k" * 32, spool=tmp_path / "spool")
    now = datetime.datetime.now(datetime.timezone.utc)
    recorder.record_turn("long ago", "m", [], None, None, now - datetime.timedelta(days=8))
    recorder.record_turn("lately", "m", [], None, None, now - datetime.timedelta(days=6))
    recorder.close()
    engine.dispose()
    server = start_server(tmp_path, TWITCHWISE_RETENTION_DAYS="7", TWITCHWISE_SIGNING_KEY="k" * 32)
    try:
        end = time.monotonic() + 60
        while rows(server, "SELECT count(*) FROM conversations") != [(1,)] and time.monotonic() < end:
            time.sleep(0.1)
        assert rows(server, "SELECT count(*) FROM conversations") == [(1,)]
    finally:
        os.kill(server.process.pid, signal.SIGTERM)
        assert server.process.wait(60) == 0
