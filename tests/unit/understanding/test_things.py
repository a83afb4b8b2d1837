"""What is told of a thing or an animal is no symptom; what a person says of the own body beside it is."""

from __future__ import annotations

import pytest

from twitchwise.understanding.reader import load_reader


def told(text: str) -> dict[str, str | None]:
    return {item.code: item.assertion for item in load_reader().read(text).findings if item.kind == "symptom"}


@pytest.mark.parametrize(
    "text",
    [
        "Our router collapses as soon as it rains.",
        "The meringue collapsed at the last minute.",
        "My broadband has gone weak again.",
        "The ice on our lake is getting thin.",
        "That was a weak argument if you ask me.",
        "My poor old cat has lost weight.",
        "The van broke down and then the engine seized.",
        "The roof of our shed nearly collapsed.",
    ],
)
def test_a_thing_has_no_symptoms(text: str) -> None:
    assert told(text) == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I felt weak in the car this morning", "weakness"),
        ("The cake collapsed and then my husband collapsed too", "seizure"),
        ("The film was fine but my left hand is weak", "weakness"),
        ("My dog is fine, I have lost weight without trying", "weight_loss"),
        ("I have shed a stone and nothing has changed in what I eat", "weight_loss"),
        ("The shopping bag slides out of my hand", "weakness"),
        ("My calf is weak", "weakness"),
        ("After the match I passed out", "seizure"),
    ],
)
def test_a_person_keeps_theirs(text: str, code: str) -> None:
    assert told(text).get(code) in ("present", "possible")


def test_what_nobody_could_do_is_no_weakness() -> None:
    assert "weakness" not in told("I can't get the top off this jar, nobody in our street can.")
    assert told("I can't get the top off any jar, nobody can help me.")["weakness"] == "present"


@pytest.mark.parametrize(
    "text",
    [
        "Down two stone since spring, and proud of it, slimming club and long walks.",
        "I lost ten kilos on purpose for the wedding.",
        "-5 kg since June, planned.",
        "Twelve pounds down, every one of them on purpose.",
    ],
)
def test_weight_that_was_to_go_is_no_weight_loss(text: str) -> None:
    assert told(text).get("weight_loss") in (None, "absent")


@pytest.mark.parametrize("text", ["Two stone off since spring and I have not dieted.", "I lost ten kilos, not on purpose.", "Down 5 kg, no diet."])
def test_weight_that_goes_by_itself_stays(text: str) -> None:
    assert told(text).get("weight_loss") in ("present", "possible")


def test_leaning_for_want_of_breath_is_no_weakness() -> None:
    assert "weakness" not in told("I get short of breath on the way to the shop and have to hold on to a railing.")
    assert told("I have to hold on to the railing, my legs are weak")["weakness"] == "present"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Leave my brother out of it.", "confusion"),
        ("I was tired af after the shift.", "palpitations"),
        ("My right eyelid keeps clamping shut and I hold it open with a finger.", "lockjaw"),
        ("He can't get his chin down to his chest.", "cannot_keep_down"),
        ("My dad wasted away to a shadow in both arms, his muscles shrank.", "lockjaw"),
        ("The doctor gave me pills against depression and a leaflet.", "suicidal_thoughts"),
        ("I was literally dead laughing at that clip.", "suicidal_thoughts"),
        ("Water, bread, steak: everything goes down just as it should.", "cannot_keep_down"),
    ],
)
def test_other_senses(text: str, code: str) -> None:
    assert code not in {item.code for item in load_reader().read(text).findings}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("She does not know where she is, completely out of it.", "confusion"),
        ("My heart is in af again.", "palpitations"),
        ("My jaw is clamped shut.", "lockjaw"),
        ("I can't keep anything down.", "cannot_keep_down"),
        ("I have been saving my tablets for the day.", "suicidal_thoughts"),
        ("The boiler was on and now we all have a headache and feel sick.", "poisoning"),
        ("My wife is stiff as a board, shaking and foaming at the mouth.", "seizure"),
        ("Now I have to hand them to my husband, the jars.", "weakness"),
    ],
)
def test_the_true_senses(text: str, code: str) -> None:
    assert code in {item.code for item in load_reader().read(text).findings if item.assertion in ("present", "possible")}
