from __future__ import annotations

import json

import pytest

from twitchwise.channels.press import press_of
from twitchwise.understanding.findings import findings_of


def press(**meaning: object) -> tuple[str, dict]:
    return press_of("Yes, the left one", json.dumps(meaning), [])


def test_an_answer_becomes_intent_and_finding() -> None:
    text, parsed = press(answer="yes")
    assert text == "Yes, the left one"
    assert parsed["intent"] == {"name": "affirm", "confidence": 1.0}
    assert [(f.kind, f.code) for f in findings_of(parsed["entities"])] == [("answer", "yes")]


def test_a_topic_becomes_its_intent() -> None:
    assert press(topic="is_it_als")[1]["intent"]["name"] == "ask_is_it_als"


def test_a_named_intent_wins() -> None:
    assert press(intent="start_check", answer="yes")[1]["intent"]["name"] == "start_check"


def test_places_symptoms_triggers_and_days() -> None:
    _, parsed = press(place=["calf", ["eyelid", "left"]], symptom="weakness", trigger=["caffeine"], duration_days=21)
    found = findings_of(parsed["entities"])
    assert [(f.code, f.laterality) for f in found if f.kind == "body_location"] == [("calf", None), ("eyelid", "left")]
    assert [(f.code, f.assertion) for f in found if f.kind in ("symptom", "trigger")] == [("weakness", "present"), ("caffeine", "present")]
    assert [(f.iso, f.days, f.role) for f in found if f.kind == "duration"] == [("P21D", 21, "course")]


def test_its_own_text_is_what_was_said() -> None:
    assert press(text="my calf twitches")[0] == "my calf twitches"


def test_the_whole_meaning_goes_along() -> None:
    assert press(answer="no", extra=1)[1]["button"] == {"answer": "no", "extra": 1}


@pytest.mark.parametrize("payload", ["[]", "3", '"x"', "not json"])
def test_a_payload_that_is_no_object_raises(payload: str) -> None:
    with pytest.raises(ValueError):
        press_of("x", payload, [])
