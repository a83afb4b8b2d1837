"""Questions, small talk, explanations, the person's data, people: each served, the check kept."""
from __future__ import annotations

import pytest

from tests.support.build import CALF, Talk, edit, lasting, no, person, place, sig, sym, titles, words


def begun() -> Talk:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    return talk


@pytest.mark.parametrize("intent", ["greet", "thank", "insult", "chitchat", "help", "are_you_human", "fear", "minimise", "what_found",
                                    "why_ask", "explain_question", "out_of_scope", "other_language", "talk_to_human", "typed_command",
                                    "get_summary"])
def test_every_digression_keeps_the_question(intent: str) -> None:
    turn = begun().say("something else", intent=intent)
    assert turn.requested_slot == "breathing" and turn.replies[-1].text.rstrip().endswith("?")
    assert turn.slots["red_flags"] == []


def test_an_answered_question_stays_as_the_topic_and_a_refused_one_does_not() -> None:
    talk = begun()
    assert talk.ask("emg").slots["faq_topic"] == "emg"
    turn = talk.say("who won the cup?", intent="out_of_scope")
    assert turn.slots["faq_topic"] == "emg" and turn.check_open


def test_two_questions_are_both_answered_and_a_second_reading_is_offered() -> None:
    talk = Talk()
    turn = talk.say("what is an EMG? and an MRI?", intent="ask_emg", topics=(("emg", 0.9, 0, 15), ("mri", 0.8, 16, 27)))
    assert turn.slots["faq_topic"] == "emg"
    answers = [reply.text for reply in turn.replies]
    assert len(answers) >= 2
    turn = talk.say("coffee?", intent="ask_cause_caffeine", topics=(("cause_caffeine", 0.6, 0, 7), ("reduce_caffeine", 0.4, 0, 7)))
    assert turn.slots["faq_topic"] == "cause_caffeine" and "Cutting down caffeine" in titles(turn)


def test_why_and_what_it_means_come_from_the_open_question() -> None:
    talk = begun()
    assert "breathing" in words(talk.say("why?", intent="why_ask"))
    assert "Puffing" in words(talk.say("what do you mean?", intent="explain_question"))
    assert "no question open" in words(Talk().say("what do you mean?", intent="explain_question"))


def test_a_fear_is_never_a_sign_and_gets_fewer_words_when_it_comes_again() -> None:
    talk = begun()
    first = words(talk.say("I'm scared it is ALS", sig("fear_als", "hypothetical"), intent="fear"))
    for _ in range(3):
        turn = talk.say("I'm scared", sig("fear_als", "hypothetical"), intent="fear")
    assert turn.slots["red_flags"] == [] and len(words(turn)) < len(first)
    assert "nothing to worry" not in words(turn)


def test_a_bare_fear_is_offered_the_check() -> None:
    turn = Talk().say("I'm so afraid", intent="fear")
    assert not turn.check_open and "Check my twitching" in titles(turn)
    assert words(turn).count("Shall we") == 1


def test_corrections_say_what_changed() -> None:
    talk = begun()
    turn = talk.say("sorry, thigh", edit(), place("calf", role="denied"), place("thigh", start=9), intent="correct_something")
    assert turn.slots["body_locations"] == ["thigh"] and "Noted: thigh, not calf." in words(turn)
    turn = talk.say("two months", edit(), lasting(60), intent="correct_something")
    assert "2 months, not 4 days" in words(turn) and turn.slots["triage_level"] == "neurologist"
    turn = talk.say("no, six days", edit(), lasting(6), intent="correct_something")
    assert turn.slots["red_flags"] == [] and turn.slots["triage_level"] is None and "no longer counts" in words(turn)


def test_a_correction_after_the_result_changes_the_advice_or_says_that_it_stays() -> None:
    talk = begun()
    talk.no_until_the_end()
    turn = talk.say("six weeks", edit(), lasting(42), intent="correct_something")
    assert turn.slots["triage_level"] == "neurologist" and "6 weeks, not 4 days" in words(turn) and "my advice" in words(turn)


