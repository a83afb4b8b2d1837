"""The load of issue 9 as a command: `python -m tests.faults.load --seconds 600 --rate 30 --people 500`. Prints its figures as JSON.

Starts a cluster of its own, talks to it over the proxy, and counts at the receiver. Needs nginx, PostgreSQL and Redis; everything stays
on loopback.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.conftest import TOKEN, Running, mine, start
from tests.faults.traffic import Traffic, figures, quantile
from tests.integration.records.receiver import Receiver
from twitchwise.cluster_parts import Part

PAGE_KB = 4
#: The first messages of a process are slower; they are served, and counted, before the clock starts.
WARM_UP_S = 10.0


def memory_mb(part: Part) -> float:
    """The resident memory of a part's process."""
    return int(Path(f"/proc/{part.pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE_KB / 1024


def cpu_s(part: Part) -> float:
    """The processor time that a part's process has used."""
    fields = Path(f"/proc/{part.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def load(running: Running, *, people: int, rate: float, seconds: float, fault: Callable[[Traffic], None] | None = None,
               name: str = "load") -> tuple[Traffic, dict[str, Any]]:
    """Put a load on a cluster, with a fault (in a thread) after a third of the time; the traffic, and its figures."""
    receiver = Receiver(running.receiver_port)
    await receiver.start()
    loop = asyncio.get_running_loop()
    try:
        warm = Traffic(running.cluster.url, 20, emergencies_every=0, name=f"{name}-warm")
        await warm.run(min(rate, 4.0), WARM_UP_S)
        traffic = Traffic(running.cluster.url, people, name=name)
        servers = running.cluster.servers
        memory: list[list[float]] = []
        before = [cpu_s(server) for server in servers]
        began = loop.time()
        talking = asyncio.create_task(traffic.run(rate, seconds))
        faulty = asyncio.create_task(_later(seconds / 3, fault, traffic)) if fault else None
        while not talking.done():
            memory.append([round(memory_mb(server), 1) for server in servers if server.alive])
            await asyncio.wait({talking}, timeout=max(5.0, seconds / 60))
        took = loop.time() - began
        cpu = [round(cpu_s(server) - start, 1) for server, start in zip(servers, before, strict=True)]
        over = await faulty if faulty else None
        settled = await _settled(running, traffic, receiver)
        wrong = await traffic.out_of_order(running.cluster, TOKEN)
        counted = mine(receiver, traffic, running)
        made: dict[str, Any] = {
            **figures(traffic.said), "people": people, "seconds": round(took, 1), "rate": round(len(traffic.said) / took, 2),
            "escalations": {"said": traffic.emergencies, "received": len(counted), "received twice": sum(n > 1 for n in counted.values())},
            "conversations out of order": len(wrong), "written after s": round(settled, 1),
            "memory MB": {"first": memory[0], "half": memory[len(memory) // 2], "last": memory[-1]}, "cpu s": cpu,
        }
        if over is not None:
            late = [each.at + each.took - over for each in traffic.said if each.degraded or each.tries > 1]
            made["recovered after s"] = round(max([0.0, *late]), 1)
            made["longest in the fault"] = round(quantile([each.took for each in traffic.said], 1.0), 2)
        return traffic, made
    finally:
        await receiver.stop()


async def _later(seconds: float, fault: Callable[[Traffic], None], traffic: Traffic) -> float:
    """When the fault was over, on the loop's clock."""
    await asyncio.sleep(seconds)
    await asyncio.to_thread(fault, traffic)
    return asyncio.get_running_loop().time()


async def _settled(running: Running, traffic: Traffic, receiver: Receiver) -> float:
    """How long it takes until nothing waits any more, at most a minute."""
    begin = time.monotonic()
    while time.monotonic() - begin < 60 and (running.waiting() or len(mine(receiver, traffic, running)) < traffic.emergencies):
        await asyncio.sleep(0.2)
    return time.monotonic() - begin


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--rate", type=float, default=30.0, help="messages a second, at most 200")
    parser.add_argument("--seconds", type=float, default=600.0, help="at most an hour")
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--actions", type=int, default=0)
    arguments = parser.parse_args()
    clusters = start(arguments.servers, arguments.actions)
    running = next(clusters)
    try:
        _, made = asyncio.run(load(running, people=arguments.people, rate=min(arguments.rate, 200.0), seconds=min(arguments.seconds, 3600.0)))
    finally:
        clusters.close()
    json.dump(made, sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
