"""Whatever is said, no question is put again and again, and the check ends with a level."""
from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.build import CALF, Talk, answer, last_question, lasting, no, person, place, sig, sym, trig, words
from twitchwise.understanding.findings import FAMILY, Finding

MOST_TURNS = 30
INTENTS = ["out_of_scope", "chitchat", "gibberish", "greet", "thank", "insult", "help", "are_you_human", "fear", "minimise", "why_ask",
           "explain_question", "what_found", "other_language", "talk_to_human", "get_summary", "typed_command", "describe_symptoms",
           "start_check", "affirm", "deny", "unsure", "later", "take_back", "correct_something", "ask_emg", None]
TEXTS = ["it came on after new tablets", "well", "what is an EMG?", "", "???", "my neighbour has a red car"]
FINDINGS: list[Finding] = [
    sig("gradual_onset"), sig("sudden_onset", "absent"), sig("medication_change", FAMILY), sig("takes_medicine"), sig("tests_normal"),
    trig("medication", FAMILY), trig("stress"), place("calf"), place("back", of=("pain",)), lasting(3), lasting(5, of=()), sym("pain"),
    sym("fatigue"), no("weakness"), no("fever"), sym("twitching"), sig("fear_als", "hypothetical"), answer("yes"), answer("no"),
    answer("unsure"), answer("partly"),
]  # fmt: skip
messages = st.tuples(st.sampled_from(TEXTS), st.sampled_from(INTENTS), st.lists(st.sampled_from(FINDINGS), max_size=3))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(messages, min_size=MOST_TURNS, max_size=MOST_TURNS))
def test_no_question_is_put_more_than_twice_and_the_check_ends(said: list[tuple[str, str | None, list[Finding]]]) -> None:
    follow(said)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages)
def test_the_same_message_for_ever_does_not_hold_the_check(same: tuple[str, str | None, list[Finding]]) -> None:
    follow([same] * MOST_TURNS)


def follow(said: list[tuple[str, str | None, list[Finding]]]) -> None:
    """The conversation, up to the end of its check; "later" is a pause, and the next message counts from there."""
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    put: Counter[tuple[str, str]] = Counter()
    for text, intent, findings in said:
        assert talk.turn is not None
        if talk.turn.requested_slot:
            put[talk.turn.requested_slot, last_question(talk.turn)] += 1
        if talk.state.phase in ("done", "emergency"):
            break
        topics = (("emg", 0.9, 0, 15),) if intent == "ask_emg" else ()
        talk.say(text, *findings, intent=intent, topics=topics)
    assert talk.turn is not None
    assert max(put.values()) <= 2, put
    assert max(Counter(code for code, _ in put).values()) <= 2, "more than a question and its follow-up"
    assert not talk.turn.check_open
    if talk.state.phase != "paused":
        assert talk.turn.slots["triage_level"] is not None


def until(talk: Talk, code: str) -> Talk:
    while talk.turn is not None and talk.turn.check_open and talk.turn.requested_slot != code:
        talk.no()
    return talk


@pytest.mark.parametrize("code", ["trigger", "medication"])
def test_a_changed_medicine_answers_the_questions_it_fits(code: str) -> None:
    talk = Talk()
    talk.say("his calf", *CALF, person("adult", relation="he", pronoun="he"), intent="describe_symptoms")
    until(talk, code)
    turn = talk.say("it seemed to come on after he started his new tablets", sig("medication_change", FAMILY), trig("medication", FAMILY),
                    intent="out_of_scope")
    assert turn.requested_slot != code and "medication" in turn.slots["triggers"]


def test_a_relative_named_beside_stays_background() -> None:
    talk = Talk()
    talk.say("his calf", *CALF, person("adult", relation="he", pronoun="he"), intent="describe_symptoms")
    until(talk, "trigger")
    turn = talk.say("his dad takes new tablets", trig("medication", FAMILY), intent="out_of_scope")
    assert turn.slots["triggers"] == []


def test_what_tells_something_is_no_question_out_of_scope() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    turn = talk.say("since the new tablets", trig("medication"), intent="out_of_scope")
    assert turn.requested_slot == "breathing" and "pharmacist" not in words(turn)


def test_a_question_out_of_scope_is_still_refused() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    turn = talk.say("can I take two tablets?", trig("medication", "hypothetical"), intent="out_of_scope")
    assert turn.requested_slot == "breathing" and "pharmacist" in words(turn)


def test_after_too_long_there_is_a_level_and_a_way_on() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    for _ in range(25):
        talk.ask("emg")
    assert not talk.turn.check_open and talk.turn.slots["triage_level"] == "see_gp"
    assert talk.say("go on", intent="start_check").check_open


def test_the_person_asked_about_may_be_named_again() -> None:
    talk = Talk()
    talk.say("my wife's calf", *CALF, person("adult", relation="wife", pronoun="she"), intent="describe_symptoms")
    until(talk, "trigger")
    assert talk.say("my wife is under stress", trig("stress", FAMILY), intent="out_of_scope").slots["triggers"] == ["stress"]


def test_while_nobody_was_named_she_is_the_person_of_the_case() -> None:
    talk = Talk()
    talk.say("I'm a carer, one of my ladies twitches in the arm", sym("twitching"), place("arm"), lasting(5), intent="describe_symptoms")
    talk.say("the doctor started her on new tablets last week", sig("medication_change", FAMILY), intent="describe_symptoms")
    turn = talk.say("she has a fever now", person("adult", relation="she", pronoun="she"), sym("fever"), intent="describe_symptoms")
    assert turn.slots["red_flags"] == ["medication_reaction"]


@pytest.mark.parametrize("who", ["self", None])
def test_a_named_relative_stays_background_in_a_case_of_ones_own(who: str | None) -> None:
    talk = Talk()
    talk.say("calf", *CALF, *([person("self", switch=True)] if who else []), intent="describe_symptoms")
    assert talk.say("my dad takes tablets, he does", trig("medication", FAMILY), intent="describe_symptoms").slots["triggers"] == []
