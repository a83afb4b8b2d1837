"""Short ways to write findings and to run a conversation in the tests of triage."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

from twitchwise.triage import Case, CaseUpdate, assess, update_case
from twitchwise.triage.engine import Assessment
from twitchwise.understanding.findings import (
    ABSENT,
    ANSWER,
    DURATION,
    EDIT,
    LOCATION,
    PERSON,
    POSSIBLE,
    PRESENT,
    SIGNAL,
    SYMPTOM,
    TRIGGER,
    Finding,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def sym(code: str, assertion: str = PRESENT, *, onset: str | None = None, start: int = 0) -> Finding:
    return Finding(SYMPTOM, code, start=start, assertion=assertion, onset=onset)


def no(code: str, start: int = 0) -> Finding:
    return sym(code, ABSENT, start=start)


def maybe(code: str) -> Finding:
    return sym(code, POSSIBLE)


def sig(code: str, assertion: str = PRESENT) -> Finding:
    return Finding(SIGNAL, code, assertion=assertion)


def trig(code: str, assertion: str = PRESENT) -> Finding:
    return Finding(TRIGGER, code, assertion=assertion)


def place(code: str, side: str | None = None, *, of: tuple[str, ...] = ("twitching",), role: str = "site", start: int = 0,
          one_spot: bool = False) -> Finding:
    return Finding(LOCATION, code, start=start, laterality=side, of=of, role=role, detail={"one_spot": True} if one_spot else {})


def lasting(days: float, of: tuple[str, ...] = ("twitching",), *, role: str = "course", start: int = 0) -> Finding:
    return Finding(DURATION, "", start=start, role=role, of=of, low=days, high=days, days=days, iso=f"P{days:g}D")


def answer(code: str, **detail: object) -> Finding:
    return Finding(ANSWER, code, detail=detail)


def edit(code: str = "correction", *targets: str, start: int = 0) -> Finding:
    return Finding(EDIT, code, start=start, detail={"targets": list(targets)} if targets else {})


def person(code: str, **detail: object) -> Finding:
    return Finding(PERSON, code, detail=detail)


def tell(case: Case, *findings: Finding, asked: str | None = None, message_id: str | None = None) -> CaseUpdate:
    """One message more; the id is new unless given."""
    return update_case(case, findings, message_id=message_id or f"m{len(case.served)}", now=NOW, asked=asked)


def talk(*messages: Iterable[Finding]) -> Case:
    """A case after several messages, each a list of findings."""
    case = Case()
    for message in messages:
        case = tell(case, *message).case
    return case


def after(*messages: Iterable[Finding]) -> Assessment:
    return assess(talk(*messages))
