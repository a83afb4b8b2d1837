"""When a symptom came, and what follows from that."""
from __future__ import annotations

import pytest

from .build import counting, findings


def onset(text: str, code: str) -> str | None:
    return next(finding.onset for finding in findings(text, "symptom") if finding.code == code)


@pytest.mark.parametrize(("text", "code", "came"), [
    ("my speech suddenly became slurred", "speech_difficulty", "sudden"),
    ("I woke up with slurred speech", "speech_difficulty", "sudden"),
    ("slurred speech since this morning", "speech_difficulty", "sudden"),
    ("slurred speech for two hours", "speech_difficulty", "sudden"),
    ("my speech has gradually become slurred", "speech_difficulty", "gradual"),
    ("slurred speech for three months", "speech_difficulty", "gradual"),
    ("my speech is slurred", "speech_difficulty", None),
    ("Today's news: I can't hold the drill up any more", "weakness", None),
    ("Since today I can't hold the drill up any more", "weakness", "sudden"),
    ("Yesterday a customer couldn't make out my words. It's been creeping up for months.", "speech_difficulty", "gradual"),
    ("Yesterday a customer couldn't make out my words.", "speech_difficulty", "sudden"),
    ("my hand has got weak", "weakness", None),
    ("slurred speech for ten days", "speech_difficulty", None),
])
def test_onset(text: str, code: str, came: str | None) -> None:
    assert onset(text, code) == came


@pytest.mark.parametrize("text", ["my left arm suddenly went weak", "my right hand is numb since an hour ago", "woke up and my leg was suddenly weak"])
def test_sudden_weakness_of_one_limb_is_one_sided(text: str) -> None:
    assert "one_sided_weakness" in counting(text)


@pytest.mark.parametrize("text", ["my left arm has been getting weaker for three months", "my grip is weak", "no sudden weakness in my arm"])
def test_slow_or_no_weakness_is_not_one_sided(text: str) -> None:
    assert "one_sided_weakness" not in counting(text)


@pytest.mark.parametrize("text", [
    "both legs have become weak over the last week", "my legs are weak since three days", "both my arms got weak within a fortnight",
])
def test_weakness_of_both_sides_within_weeks_is_rapid(text: str) -> None:
    assert "rapid_weakness" in counting(text)


@pytest.mark.parametrize("text", ["both legs have been weak for two years", "my left leg has been weak for a week"])
def test_old_or_single_weakness_is_not_rapid(text: str) -> None:
    assert "rapid_weakness" not in counting(text)


def test_weakness_after_an_injury_of_the_neck_is_rapid() -> None:
    assert "rapid_weakness" in counting("I fell on my neck and now my arms are weak")
    assert "rapid_weakness" not in counting("I fell on my knee a year ago and my thigh is weak")


def test_a_derived_finding_says_so() -> None:
    derived = next(finding for finding in findings("my left arm suddenly went weak") if finding.code == "one_sided_weakness")
    assert derived.evidence.rule == "derived" or "one_sided" in derived.evidence.rule
