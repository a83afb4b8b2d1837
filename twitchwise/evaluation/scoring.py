"""Scores of questions and messages against held-out cases; plain data in, figures out."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from twitchwise.understanding.findings import DURATION, LOCATION, SYMPTOM, Finding

OUT = "out_of_scope"
#: Codes that may come beside a more specific one without being wrong: {specific: general}.
GENERAL_SYMPTOMS = {
    "one_sided_weakness": {"weakness", "numbness"}, "rapid_weakness": {"weakness", "numbness"}, "saddle_numbness": {"numbness"},
    "facial_droop": {"weakness"}, "rigidity": {"stiffness"},
}
GENERAL_FLAGS = {"stroke_signs": {"speech_difficulty", "progressive_weakness"}, "rapid_weakness": {"progressive_weakness"}}
UNSCORED = {"twitching", "spreading"}


def ratio(part: float, whole: float) -> float | None:
    """None where there is nothing to divide by."""
    return part / whole if whole else None


def number(value: float | None) -> str:
    """For people: a count as it is, a share with three digits, a dash for none."""
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


@dataclass
class Tally:
    """Found and right, found and wrong, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: set[Any], gold: set[Any]) -> None:
        self.right += len(found & gold)
        self.wrong += len(found - gold)
        self.missed += len(gold - found)

    @property
    def recall(self) -> float | None:
        return ratio(self.right, self.right + self.missed)

    @property
    def precision(self) -> float | None:
        return ratio(self.right, self.right + self.wrong)

    @property
    def f1(self) -> float | None:
        return ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass
class QuestionScore:
    """`rows`: (case id, accepted topics, first topic found or None, right, confidence)."""

    rows: list[tuple[str, list[str], str | None, bool, float]] = field(default_factory=list)

    def figures(self) -> dict[str, float | None]:
        inside = [row for row in self.rows if row[1] != [OUT]]
        outside = [row for row in self.rows if row[1] == [OUT]]
        return {
            "cases": len(self.rows),
            "accuracy": ratio(sum(row[3] for row in inside), len(inside)),
            "first choice": ratio(sum(row[2] == row[1][0] for row in inside), len(inside)),
            "out of scope refused": ratio(sum(row[3] for row in outside), len(outside)),
        }


def score_questions(read: Callable[[str], Any], cases: Iterable[Mapping[str, Any]]) -> QuestionScore:
    """`read(text)` gives a Reading (twitchwise.nlu.intents)."""
    score = QuestionScore()
    for case in cases:
        topics = read(case["text"]).topics
        first = topics[0].code if topics else None
        right = first is None if case["topics"] == [OUT] else first in case["topics"]
        score.rows.append((case["id"], list(case["topics"]), first, right, topics[0].confidence if topics else 0.0))
    return score


def without_general(found: set[str], gold: set[str], general: Mapping[str, set[str]]) -> set[str]:
    """`found` less the codes that a more specific gold code makes redundant."""
    redundant: set[str] = set().union(*(general.get(code, set()) for code in gold)) - gold
    return found - redundant


@dataclass
class MessageScore:
    """Tallies by name and by red flag, counters, and the cases whose red flags or level are not as they should be."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    flags: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    counters: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float | None]:
        count = self.counters
        return {
            "cases": count["cases"],
            "red flag recall": self.tallies["red flags"].recall,
            "emergency recall": self.tallies["emergencies"].recall,
            "red flag precision": self.tallies["red flags"].precision,
            "false alarms": ratio(count["false alarm"], count["unflagged"]),
            "under-triaged": ratio(count["under-triaged"], count["flagged"]),
            "location f1": self.tallies["locations"].f1,
            "symptom f1": self.tallies["symptoms"].f1,
            "symptom and assertion f1": self.tallies["assertions"].f1,
            "duration accuracy": ratio(count["duration right"], count["duration"]),
            "no duration accuracy": ratio(count["no duration right"], count["no duration"]),
        }


def score_messages(
    read: Callable[[str], Any], assess: Callable[[Sequence[Finding]], Any], cases: Iterable[Mapping[str, Any]], levels: Sequence[str],
    emergencies: set[str],
) -> MessageScore:
    """`read(text)` gives an Understanding, `assess(findings)` an Assessment; `levels` from least to most urgent."""
    score = MessageScore()
    for case in cases:
        findings = read(case["text"]).findings
        assessment = assess(findings)
        _score_findings(score, case, findings)
        gold = set(case["red_flags"])
        found = without_general(set(assessment.red_flags), gold, GENERAL_FLAGS)
        score.counters["cases"] += 1
        score.tallies["red flags"].add(found, gold)
        score.tallies["emergencies"].add(found & emergencies, gold & emergencies)
        for flag in gold | found:
            score.flags[flag].add(found & {flag}, gold & {flag})
        under = bool(gold) and levels.index(assessment.level) < levels.index(case["level"])
        score.counters["flagged" if gold else "unflagged"] += 1
        score.counters["under-triaged"] += under
        score.counters["false alarm"] += bool(found and not gold)
        if found != gold or under:
            score.errors.append(f"{case['id']}: should be {sorted(gold)}, is {sorted(found)}")
    return score


def _score_findings(score: MessageScore, case: Mapping[str, Any], findings: Sequence[Finding]) -> None:
    score.tallies["locations"].add(
        {each.code for each in findings if each.kind == LOCATION and each.role != "denied"}, set(case["locations"])
    )
    gold = {code: assertion for code, assertion in case["symptoms"].items() if code not in UNSCORED}
    said = {each.code: each.assertion for each in findings if each.kind == SYMPTOM and each.code not in UNSCORED}
    codes = without_general(set(said), set(gold), GENERAL_SYMPTOMS)
    score.tallies["symptoms"].add(codes, set(gold))
    score.tallies["assertions"].add({(code, said[code]) for code in codes}, set(gold.items()))
    days = max((each.days for each in findings if each.kind == DURATION and each.role == "course" and each.days is not None), default=None)
    if case["days"] is None:
        score.counters["no duration"] += 1
        score.counters["no duration right"] += days is None
    else:
        low, high = case["days"]
        score.counters["duration"] += 1
        score.counters["duration right"] += days is not None and low * 0.9 - 0.01 <= days <= high * 1.1 + 0.01
