"""What people measured: a row of numbers that falls, or a limb that is thinner than the other, tells a sign without naming it.

'grip right 52 -> 44 -> 31 kg', 'weight 84, 81, 77 kg, same diet', 'calf L 38 cm, R 34.5 cm'. No phrase of a lexicon can compare numbers. What is
measured, and the limits, stand in vocabulary/measures.yml.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

from .clauses import Clauses
from .lexicon import VOCABULARY, Entry, read_yaml
from .mentions import Mention
from .patterns import Words

# Every run of blanks is bounded: neighbouring unbounded ones take cubic time on a text of blanks.
_NUMBER = r"\d{1,3}(?:[.,]\d)?"
_CM = r"cms?|centimet(?:er|re)s"
_WEIGHT = r"kgs?|kilos?|lbs?|pounds"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH = rf"(?:{_MONTHS})[a-z]{{0,6}}\b"
_COUNTED = r"(?:week|wk|month|day) ?\d{1,2}"
_UNIT = rf"(?:\s{{0,3}}(?:{_WEIGHT}|{_CM}|reps?|secs?|seconds|n|newtons?|psi))?(?:\s{{0,1}}\([^()]{{1,12}}\)|\s(?:in\s)?{_MONTH})?"
_WHEN = rf"(?:(?:now|then|down to|today|(?:\d{{1,2}}\s)?(?:{_MONTHS}|mon|tue|wed|thu|fri|sat|sun)[a-z]*|{_COUNTED})\s{{0,3}}[:=]?\s{{0,3}})?"
_JOINT = rf"\s{{0,3}}(?:-+>|=+>|→|⇒|>|\.{{2,3}}|,|/|;|\bthen\b|\bto\b|\bnow\b|\bdown to\b|\band now\b)\s{{0,3}}{_WHEN}"
_ROW = re.compile(rf"(?<![\d.,]){_NUMBER}{_UNIT}(?:{_JOINT}{_NUMBER}{_UNIT})+(?![\d%]|\s{{0,3}}(?:am|pm)\b)", re.I)
_SIDES = re.compile(
    rf"\b(?P<one>l|r|left|right)\b\s{{0,3}}[:=]?\s{{0,3}}(?P<first>{_NUMBER})\s{{0,3}}(?:{_CM})?\s{{0,3}}(?:,|/|;|vs\.?|versus|and|but|-|\|)?\s{{0,3}}"
    rf"\b(?P<other>l|r|left|right)\b\s{{0,3}}[:=]?\s{{0,3}}(?P<second>{_NUMBER})\s{{0,3}}(?:{_CM})\b", re.I)


_NO_VALUES = re.compile(rf"{_COUNTED}|\([^()]*\)|\b\d{{1,2}}\s{_MONTH}", re.I)  # when it was measured
_IN_CM, _IN_WEIGHT = (re.compile(rf"\d\s*(?:{unit})\b", re.I) for unit in (_CM, _WEIGHT))


@dataclass(frozen=True)
class _Rules:
    labels: dict[str, re.Pattern[str]]
    limits: dict[str, float]
    on_purpose: re.Pattern[str]
    same_as_ever: re.Pattern[str]
    no_body: re.Pattern[str]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    raw = read_yaml(VOCABULARY / "measures.yml")
    return _Rules(
        {code: _any_of(words) for code, words in raw["labels"].items()},
        {name: float(limit) for name, limit in raw["limits"].items()},
        *(_any_of(raw[name]) for name in ("on_purpose", "same_as_ever", "no_body")),
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.I)


def measured(text: str, words: Words, clauses: Clauses, mentions: list[Mention]) -> list[Mention]:
    """The mentions, with one for each sign that only numbers tell; a sentence that names the sign in words is left to its words."""
    found = list(mentions)
    for match, code in ((match, of(match, text)) for pattern, of in ((_ROW, _of_row), (_SIDES, _of_sides)) for match in pattern.finditer(text)):
        if code is None:
            continue
        first, last = words.span_at(match.start(), match.end())
        told = any(mention.code == code and clauses.sentence[mention.first] == clauses.sentence[first] for mention in mentions)
        if not told:
            found.append(Mention(Entry("symptom", code, f"{code}/measured", inability=True), first, max(last, first + 1), "measured"))
    return sorted(found, key=lambda mention: (mention.first, mention.last))


def _of_row(match: re.Match[str], text: str) -> str | None:
    rules, label = _rules(), _line(text, match.start())
    values = _NO_VALUES.sub(" ", match.group())
    numbers = [float(each.replace(",", ".")) for each in re.findall(r"\d{1,3}(?:[.,]\d(?!\d))?", values)]
    steps = list(itertools.pairwise(numbers))
    if len(numbers) > 2 and rules.labels["twitches"].search(label) and not (_IN_CM.search(match.group()) or _IN_WEIGHT.search(match.group())):
        return _more_or_fewer(numbers, rules.limits["fewer"])
    if not steps or any(before < after for before, after in steps) or rules.no_body.search(label):
        return None
    if _IN_CM.search(match.group()):
        return "atrophy" if rules.labels["atrophy"].search(label) and numbers[0] - numbers[-1] >= rules.limits["atrophy"] else None
    lost = 1 - numbers[-1] / numbers[0] if numbers[0] else 0.0
    if _on_purpose(text, match.start()):
        return None
    if rules.labels["weakness"].search(label):
        return "weakness" if lost >= rules.limits["weakness"] else None
    weighed = _IN_WEIGHT.search(match.group()) and numbers[-1] >= rules.limits["lightest"]
    named = rules.labels["weight_loss"].search(label) or len(numbers) > 2 or re.search(rf"\b{_MONTH}", match.group(), re.I)
    return "weight_loss" if weighed and named and lost >= rules.limits["weight_loss"] else None


def _more_or_fewer(numbers: list[float], fewer: float) -> str | None:
    """'Weekly counts of my finger jumping: 210, 140, 66, 12'."""
    steps = list(itertools.pairwise(numbers))
    if all(before >= after for before, after in steps) and numbers[-1] <= fewer * numbers[0]:
        return "improving"
    if all(before <= after for before, after in steps) and numbers[0] <= fewer * numbers[-1]:
        return "worsening"
    return None


def _of_sides(match: re.Match[str], text: str) -> str | None:
    rules = _rules()
    one, other = (float(match[name].replace(",", ".")) for name in ("first", "second"))
    differs = match["one"][0].lower() != match["other"][0].lower() and abs(one - other) >= rules.limits["atrophy"]
    differs = differs and min(one, other) >= rules.limits["thinnest"]  # 'l 1, r 5 cm bruise'
    return "atrophy" if differs and rules.labels["atrophy"].search(_line(text, match.start())) else None


def _line(text: str, start: int) -> str:
    """What stands before a place in its line and sentence, at most 80 characters."""
    return re.split(r"[\n!?]|\.\s", text[max(0, start - 80) : start])[-1]


def _on_purpose(text: str, start: int) -> bool:
    """'keto since May: 92, 88, 85 kg'; but 'not dieting: 84, 81, 77 kg'."""
    near = text[max(0, start - 120) : start + 120]
    return bool(_rules().on_purpose.search(near)) and not _rules().same_as_ever.search(near)
