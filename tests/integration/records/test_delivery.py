"""Escalations arrive: with the receiver down, slow, failing or cutting, with workers killed at every step, with several workers."""
from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import update

from tests.integration.records.conftest import everything, free_port
from tests.integration.records.receiver import SECRET, MailServer, Receiver
from twitchwise.records import outbox, repository
from twitchwise.records.delivery import STEPS, DeliverySettings, DeliveryWorker
from twitchwise.records.models import DeliveryRow
from twitchwise.records.recorder import Recorder
from twitchwise.records.targets import EmailSettings, WebhookSettings
from twitchwise.records.turns import Escalation

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


class Clock:
    """Real time plus what a test adds. Signatures need the real one, so only the worker sees this."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(timezone.utc) + self.ahead


@pytest.fixture
async def receiver():
    made = Receiver(free_port())
    await made.start()
    yield made
    await made.stop()


def raise_escalations(engine, keys, tmp_path, count: int = 1, level: str = "emergency") -> list[str]:
    recorder = Recorder(engine, keys, spool=tmp_path / "spool")
    recorder.close()
    return [recorder.record_turn(f"someone {i}", f"m{i}", [], None, Escalation(level, ("breathing_difficulty",), ("breathing:present",)),
                                 datetime.now(timezone.utc)).escalation_id for i in range(count)]


def webhook(receiver, **changes) -> DeliverySettings:
    hook = WebhookSettings(receiver.url, SECRET, timeout_s=0.3 if receiver.mode == "slow" else 30.0)
    return DeliverySettings(**{"webhook": hook, "poll_s": 0.05, "first_pause_s": 2.0, **changes})


class RealTimeWebhook:
    """The webhook with signatures in real time (the receiver checks them), for workers whose clock is simulated."""

    name = "webhook"

    def __init__(self, settings: DeliverySettings) -> None:
        (self.inner,) = settings.targets()

    async def send(self, claim, now):
        await self.inner.send(claim, datetime.now(timezone.utc))

    async def close(self):
        await self.inner.close()


def worker_for(engine, receiver, clock, **changes) -> DeliveryWorker:
    settings = webhook(receiver, **changes)
    return DeliveryWorker(engine, settings, targets=[RealTimeWebhook(settings)], clock=clock)


async def test_an_escalation_arrives_once_signed_and_in_codes(engine, keys, tmp_path, receiver):
    (escalation_id,) = raise_escalations(engine, keys, tmp_path)
    worker = DeliveryWorker(engine, webhook(receiver))
    assert await worker.run_once() == 1
    assert await worker.run_once() == 0
    await worker.close()
    key = f"{escalation_id}-webhook"
    assert receiver.taken == {key: 1}
    assert receiver.bodies[key]["data"] == {
        "conversation": keys.conversation("someone 0"), "kind": "red_flag", "level": "emergency", "red_flags": ["breathing_difficulty"],
        "said": ["breathing:present"], "rules_version": None}
    assert repository.escalation(engine, keys, escalation_id).delivery_state == "delivered"
    assert outbox.queue_state(engine) == outbox.QueueState(0, 0, 0, 1, None)


async def test_a_wrong_secret_is_refused_by_the_receiver(engine, keys, tmp_path, receiver):
    raise_escalations(engine, keys, tmp_path)
    worker = DeliveryWorker(engine, DeliverySettings(webhook=WebhookSettings(receiver.url, "another")))
    await worker.run_once()
    await worker.close()
    assert (receiver.forged, receiver.taken) == (1, {})
    assert everything(engine)["deliveries"][0]["last_error"] == "http_403"


@pytest.mark.parametrize("mode", ["down", "slow", "error", "cut"])
async def test_an_hour_of_trouble_loses_and_doubles_nothing(engine, keys, tmp_path, receiver, mode):
    """An hour of simulated time: the receiver has it once, soon after it is back."""
    ids = raise_escalations(engine, keys, tmp_path, 3)
    clock = Clock()
    receiver.mode = mode
    worker = worker_for(engine, receiver, clock)
    if mode == "down":
        await receiver.stop()
    attempts = 0
    while clock.ahead < timedelta(hours=1):
        attempts += await worker.run_once()
        waiting = [row["next_at"] for row in everything(engine)["deliveries"]]
        clock.ahead += max(min(waiting) - clock(), timedelta(0)) + timedelta(seconds=1)
    assert 3 * 8 <= attempts <= 3 * 25      # growing pauses: neither given up nor hammering
    assert receiver.taken == {}
    assert outbox.queue_state(engine).pending == 3
    await worker.close()
    receiver.mode = "ok"
    if mode == "down":
        await receiver.start()
    clock.ahead += timedelta(minutes=10)
    worker = worker_for(engine, receiver, clock)
    await worker.run_once()
    await worker.close()
    assert receiver.taken == {f"{each}-webhook": 1 for each in ids}
    assert {row["state"] for row in everything(engine)["deliveries"]} == {"delivered"}


async def test_a_receiver_that_cuts_after_taking_sees_one_key(engine, keys, tmp_path, receiver):
    (escalation_id,) = raise_escalations(engine, keys, tmp_path)
    clock = Clock()
    worker = worker_for(engine, receiver, clock)
    receiver.mode = "cut_after"
    await worker.run_once()
    receiver.mode = "ok"
    clock.ahead = timedelta(seconds=10)
    await worker.run_once()
    await worker.close()
    assert receiver.taken == {f"{escalation_id}-webhook": 2}     # twice on the wire, one key: the receiver drops the second
    assert repository.escalation(engine, keys, escalation_id).delivery_state == "delivered"


async def test_what_the_receiver_asks_for_is_kept(engine, keys, tmp_path, receiver):
    raise_escalations(engine, keys, tmp_path)
    receiver.mode = "busy"
    clock = Clock()
    worker = worker_for(engine, receiver, clock)
    await worker.run_once()
    clock.ahead = timedelta(seconds=5)
    assert await worker.run_once() == 0
    clock.ahead = timedelta(seconds=8)
    assert await worker.run_once() == 1
    await worker.close()


async def test_given_up_shows_and_can_be_requeued(engine, keys, tmp_path, receiver):
    (escalation_id,) = raise_escalations(engine, keys, tmp_path)
    receiver.mode = "error"
    clock = Clock()
    worker = worker_for(engine, receiver, clock, give_up_s=60, give_up_attempts=3)
    for _ in range(3):
        await worker.run_once()
        clock.ahead += timedelta(minutes=11)
    state = outbox.queue_state(engine)
    assert (state.dead, state.pending) == (1, 0)
    assert repository.escalation(engine, keys, escalation_id).delivery_state == "dead"
    assert await worker.run_once() == 0
    receiver.mode = "ok"
    assert outbox.requeue_dead(engine, clock()) == 1
    assert repository.escalation(engine, keys, escalation_id).delivery_state == "pending"
    assert await worker.run_once() == 1
    await worker.close()
    assert list(receiver.taken.values()) == [1]
    assert repository.escalation(engine, keys, escalation_id).delivery_state == "delivered"


async def test_a_clock_that_jumps_back_does_not_stop_deliveries(engine, keys, tmp_path, receiver):
    raise_escalations(engine, keys, tmp_path)
    clock = Clock()
    clock.ahead = timedelta(days=2)
    receiver.mode = "error"
    worker = worker_for(engine, receiver, clock)
    await worker.run_once()
    receiver.mode, clock.ahead = "ok", timedelta(0)
    assert await worker.run_once() == 1
    await worker.close()
    assert list(receiver.taken.values()) == [1]


async def test_the_most_urgent_go_first(engine, keys, tmp_path, receiver):
    recorder = Recorder(engine, keys, spool=tmp_path / "spool")
    recorder.close()
    for name, level in (("a", "see_gp"), ("b", "emergency"), ("c", "see_gp"), ("d", "emergency")):
        recorder.record_turn(name, "m", [], None, Escalation(level), NOW)
    outbox.dispatch(engine, ("webhook",), NOW)
    claims = outbox.claim(engine, ("webhook",), NOW, timedelta(seconds=60), 10)
    assert [claim.conversation for claim in claims] == [keys.conversation(name) for name in ("b", "d", "a", "c")]


async def test_two_workers_deliver_each_once(engine, keys, tmp_path, receiver):
    ids = raise_escalations(engine, keys, tmp_path, 40)
    stop = asyncio.Event()
    workers = [DeliveryWorker(engine, webhook(receiver, batch=3)) for _ in range(3)]
    running = [asyncio.create_task(worker.run(stop)) for worker in workers]
    end = time.monotonic() + 60
    while len(receiver.taken) < 40 and time.monotonic() < end:
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    stop.set()
    await asyncio.gather(*running)
    assert receiver.taken == {f"{each}-webhook": 1 for each in ids}


async def test_a_slow_worker_does_not_write_over_the_one_that_took_over(engine, keys, tmp_path):
    raise_escalations(engine, keys, tmp_path)
    outbox.dispatch(engine, ("webhook",), NOW)
    (slow,) = outbox.claim(engine, ("webhook",), NOW, timedelta(seconds=60), 1)
    assert outbox.claim(engine, ("webhook",), NOW + timedelta(seconds=59), timedelta(seconds=60), 1) == []
    (quick,) = outbox.claim(engine, ("webhook",), NOW + timedelta(seconds=61), timedelta(seconds=60), 1)
    assert quick.idempotency_key == slow.idempotency_key
    assert outbox.failed(engine, slow, "timeout", NOW) is False
    assert outbox.delivered(engine, quick, NOW) is True
    assert outbox.delivered(engine, slow, NOW) is False


async def test_email_and_webhook_both_get_it(engine, keys, tmp_path, receiver):
    (escalation_id,) = raise_escalations(engine, keys, tmp_path)
    port = free_port()
    mail = MailServer(port)
    clock = Clock()
    settings = webhook(receiver, email=EmailSettings("127.0.0.1", "bot@clinic.example", ("team@clinic.example",), port=port,
                                                    security="none", timeout_s=3))
    worker = DeliveryWorker(engine, settings, clock=clock)
    mail.refuse = True
    await worker.run_once()
    assert repository.escalation(engine, keys, escalation_id).delivery_state == "pending"
    assert {row["target"]: row["last_error"] for row in everything(engine)["deliveries"]} == {"webhook": None, "email": "smtp_451"}
    mail.refuse = False
    clock.ahead = timedelta(seconds=5)
    await worker.run_once()
    await worker.close()
    mail.stop()
    assert list(receiver.taken.values()) == [1]
    (message,) = mail.messages
    assert f"Message-ID: <{escalation_id}-email@clinic.example>" in message
    assert "Subject: Twitchwise: emergency (breathing_difficulty)" in message
    assert "someone" not in message
    assert repository.escalation(engine, keys, escalation_id).delivery_state == "delivered"


async def test_without_a_receiver_escalations_wait(engine, keys, tmp_path, receiver):
    raise_escalations(engine, keys, tmp_path, 2)
    assert await DeliveryWorker(engine, DeliverySettings()).run_once() == 0
    assert outbox.queue_state(engine).waiting == 2
    worker = DeliveryWorker(engine, webhook(receiver))
    assert await worker.run_once() == 2
    await worker.close()


async def test_the_worker_empties_the_spool(engine, keys, tmp_path, receiver):
    recorder = Recorder(engine, keys, spool=tmp_path / "spool", retry_s=60)
    recorder._away_until = time.monotonic() + 60
    recorder.record_turn("someone", "m1", [], None, Escalation("emergency"), NOW)
    assert recorder.waiting == 1
    worker = DeliveryWorker(engine, webhook(receiver), recorder=recorder)
    assert await worker.run_once() == 1
    await worker.close()
    recorder.close()
    assert (recorder.waiting, list(receiver.taken.values())) == (0, [1])


KILLS = 50
_WORKER = """
import asyncio, os, sys
from twitchwise.records.delivery import DeliverySettings, DeliveryWorker
from twitchwise.records.engine import make_engine
from twitchwise.records.targets import WebhookSettings
url, hook, secret, step = sys.argv[1:]
def die(at, claim):
    if at == step:
        os.kill(os.getpid(), 9)
