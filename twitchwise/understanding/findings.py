"""What was understood from one message: plain data, shared by every layer.

The NLU component turns findings into Rasa entities (`to_entity`), the actions and the safety policy
turn the entities back into findings (`from_entity`). Nothing here knows Rasa, spaCy or a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

PRESENT = "present"
POSSIBLE = "possible"
ABSENT = "absent"
HYPOTHETICAL = "hypothetical"
HISTORICAL = "historical"
FAMILY = "family"

SYMPTOM = "symptom"
TRIGGER = "trigger"
LOCATION = "body_location"
DURATION = "duration"
SIGNAL = "signal"  # facts that only matter in combination: a changed medicine, sweating, a child's age (signals.yml)
PERSON = "person"  # who is asked about, where the message says it
ANSWER = "answer"  # the message reads as a bare answer: yes, no, unsure, partly
EDIT = "edit"  # the message corrects or takes back something said before

#: Kinds whose findings carry an assertion in the entity's `role`.
ASSERTED = (SYMPTOM, TRIGGER, SIGNAL)


@dataclass(frozen=True)
class Evidence:
    """Why a finding is what it is, for the trace: the matched words, the cue that set its assertion, the rule's name."""

    phrase: str = ""
    cue: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing understood. `start` and `end` are character offsets in the message as it was written."""

    kind: str
    code: str
    start: int = 0
    end: int = 0
    assertion: str | None = None
    onset: str | None = None  # sudden | gradual
    laterality: str | None = None  # left | right | both
    of: tuple[str, ...] = ()  # symptom codes that a place or a duration belongs to
    role: str | None = None  # duration: course | episode | other; place: site | denied
    low: float | None = None  # days
    high: float | None = None  # days
    days: float | None = None  # days that count for the 14-day rule
    iso: str | None = None  # ISO 8601 duration
    detail: dict[str, Any] = field(default_factory=dict)  # kind-specific: relation, pronoun, age, drug class ...
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def counts(self) -> bool:
        """Whether a symptom counts as there: present, or possible (for safety)."""
        return self.assertion in (PRESENT, POSSIBLE)


#: A place that the person denies is another entity: consumers of body_location must not see it.
_DENIED_LOCATION = "denied_location"


def to_entity(finding: Finding, text: str) -> dict[str, Any]:
    """A finding as a Rasa entity; `additional_info` holds only what is known."""
    info: dict[str, Any] = {}
    for name in ("onset", "laterality", "low", "high", "days"):
        value = getattr(finding, name)
        if value is not None:
            info[name] = value
    if finding.of:
        info["of"] = list(finding.of)
    if finding.detail:
        info["detail"] = finding.detail
    if finding.kind == LOCATION and finding.role:
        info["site"] = finding.role
    evidence = {key: value for key, value in asdict(finding.evidence).items() if value}
    if evidence:
        info["evidence"] = {key: value for key, value in evidence.items() if key != "phrase"}
    entity: dict[str, Any] = {
        "entity": _DENIED_LOCATION if finding.kind == LOCATION and finding.role == "denied" else finding.kind,
        "value": finding.iso if finding.kind == DURATION else finding.code,
        "start": finding.start,
        "end": finding.end,
        "extractor": "ClinicalEntityExtractor",
        "additional_info": info,
    }
    role = finding.role if finding.kind == DURATION else finding.assertion if finding.kind in ASSERTED else None
    if role:
        entity["role"] = role
    return entity


def from_entity(entity: dict[str, Any]) -> Finding | None:
    """The finding behind an entity of ours, None for any other entity."""
    info = entity.get("additional_info") or {}
    kind = entity.get("entity", "")
    if kind == _DENIED_LOCATION:
        kind = LOCATION
    if kind not in (SYMPTOM, TRIGGER, LOCATION, DURATION, SIGNAL, PERSON, ANSWER, EDIT):
        return None
    is_duration = kind == DURATION
    return Finding(
        kind=kind,
        code="" if is_duration else str(entity.get("value")),
        start=int(entity.get("start") or 0),
        end=int(entity.get("end") or 0),
        assertion=entity.get("role") if kind in ASSERTED else None,
        onset=info.get("onset"),
        laterality=info.get("laterality"),
        of=tuple(info.get("of") or ()),
        role=entity.get("role") if is_duration else info.get("site"),
        low=info.get("low"),
        high=info.get("high"),
        days=info.get("days"),
        iso=str(entity.get("value")) if is_duration else None,
        detail=dict(info.get("detail") or {}),
    )


def findings_of(entities: Iterable[dict[str, Any]]) -> list[Finding]:
    """Every finding among Rasa entities, in their order."""
    return [finding for finding in map(from_entity, entities) if finding is not None]
