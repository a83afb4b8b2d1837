"""What is recorded is codes: whatever comes in, no words go out."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.records.keys import Keys
from twitchwise.records.turns import NOT_A_CODE, Escalation, TurnRecord, turn_record
from twitchwise.triage.case import Case
from twitchwise.triage.engine import assess
from twitchwise.understanding.findings import Finding

KEYS = Keys(b"unit tests " * 4)
NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
anything = st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text()))


def test_findings_assessment_and_escalation_become_codes():
    findings = [Finding("symptom", "weakness", assertion="present", onset="sudden"),
                Finding("body_location", "hand", laterality="right", role="site"), Finding("duration", "duration", days=3.0, role="course")]
    turn = turn_record(KEYS, "someone", "m1", findings, assess(Case()), Escalation("emergency", ("stroke_signs",)), NOW, channel="rest",
                       state={"a": 1})
    assert [(each.kind, each.code, each.assertion, each.onset, each.laterality, each.days) for each in turn.findings] == [
        ("symptom", "weakness", "present", "sudden", None, None), ("body_location", "hand", None, None, "right", None),
        ("duration", "duration", None, None, None, 3.0)]
    assert turn.assessment.level == "self_care" and turn.assessment.rules_version == assess(Case()).rules_version
    assert turn.escalation.said == ("weakness:present",)
    assert (turn.at, turn.channel, turn.moment) == ("2026-03-01T12:00:00+00:00", "rest", NOW)
    assert TurnRecord.from_line(turn.to_line()) == turn


@given(anything, anything, anything, anything)
def test_words_never_get_through(code, level, said, channel):
    turn = turn_record(
        KEYS, "someone", "m1", [{"kind": code, "code": code, "assertion": code, "role": code}],
        {"level": level, "red_flags": [code], "amber": said if isinstance(said, list) else [], "reasons": [{"rule": code}],
         "rules_version": level},
        {"level": level, "red_flags": [code], "said": said if isinstance(said, list) else None, "kind": code}, NOW,
        channel=channel)
    assert TurnRecord.from_line(turn.to_line()) == turn
    values = [turn.channel or "", turn.assessment.level, *turn.assessment.red_flags, *turn.assessment.amber, *turn.assessment.rules,
              turn.escalation.level, turn.escalation.kind, *turn.escalation.said, *turn.findings[0].__dict__.values()]
    for value in values:
        assert value is None or (" " not in str(value) and len(str(value)) <= 64)


@pytest.mark.parametrize("words", ["my leg hurts", "<script>", "naïve", "x" * 65, "line\nbreak", 7, ["a"], None])
def test_what_is_no_code_is_named_so(words):
    turn = turn_record(KEYS, "someone", "m", [{"kind": "symptom", "code": words}], None, None, NOW)
    assert turn.findings[0].code == NOT_A_CODE


def test_ids_depend_on_conversation_and_message_only():
    one, two = (turn_record(KEYS, "someone", "m1", [], None, Escalation("emergency"), NOW + timedelta(days=day)) for day in (0, 1))
    assert one.escalation_id == two.escalation_id
    assert one.escalation_id != turn_record(KEYS, "another", "m1", [], None, Escalation("emergency"), NOW).escalation_id
    assert "someone" not in one.to_line()


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        turn_record(KEYS, "someone", "m1", now=datetime(2026, 3, 1))


@pytest.mark.parametrize("line", ["", "{}", "[]", "null", '{"conversation": 1}', "not json"])
def test_a_damaged_line_is_noticed(line):
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        TurnRecord.from_line(line)
