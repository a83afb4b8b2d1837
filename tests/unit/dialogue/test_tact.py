"""What grated when whole conversations were read aloud: small things that a tired person would mind."""
from __future__ import annotations

import pytest

from tests.support.build import CALF, Talk, place, sig, sym, titles, words
from twitchwise.dialogue.person import is_here


def finished() -> Talk:
    talk = Talk()
    talk.say("my left calf twitches, 4 days", *CALF, intent="describe_symptoms")
    talk.no_until_the_end()
    return talk


def test_stop_after_the_result_leaves_nothing_unfinished() -> None:
    talk = finished()
    turn = talk.say("I'm ok", intent="stop_check")
    assert "My advice stays" in words(turn) and "Go on with the check" not in titles(turn)
    assert "not finished" not in words(talk.say("what did you find?", intent="what_found"))
    # It is kept to: something new changes the advice, and asks nothing.
    turn = talk.say("my thumb is weak", sym("weakness"), place("thumb", of=("weakness",)), intent="describe_symptoms")
    assert turn.slots["triage_level"] == "neurologist" and not turn.check_open


@pytest.mark.parametrize("text", ["ok go on", "yes carry on", "continue please"])
@pytest.mark.parametrize("leaving", ["stop_check", "later"])
def test_go_on_some_turns_later_opens_the_check_again(text: str, leaving: str) -> None:
    talk = Talk()
    talk.say("my left calf twitches, 4 days", *CALF, intent="describe_symptoms")
    talk.say("not now", intent=leaving)
    assert not talk.ask("which_doctor").check_open
    assert talk.say(text, intent="affirm").check_open


def test_a_greeting_inside_the_check_asks_one_thing() -> None:
    talk = Talk()
    talk.say("my left calf twitches, 4 days", *CALF, intent="describe_symptoms")
    talk.say("later", intent="later")
    said = words(talk.say("hi again", intent="greet"))
    assert "Hello again" in said and said.count("?") == 1


def test_noise_is_excused_once_and_each_time_with_the_number() -> None:
    talk = Talk()
    talk.say("my left calf twitches, 4 days", *CALF, intent="describe_symptoms")
    for text in ("asdfgh", "blah blah", "qwert"):
        said = words(talk.say(text, intent="gibberish"))
        assert said.lower().count("sorry") <= 1 and "999" in said and said.count("?") == 1


def test_before_there_is_advice_it_says_what_is_missing() -> None:
    talk = Talk()
    talk.say("my left calf twitches, 4 days", *CALF, intent="describe_symptoms")
    said = words(talk.say("so what do I do", intent="what_found"))
    assert "a few more answers" in said and "999" in said


@pytest.mark.parametrize(("text", "here"), [
    ("ok my sister is here now", True), ("my mum is with me", True), ("my husband just came", True), ("mum's here", True), ("my sister is not here", False),
    ("nobody is here", False), ("if my mum is here", False), ("is my sister here?", False), ("my dad has gone", False), ("my brother will come over", False),
])
def test_somebody_is_here(text: str, here: bool) -> None:
    assert is_here(text) is here


def test_who_is_with_somebody_is_not_asked_to_call_them() -> None:
    talk = Talk()
    talk.say("I want to end it", sym("suicidal_thoughts"), intent="describe_symptoms")
    said = words(talk.say("ok my sister is here now", sig("happening_now", "family"), intent="greet"))
    assert "Let them stay with you" in said and "116 123" in said and "?" not in said
    said = words(talk.say("thanks", intent="thank"))
    assert "116 123" in said and "?" not in said
    assert "do not stay alone" in words(talk.no())
