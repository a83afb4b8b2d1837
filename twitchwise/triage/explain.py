"""Why the level is what it is, in plain words for the person asked about."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from twitchwise.triage.case import Case, Place
from twitchwise.triage.engine import AMBER, Assessment
from twitchwise.triage.wording import fill
from twitchwise.understanding.findings import ABSENT, POSSIBLE
from twitchwise.vocabulary.codes import load_codes

PATH = Path(__file__).parent / "explain.yml"

#: How many signs to watch for are named: the most telling ones of the levels above.
MOST_WATCH = 8


@dataclass(frozen=True)
class Line:
    """One sentence. `code`: what it is about; `level` and `source` where they apply."""

    code: str
    text: str
    level: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class Explanation:
    """`findings_said`: what was understood; `reasons`: what decided the level, most urgent first; `not_found`: what was denied;
    `would_change`: signs that would raise the level; `self_care`: trigger codes that were named; `look_again`: when to look again."""

    level: str
    findings_said: tuple[str, ...]
    reasons: tuple[Line, ...]
    not_found: tuple[Line, ...]
    would_change: tuple[Line, ...]
    self_care: tuple[str, ...]
    look_again: str


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """explain.yml, read once."""
    return yaml.safe_load(PATH.read_text(encoding="utf-8"))


def name_of(code: str) -> str:
    """The plain name of a flag, an amber feature, a place, a trigger or a symptom; the code itself where there is none."""
    book = words()
    flag = book["red_flags"].get(code)
    if flag:
        return flag["name"]
    return next((book[part][code] for part in ("amber", "places", "triggers", "symptoms") if code in book[part]), code.replace("_", " "))


def days_in_words(days: float) -> str:
    """3 -> '3 days', 21 -> '3 weeks', 60 -> '2 months'."""
    if days < 1:
        return "less than a day"
    for unit, size, least in (("year", 365.25, 365), ("month", 30.44, 60), ("week", 7, 14), ("day", 1, 0)):
        if days >= least:
            number = round(days / size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{days:g} days"


def place_in_words(place: Place) -> str:
    """'left calf', 'both calves' stays 'calf on both sides'."""
    name = words()["places"].get(place.code, place.code.replace("_", " "))
    if place.laterality in ("left", "right"):
        return f"{place.laterality} {name}"
    return f"{name} on both sides" if place.laterality == "both" else name


def explain(case: Case, assessment: Assessment) -> Explanation:
    """The explanation of `assessment`. Pure; it says only what the case holds."""
    book, codes = words(), load_codes()
    rank = codes.rank
    ordered = sorted(assessment.reasons, key=lambda reason: -rank(reason.level))
    above = [flag for flag in assessment.would_change if flag not in assessment.red_flags]
    # The mildest level above comes last in the vocabulary's order of urgency: what is most urgent is named first.
    above.sort(key=lambda flag: -rank(codes.red_flags[flag]))
    watch = above if len(above) <= MOST_WATCH else _mixed(above, MOST_WATCH)
    denied = [Line(flag, book["red_flags"][flag]["not_found"]) for flag in assessment.not_found]
    denied += [Line(code, text) for code, text in book["denied"].items() if case.assertion(code) == ABSENT]
    return Explanation(
        level=assessment.level,
        findings_said=tuple(_said(case)),
        reasons=tuple(Line(reason.flag or reason.rule, reason.explain, reason.level, reason.source) for reason in ordered
                      if reason.kind != AMBER or assessment.level == "see_gp"),
        not_found=tuple(denied),
        would_change=tuple(Line(flag, f"{_capital(book['red_flags'][flag]['name'])} {book['actions'][codes.red_flags[flag]]}.",
                                codes.red_flags[flag]) for flag in watch),
        self_care=tuple(case.triggers()),
        look_again=book["look_again"][assessment.level],
    )


def ask_back(case: Case) -> str | None:
    """The question by which the pending withdrawal of an emergency is asked back, None where nothing is pending."""
    if not case.pending_withdrawal:
        return None
    fine = words()["fine"]
    parts = ["slowly" if fact.counts else code if code in fine else "other" for code, fact in sorted(case.pending_withdrawal.items())]
    return fill(f"So {' and '.join(fine[part] for part in dict.fromkeys(parts))}?", case.person)


def _mixed(flags: list[str], most: int) -> list[str]:
    """Some of every level, in the order given."""
    levels = load_codes().red_flags
    by_level: dict[str, list[str]] = {}
    for flag in flags:
        by_level.setdefault(levels[flag], []).append(flag)
    share = max(1, most // len(by_level))
    return [flag for group in by_level.values() for flag in group[:share]]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _said(case: Case) -> list[str]:
    """What was understood, a sentence each."""
    book, said = words(), []
    sites = case.sites()
    if sites:
        whole = any(place.code == "whole_body" for place in sites)
        where = "all over the body" if whole else "in the " + _listed([place_in_words(place) for place in sites])
        said.append(fill(f"{{You}} {{have}} twitching {where}.", case.person))
    if case.duration is not None:
        said.append(f"The twitching has gone on for about {days_in_words(case.duration.days)}.")
    for code, fact in case.facts.items():
        if not fact.counts or (code == "twitching" and sites):
            continue
        if code in book["symptoms"]:
            said.append(_symptom(code, fact.assertion == POSSIBLE, fact.onset, case))
        elif code in book["signals"]:
            said.append(fill(book["signals"][code], case.person))
    triggers = case.triggers()
    if triggers:
        what = "possible triggers" if len(triggers) > 1 else "a possible trigger"
        said.append(f"You named {_listed([book['triggers'][code] for code in triggers])} as {what}.")
    return said


def _symptom(code: str, possible: bool, onset: str | None, case: Case) -> str:
    phrase = words()["symptoms"][code]
    places = [place_in_words(place) for place in case.places_of(code)] if code != "spreading" else []
    where = f" ({_listed(places)})" if places else ""
    when = {"sudden": ", which came on suddenly", "gradual": ", which came on slowly"}.get(onset or "", "")
    start = "{You} may have" if possible else "{You} {have}"
    return fill(f"{start} {phrase}{where}{when}.", case.person)


def _listed(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