worker = DeliveryWorker(make_engine(url), DeliverySettings(webhook=WebhookSettings(hook, secret)), on_step=die)
asyncio.run(worker.run_once())
asyncio.run(worker.close())
"""


async def work(url: str, receiver: Receiver, step: str = "never") -> int:
    """One round of a worker in a process of its own, which dies at `step`; its exit code."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WORKER, url, receiver.url, SECRET, step, env={**os.environ, "PYTHONPATH": os.getcwd()},
        stderr=subprocess.DEVNULL)
    return await asyncio.wait_for(process.wait(), 120)


def let_leases_run_out(engine) -> None:
    """As if the time that a dead worker holds its deliveries for had passed."""
    with engine.begin() as connection:
        connection.execute(update(DeliveryRow.__table__).values(leased_until=NOW - timedelta(days=1), next_at=NOW - timedelta(days=1)))


@pytest.mark.parametrize("step", STEPS)
async def test_a_worker_killed_at_any_step_loses_nothing(url, engine, keys, tmp_path, receiver, step):
    (escalation_id,) = raise_escalations(engine, keys, tmp_path)
    assert await work(url, receiver, step) == -9
    let_leases_run_out(engine)
    assert await work(url, receiver) == 0
    key = f"{escalation_id}-webhook"
    # Killed between the receiver's answer and our note of it, the same delivery is made again, under the same key.
    assert receiver.taken[key] == (2 if step == "sent" else 1)
    assert set(receiver.taken) == {key}


