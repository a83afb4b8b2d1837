"""What stands in a summary for a doctor: plain values, in words. Codes are kept beside them for the FHIR document and never shown."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Said:
    """One message of the person, as it was typed. `codes`: what was understood, code -> (assertions, span in the text)."""

    id: str
    text: str
    at: datetime
    codes: tuple[tuple[str, str, int, int], ...] = ()     # code, assertion, start, end


@dataclass(frozen=True)
class Quote:
    """The person's own words about one finding. `marks`: spans of `text` that the finding rests on; `question`: what it answered."""

    text: str
    at: datetime | None
    marks: tuple[tuple[int, int], ...] = ()
    question: str | None = None
    message: str = ""


@dataclass(frozen=True)
class Site:
    """A part of the body."""

    code: str
    term: str
    laterality: str | None = None     # left | right | both

    @property
    def words(self) -> str:
        """'left calf', 'calf (both sides)'."""
        if self.laterality in ("left", "right"):
            return f"{self.laterality} {self.term}"
        return f"{self.term} (both sides)" if self.laterality == "both" else self.term


@dataclass(frozen=True)
class Row:
    """One finding. `assertion`: present, possible or absent; `since`: how it began and how long it has been there, in words."""

    code: str
    kind: str
    term: str
    assertion: str
    quotes: tuple[Quote, ...] = ()
    sites: tuple[Site, ...] = ()
    onset: str | None = None
    days: float | None = None
    since: str = ""
    flag: bool = False                # a warning sign rests on it
    when: str = ""                    # ISO 8601: when it was said last


@dataclass(frozen=True)
class Flag:
    """A warning sign that is there, with the rule's reason."""

    code: str
    term: str
    urgency: str
    level: str
    why: str
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answered:
    """One question of the check: its words, and what was answered (yes, no, not sure, or in the person's words)."""

    code: str
    question: str
    answer: str


@dataclass(frozen=True)
class Summary:
    """One page for a doctor. `level` is None while the check gave no advice yet; `complete`: whether the check came to its end."""

    made_at: datetime
    about: str                        # 'the person who wrote this', 'son, 7 years'
    is_self: bool
    age_years: float | None
    level: str | None
    urgency: str
    complete: bool
    course: str                       # 'about 3 months', '' while unknown
    course_days: float | None
    sites: tuple[Site, ...]
    flags: tuple[Flag, ...]
    found: tuple[Row, ...]            # present or possible, the warning signs first
    denied: tuple[Row, ...]
    triggers: tuple[Row, ...]
    background: tuple[str, ...]
    not_asked: tuple[str, ...]
    answers: tuple[Answered, ...]
    started: datetime | None
    rules_version: str
    quotes: tuple[Quote, ...] = ()    # where and how long, in the person's words
    country: str | None = None

    @property
    def title(self) -> str:
        return "Twitching muscles: summary for a doctor"
