"""The case: everything known about one person, kept over the messages of one conversation. Plain data."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from twitchwise.understanding.findings import ABSENT, POSSIBLE, PRESENT, SYMPTOM, TRIGGER
from twitchwise.vocabulary.codes import load_codes

SCHEMA = 1

SITE = "site"        # it twitches there
PAST = "past"        # it twitched there, it is over
DENIED = "denied"    # said not to twitch there, or withdrawn
OTHER = "other"      # the place of another symptom

LIMBS = ("arm", "leg")

#: Facts that only an answer to a question of the check makes; no message says them by themselves.
OVER_TWO_WEEKS = "over_two_weeks"
RECENT_WEAKNESS = "recent_weakness"
LOST_FUNCTION = "lost_function"
REACTION_SIGNS = "reaction_signs"

#: The oldest that a person called so can be, in years, where no age was said.
_OLDEST = {"newborn": 0.0, "baby": 1.0, "infant": 1.0, "toddler": 3.0}


@dataclass
class Fact:
    """What is known of one symptom, signal or trigger. `days`: how long it has been there; `turn`: when it was last said."""

    kind: str
    assertion: str
    onset: str | None = None
    days: float | None = None
    said_in: str = ""
    when: str = ""
    turn: int = 0
    after_flag: bool = False     # said when the flag that it would cancel was already raised: it cancels nothing
    source: str = "said"         # said | answer (a bare yes or no to a question)

    @property
    def counts(self) -> bool:
        """Whether it counts as there: present, or possible (for safety)."""
        return self.assertion in (PRESENT, POSSIBLE)


@dataclass
class Place:
    """A part of the body. `of`: the symptoms that it is the place of; `added`: it came later, beside places told before."""

    code: str
    laterality: str | None = None
    status: str = SITE
    of: tuple[str, ...] = ()
    turn: int = 0
    said_in: str = ""
    added: bool = False
    spot: str | None = None      # places of one spot that has two names share this

    @property
    def region(self) -> str:
        return load_codes().region_of.get(self.code, self.code)


@dataclass
class Person:
    """Who is asked about. `code`: self, child or adult; None while nothing was said (then it is taken to be the user)."""

    code: str | None = None
    relation: str | None = None
    pronoun: str | None = None
    age_years: float | None = None

    @property
    def is_self(self) -> bool:
        return self.code in (None, "self")

    @property
    def oldest(self) -> float | None:
        """The greatest age in years that fits what was said, None when nothing bounds it."""
        return self.age_years if self.age_years is not None else _OLDEST.get(self.relation or "")


@dataclass
class Course:
    """How long the twitching has gone on, in days. `days` is what counts for the 14-day rule."""

    days: float
    low: float | None = None
    high: float | None = None
    turn: int = 0
    said_in: str = ""


@dataclass
class Case:
    """One person's case. `asked`: question code -> yes | no | unsure | still_unsure | said; `pending_withdrawal`: code -> the fact
    as it will be once the withdrawal of an emergency is confirmed; `served`: ids of the messages already in it."""

    person: Person = field(default_factory=Person)
    facts: dict[str, Fact] = field(default_factory=dict)
    background: dict[str, str] = field(default_factory=dict)    # code -> historical | family
    places: list[Place] = field(default_factory=list)
    duration: Course | None = None
    asked: dict[str, str] = field(default_factory=dict)
    pending_withdrawal: dict[str, Fact] = field(default_factory=dict)
    served: list[str] = field(default_factory=list)
    started: str = ""
    updated: str = ""
    turn: int = 0

    # -- views -----------------------------------------------------------------------------------
    def assertion(self, code: str) -> str | None:
        """present, possible, absent, or None for what was never said."""
        fact = self.facts.get(code)
        return fact.assertion if fact else None

    def has(self, code: str) -> bool:
        """Whether `code` counts as there."""
        fact = self.facts.get(code)
        return fact is not None and fact.counts

    def sites(self) -> list[Place]:
        """The places that twitch now."""
        return [place for place in self.places if place.status == SITE]

    def places_of(self, symptom: str) -> list[Place]:
        """The places of one symptom."""
        return [place for place in self.places if symptom in place.of and place.status in (SITE, OTHER)]

    def regions(self) -> set[str]:
        """The regions in which it twitches; one spot with two names counts in one region."""
        whole = {place.region for place in self.sites() if not place.spot}
        spots: dict[str, set[str]] = {}
        for place in self.sites():
            if place.spot:
                spots.setdefault(place.spot, set()).add(place.region)
        for spot in sorted(spots):
            if not whole & spots[spot]:
                whole.add(min(spots[spot]))
        return whole

    def _codes(self, kind: str, *assertions: str) -> list[str]:
        return [code for code, fact in self.facts.items() if fact.kind == kind and fact.assertion in assertions]

    def symptoms_present(self) -> list[str]:
        """Symptom codes, present or possible, in the order told."""
        return self._codes(SYMPTOM, PRESENT, POSSIBLE)

    def symptoms_absent(self) -> list[str]:
        """Symptom codes denied."""
        return self._codes(SYMPTOM, ABSENT)

    def triggers(self) -> list[str]:
        """Trigger codes, present or possible."""
        return self._codes(TRIGGER, PRESENT, POSSIBLE)

    def body_locations(self) -> list[str]:
        """Codes of the places that twitch, each once."""
        return list(dict.fromkeys(place.code for place in self.sites()))

    def duration_days(self) -> float | None:
        """Days that the twitching has gone on, None while unknown."""
        return self.duration.days if self.duration else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing clinical is known yet."""
        return not (self.facts or self.places or self.duration or self.asked)

    def both_limbs(self, symptom: str) -> bool:
        """Whether `symptom` is said of both legs or both arms."""
        if self.has("both_limbs"):
            return True
        sides: dict[str, set[str | None]] = {}
        for place in self.places_of(symptom):
            if place.region in LIMBS:
                sides.setdefault(place.region, set()).add(place.laterality)
        return any("both" in found or {"left", "right"} <= found for found in sides.values())

    def single_limb(self, symptom: str) -> bool:
        """Whether `symptom` is said of one arm, hand or leg."""
        limbs = [place for place in self.places_of(symptom) if place.region in LIMBS]
        return bool(limbs) and not self.both_limbs(symptom)

    def copy(self) -> Case:
        """The same case, of which nothing is shared that can change. By hand: it is done several times for each message."""
        return replace(
            self,
            person=replace(self.person),
            facts={code: replace(fact) for code, fact in self.facts.items()},
            background=dict(self.background),
            places=[replace(place) for place in self.places],
            duration=replace(self.duration) if self.duration else None,
            asked=dict(self.asked),
            pending_withdrawal={code: replace(fact) for code, fact in self.pending_withdrawal.items()},
            served=list(self.served),
        )

    # -- storage ---------------------------------------------------------------------------------
    def to_dict(self) -> dict[str, Any]:
        """JSON-able; `from_dict` reads it back."""
        return {
            "schema": SCHEMA,
            **vars(self),
            "person": dict(vars(self.person)),
            "facts": {code: dict(vars(fact)) for code, fact in self.facts.items()},
            "background": dict(self.background),
            "places": [{**vars(place), "of": list(place.of)} for place in self.places],
            "duration": dict(vars(self.duration)) if self.duration else None,
            "asked": dict(self.asked),
            "pending_withdrawal": {code: dict(vars(fact)) for code, fact in self.pending_withdrawal.items()},
            "served": list(self.served),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any] | None) -> Case:
        """The case behind `to_dict`; None or {} gives an empty case. Raises ValueError for another schema."""
        if not data:
            return cls()
        if data.get("schema") != SCHEMA:
            raise ValueError(f"This case was stored with schema {data.get('schema')}; this version reads schema {SCHEMA}. "
                             "Migrate the stored cases, or start the conversation over.")
        return cls(
            person=Person(**data["person"]),
            facts={code: Fact(**fact) for code, fact in data["facts"].items()},
            background=dict(data["background"]),
            places=[Place(**{**place, "of": tuple(place["of"])}) for place in data["places"]],
            duration=Course(**data["duration"]) if data["duration"] else None,
            asked=dict(data["asked"]),
            pending_withdrawal={code: Fact(**fact) for code, fact in data["pending_withdrawal"].items()},
            served=list(data["served"]),
            started=data["started"],
            updated=data["updated"],
            turn=data["turn"],
        )

    def __iter__(self) -> Iterator[tuple[str, Fact]]:
        return iter(self.facts.items())
