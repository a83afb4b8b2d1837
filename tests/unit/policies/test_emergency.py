from __future__ import annotations

from datetime import datetime, timezone

import pytest

from twitchwise.policies import emergency as module
from twitchwise.policies.emergency import find_emergency
from twitchwise.triage import Case, update_case
from twitchwise.turn_state import TurnState
from twitchwise.understanding.findings import ABSENT, ANSWER, PERSON, PRESENT, SYMPTOM, Finding

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)


def sym(code: str, assertion: str = PRESENT, onset: str | None = None) -> Finding:
    return Finding(kind=SYMPTOM, code=code, assertion=assertion, onset=onset)


def state_after(*findings: Finding, asked: str | None = None) -> TurnState:
    case = update_case(Case(), list(findings), message_id="m0", now=NOW).case
    return TurnState(dialogue={"case": case.to_dict()}, message_id="m0", requested_slot=asked)


def find(findings: list[Finding], state: TurnState | None = None, known: tuple[str, ...] = ()) -> module.Emergency | None:
    return find_emergency(findings, state or TurnState(), known, message_id="m1", now=NOW)


def test_an_emergency_in_the_first_message() -> None:
    found = find([sym("chest_pain")])
    assert found is not None and found.new == ("chest_pain",) and found.bodily and not found.crisis


def test_thoughts_of_suicide_are_a_crisis_and_displace_nothing() -> None:
    found = find([sym("suicidal_thoughts"), sym("chest_pain")])
    assert found is not None and found.crisis and found.bodily
    alone = find([sym("suicidal_thoughts")])
    assert alone is not None and alone.crisis and not alone.bodily


def test_what_is_no_emergency() -> None:
    assert find([sym("twitching"), sym("weakness")]) is None
    assert find([sym("chest_pain", ABSENT)]) is None
    assert find([]) is None


def test_a_known_emergency_goes_the_ordinary_way() -> None:
    assert find([sym("chest_pain")], state_after(sym("chest_pain")), ("chest_pain",)) is None


def test_other_flags_of_the_case_stay() -> None:
    found = find([sym("chest_pain")], state_after(sym("atrophy")), ("atrophy",))
    assert found is not None and set(found.red_flags) == {"atrophy", "chest_pain"} and found.new == ("chest_pain",)


def test_parts_from_different_messages_make_one() -> None:
    found = find([sym("one_sided_weakness", onset="sudden")], state_after(sym("twitching")))
    assert found is not None and "stroke_signs" in found.new


def test_a_bare_yes_to_the_question_about_breathing() -> None:
    yes = Finding(kind=ANSWER, code="yes")
    found = find([yes], state_after(sym("twitching"), asked="breathing"))
    assert found is not None and "breathing_difficulty" in found.new
    assert find([yes], state_after(sym("twitching"))) is None


def test_a_change_of_person_starts_over() -> None:
    son = Finding(kind=PERSON, code="child", detail={"relation": "son", "pronoun": "he"})
    found = find([son, sym("chest_pain")], state_after(sym("chest_pain"), sym("atrophy")), ("chest_pain", "atrophy"))
    assert found is not None and found.red_flags == ("chest_pain",)


@pytest.mark.parametrize("damaged", [{"case": {"facts": 3}}, {"case": "x"}, {"case": {"schema": 999}}])
def test_a_damaged_case_hides_no_emergency(damaged: dict) -> None:
    found = find([sym("chest_pain")], TurnState(dialogue=damaged, message_id="m0"))
    assert found is not None and found.new == ("chest_pain",)


def test_a_state_without_a_case_hides_no_emergency() -> None:
    assert find([sym("chest_pain")], TurnState(dialogue={"phase": "idle"}, message_id="m0")) is not None
