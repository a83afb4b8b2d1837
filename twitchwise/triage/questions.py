"""The questions of the check: which one comes next, and its words."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, Extra, ValidationError

from twitchwise.triage.case import Case, Fact
from twitchwise.triage.engine import Assessment
from twitchwise.triage.rules import RulesError, known_facts
from twitchwise.triage.wording import fill
from twitchwise.understanding.findings import (
    ANSWER,
    DURATION,
    LOCATION,
    POSSIBLE,
    PRESENT,
    SIGNAL,
    TRIGGER,
    Finding,
)
from twitchwise.vocabulary.codes import load_codes

PATH = Path(__file__).parent / "questions.yml"

#: Whoever has nothing to report is asked at most so many questions; the least telling ones are left out.
MOST_QUESTIONS = 12
#: `asked` holds the answer to a follow-up under the question's code with this ending.
FOLLOW_UP = "_follow_up"
UNSURE = "unsure"

FLAG = "flag"
AMBER = "amber"
DETAIL = "detail"

#: Symptoms whose sudden start makes them an emergency: it is asked where no time was said.
ONSET_FACTS = ("speech_difficulty", "one_sided_weakness", "weakness", "confusion")
_WHAT = {"speech_difficulty": "a change of speech", "one_sided_weakness": "weakness or numbness on one side",
         "weakness": "weakness in one limb", "confusion": "confusion"}


class QuickReply(BaseModel):
    """A button: a title and what it says. `findings` are what pressing it tells."""

    title: str
    answer: str | None = None
    places: list[str] = []
    days: float | None = None
    trigger: str | None = None
    nothing: bool = False

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    def findings(self) -> list[Finding]:
        """What the button says, as findings of the message that it stands for."""
        found: list[Finding] = []
        if self.answer:
            found.append(Finding(ANSWER, self.answer, detail={"nothing": True} if self.nothing else {}))
        found += [Finding(LOCATION, place, role="site", of=("twitching",)) for place in self.places]
        if self.days is not None:
            found.append(Finding(DURATION, "", role="course", of=("twitching",), days=self.days, low=self.days, high=self.days,
                                 iso=f"P{self.days:g}D"))
        if self.trigger:
            found.append(Finding(TRIGGER, self.trigger, assertion=PRESENT))
        return found


class Entry(BaseModel):
    """A question as questions.yml has it; the file explains the fields."""

    code: str
    facts: list[str]
    related: list[str] = []
    answers: list[str] = []
    triggers: bool = False
    raises_to: str
    kind: str
    when: str | None = None
    min_age: float | None = None
    text: str
    follow_up: str | None = None
    why: str
    means: str
    buttons: str = "answer"

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    @property
    def subjects(self) -> frozenset[str]:
        """Codes by which a message answers the question."""
        codes = {*self.facts, *self.related}
        return frozenset(codes | set(load_codes().triggers)) if self.triggers else frozenset(codes)


@dataclass(frozen=True)
class Book:
    """Every question, in order, with its buttons and the card of the first question."""

    entries: tuple[Entry, ...]
    buttons: dict[str, tuple[QuickReply, ...]]
    card: str

    def get(self, code: str | None) -> Entry | None:
        return next((entry for entry in self.entries if entry.code == code), None)


@dataclass(frozen=True)
class Question:
    """A question to ask. `code` goes back to `update_case` as `asked`, also for a follow-up; `card` only with the first question."""

    code: str
    text: str
    why: str
    means: str
    buttons: tuple[QuickReply, ...]
    raises_to: str
    follow_up: bool = False
    card: str | None = None


@lru_cache(maxsize=1)
def load_questions() -> Book:
    """The questions of the package, read once; raises RulesError for a damaged file."""
    try:
        raw = yaml.safe_load(PATH.read_text(encoding="utf-8"))
        entries = tuple(Entry(**entry) for entry in raw["questions"])
        buttons = {name: tuple(QuickReply(**reply) for reply in replies) for name, replies in raw["buttons"].items()}
    except (OSError, yaml.YAMLError, ValidationError, TypeError, KeyError) as error:
        raise RulesError(f"questions.yml is not valid: {error}") from error
    codes = load_codes()
    for entry in entries:
        unknown = {*entry.facts, *entry.related, *entry.answers} - known_facts()
        if unknown or entry.raises_to not in codes.levels or entry.kind not in (FLAG, AMBER, DETAIL) or entry.buttons not in buttons:
            raise RulesError(f"questions.yml, question {entry.code}: check facts {sorted(unknown)}, raises_to, kind and buttons.")
        if entry.when and entry.when not in _WHEN:
            raise RulesError(f"questions.yml, question {entry.code}: `when` is one of {', '.join(sorted(_WHEN))}.")
    return Book(entries, buttons, raw["card"])


def question_codes() -> tuple[str, ...]:
    """Codes of every question, in the order in which they are asked."""
    return tuple(entry.code for entry in load_questions().entries)


def get_question(code: str, case: Case) -> Question | None:
    """The question `code` in the words for the person of `case`, as a follow-up where one is due; None for an unknown code."""
    entry = load_questions().get(code)
    return _worded(entry, case) if entry else None


def next_question(case: Case, assessment: Assessment, *, asked: Collection[str] = (), stopped: bool = False) -> Question | None:
    """The next question of the check, None when it is over. `asked`: codes given up although unanswered."""
    if stopped or assessment.is_emergency:
        return None
    rank = load_codes().rank
    level = rank(assessment.level)
    for entry in load_questions().entries:
        if entry.code in asked or not _open(entry, case):
            continue
        if entry.kind == AMBER and (rank(entry.raises_to) <= level or len(case.asked) >= MOST_QUESTIONS):
            continue
        if entry.kind != AMBER and rank(entry.raises_to) < level:
            continue
        return _worded(entry, case)
    return None


def follow_up_due(entry: Entry, case: Case) -> bool:
    """Whether the question was answered with "not sure" and its one follow-up is still to come."""
    return bool(entry.follow_up) and case.asked.get(entry.code) == UNSURE and entry.code + FOLLOW_UP not in case.asked


def _open(entry: Entry, case: Case) -> bool:
    """Whether the answer is not known yet."""
    known = any(code in case.facts for code in entry.facts + entry.related)
    if entry.triggers:
        known = known or bool(case.triggers())
    if entry.when and not _WHEN[entry.when](case):
        return False
    if entry.code == "function":
        known = "lost_function" in case.facts
    if entry.min_age is not None and case.person.oldest is not None and case.person.oldest < entry.min_age:
        return False
    if follow_up_due(entry, case):
        return not known
    return not known and entry.code not in case.asked


def onset_open(case: Case) -> list[str]:
    """Symptoms there whose time of onset is unknown and decides between today and now."""
    return [code for code in ONSET_FACTS if case.has(code) and _timeless(case.facts[code])
            and (code != "weakness" or (case.single_limb("weakness") and not case.has("one_sided_weakness")))]


def _timeless(fact: Fact) -> bool:
    return fact.onset is None and fact.days is None


def _both_limbs_unknown(case: Case) -> bool:
    return case.has("weakness") and case.both_limbs("weakness") and _timeless(case.facts["weakness"])


def _twitches(case: Case) -> bool:
    return case.assertion("twitching") != "absent"


_WHEN: dict[str, Any] = {
    "onset_unknown": lambda case: bool(onset_open(case)),
    "both_limbs_unknown": _both_limbs_unknown,
    "medicine_changed": lambda case: case.has("medication_change") or case.has("substance_stopped"),
    "weakness_possible": lambda case: case.assertion("weakness") == POSSIBLE and "weakness" + FOLLOW_UP not in case.asked,
    "place_unknown": lambda case: _twitches(case) and not case.sites(),
    "duration_unknown": lambda case: _twitches(case) and case.duration is None,
    "spread_unknown": lambda case: _twitches(case) and len(case.regions()) < 2 and not any(place.added for place in case.sites()),
}


def _worded(entry: Entry, case: Case) -> Question:
    book, again = load_questions(), follow_up_due(entry, case)
    template = entry.follow_up if again and entry.follow_up else entry.text
    names = [_WHAT[code] for code in onset_open(case)] or ["this"]
    buttons = book.buttons["answer" if again and entry.buttons != "onset" else entry.buttons]
    return Question(
        code=entry.code,
        text=fill(template, case.person, what=" and ".join(names)),
        why=fill(entry.why, case.person),
        means=fill(entry.means, case.person),
        buttons=buttons,
        raises_to=entry.raises_to,
        follow_up=again,
        card=None if case.asked else book.card,
    )


def fact_kind(code: str) -> str:
    """The kind of a fact that a bare answer makes."""
    codes = load_codes()
    return "symptom" if code in codes.symptoms else TRIGGER if code in codes.triggers else SIGNAL
