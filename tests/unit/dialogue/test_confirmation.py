"""An open "Shall I delete it?" is the only open question: nothing else takes its answer, before, in or after an emergency."""
from __future__ import annotations

import pytest

from tests.support.build import CALF, Talk, answer, edit, last_question, no, sig, sym, titles, words

ASKED = "Shall I delete it"


def emergency(code: str = "breathing_difficulty") -> Talk:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    talk.say("help", sym(code) if code != "suicidal_thoughts" else sig(code), intent="describe_symptoms")
    assert talk.turn is not None and talk.turn.slots["triage_level"] == "emergency"
    return talk


def ask_to_delete(talk: Talk) -> None:
    turn = talk.say("delete my data", intent="delete_my_data")
    assert turn.effects == () and last_question(turn).strip().endswith(ASKED)


@pytest.mark.parametrize("code", ["breathing_difficulty", "suicidal_thoughts"])
def test_after_an_emergency_only_the_deletion_is_asked_and_the_number_stays(code: str) -> None:
    talk = emergency(code)
    ask_to_delete(talk)
    assert words(talk.turn).count("?") == 1
    assert "999" in words(talk.turn) or "116 123" in words(talk.turn)
    assert titles(talk.turn) == ["Yes, delete it", "No, keep it"]


@pytest.mark.parametrize("code", ["breathing_difficulty", "suicidal_thoughts"])
@pytest.mark.parametrize("how", ["press", "say", "say_it_whole"])
def test_after_an_emergency_yes_deletes(code: str, how: str) -> None:
    talk = emergency(code)
    ask_to_delete(talk)
    if how == "press":
        turn = talk.press("Yes, delete it")
    elif how == "say":
        turn = talk.yes()
    else:
        turn = talk.say("Yes, delete it", answer("yes"), intent="delete_my_data")
    assert turn.effects == ("delete",) and not any(turn.slots.values())


def test_after_an_emergency_no_keeps_it_and_the_emergency_goes_on() -> None:
    for how in ("press", "say"):
        talk = emergency()
        ask_to_delete(talk)
        turn = talk.press("No, keep it") if how == "press" else talk.no()
        assert turn.effects == () and "delete nothing" in words(turn) and "999" in words(turn)
        assert turn.slots["triage_level"] == "emergency"
        assert talk.state.awaiting == "help", "now its question is the open one again"
        turn = talk.yes()
        assert turn.effects == () and "with you" in last_question(turn)


def test_a_new_emergency_in_the_answer_deletes_nothing() -> None:
    talk = emergency()
    ask_to_delete(talk)
    turn = talk.say("yes and my face droops", answer("yes"), sym("facial_droop"), intent="affirm")
    assert turn.effects == () and "999" in words(turn)
    assert talk.state.awaiting == "help"


def test_the_button_deletes_whatever_was_asked_since() -> None:
    talk = emergency()
    ask_to_delete(talk)
    asked = talk.turn
    talk.say("hm", intent="chitchat")
    assert talk.state.awaiting == "help"
    talk.turn = asked
    assert talk.press("Yes, delete it").effects == ("delete",)


def test_the_keep_button_answers_no_other_question() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    ask_to_delete(talk)
    asked = talk.turn
    talk.say("weather?", intent="chitchat")
    question, known = talk.state.question, talk.state.case.asked.copy()
    assert question is not None
    talk.turn = asked
    turn = talk.press("No, keep it")
    assert turn.effects == () and talk.state.case.asked == known and talk.state.question == question


@pytest.mark.parametrize("how", ["press", "say", "unsure"])
def test_in_the_check_no_is_not_taken_for_its_question(how: str) -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    question, known = talk.state.question, talk.state.case.asked.copy()
    absent = set(talk.turn.slots["symptoms_absent"]) if talk.turn else set()
    assert question is not None
    ask_to_delete(talk)
    assert words(talk.turn).count("?") == 1, "the check's question waits"
    turn = talk.press("No, keep it") if how == "press" else talk.no() if how == "say" else talk.unsure()
    assert "delete nothing" in words(turn)
    assert talk.state.case.asked == known and set(turn.slots["symptoms_absent"]) == absent
    assert talk.state.question == question and turn.check_open and "?" in words(turn)


