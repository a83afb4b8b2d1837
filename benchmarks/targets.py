"""The targets, each computed from the results of one run. Nothing here knows a figure of its own but the targets themselves."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.numbers import ratio

REACHED, SHORT, UNKNOWN = "reached", "not reached", "not measured"
Results = Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """One target: what was asked, what came out, and whether it is reached."""

    name: str
    target: str
    found: str
    state: str


def get(results: Results, path: str) -> Any:
    """The value at "part.name.key", None where there is none."""
    value: Any = results
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def judge(name: str, target: str, value: float | None, good: Callable[[float], bool], show: str) -> Verdict:
    """A verdict on one number; `show` is its format."""
    if value is None:
        return Verdict(name, target, "-", UNKNOWN)
    return Verdict(name, target, show.format(value), REACHED if good(value) else SHORT)


def verdicts(results: Results) -> list[Verdict]:
    """Every target of the project, in the order of the page."""
    def against(path: str) -> float | None:
        part, _, key = path.partition(".")
        return ratio(get(results, f"{part}.twitchwise.{key}"), get(results, f"{part}.stock.{key}"))

    def inverse(value: float | None) -> float | None:
        return ratio(1.0, value)

    turn_1, turn_300 = (get(results, f"growth_turns.twitchwise.at.{turn}") for turn in (1, 300))
    train = [each for each in get(results, "train.twitchwise_s") or () if each is not None]
    return [
        judge("Throughput, 16 clients", "at least 5 times stock", against("throughput.per_s"), lambda x: x >= 5, "{:.1f} times"),
        judge("First message of a new person", "at least 4 times faster than stock", inverse(against("first.p50_ms")), lambda x: x >= 4,
              "{:.1f} times faster"),
        judge("Start", "at most a sixth of stock's time", inverse(against("start.start_s")), lambda x: x >= 6, "1/{:.1f}"),
        judge("Memory", "at most a third of stock's", inverse(against("start.memory_mb")), lambda x: x >= 3, "1/{:.1f}"),
        judge("Message 300 of a conversation", "at most twice the time of message 1", ratio(turn_300, turn_1), lambda x: x <= 2,
              "{:.2f} times"),
        *(_stored(results, kind) for kind in ("sqlite", "postgresql")),
        _processes(results),
        judge("Set-up from nothing (warm download cache)", "under 180 s", get(results, "setup.seconds"), lambda x: x < 180, "{:.0f} s"),
        judge("Training", "under 30 s", max(train) if train else None, lambda x: x < 30, "{:.0f} s (the slowest)"),
    ]


def _stored(results: Results, kind: str) -> Verdict:
    """The median with 100,000 stored conversations against that of an almost empty database, measured by turns."""
    steps = get(results, f"growth_stored.{kind}") or {}
    most = max((int(step) for step in steps if step.isdigit()), default=0)
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
    if most < 100_000:
        return Verdict(f"100,000 stored conversations, {name}", "median changes by less than 10 %", "-", UNKNOWN)
    change = ratio(get(results, f"growth_stored.{kind}.{most}.full.p50_ms"), get(results, f"growth_stored.{kind}.{most}.empty.p50_ms"))
    return judge(f"100,000 stored conversations, {name}", "median changes by less than 10 %", None if change is None else (change - 1) * 100,
                 lambda x: x < 10, "{:+.1f} %")


def _processes(results: Results) -> Verdict:
    name, target = "Two processes on PostgreSQL and Redis", "1.7 times one where cores are free, else no more processor time a message"
    one, two = get(results, "processes.one"), get(results, "processes.two")
    if not one or not two:
        return Verdict(name, target, "-", UNKNOWN)
    faster, dearer = two["per_s"] / one["per_s"], two["cpu_ms"] / one["cpu_ms"]
    # Noise of a few percent is no more processor time.
    good = faster >= 1.7 or dearer <= 1.05
    return Verdict(name, target, f"{faster:.2f} times the messages, {dearer:.2f} times the processor time a message", REACHED if good else SHORT)
