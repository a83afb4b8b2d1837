"""Bare answers and corrections."""
from __future__ import annotations

import pytest

from .build import asserted, findings


def answer(text: str) -> str | None:
    return next((finding.code for finding in findings(text, "answer")), None)


@pytest.mark.parametrize(("text", "code"), [
    ("yes", "yes"), ("Yeah", "yes"), ("yep it does", "yes"), ("I do.", "yes"), ("afraid so", "yes"), ("well, yes", "yes"), ("YES!!!", "yes"),
    ("no", "no"), ("nope", "no"), ("not really", "no"), ("none of those", "no"), ("I don't think so", "no"), ("um no", "no"),
    ("Never", "no"), ("no, nothing", "no"),
    ("not sure", "unsure"), ("I don't know", "unsure"), ("dunno", "unsure"), ("hard to say", "unsure"), ("maybe", "unsure"),
    ("a bit", "partly"), ("sometimes", "partly"), ("only when I climb stairs", "partly"), ("now and then", "partly"), ("yes the left one", "yes"),
])
def test_bare_answers(text: str, code: str) -> None:
    assert answer(text) == code


@pytest.mark.parametrize("text", ["my calf twitches", "what is ALS?", "the doctor said yes to the scan", "", "???", "no weakness or numbness"])
def test_what_is_no_answer(text: str) -> None:
    assert answer(text) is None


def test_no_before_a_comma_answers_and_denies_nothing() -> None:
    assert answer("No, chest pain") == "no"
    assert asserted("No, chest pain") == {"chest_pain": "present"}


@pytest.mark.parametrize(("text", "code"), [
    ("sorry, I meant my right leg", "correction"), ("actually it is my thumb", "correction"), ("I tell a lie, it was Tuesday", "correction"),
    ("I was only joking", "take_back"), ("ignore what I said about the weakness", "take_back"), ("scratch that", "take_back"),
])
def test_edits(text: str, code: str) -> None:
    assert code in {finding.code for finding in findings(text, "edit")}


def test_what_a_take_back_names_is_denied() -> None:
    assert asserted("ignore what I said about the weakness") == {"weakness": "absent"}


def test_joking_takes_back_no_suicidal_words() -> None:
    assert asserted("I was joking when I said I want to kill myself").get("suicidal_thoughts") == "present"
