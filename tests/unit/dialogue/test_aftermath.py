"""After an emergency: the number again and again, the withdrawal asked back, thoughts of dying never withdrawn."""
from __future__ import annotations

import pytest

from tests.support.build import CALF, Talk, edit, last_question, no, person, place, sig, sym, words


def emergency(code: str = "breathing_difficulty") -> Talk:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    talk.say("help", sym(code), intent="describe_symptoms")
    return talk


@pytest.mark.parametrize("intent", ["greet", "thank", "goodbye", "insult", "chitchat", "help", "later", "stop_check", "minimise", "fear",
                                    "out_of_scope", "gibberish", "other_language", "what_found", "talk_to_human", "start_check", "affirm",
                                    "get_summary", "describe_symptoms", "typed_command", "are_you_human", None])
def test_every_reply_names_the_number_and_nothing_is_checked(intent: str | None) -> None:
    turn = emergency().say("whatever", intent=intent)
    assert "999" in words(turn) and not turn.check_open
    assert turn.slots["triage_level"] == "emergency"
    assert not any(cheerful in words(turn) for cheerful in ("You are welcome", "Take care", "Glad to help", "Bye for now"))


def test_a_question_is_answered_after_the_number() -> None:
    turn = emergency().ask("emg")
    assert "999" in turn.replies[0].text and turn.slots["faq_topic"] == "emg"


def test_help_reached_and_somebody_there() -> None:
    talk = emergency()
    assert "999" in last_question(talk.turn)
    assert "with you" in last_question(talk.yes())
    turn = talk.no()
    assert "door" in words(turn) and "999" in words(turn)


def test_no_help_yet() -> None:
    talk = emergency()
    assert "call 999 now" in words(talk.no())
    talk.say("hm", intent="chitchat")
    assert "999" in words(talk.unsure())


def test_a_withdrawal_is_asked_back_and_the_level_stays() -> None:
    talk = emergency()
    turn = talk.say("joking", edit("take_back"), no("breathing_difficulty", 8), intent="take_back")
    assert last_question(turn).strip() == "So your breathing is fine"
    assert turn.slots["triage_level"] == "emergency" and "breathing_difficulty" in turn.slots["red_flags"]
    turn = talk.yes()
    assert turn.slots["red_flags"] == [] and turn.slots["triage_level"] is None
    assert turn.check_open, "the check that the emergency ended goes on"


def test_a_withdrawal_that_is_not_confirmed_changes_nothing() -> None:
    for reply in ("no", "unsure"):
        talk = emergency()
        talk.say("joking", edit("take_back"), no("breathing_difficulty", 8), intent="take_back")
        turn = getattr(talk, reply)()
        assert turn.slots["triage_level"] == "emergency" and "999" in words(turn)


def test_what_stays_after_a_withdrawal_is_said() -> None:
    talk = emergency()
    talk.say("and I drop things", sym("weakness"), intent="describe_symptoms")
    talk.say("joking", edit("take_back", "breathing_difficulty"), no("breathing_difficulty", 8), intent="take_back")
    turn = talk.yes()
    assert turn.slots["triage_level"] == "neurologist" and "still counts" in words(turn)


def test_after_stop_asking_a_withdrawal_does_not_open_the_check_again() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    talk.say("stop asking", intent="stop_check")
    talk.say("help", sym("chest_pain"), intent="describe_symptoms")
    talk.say("joking", edit("take_back"), no("chest_pain", 8), intent="take_back")
    assert not talk.yes().check_open


def test_a_crisis_is_never_withdrawn_and_names_the_line() -> None:
    talk = emergency("suicidal_thoughts")
    assert "116 123" in words(talk.turn) and "already taken" in words(talk.turn)
    for findings, intent in (((edit("take_back"),), "take_back"), ((no("suicidal_thoughts"),), "minimise"), ((), "thank")):
        turn = talk.say("just joking", *findings, intent=intent)
        assert "suicidal_thoughts" in turn.slots["red_flags"] and "116 123" in words(turn)


def test_something_already_taken() -> None:
    turn = emergency("suicidal_thoughts").say("I took my tablets", sig("takes_medicine"), intent="describe_symptoms")
    assert "Call 999 now" in words(turn)


def test_a_crisis_and_a_bodily_emergency_are_both_said_whatever_the_order() -> None:
    for first, second in (("suicidal_thoughts", "chest_pain"), ("chest_pain", "suicidal_thoughts")):
        talk = emergency(first)
        talk.say("and this", sym(second), intent="describe_symptoms")
        turn = talk.say("thanks", intent="thank")
        assert "999" in words(turn) and "116 123" in words(turn)


def test_another_emergency_gets_its_own_words() -> None:
    turn = emergency("lockjaw").say("now my chest hurts", sym("chest_pain"), intent="describe_symptoms")
    assert "Chest pain" in turn.replies[0].text and turn.escalate is not None


def test_for_somebody_else_the_words_are_about_them() -> None:
    talk = Talk()
    turn = talk.say("my wife wants to die", person("adult", relation="wife", pronoun="she"), sym("suicidal_thoughts"),
                    intent="describe_symptoms")
    assert "be with her" in last_question(turn)
    assert "leave her alone" in words(talk.yes())


def test_a_new_person_after_an_emergency_hears_the_number_once_more() -> None:
    turn = emergency().say("now about my son", person("child", relation="son", pronoun="he"), sym("twitching"), place("eyelid"),
                           intent="describe_symptoms")
    assert turn.slots["red_flags"] == [] and "999" in words(turn) and turn.check_open


def test_a_small_child_that_jerks_is_seen_today() -> None:
    turn = Talk().say("my baby's arm jerks", person("child", relation="son", pronoun="he", age_years=2), sym("twitching"), place("arm"),
                      sig("jerks"), intent="describe_symptoms")
    assert turn.slots["triage_level"] == "urgent" and "today" in words(turn)


def test_somebody_who_plays_it_down_is_no_new_case() -> None:
    turn = emergency("facial_droop").say("my mother says it is only tiredness", person("adult", relation="mother", pronoun="she"),
                                         sym("fatigue"), intent="minimise")
    assert turn.slots["triage_level"] == "emergency" and "stroke_signs" in turn.slots["red_flags"] and "999" in words(turn)


def test_the_question_whether_help_is_there_is_put_twice_and_its_answer_still_counts() -> None:
    talk = Talk()
    talk.say("I want to die", sym("suicidal_thoughts"), intent="describe_symptoms")
    said = [words(talk.say("I do not know", intent=None)) for _ in range(3)]
    assert ["Is there someone" in each for each in said] == [True, False, False]
    assert all("116 123" in each for each in said)
    assert "do not stay alone" in words(talk.no())


def test_somebody_who_could_come_is_heard() -> None:
    talk = Talk()
    talk.say("I want to die", sym("suicidal_thoughts"), intent="describe_symptoms")
    assert "ask them now" in words(talk.say("my sister could come", intent=None))


def test_thanks_in_the_middle_of_the_check_are_short() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    said = words(talk.say("thanks", intent="thank"))
    assert "welcome" in said and "Come back" not in said and talk.turn.requested_slot == "breathing"
