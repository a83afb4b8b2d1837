"""A whole cluster, really started: one for all short faults, and the receiver of its escalations."""
from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.traffic import EMERGENCY, Traffic
from tests.integration.records.receiver import SECRET, Receiver
from twitchwise.cluster import Cluster, Wanted
from twitchwise.cluster_parts import ClusterError, free_port, program

TOKEN = "operators-test-token"


def need(*programs: tuple[str, str]) -> None:
    """Skip where a server's program is missing."""
    for name, package in programs:
        try:
            program(name, package)
        except ClusterError as error:
            pytest.skip(str(error))


@dataclass
class Running:
    """A cluster, the port of its receiver, and its folder."""

    cluster: Cluster
    receiver_port: int

    @property
    def spool(self) -> Path:
        return self.cluster.folder / "var" / "spool"

    def waiting(self) -> int:
        """Turns on disk that wait for the database."""
        return len(list(self.spool.glob("*.turn.jsonl"))) if self.spool.exists() else 0


def start(servers: int = 2, actions: int = 0, **environment: str) -> Iterator[Running]:
    """A cluster in a folder that PostgreSQL's user can reach, ended and removed afterwards."""
    need(("postgres", "postgresql"), ("redis-server", "redis-server"), ("nginx", "nginx"))
    folder = Path(tempfile.mkdtemp(prefix="twitchwise-cluster-"))
    folder.chmod(0o711)
    receiver = free_port()
    settings = {
        "TWITCHWISE_API_TOKEN": TOKEN, "TWITCHWISE_WEBHOOK_URL": f"http://127.0.0.1:{receiver}/hook", "TWITCHWISE_WEBHOOK_SECRET": SECRET,
        # One client speaks for many people here, and for one person as fast as the machine allows.
        "TWITCHWISE_RATE_BURST": "1000", "TWITCHWISE_RATE_PER_S": "100",
        # The event broker is configured and away, in every test: nobody listens on port 9.
        "TWITCHWISE_BROKER_URL": "amqp://nobody:nothing@127.0.0.1:9/", **environment,
    }
    cluster = Cluster(Wanted(folder, free_port(), servers=servers, actions=actions, environment=settings))
    try:
        cluster.start()
        yield Running(cluster, receiver)
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """Two servers, PostgreSQL, Redis and nginx, shared by the tests: each leaves it whole. Use people of your own."""
    yield from start()


@pytest.fixture
async def receiver(running: Running) -> AsyncIterator[Receiver]:
    """The receiver of the shared cluster's escalations, empty."""
    made = Receiver(running.receiver_port)
    await made.start()
    yield made
    await made.stop()


async def until(condition: Callable[[], bool], what: str, seconds: float = 90.0) -> float:
    """Wait for a condition; the seconds it took. Fails after `seconds`."""
    begin = time.monotonic()
    while not await asyncio.to_thread(condition):
        if time.monotonic() - begin > seconds:
            pytest.fail(f"Waited {seconds:.0f} s for {what}")
        await asyncio.sleep(0.1)
    return time.monotonic() - begin


def mine(receiver: Receiver, traffic: Traffic, running: Running) -> dict[str, int]:
    """This traffic's escalations as the receiver counts them: key -> deliveries."""
    from twitchwise.records.keys import as_keys

    keys = as_keys(running.cluster.environment()["TWITCHWISE_SIGNING_KEY"])
    ours = {keys.conversation(person.sender) for person in traffic.people}
    bodies = dict(receiver.bodies)
    return {key: receiver.taken[key] for key, body in bodies.items() if body["data"]["conversation"] in ours}


def went_on_in_memory(running: Running) -> int:
    """How often a server found the database away or too slow to answer, by its log."""
    return sum(server.log.read_text(errors="replace").count("conversations go on in memory") for server in running.cluster.servers)


async def all_is_well(running: Running, traffic: Traffic, receiver: Receiver, *, gaps: bool = False) -> None:
    """Nothing unanswered; each emergency escalated exactly once; every conversation in order, as either server tells it; nothing waits.
    `gaps`: a server that ended held events in its memory, as the machine was too slow for its database; an emergency may then be told
    twice, never less than once."""
    unanswered = [each for each in traffic.said if not each.answered]
    assert unanswered == []
    silent = [each.sender for each in traffic.said if each.text == EMERGENCY and "999" not in each.words]
    assert silent == []
    await until(lambda: running.waiting() == 0, "the spool to be empty")
    await until(lambda: len(mine(receiver, traffic, running)) >= traffic.emergencies, "the escalations")
    told = mine(receiver, traffic, running)
    bodies = dict(receiver.bodies)
    assert len({bodies[key]["data"]["conversation"] for key in told} if gaps else told) == traffic.emergencies
    for server in range(len(running.cluster.servers)):
        await until_in_order(running, traffic, server, gaps)


async def until_in_order(running: Running, traffic: Traffic, server: int, gaps: bool) -> None:
    """What a server kept in memory is written soon after the database is back."""
    end = time.monotonic() + 90
    while wrong := await traffic.out_of_order(running.cluster, TOKEN, server, gaps=gaps):
        if time.monotonic() > end:
            pytest.fail(f"The conversations of {len(wrong)} people are not whole on {running.cluster.servers[server].name}: {wrong[:3]}")
        await asyncio.sleep(0.5)
