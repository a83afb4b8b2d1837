from __future__ import annotations

from types import SimpleNamespace

import pytest

from twitchwise.evaluation.scoring import Tally, score_messages, score_questions
from twitchwise.understanding.findings import DURATION, LOCATION, SYMPTOM, Finding

LEVELS = ["self_care", "see_gp", "neurologist", "urgent", "emergency"]


def _case(**changes: object) -> dict:
    return {"id": "1", "text": "t", "locations": ["calf"], "days": [9, 11], "symptoms": {"numbness": "present"}, "red_flags": ["atrophy"],
            "level": "neurologist", **changes}


def _score(case: dict, findings: list[Finding], flags: tuple[str, ...], level: str) -> dict:
    read, assess = lambda _: SimpleNamespace(findings=findings), lambda _: SimpleNamespace(red_flags=flags, level=level)
    return score_messages(read, assess, [case], LEVELS, {"seizure"}).figures()


def test_all_right() -> None:
    findings = [Finding(LOCATION, "calf"), Finding(LOCATION, "thigh", role="denied"), Finding(SYMPTOM, "numbness", assertion="present"),
                Finding(SYMPTOM, "twitching", assertion="present"), Finding(DURATION, "", role="course", days=10)]
    figures = _score(_case(), findings, ("atrophy",), "neurologist")
    assert figures["red flag recall"] == figures["location f1"] == figures["symptom and assertion f1"] == figures["duration accuracy"] == 1
    assert figures["under-triaged"] == 0
    assert figures["emergency recall"] is None


def test_missed_and_under_triaged() -> None:
    figures = _score(_case(), [], (), "self_care")
    assert figures["red flag recall"] == figures["location f1"] == figures["duration accuracy"] == 0
    assert figures["under-triaged"] == 1


def test_false_alarm_and_a_duration_that_is_none() -> None:
    findings = [Finding(DURATION, "", role="course", days=3), Finding(DURATION, "", role="other", days=400)]
    figures = _score(_case(red_flags=[], level=None, days=None), findings, ("seizure",), "emergency")
    assert figures["false alarms"] == 1
    assert figures["no duration accuracy"] == 0


def test_the_general_code_beside_the_specific_one_is_no_error() -> None:
    figures = _score(_case(red_flags=["stroke_signs"], level="emergency"), [], ("stroke_signs", "speech_difficulty"), "emergency")
    assert figures["red flag precision"] == 1


def test_questions() -> None:
    found = {"a": ["x"], "b": [], "c": ["y"], "d": []}
    cases = [{"id": key, "text": key, "topics": topics} for key, topics in
             (("a", ["z", "x"]), ("b", ["x"]), ("c", ["out_of_scope"]), ("d", ["out_of_scope"]))]
    readings = {
        text: SimpleNamespace(topics=[SimpleNamespace(code=code, confidence=0.9) for code in codes]) for text, codes in found.items()
    }
    score = score_questions(readings.__getitem__, cases)
    assert score.figures() == {"cases": 4, "accuracy": 0.5, "first choice": 0, "out of scope refused": 0.5}


def test_tally() -> None:
    tally = Tally()
    tally.add({1, 2}, {2, 3})
    assert (tally.recall, tally.precision, tally.f1) == (0.5, 0.5, pytest.approx(0.5))
    assert Tally().f1 is None
