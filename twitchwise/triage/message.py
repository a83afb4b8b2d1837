"""One message as the merging sees it: its findings in text order, what it edits, what it answers."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from twitchwise.understanding.findings import (
    ABSENT,
    ANSWER,
    ASSERTED,
    DURATION,
    EDIT,
    LOCATION,
    PERSON,
    SYMPTOM,
    Finding,
)

TWITCHING = "twitching"
#: Symptoms that say something about the twitching itself: a time said beside them is the twitching's.
ABOUT_TWITCHING = frozenset({TWITCHING, "spreading", "worsening", "improving", "sleep_disruption"})
#: A place of these is a place that twitches.
TWITCHES_IN = frozenset({TWITCHING, "spreading"})
#: Where a message answers both ways, the answer that goes up holds.
_ANSWERS = ("yes", "partly", "unsure", "no")


@dataclass(frozen=True)
class Message:
    """`asked`: code of the question that was open. Build it with `read`, which puts the findings in text order."""

    findings: tuple[Finding, ...]
    message_id: str
    when: str
    asked: str | None

    @classmethod
    def read(cls, findings: Iterable[Finding], message_id: str, when: str, asked: str | None) -> Message:
        # The order of the list must not matter: text order, and a full tie-break for findings without a place in the text.
        ordered = sorted(findings, key=lambda f: (f.start, f.end, f.kind, f.code, repr(f)))
        return cls(tuple(ordered), message_id, when, asked)

    def of_kind(self, *kinds: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.kind in kinds]

    @cached_property
    def asserted(self) -> dict[str, list[Finding]]:
        """Symptoms, signals and triggers by code, each in text order."""
        found: dict[str, list[Finding]] = {}
        for finding in self.of_kind(*ASSERTED):
            found.setdefault(finding.code, []).append(finding)
        return found

    @cached_property
    def places(self) -> list[Finding]:
        return self.of_kind(LOCATION)

    @cached_property
    def durations(self) -> list[Finding]:
        return [finding for finding in self.of_kind(DURATION) if finding.days is not None and finding.role != "episode"]

    @cached_property
    def edits(self) -> list[Finding]:
        return self.of_kind(EDIT)

    @property
    def is_edit(self) -> bool:
        return bool(self.edits)

    @property
    def takes_back(self) -> bool:
        return any(edit.code == "take_back" for edit in self.edits)

    @cached_property
    def targets(self) -> frozenset[str]:
        """Codes that an edit names as withdrawn."""
        return frozenset(code for edit in self.edits for code in edit.detail.get("targets") or ())

    @cached_property
    def answer(self) -> str | None:
        given = {finding.code for finding in self.of_kind(ANSWER)}
        return next((answer for answer in _ANSWERS if answer in given), None)

    @property
    def answered_nothing(self) -> bool:
        """Whether the answer was the word 'nothing' or the like, not a plain no."""
        return any(bool(finding.detail.get("nothing")) or "nothing" in finding.evidence.phrase.lower() for finding in self.of_kind(ANSWER))

    @cached_property
    def people(self) -> list[Finding]:
        return self.of_kind(PERSON)

    def states(self, code: str, *assertions: str) -> bool:
        """Whether the message says `code` with one of `assertions` (any, where none is given)."""
        return any(not assertions or finding.assertion in assertions for finding in self.asserted.get(code, ()))

    def says(self, code: str) -> bool:
        """Whether the message says that `code` is there."""
        return any(finding.counts for finding in self.asserted.get(code, ()))

    def denies(self, code: str) -> bool:
        """Whether the message denies `code` and does not say it as well."""
        return self.states(code, ABSENT) and not self.says(code)

    @cached_property
    def other_symptom(self) -> bool:
        """Whether a symptom that is not about the twitching is said to be there."""
        return any(finding.counts and finding.code not in ABOUT_TWITCHING for finding in self.of_kind(SYMPTOM))

    @cached_property
    def tells_twitching(self) -> bool:
        return any(self.says(code) for code in ABOUT_TWITCHING)

    @property
    def is_clinical(self) -> bool:
        """Whether the message tells something about somebody's body."""
        return bool(self.asserted or self.durations or any(place.role != "family" for place in self.places))
