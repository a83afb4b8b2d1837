from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from twitchwise.dialogue import DialogueState, Message
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
    state = DialogueState(case=case, phase="check" if asked else "idle", question=asked, last_at=NOW.isoformat())
    return TurnState(dialogue=state.to_dict(), message_id="m0", requested_slot=asked)


def find(findings: list[Finding], state: TurnState | None = None, known: tuple[str, ...] = (), **more: Any) -> module.Emergency | None:
    message = Message(findings=findings, message_id="m1", now=NOW, **{"text": "words", "intent_confidence": 0.9, **more})
    return find_emergency(message, state or TurnState(), known)


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


def test_nothing_is_said_that_the_dialogue_would_not_say() -> None:
    yes = [Finding(kind=ANSWER, code="yes")]
    state = state_after(sym("twitching"), asked="breathing")
    assert find(yes, state, text="ok so why do you ask", intent="why_ask") is None
    assert find(yes, state, text="yes", intent="affirm") is not None


def test_after_start_over_the_same_emergency_is_a_new_one() -> None:
    state = state_after(sym("chest_pain"))
    assert find([sym("chest_pain")], state, ("chest_pain",), text="start over, my chest hurts", intent="start_over") is not None


def test_a_dialogue_that_fails_hides_no_emergency(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(module, "serve", broken)
    found = find([sym("chest_pain")], state_after(sym("atrophy")), ("atrophy",))
    assert found is not None and found.new == ("chest_pain",) and set(found.red_flags) == {"atrophy", "chest_pain"}
