"""The long forms (make test-faults), on a machine that does nothing else: with figures, and with limits on time."""
from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults.conftest import Running, start
from tests.faults.load import load, memory_mb
from tests.faults.traffic import Traffic
from twitchwise.records.engine import make_engine
from twitchwise.settings import ROOT

pytestmark = [pytest.mark.servers, pytest.mark.faults]
RECOVERY_S = 15.0
#: Half of the load of the last test: a fault takes half of the servers away.
PEOPLE, RATE, SECONDS = 200, 12.0, 90.0


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """A cluster of its own: the short tests' one may not be there."""
    yield from start()


@pytest.fixture(scope="module")
def with_actions() -> Iterator[Running]:
    """The same with two action processes beside the servers."""
    yield from start(actions=2)


async def check(running: Running, fault: Callable[[Traffic], None], name: str) -> dict:
    """A fault under load: nothing lost, nothing doubled, in order, and soon as before."""
    _, made = await load(running, people=PEOPLE, rate=RATE, seconds=SECONDS, fault=fault, name=name)
    print(f"\n{name}: {json.dumps(made)}")
    assert made["unanswered"] == 0
    assert made["escalations"]["received"] == made["escalations"]["said"] and made["escalations"]["received twice"] == 0
    assert made["conversations out of order"] == 0
    assert made["recovered after s"] < RECOVERY_S and made["written after s"] < RECOVERY_S
    return made


async def test_postgresql_is_stopped_for_30_s(running: Running) -> None:
    def fault(_: Traffic) -> None:
        running.cluster.postgres.stop()
        time.sleep(30)
        running.cluster.postgres.start()

    await check(running, fault, "postgres-stopped")


async def test_postgresql_is_frozen_for_30_s(running: Running) -> None:
    """It takes connections and says nothing: worse than being gone."""
    def fault(_: Traffic) -> None:
        pids = _family(running.cluster.postgres.pid)
        for pid in pids:
            _signal(pid, signal.SIGSTOP)
        time.sleep(30)
        for pid in pids:
            _signal(pid, signal.SIGCONT)

    await check(running, fault, "postgres-frozen")


async def test_redis_is_restarted(running: Running) -> None:
    def fault(_: Traffic) -> None:
        for _number in range(3):
            running.cluster.redis.kill()      # the cluster starts it again
            time.sleep(5)

    await check(running, fault, "redis-restarted")


async def test_redis_is_frozen_for_20_s(running: Running) -> None:
    def fault(_: Traffic) -> None:
        pid = running.cluster.redis.pid
        _signal(pid, signal.SIGSTOP)
        time.sleep(20)
        _signal(pid, signal.SIGCONT)

    await check(running, fault, "redis-frozen")


async def test_one_of_two_servers_is_killed(running: Running) -> None:
    def fault(_: Traffic) -> None:
        for server in running.cluster.servers:
            server.kill()
            while not server.is_ready():
                time.sleep(0.2)

    await check(running, fault, "server-killed")


async def test_a_new_model_is_swapped_in(running: Running, tmp_path: Path) -> None:
    """Trained anew for this, and named in the events of the conversations that it served."""
    environment = {**os.environ, "TWITCHWISE_MODELS_DIR": str(tmp_path)}
    for command in (["prepare"], ["train", "--force"]):
        subprocess.run([sys.executable, "-m", "twitchwise", *command], cwd=ROOT, env=environment, check=True, timeout=600)

    def fault(_: Traffic) -> None:
        running.cluster.restart_servers({"TWITCHWISE_MODELS_DIR": str(tmp_path)})

    await check(running, fault, "new-model")
    with make_engine(running.cluster.postgres.url).connect() as connection:
        rows = connection.execute(text("SELECT data_sealed FROM tracker_events WHERE type_name = 'user' ORDER BY id")).scalars().all()
    models = [json.loads(row)["metadata"]["model_id"] for row in rows]
    assert len(set(models)) == 2 and models[-1] != models[0]


async def test_an_action_process_is_killed(with_actions: Running) -> None:
    def fault(_: Traffic) -> None:
        for actions in with_actions.cluster.actions:
            actions.kill()
            while not actions.is_ready():
                time.sleep(0.2)

    await check(with_actions, fault, "actions-killed")


async def test_ten_minutes_at_30_messages_a_second_from_500_people(running: Running) -> None:
    _, made = await load(running, people=500, rate=30.0, seconds=600.0)
    print(f"\nload: {json.dumps(made)}")
    assert made["unanswered"] == made["degraded"] == made["sent again"] == 0
    assert made["p99"] < 1.0
    assert made["escalations"]["received"] == made["escalations"]["said"] and made["escalations"]["received twice"] == 0
    assert made["conversations out of order"] == 0
    half, last = made["memory MB"]["half"], made["memory MB"]["last"]
    assert all(after < before * 1.1 for before, after in zip(half, last, strict=True)), made["memory MB"]
    assert all(memory_mb(server) < 1500 for server in running.cluster.servers)


def _family(pid: int) -> list[int]:
    children = [int(each) for task in Path(f"/proc/{pid}/task").iterdir() for each in (task / "children").read_text().split()]
    return [pid, *children]


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
