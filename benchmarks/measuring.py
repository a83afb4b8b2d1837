"""Parts that compare both assistants while they run: start and memory, parse, first message, turns, throughput, growth with turns."""
from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Sequence
from statistics import median
from typing import Any

from benchmarks.bench import Bench
from benchmarks.conversations import first_messages, long_conversation
from benchmarks.drive import Driven, drive, drive_first, drive_long
from benchmarks.numbers import around, summary
from benchmarks.plan import TURNS
from benchmarks.servers import Server, Wanted, twitchwise

NAMES = ("stock", "twitchwise")
#: A server that uses less of a core than this is idle.
IDLE = 0.03


def measure_start(bench: Bench) -> None:
    """From the command to the first answered message, and the memory then and after some conversations. One server at a time."""
    bench.stop()
    kinds: dict[str, Any] = {
        "stock": lambda: bench.start("stock"),
        "twitchwise": lambda: bench.start("twitchwise"),
        "twitchwise_http_actions": lambda: twitchwise(bench.folder / "http-actions", Wanted(actions="http")),
        "twitchwise_without_guard": lambda: twitchwise(bench.folder / "no-guard", Wanted(tensorflow_guard=False)),
    }
    for name, begin in kinds.items():
        times = bench.plan.stock_starts if name == "stock" else bench.plan.starts if name == "twitchwise" else 1
        found: list[dict[str, float]] = []
        for _ in range(times):
            bench.say(f"starting {name}")
            server = begin()
            try:
                fresh = server.memory_mb
                drive(server.ports, bench.texts, clients=4, limit_s=bench.plan.warm_up_s * 2, most=bench.plan.most)
                found.append({"start_s": round(server.start_s, 2), "memory_start_mb": round(fresh), "memory_mb": round(server.memory_mb)})
            finally:
                server.stop()
        bench.put("start", {name: {
            key: round(median(each[key] for each in found), 2) for key in ("start_s", "memory_start_mb", "memory_mb")} | {"runs": found}})


def warm(bench: Bench, server: Server) -> None:
    """Some conversations that are not counted; then wait until the server does nothing by itself any more (Twitchwise compiles its
    phrases in the background in the first minute or two)."""
    drive(server.ports, bench.texts, clients=2, limit_s=bench.plan.warm_up_s, most=bench.plan.most)
    end = time.monotonic() + bench.plan.settle_s
    while time.monotonic() < end:
        before = server.cpu_s
        time.sleep(2.0)
        if server.cpu_s - before < 2.0 * IDLE:
            break


def warm_both(bench: Bench) -> None:
    """Both servers, once."""
    for name in NAMES:
        server = bench.server(name)
        if server not in bench.warm:
            warm(bench, server)
            bench.warm.append(server)


def parse_ms(server: Server, texts: Sequence[str], limit_s: float) -> list[float]:
    """The time of POST /model/parse for each text."""
    found: list[float] = []
    begin = time.perf_counter()
    for text in texts:
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.ports[0]}/model/parse?token=benchmark-token", json.dumps({"text": text}).encode(),
            {"content-type": "application/json"})
        start = time.perf_counter()
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()
        found.append((time.perf_counter() - start) * 1000)
        if time.perf_counter() - begin > limit_s:
            break
    return found


def measure_parse(bench: Bench) -> None:
    """Understanding alone, no dialogue."""
    warm_both(bench)
    texts = long_conversation(bench.plan.parses)
    found = bench.both(lambda server: parse_ms(server, texts, 60.0), bench.plan.rounds)
    for name, runs in found.items():
        bench.put("parse", {name: summary([ms for run in runs for ms in run])})


def measure_first(bench: Bench) -> None:
    """The first message of somebody new."""
    warm_both(bench)
    texts = first_messages()
    found = bench.both(lambda server: drive_first(server.ports, texts, count=bench.plan.first_messages, limit_s=60.0), bench.plan.rounds)
    for name, runs in found.items():
        bench.put("first", {name: summary([ms for run in runs for ms in run.ms()])})


def measure_turns(bench: Bench) -> None:
    """Each message of fresh conversations, one client."""
    warm_both(bench)
    _throughput(bench, "turns", 1, bench.plan.one_client_s)


def measure_throughput(bench: Bench) -> None:
    """Sixteen clients: fresh conversations, then one long conversation each."""
    warm_both(bench)
    _throughput(bench, "throughput", bench.plan.clients, bench.plan.many_clients_s)
    turns, clients = bench.plan.long_many_turns, bench.plan.clients
    texts = [long_conversation(turns)]

    def long_many(server: Server) -> Driven:
        return drive(server.ports, texts, clients=clients, limit_s=bench.plan.long_many_limit_s, most=turns * clients)

    found = bench.both(long_many, 1)
    for name, runs in found.items():
        bench.put("throughput_long", {name: load_summary(runs), "turns": turns, "clients": clients})


def _throughput(bench: Bench, part: str, clients: int, seconds: float) -> None:
    spent: dict[str, list[float]] = {name: [] for name in NAMES}

    def measure(server: Server) -> Driven:
        before = server.cpu_s
        driven = drive(server.ports, bench.texts, clients=clients, limit_s=seconds, most=bench.plan.most)
        spent["stock" if server is bench.servers["stock"] else "twitchwise"].append((server.cpu_s - before) / max(1, len(driven.answers)))
        return driven

    for name, runs in bench.both(measure, bench.plan.rounds).items():
        bench.put(part, {name: load_summary(runs) | {"cpu_ms": round(median(spent[name]) * 1000, 2)}, "clients": clients})


def load_summary(runs: Sequence[Driven]) -> dict[str, Any]:
    """Messages a second (median of the rounds), and the times of all messages."""
    return summary([ms for run in runs for ms in run.ms()]) | {
        "per_s": round(median(run.per_s for run in runs), 2), "rounds": [round(run.per_s, 2) for run in runs],
        "failed": sum(run.failed for run in runs), "silent": sum(run.silent for run in runs),
    }


def measure_growth_turns(bench: Bench) -> None:
    """One person's conversation that does not end. Twitchwise's people one after the other, so that a hiccup of the machine is seen."""
    warm_both(bench)
    plan = bench.plan
    for name, people, limit_s in (("stock", plan.stock_long_people, plan.stock_long_limit_s), ("twitchwise", plan.long_people, plan.long_limit_s)):
        server = bench.server(name)
        bench.say(f"a long conversation with {name}")
        runs = [drive_long(server.ports, long_conversation(plan.long_turns), limit_s=limit_s).ms() for _ in range(people)]
        bench.put("growth_turns", {name: growth(runs)})


def growth(runs: Sequence[Sequence[float]]) -> dict[str, Any]:
    """The time per message around some turns (median over a window and over the people), and the whole course for the plot.

    Turn 1 is the first message alone; windows of later turns are wide enough to hold messages of every kind.
    """
    at: dict[str, float | None] = {}
    for turn in TURNS:
        found = [value for value in (around(run, turn, 0 if turn == 1 else min(20, turn // 2)) for run in runs) if value is not None]
        at[str(turn)] = round(median(found), 2) if found else None
    length = min(map(len, runs), default=0)
    course = [round(median(run[number] for run in runs), 1) for number in range(length)]
    return {"at": at, "turns": length, "people": len(runs), "course_ms": course}
