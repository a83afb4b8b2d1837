"""One served message as it is recorded: codes, numbers and moments, never words. JSON-able, so that it can wait on disk."""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

from twitchwise.records.keys import Keys

#: What a code looks like. Anything else might be something that a person wrote, and is not recorded.
_CODE = re.compile(r"[A-Za-z0-9_.:/+=-]{1,64}")
NOT_A_CODE = "not_a_code"

RED_FLAG = "red_flag"
PERSON_ASKED = "person_asked"


@dataclass(frozen=True)
class Escalation:
    """What somebody should look at. `said`: codes; `kind`: red_flag | person_asked."""

    level: str
    red_flags: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    kind: str = RED_FLAG


@dataclass(frozen=True)
class FindingRecord:
    """One finding, in codes."""

    kind: str
    code: str
    assertion: str | None = None
    onset: str | None = None
    laterality: str | None = None
    role: str | None = None
    days: float | None = None


@dataclass(frozen=True)
class AssessmentRecord:
    """What triage made of the case, in codes."""

    level: str
    red_flags: tuple[str, ...] = ()
    amber: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    rules_version: str = ""


@dataclass(frozen=True)
class TurnRecord:
    """`conversation` and `message` are keyed hashes; `at` is ISO 8601 in UTC; `state` and `address` (the sender id, of an escalation that
    the staff may take over) are sealed (`Keys.seal_always`)."""

    conversation: str
    message: str
    at: str
    channel: str | None = None
    findings: tuple[FindingRecord, ...] = ()
    assessment: AssessmentRecord | None = None
    escalation: Escalation | None = None
    state: str | None = None
    address: str | None = None

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def escalation_id(self) -> str:
        """The same for every attempt to record this turn: the receiver recognises a repeated delivery by it."""
        return self.message

    def to_line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_line(cls, line: str) -> TurnRecord:
        """The record behind `to_line`; raises ValueError, KeyError or TypeError for anything else."""
        data = json.loads(line)
        assessment, escalation = data.pop("assessment"), data.pop("escalation")
        findings = data.pop("findings")
        return cls(
            **data,
            findings=tuple(FindingRecord(**finding) for finding in findings),
            assessment=AssessmentRecord(**_tuples(assessment)) if assessment else None,
            escalation=Escalation(**_tuples(escalation)) if escalation else None,
        )


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


def turn_record(
    keys: Keys,
    conversation_id: object,
    message_id: object,
    findings: Iterable[Any] = (),
    assessment: Any = None,
    escalation: Any = None,
    now: datetime | None = None,
    *,
    channel: str | None = None,
    state: Mapping[str, Any] | None = None,
    keep_address: bool = False,
) -> TurnRecord:
    """Reduce what the other layers hold to codes. Findings, assessment and escalation are theirs (objects or mappings); raises
    ValueError for a `now` without a time zone."""
    now = now or datetime.now(timezone.utc)
    if now.tzinfo is None:
        raise ValueError("The time of a turn needs a time zone. Use datetime.now(timezone.utc).")
    conversation = keys.conversation(conversation_id)
    told = tuple(_finding(finding) for finding in findings)
    assessed = _assessment(assessment)
    raised = _escalation(escalation, told, assessed)
    return TurnRecord(
        conversation=conversation,
        message=keys.message(conversation, message_id),
        at=now.astimezone(timezone.utc).isoformat(),
        channel=_short(channel, 32),
        findings=told,
        assessment=assessed,
        escalation=raised,
        state=keys.seal_always(state_line(state) or "") if state else None,
        address=keys.seal_always(str(conversation_id)) if raised and keep_address else None,
    )


def state_line(state: Mapping[str, Any] | None) -> str | None:
    """The dialogue's state as JSON, None for none."""
    return json.dumps(state, separators=(",", ":")) if state else None


def _get(source: Any, *names: str) -> Any:
    for name in names:
        value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
        if value is not None:
            return value
    return None


def code(value: Any) -> str:
    """`value` where it is a code, else the code that says it was none."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else NOT_A_CODE


def _short(value: Any, length: int = 16) -> str | None:
    return None if value is None else code(value)[:length]


def _codes(values: Sequence[Any] | None) -> tuple[str, ...]:
    return tuple(code(value) for value in values or ())


def _finding(finding: Any) -> FindingRecord:
    days = _get(finding, "days")
    return FindingRecord(
        kind=code(_get(finding, "kind"))[:32], code=code(_get(finding, "code")), assertion=_short(_get(finding, "assertion")),
        onset=_short(_get(finding, "onset")), laterality=_short(_get(finding, "laterality")), role=_short(_get(finding, "role")),
        days=None if days is None else float(days),
    )


def _assessment(assessment: Any) -> AssessmentRecord | None:
    if assessment is None:
        return None
    reasons = _get(assessment, "reasons", "rules") or ()
    return AssessmentRecord(
        level=code(_get(assessment, "level", "triage_level"))[:32], red_flags=_codes(_get(assessment, "red_flags")),
        amber=_codes(_get(assessment, "amber")),
        rules=tuple(code(reason if isinstance(reason, str) else _get(reason, "rule", "id")) for reason in reasons),
        rules_version=code(_get(assessment, "rules_version") or "unknown"),
    )


def _escalation(escalation: Any, told: tuple[FindingRecord, ...], assessed: AssessmentRecord | None) -> Escalation | None:
    """Where the escalation does not say what was told, the findings of the message stand in for it."""
    if escalation is None:
        return None
    said = _get(escalation, "said", "codes")
    return Escalation(
        level=code(_get(escalation, "level", "triage_level") or (assessed.level if assessed else "unknown"))[:32],
        red_flags=_codes(_get(escalation, "red_flags", "flags") or (assessed.red_flags if assessed else ())),
        said=_codes(said) if said else tuple(f"{each.code}:{each.assertion}"[:64] for each in told if each.assertion),
        kind=code(_get(escalation, "kind", "reason") or RED_FLAG)[:32],
    )
