"""An assessment that is remembered is the one that would be worked out anew."""
from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.triage import engine
from twitchwise.triage.case import Case, Course, Fact, Person, Place
from twitchwise.triage.engine import LOOKED_AT, NOT_LOOKED_AT, assess, judge
from twitchwise.triage.rules import load_rules

FACTS = ("weakness", "numbness", "baby", "improving", "stress", "no_clear_trigger", "facial_droop", "over_two_weeks", "both_limbs", "fever", "confusion")
CASES = st.builds(
    Case,
    person=st.builds(Person, st.sampled_from([None, "self", "child"]), st.sampled_from([None, "baby", "son"]), st.none(),
                     st.sampled_from([None, 0.5, 7.0])),
    facts=st.dictionaries(st.sampled_from(FACTS), st.builds(
        Fact, st.sampled_from(["symptom", "signal", "trigger"]), st.sampled_from(["present", "possible", "absent"]),
        st.sampled_from([None, "sudden", "gradual"]), st.sampled_from([None, 0.5, 1.0, 20.0]), turn=st.integers(0, 3), after_flag=st.booleans())),
    places=st.lists(st.builds(Place, st.sampled_from(["arm", "leg", "eyelid", "all"]), st.sampled_from([None, "left", "right", "both"]),
                              st.sampled_from(["site", "other"]), st.sampled_from([(), ("weakness",)]), added=st.booleans()), max_size=3),
    duration=st.one_of(st.none(), st.builds(Course, st.sampled_from([3.0, 14.0, 15.0]))),
    asked=st.dictionaries(st.sampled_from(["where", "duration"]), st.sampled_from(["yes", "no"])),
)


@given(st.lists(CASES, min_size=1, max_size=4))
def test_what_is_remembered_is_what_would_be_worked_out(cases: list[Case]) -> None:
    for case in [*cases, *cases]:
        assert assess(case) == judge(case)


def test_every_part_of_a_case_is_either_looked_at_or_not() -> None:
    assert sorted((*LOOKED_AT, *NOT_LOOKED_AT)) == sorted(item.name for item in fields(Case))


class _Watched(Case):
    seen: ClassVar[set[str]] = set()

    def __getattribute__(self, name: str) -> Any:
        if name in NOT_LOOKED_AT:
            _Watched.seen.add(name)
        return super().__getattribute__(name)


@given(CASES)
def test_the_rules_look_at_nothing_else(case: Case) -> None:
    watched = _Watched(**{item.name: getattr(case, item.name) for item in fields(Case)})
    _Watched.seen.clear()
    judge(watched)
    ready = engine._ready()
    for prepared in (*ready.red_flags, *ready.amber, *ready.modifiers):
        prepared.check(watched)
    assert not _Watched.seen


def test_a_case_that_changed_is_assessed_anew() -> None:
    case = Case(facts={"weakness": Fact("symptom", "present")})
    before = assess(case)
    case.facts["facial_droop"] = Fact("symptom", "present")
    assert assess(case) == judge(case) != before
    case.facts["facial_droop"].assertion = "absent"
    assert assess(case) == judge(case)
    case.person = replace(case.person, age_years=0.5)
    assert assess(case) == judge(case)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "KEPT", 3)
    monkeypatch.setattr(engine, "_kept", {})
    for days in range(10):
        assess(Case(duration=Course(float(days))))
        assert len(engine._kept) <= 3
    assert load_rules().version == assess(Case()).rules_version


def test_a_case_that_cannot_be_hashed_is_assessed() -> None:
    case = Case(places=[Place("arm", of=["weakness"])])  # type: ignore[arg-type]
    assert assess(case) == judge(case)
