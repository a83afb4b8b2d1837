"""Where Rasa's own words have named the number, the dialogue says what to do, and does not name it again."""
from __future__ import annotations

import pytest

from tests.support.build import Talk, person, sig, sym, words
from twitchwise.dialogue import load_kit
from twitchwise.vocabulary.codes import load_codes

SIGNS = {"chest_pain": "sit down", "seizure": "also when it is over", "poisoning": "even if there are no signs yet",
         "lockjaw": "hospital emergency department", "facial_droop": "possible stroke", "saddle_numbness": "cauda equina"}


@pytest.mark.parametrize("code", SIGNS)
def test_the_number_is_not_said_twice(code: str) -> None:
    said = words(Talk().say("help", sym(code), intent="describe_symptoms", emergency_said=True))
    assert SIGNS[code] in said and "Call 999" not in said
    alone = words(Talk().say("help", sym(code), intent="describe_symptoms"))
    assert SIGNS[code] in alone and "Call 999" in alone


@pytest.mark.parametrize("country", [None, "UK", "US", "IE", "AU"])
@pytest.mark.parametrize("who", [[], [person("adult", relation="mother", pronoun="she")]])
def test_thoughts_of_dying_are_not_answered_twice(who: list, country: str | None) -> None:
    said = words(Talk(country=country).say("I want to die", *who, sym("suicidal_thoughts"), intent="describe_symptoms", emergency_said=True))
    assert load_kit().answers.numbers(country).crisis_text not in said
    assert "to hurt" in said and said.rstrip().endswith("?")


def test_every_emergency_can_do_without_its_first_line() -> None:
    kit = load_kit()
    for country in (None, *kit.answers.countries):
        number = kit.answers.numbers(country).emergency_text
        for flag, level in load_codes().red_flags.items():
            if level == "emergency" and flag != "suicidal_thoughts":
                for other in (False, True):
                    assert kit.answers.what_to_do(flag, country, other=other).startswith((f"Call {number} now. ", f"Call {number} now, "))


def test_a_reaction_keeps_its_advice() -> None:
    turn = Talk().say("fever since the new pills", sym("fever"), sig("medication_change"), intent="describe_symptoms", emergency_said=True)
    assert "keep the packets ready" in words(turn) and "Call 999" not in words(turn)
