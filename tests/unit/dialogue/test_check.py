"""The check: what it asks, what it does with words that are no answer, and how it ends."""
from __future__ import annotations

import json

import pytest

from tests.support.build import CALF, Talk, lasting, place, sym, titles, trig, words
from twitchwise.dialogue.check import quick_reply
from twitchwise.triage.questions import QuickReply, load_questions


def begun() -> Talk:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    return talk


def test_the_card_stands_with_the_first_question_only() -> None:
    talk = begun()
    assert load_questions().card in words(talk.turn)
    assert load_questions().card not in words(talk.no())


def test_it_never_asks_what_it_knows_and_at_most_twelve_questions() -> None:
    talk = begun()
    asked = [talk.turn.requested_slot]
    while talk.turn.check_open:
        asked.append(talk.no().requested_slot)
    asked = [code for code in asked if code]
    assert len(asked) == len(set(asked)) <= 12
    assert "where" not in asked and "duration" not in asked
    assert asked[:3] == ["breathing", "swallowing", "speech"]


def test_what_is_no_answer_is_asked_again_in_other_words_then_left_open() -> None:
    talk = begun()
    turn = talk.say("the blue one", intent=None)
    assert turn.requested_slot == "breathing" and "Puffing" in words(turn)
    turn = talk.say("the green one", intent=None)
    assert turn.requested_slot == "breathing" and "harder" in words(turn), "left open means not sure: the follow-up is asked"
    talk.say("the red one", intent=None)
    turn = talk.say("the grey one", intent=None)
    assert turn.requested_slot == "swallowing" and turn.slots["red_flags"] == []


def test_a_warning_sign_that_was_never_understood_keeps_nobody_at_home() -> None:
    talk = begun()
    for _ in range(4):
        talk.say("the blue one", intent=None)
    turn = talk.no_until_the_end()
    assert turn.slots["triage_level"] == "see_gp" and "every warning sign" in words(turn)


def test_again_and_again_not_understood_names_a_person() -> None:
    talk = begun()
    for _ in range(3):
        talk.say("the blue one", intent=None)
    assert "A person may help" in words(talk.turn)


def test_not_sure_twice_counts_as_possible() -> None:
    talk = begun()
    for _ in range(3):
        talk.no()
    assert talk.unsure().requested_slot == "weakness"
    turn = talk.unsure()
    assert turn.slots["red_flags"] == ["progressive_weakness"]


def test_a_second_symptom_is_kept_and_the_question_comes_again() -> None:
    turn = begun().say("cramps too", sym("cramping"), intent="describe_symptoms")
    assert turn.requested_slot == "breathing" and "cramping" in turn.slots["symptoms_present"] and "noted" in words(turn)


def test_whatever_is_named_as_a_trigger_answers_the_question() -> None:
    for findings, topics in (((trig("stress"),), ()), ((), (("cause_exercise", 0.9, 0, 10),)), ((), ())):
        talk = begun()
        while talk.turn.requested_slot != "trigger":
            talk.no()
        turn = talk.say("too much sport", *findings, intent="describe_symptoms" if findings else None, topics=topics)
        assert turn.requested_slot != "trigger" and turn.slots["faq_topic"] is None


def test_a_question_put_beside_the_trigger_is_still_a_question() -> None:
    talk = begun()
    while talk.turn.requested_slot != "trigger":
        talk.no()
    turn = talk.say("could it be coffee?", intent="ask_cause_caffeine", topics=(("cause_caffeine", 0.9, 0, 19),))
    assert turn.slots["faq_topic"] == "cause_caffeine" and turn.requested_slot == "trigger"


def test_stop_asking_ends_it_until_it_is_asked_for() -> None:
    talk = begun()
    turn = talk.say("stop asking", intent="stop_check")
    assert not turn.check_open and turn.slots["body_locations"] == ["calf"]
    for step in (lambda: talk.ask("emg"), lambda: talk.say("my foot tingles", sym("tingling"), intent="describe_symptoms"),
                 lambda: talk.say("I drop things", sym("weakness"), intent="describe_symptoms"), lambda: talk.say("hello", intent="greet")):
        assert not step().check_open
    assert talk.turn.slots["triage_level"] == "neurologist"
    assert talk.say("go on with the check", intent="start_check").check_open


@pytest.mark.parametrize("intent", ["later", "goodbye"])
def test_leaving_pauses_it(intent: str) -> None:
    talk = begun()
    assert not talk.say("later", intent=intent).check_open
    assert talk.state.phase == "paused"
    assert talk.say("hi again", intent="greet").requested_slot == "breathing"


def test_a_new_report_after_the_result_is_judged_again() -> None:
    talk = begun()
    talk.no_until_the_end()
    turn = talk.say("and I drop things", sym("weakness"), intent="describe_symptoms")
    assert turn.slots["triage_level"] == "neurologist"


def test_buttons_say_in_words_what_they_mean() -> None:
    week = quick_reply(QuickReply(title="Up to a week", days=7))
    assert json.loads(week.payload) == {"duration_days": 7, "text": "for 7 days"}
    assert json.loads(quick_reply(QuickReply(title="Nothing", answer="no", nothing=True)).payload)["text"] == "nothing sets it off"


def test_pressed_buttons_answer() -> None:
    talk = Talk()
    talk.say("hi", intent="greet")
    assert talk.press("Check my twitching").requested_slot == "breathing"
    for _ in range(4):
        talk.press("No")
    assert talk.turn.requested_slot == "where"
    assert talk.press("Calf").slots["body_locations"] == ["calf"]
    assert talk.press("Two to four weeks").slots["red_flags"] == ["persistent_twitching"]


def test_a_place_told_after_a_greeting_is_one_that_twitches() -> None:
    talk = Talk()
    talk.say("hi", intent="greet")
    turn = talk.say("left eyelid", place("eyelid", "left", of=()), intent="describe_symptoms")
    assert turn.slots["body_locations"] == ["eyelid"] and turn.check_open


def test_a_time_inside_small_talk_is_no_time_of_the_twitching() -> None:
    talk = Talk()
    talk.say("calf", sym("twitching"), place("calf"), intent="describe_symptoms")
    turn = talk.say("nice weather today", lasting(1, of=()), intent="chitchat")
    assert turn.slots["duration_days"] is None and turn.check_open


def test_the_result_has_what_to_do_why_and_what_would_change_it() -> None:
    talk = Talk()
    talk.say("calf", *CALF, trig("caffeine"), intent="describe_symptoms")
    turn = talk.no_until_the_end()
    text = words(turn)
    for part in ("Look after it yourself", "What I understood", "Why", "What I did not find", "What would change my advice",
                 "Less caffeine", "When to look again", "not a diagnosis"):
        assert part in text
    assert "Summary for a doctor" in titles(turn)
    card = turn.replies[-1].card
    assert json.loads(json.dumps(card)) == card and card["colour"] == "blue" and card["self_care"] == ["caffeine"]


def test_asking_about_a_twitch_without_a_question_starts_it() -> None:
    turn = Talk().say("can I ask about a cheek that twitches", sym("twitching", "hypothetical"), intent="help", confidence=0.2)
    assert turn.check_open and turn.slots["symptoms_present"] == []
    assert not Talk().ask("emg", "what does an EMG say about twitching?").check_open
