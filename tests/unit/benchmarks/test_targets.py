"""Targets are judged by the figures alone, and the page says what they say."""
from __future__ import annotations

from typing import Any

import pytest

from benchmarks.report import page, table
from benchmarks.targets import REACHED, SHORT, UNKNOWN, verdicts

GOOD: dict[str, Any] = {
    "start": {"stock": {"start_s": 60.0, "memory_mb": 1200.0}, "twitchwise": {"start_s": 8.0, "memory_mb": 390.0}},
    "first": {"stock": {"p50_ms": 100.0}, "twitchwise": {"p50_ms": 20.0}},
    "throughput": {"stock": {"per_s": 10.0}, "twitchwise": {"per_s": 55.0}},
    "growth_turns": {"stock": {"at": {"1": 50.0, "300": 500.0}, "turns": 300},
                     "twitchwise": {"at": {"1": 20.0, "300": 30.0}, "turns": 500}},
    "growth_stored": {kind: {"100000": {"rows": {"tracker_events": 5}, "empty": {"p50_ms": 20.0}, "full": {"p50_ms": 21.0}}}
                      for kind in ("sqlite", "postgresql")},
    "processes": {"one": {"per_s": 40.0, "cpu_ms": 20.0, "p50_ms": 400.0, "busy_cores": 1.0},
                  "two": {"per_s": 60.0, "cpu_ms": 20.5, "p50_ms": 300.0, "busy_cores": 1.5}},
    "setup": {"seconds": 150.0}, "train": {"twitchwise_s": [22.0, 25.0], "stock_s": 400.0, "stock_epochs": 2, "stock_epochs_s": 120.0},
}


def states(results: dict[str, Any]) -> dict[str, str]:
    return {each.name: each.state for each in verdicts(results)}


def test_good_figures_reach_every_target() -> None:
    assert set(states(GOOD).values()) == {REACHED}
    assert f"{len(verdicts(GOOD))} of {len(verdicts(GOOD))} targets are reached." in page(GOOD, [], "")


@pytest.mark.parametrize(("part", "change", "name"), [
    ("throughput", {"stock": {"per_s": 12.0}}, "Throughput, 16 clients"),
    ("first", {"twitchwise": {"p50_ms": 26.0}}, "First message of a new person"),
    ("start", {"twitchwise": {"start_s": 11.0, "memory_mb": 390.0}}, "Start"),
    ("start", {"twitchwise": {"start_s": 8.0, "memory_mb": 410.0}}, "Memory"),
    ("growth_turns", {"twitchwise": {"at": {"1": 20.0, "300": 41.0}, "turns": 500}}, "Message 300 of a conversation"),
    ("growth_stored", {"sqlite": {"100000": {"rows": {"tracker_events": 5}, "empty": {"p50_ms": 20.0}, "full": {"p50_ms": 22.5}}}},
     "100,000 stored conversations, SQLite"),
    ("processes", {"two": {"per_s": 60.0, "cpu_ms": 25.0, "p50_ms": 1.0, "busy_cores": 1.0}}, "Two processes on PostgreSQL and Redis"),
    ("setup", {"seconds": 181.0}, "Set-up from nothing (warm download cache)"),
    ("train", {"twitchwise_s": [22.0, 31.0]}, "Training"),
])
def test_each_figure_that_falls_short_is_named(part: str, change: dict[str, Any], name: str) -> None:
    results = {**GOOD, part: {**GOOD[part], **change}}
    found = states(results)
    assert found.pop(name) == SHORT and set(found.values()) == {REACHED}
    assert f"not reached: {name}" in page(results, [], "")


def test_nothing_measured_is_said_to_be_nothing() -> None:
    assert set(states({}).values()) == {UNKNOWN}
    assert "0 of" in page({}, [], "")
    # Fewer stored conversations than the target asks for prove nothing.
    few = {"growth_stored": {"sqlite": {"10000": GOOD["growth_stored"]["sqlite"]["100000"]}}}
    assert set(states(few).values()) == {UNKNOWN}


def test_the_page_says_when_figures_are_only_indications_and_what_failed() -> None:
    told = page({**GOOD, "measured": {"start": {"quick": True}}, "failed": {"floor": "DidNotAnswer: x"},
                 "turns": {"stock": {"failed": 1, "silent": 2}}}, ["performance_compared.png"], "## What was tried\n\nNotes.")
    assert "Only indications" in told and "floor (DidNotAnswer: x)" in told and "3 messages to stock Rasa got no answer" in told
    assert "![Compared](images/performance_compared.png)" in told and told.endswith("Notes.\n")


def test_the_page_says_which_parts_are_of_another_commit() -> None:
    told = page({**GOOD, "about": {"commit": "bbb"}, "measured": {"start": {"commit": "aaa"}, "first": {"commit": "bbb"}, "parse": {"commit": "aaa"}}}, [], "")
    assert "at commit `aaa`:** parse, start." in told and "first" not in told.partition("aaa`:**")[2].partition("\n")[0]


def test_a_table_is_markdown() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n|---|---|\n| 1 | 2 |"
