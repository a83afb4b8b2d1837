"""The frame of a turn: slots, level, escalation, order, idempotence."""
from __future__ import annotations

import pytest

from tests.support.build import CALF, Talk, answer, edit, lasting, no, place, sym, titles, words

SLOTS = {"body_locations", "duration_days", "symptoms_present", "symptoms_absent", "triggers", "red_flags", "triage_level", "faq_topic"}


def test_a_report_starts_the_check_in_the_same_turn_and_fills_the_slots() -> None:
    turn = Talk().say("my left calf twitches", *CALF, intent="describe_symptoms")
    assert turn.check_open and turn.requested_slot == "breathing"
    assert set(turn.slots) == SLOTS
    assert turn.slots["body_locations"] == ["calf"] and turn.slots["duration_days"] == 4
    assert turn.slots["triage_level"] is None and turn.escalate is None
    assert turn.replies[-1].text.endswith("?") and "Yes" in titles(turn)


@pytest.mark.parametrize("intent", ["greet", "thank", "fear", "help", "chitchat", "out_of_scope", "gibberish", None])
def test_nothing_else_starts_it(intent: str | None) -> None:
    turn = Talk().say("hello there", intent=intent)
    assert not turn.check_open and turn.slots["triage_level"] is None


def test_a_bare_question_does_not_start_it() -> None:
    talk = Talk()
    turn = talk.ask("cause_caffeine", "can coffee make it twitch?")
    assert not turn.check_open and turn.slots["faq_topic"] == "cause_caffeine"
    assert "Check my twitching" in titles(turn)
    assert talk.yes().check_open


def test_a_flag_below_an_emergency_sets_the_level_and_the_check_goes_on() -> None:
    turn = Talk().say("it twitches and I drop things", *CALF, sym("weakness"), intent="describe_symptoms")
    assert turn.slots["red_flags"] == ["progressive_weakness"] and turn.slots["triage_level"] == "neurologist"
    assert turn.check_open and "doctor" in words(turn)
    assert turn.escalate is not None and turn.escalate.new_flags == ("progressive_weakness",)
    assert turn.escalate.level == "neurologist" and turn.escalate.previous_level is None
    assert "symptom:weakness:present" in turn.escalate.said and all("drop" not in code for code in turn.escalate.said)


def test_an_emergency_ends_the_check_and_comes_first() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    turn = talk.say("can stress do it? my chest hurts", sym("chest_pain"), intent="describe_symptoms",
                    topics=(("cause_stress_anxiety", 0.8, 0, 17),))
    assert turn.slots["triage_level"] == "emergency" and turn.requested_slot is None and not turn.check_open
    assert "999" in turn.replies[0].text and turn.replies[0].card["kind"] == "emergency"
    assert turn.slots["faq_topic"] == "cause_stress_anxiety", "the question is served as well"
    assert turn.escalate is not None and turn.escalate.level == "emergency"


def test_the_level_of_the_result_comes_at_the_end() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    turn = talk.no_until_the_end()
    assert turn.slots["triage_level"] == "self_care" and turn.requested_slot is None
    assert turn.escalate is None
    assert turn.replies[-1].card["level"] == "self_care"


def test_the_same_message_twice_changes_nothing() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms", message_id="one")
    before = talk.state.to_dict()
    turn = talk.say("calf", *CALF, sym("weakness"), intent="describe_symptoms", message_id="one")
    assert turn.slots["red_flags"] == [] and turn.escalate is None
    assert talk.state.to_dict() == before


def test_the_same_input_gives_the_same_turn() -> None:
    one, other = Talk(), Talk()
    for talk in (one, other):
        talk.say("calf", *CALF, intent="describe_symptoms")
        talk.say("sorry, thigh", edit(), place("calf", role="denied"), place("thigh", start=5), intent="correct_something")
    assert one.turn.replies == other.turn.replies and one.state.to_dict() == other.state.to_dict()


def test_start_over_empties_every_slot() -> None:
    talk = Talk()
    talk.say("calf", *CALF, sym("weakness"), intent="describe_symptoms")
    talk.ask("emg")
    turn = talk.say("start over", intent="start_over")
    assert not any(turn.slots.values()) and not turn.check_open
    assert "999" not in words(turn)


def test_start_over_after_an_emergency_repeats_the_number_and_after_a_crisis_the_line() -> None:
    for code, said in (("breathing_difficulty", "999"), ("suicidal_thoughts", "116 123")):
        talk = Talk()
        talk.say("help", sym(code), intent="describe_symptoms")
        turn = talk.say("start over", intent="start_over")
        assert not any(turn.slots.values()) and said in words(turn)


def test_what_starting_over_says_beside_it_is_kept() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    turn = talk.say("start over, it is my eyelid since 2 days", sym("twitching"), place("eyelid"), lasting(2), intent="start_over",
                    confidence=1.0)
    assert turn.slots["body_locations"] == ["eyelid"] and turn.check_open


def test_feeling_better_does_not_lower_the_level() -> None:
    talk = Talk()
    talk.say("calf for five weeks", sym("twitching"), place("calf"), lasting(35), intent="describe_symptoms")
    talk.say("it is fine really", intent="minimise")
    turn = talk.say("it is getting better", sym("improving"), intent="describe_symptoms")
    assert turn.slots["triage_level"] == "neurologist"


def test_a_possible_sign_that_is_denied_may_fall() -> None:
    talk = Talk()
    talk.say("it feels weak", *CALF, sym("weakness", "possible"), intent="describe_symptoms")
    turn = talk.say("no, it is not weak", no("weakness"), intent="describe_symptoms")
    assert turn.slots["red_flags"] == [] and turn.slots["triage_level"] is None


def test_a_country_that_is_not_known_gets_every_number() -> None:
    turn = Talk(country=None).say("help", sym("chest_pain"), intent="describe_symptoms")
    assert all(number in words(turn) for number in ("999", "112", "911", "000"))


def test_words_that_fail_to_be_understood_still_get_an_answer() -> None:
    talk = Talk()
    for text in ("", " ", "\x00", "🙂", "...", "a" * 5000):
        assert words(talk.say(text)).strip()


def test_a_weak_yes_in_front_of_something_else_agrees_to_nothing() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    marker = answer("yes")
    marker = type(marker)(marker.kind, marker.code, 0, 5)
    turn = talk.say("right, so there are cramps too", marker, sym("cramping"), intent="describe_symptoms")
    assert turn.slots["triage_level"] != "emergency"
