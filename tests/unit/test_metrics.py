"""What is counted, what can become a label, and that counting breaks nothing."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from twitchwise import metrics
from twitchwise.settings import ROOT


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    metrics.metrics.cache_clear()
    yield
    metrics.metrics.cache_clear()


def value(name: str, **labels: str) -> float:
    found = metrics.metrics().registry.get_sample_value(name, labels)
    return found if found is not None else -1.0


@dataclass
class FakeTurn:
    slots: dict[str, Any] = field(default_factory=dict)
    state: Any = field(default_factory=lambda: SimpleNamespace(misunderstood=0))
    escalate: Any = None


def test_a_stage_is_timed_also_when_it_fails() -> None:
    with metrics.stage("turn"):
        pass
    with pytest.raises(ValueError), metrics.stage("turn"):
        raise ValueError
    assert value("twitchwise_stage_seconds_count", stage="turn") == 2


async def test_a_timed_function_is_a_stage() -> None:
    @metrics.timed("parse")
    async def double(number: int) -> int:
        return number * 2

    assert await double(4) == 8
    assert value("twitchwise_stage_seconds_count", stage="parse") == 1


def test_every_known_series_begins_at_zero() -> None:
    assert value("twitchwise_red_flags_total", flag="chest_pain") == 0
    assert value("twitchwise_levels_total", level="emergency") == 0
    assert value("twitchwise_turns_recorded_total", state="lost") == 0
    assert value("twitchwise_delivery_attempts_total", target="webhook", result="given_up") == 0


def test_a_turn_counts_what_is_new_in_it() -> None:
    escalation = SimpleNamespace(level="emergency", new_flags=("chest_pain",))
    turn = FakeTurn({"triage_level": "emergency"}, escalate=escalation)
    metrics.turn_served(turn, None, 0)
    metrics.turn_served(FakeTurn({"triage_level": "emergency"}), "emergency", 0)
    assert value("twitchwise_levels_total", level="emergency") == 1
    assert value("twitchwise_red_flags_total", flag="chest_pain") == 1
    assert value("twitchwise_escalations_total", level="emergency") == 1
    assert value("twitchwise_not_understood_total") == 0
    metrics.turn_served(FakeTurn(state=SimpleNamespace(misunderstood=1)), None, 0)
    assert value("twitchwise_not_understood_total") == 1


def test_words_can_never_become_a_label() -> None:
    words = "my husband wants to die"
    metrics.turn_served(FakeTurn({"triage_level": words}, escalate=SimpleNamespace(level=words, new_flags=(words,))), None, 0)
    body, _ = metrics.exposition()
    assert words.encode() not in body
    assert value("twitchwise_red_flags_total", flag="other") == 1


def test_probes_are_not_counted() -> None:
    with metrics.uncounted(), metrics.stage("turn"):
        metrics.message_answered("rest", "answered")
    assert value("twitchwise_stage_seconds_count", stage="turn") == 0
    assert value("twitchwise_messages_total", channel="rest", outcome="answered") == -1
    with metrics.uncounted(False), metrics.stage("turn"):
        pass
    assert value("twitchwise_stage_seconds_count", stage="turn") == 1


def test_a_counter_that_fails_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> metrics.Metrics:
        raise OSError("No space left on device")

    monkeypatch.setattr(metrics, "metrics", full)
    metrics.message_answered("rest", "answered")
    with metrics.stage("turn"):
        pass


COUNT = """
import json, os, sys
from twitchwise import metrics
with metrics.several_processes(True):
    import subprocess
    child = "from twitchwise import metrics; metrics.message_answered('web', 'answered'); metrics.turns_held(3)"
    subprocess.run([sys.executable, "-c", child], check=True)
    metrics.message_answered("web", "answered")
    folder = os.environ["PROMETHEUS_MULTIPROC_DIR"]
    body = metrics.exposition()[0].decode()
print(json.dumps({"body": body, "left": os.path.exists(folder)}))
"""


def test_several_processes_are_counted_together() -> None:
    # In processes of their own: the client chooses its kind of counter once, when it is first imported.
    environment = {key: found for key, found in os.environ.items() if key != "PROMETHEUS_MULTIPROC_DIR"}
    done = subprocess.run([sys.executable, "-c", COUNT], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    found = json.loads(done.stdout)
    assert 'twitchwise_messages_total{channel="web",outcome="answered"} 2.0' in found["body"]
    assert 'twitchwise_red_flags_total{flag="chest_pain"} 0.0' in found["body"]
    assert found["left"] is False


def test_folders_of_servers_that_were_killed_are_removed(tmp_path: Path) -> None:
    mine, gone, other = (tmp_path / f"twitchwise-metrics-{name}" for name in (f"{os.getpid()}-a", "99999999-b", "x"))
    for folder in (mine, gone, other):
        folder.mkdir()
    metrics._tidy(tmp_path)
    assert mine.exists() and other.exists() and not gone.exists()