def test_another_person_is_another_case() -> None:
    talk = Talk()
    talk.say("my son", person("child", relation="son", pronoun="he", age_years=9), *CALF, sym("weakness"), intent="describe_symptoms")
    assert "your son" in words(talk.turn)
    turn = talk.say("and me", person("self", switch=True), sym("twitching"), place("eyelid"), lasting(2), intent="describe_symptoms")
    assert turn.slots["body_locations"] == ["eyelid"] and turn.slots["red_flags"] == [] and turn.slots["duration_days"] == 2
    assert "afresh" in words(turn) and "your son" not in turn.replies[-1].text


def test_deleting_is_asked_back() -> None:
    talk = begun()
    turn = talk.say("delete my data", intent="delete_my_data")
    assert turn.effects == () and turn.slots["body_locations"] == ["calf"]
    turn = talk.press("No, keep it")
    assert turn.effects == () and turn.slots["body_locations"] == ["calf"]
    talk.say("delete my data", intent="delete_my_data")
    turn = talk.press("Yes, delete it")
    assert turn.effects == ("delete",) and not any(turn.slots.values())


def test_deletion_is_not_confirmed_by_something_else() -> None:
    talk = begun()
    talk.say("delete my data", intent="delete_my_data")
    turn = talk.say("my foot tingles", sym("tingling"), intent="describe_symptoms")
    assert turn.effects == () and "tingling" in turn.slots["symptoms_present"]


def test_a_summary_and_a_copy_only_when_asked_for() -> None:
    assert all(reply.card is None for reply in Talk().say("a summary please", intent="get_summary").replies)
    talk = begun()
    turn = talk.say("a summary please", intent="get_summary")
    assert [reply.card["kind"] for reply in turn.replies if reply.card] == ["summary"]
    assert turn.check_open and "not at the end" in words(turn)
    assert talk.say("my data please", intent="export_my_data").effects == ()
    assert talk.yes().effects == ("export",)
    assert "calf" in words(talk.turn)


def test_unsure_intents_do_not_end_or_wipe_anything() -> None:
    talk = begun()
    for intent in ("start_over", "stop_check", "later", "delete_my_data"):
        turn = talk.say("something or other", intent=intent, confidence=0.4)
        assert turn.check_open and turn.slots["body_locations"] == ["calf"]


def test_outside_the_check_buttons_come_second_and_a_person_third() -> None:
    talk = Talk()
    talk.say("the blue one")
    assert "Check my twitching" in titles(talk.say("the green one"))
    turn = talk.say("the red one")
    assert "Talk to a person" in titles(turn) and "999" in words(turn)


def test_another_language_names_the_number() -> None:
    assert "999" in words(Talk().say("bonjour", intent="other_language"))


def test_a_denial_is_kept_and_answers_its_question() -> None:
    talk = begun()
    turn = talk.say("no weakness, I breathe fine", no("weakness"), no("breathing_difficulty"), intent="describe_symptoms")
    assert {"weakness", "breathing_difficulty"} <= set(turn.slots["symptoms_absent"]) and turn.requested_slot == "swallowing"


def test_a_bare_no_after_the_result_and_somebody_else_who_has_it_too() -> None:
    talk = begun()
    talk.no_until_the_end()
    assert "My advice stays" in words(talk.no())
    turn = talk.say("my son has it too", person("child", relation="son", pronoun="he"), intent="describe_symptoms")
    assert "your son" in words(turn) and not turn.check_open and turn.slots["body_locations"] == ["calf"]


@pytest.mark.parametrize("intent", ["thank", "goodbye", "stop_check"])
def test_with_a_warning_sign_the_advice_is_said_once_more(intent: str) -> None:
    talk = begun()
    talk.say("I drop things", sym("weakness"), intent="describe_symptoms")
    assert "see a doctor in the next days" in words(talk.say("right", intent=intent))