def test_no_dont_delete_is_no() -> None:
    talk = emergency()
    ask_to_delete(talk)
    turn = talk.say("no, do not delete my data", answer("no"), intent="delete_my_data")
    assert turn.effects == () and "delete nothing" in words(turn)


def test_asked_twice_without_a_yes_it_is_asked_again() -> None:
    talk = emergency()
    ask_to_delete(talk)
    ask_to_delete(talk)


def test_a_withdrawal_asked_back_is_not_confirmed_by_the_answer_about_deletion() -> None:
    talk = emergency()
    talk.say("joking", edit("take_back"), no("breathing_difficulty", 8), intent="take_back")
    ask_to_delete(talk)
    turn = talk.no()
    assert "breathing_difficulty" in turn.slots["red_flags"] and turn.slots["triage_level"] == "emergency"


def test_a_buttons_intent_wins_over_an_answer_read_in_its_title() -> None:
    talk = emergency()
    assert talk.state.awaiting == "help"
    turn = talk.say("Yes, my data", answer("yes"), payload={"intent": "export_my_data"})
    assert turn.effects == () and "999" in words(turn) and talk.state.awaiting == "export"
    assert talk.press("Yes, show it").effects == ("export",) and "999" in words(talk.turn)
    assert talk.state.awaiting == "help"


@pytest.mark.parametrize("how", ["press", "say"])
def test_a_copy_is_asked_back_once(how: str) -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    assert talk.turn is not None
    question = talk.turn.requested_slot
    turn = talk.say("export my data", intent="export_my_data")
    assert turn.effects == () and titles(turn) == ["Yes, show it", "No, leave it"]
    assert last_question(turn).strip().endswith("Shall I show it") and words(turn).count("?") == 1
    turn = talk.press("Yes, show it") if how == "press" else talk.yes()
    assert turn.effects == ("export",) and turn.requested_slot == question and "?" in words(turn)


@pytest.mark.parametrize("how", ["press", "say", "told"])
def test_anything_but_a_plain_yes_shows_nothing(how: str) -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    talk.say("export my data", intent="export_my_data")
    if how == "told":
        turn = talk.say("yes and my face droops", answer("yes"), sym("facial_droop"), intent="affirm")
        assert "999" in words(turn)
    else:
        turn = talk.press("No, leave it") if how == "press" else talk.no()
        assert "I show nothing" in words(turn)
    assert turn.effects == ()


def test_the_yes_to_a_copy_deletes_nothing() -> None:
    talk = Talk()
    talk.say("delete my data", intent="delete_my_data")
    talk.say("export my data", intent="export_my_data")
    assert talk.yes().effects == ("export",)


@pytest.mark.parametrize("code", ["breathing_difficulty", "suicidal_thoughts"])
def test_delete_is_read_as_a_retraction_too_and_takes_no_emergency_back(code: str) -> None:
    """The understanding reads "delete" as taking something back; here it is about the data."""
    talk = emergency(code)
    turn = talk.say("please delete my data", edit("take_back"), intent="delete_my_data")
    assert last_question(turn).strip().endswith(ASKED) and turn.slots["triage_level"] == "emergency"
    assert not talk.state.case.pending_withdrawal
    turn = talk.say("Yes, delete it", answer("yes"), edit("take_back"), intent="take_back")
    assert turn.effects == ("delete",)


def test_what_is_told_with_the_answer_is_still_taken_back_only_when_asked() -> None:
    talk = emergency()
    ask_to_delete(talk)
    turn = talk.say("yes, scrap that, I can breathe", answer("yes"), edit("take_back"), no("breathing_difficulty", 8), intent="take_back")
    assert turn.effects == () and turn.slots["triage_level"] == "emergency"