@pytest.mark.faults
@pytest.mark.timeout(1800)
async def test_fifty_kills_lose_nothing(url, engine, keys, tmp_path, receiver):
    """Workers that die one after the other, at every step, while new escalations come in."""
    ids, chance = [], random.Random(50)
    recorder = Recorder(engine, keys, spool=tmp_path / "spool")
    for number in range(KILLS):
        ids.append(recorder.record_turn(f"someone {number}", "m", [], None, Escalation("emergency"), datetime.now(timezone.utc)).escalation_id)
        assert await work(url, receiver, chance.choice(STEPS)) == -9
        let_leases_run_out(engine)
    recorder.close()
    rounds = 0
    while outbox.queue_state(engine).pending or outbox.queue_state(engine).waiting:
        assert await work(url, receiver) == 0
        rounds += 1
        assert rounds <= KILLS, "one round takes a batch, and fewer are left after each"
    assert set(receiver.taken) == {f"{each}-webhook" for each in ids}
    assert {row["state"] for row in everything(engine)["deliveries"]} == {"delivered"}
    assert {row["delivery_state"] for row in everything(engine)["escalations"]} == {"delivered"}
    print(f"{KILLS} kills, {len(ids)} escalations, {sum(receiver.taken.values())} arrivals under {len(receiver.taken)} keys")
