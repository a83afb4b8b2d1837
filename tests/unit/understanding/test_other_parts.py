"""Words of body parts that name no place, and places that must still be found beside them."""

from __future__ import annotations

import pytest

from twitchwise.understanding.reader import load_reader


def places(text: str) -> set[str]:
    return {item.code for item in load_reader().read(text).findings if item.kind == "body_location" and item.role == "site"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I saw the hand surgeon about something else, my calf twitches", {"calf"}),
        ("we waited at the eye clinic, now my belly flutters", {"abdomen"}),
        ("I trained chest yesterday, now my triceps twitches", {"upper_arm"}),
        ("smashed legs at the gym and my eyelid hops", {"eyelid"}),
        ("I can feel it with my fingers, the thigh twitches", {"thigh"}),
        ("a twitching patch the size of my thumb on the shin", {"shin"}),
        ("I still rise from the chair without using my hands, my cheek twitches", {"cheek"}),
        ("I tripped on the back step and now my knee jumps", {"knee"}),
        ("run off my feet all week, my eyelid twitches", {"eyelid"}),
        ("leg of lamb on Sunday, and now my lip twitches", {"lip"}),
        ("one leg of the table wobbles, my thumb twitches", {"thumb"}),
        ("tea went all over the tablecloth when my hand twitched", {"hand"}),
        ("a tummy bug last week, now my calf twitches", {"calf"}),
        ("he covered his mouth, his shoulder twitches", {"shoulder"}),
        ("tongue twisters fine, one leg squats fine, my glute twitches", {"buttock"}),
        ("closing this on my side, all good", set()),
    ],
)
def test_other_things_are_no_places(text: str, expected: set[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my pinky toe twitches", {"toe"}),
        ("six days of big-toe twitching", {"toe"}),
        ("my forefoot twitches", {"foot"}),
        ("the twitching in hand began on Monday", {"hand"}),
        ("the back of my thigh twitches", {"thigh"}),
        ("the sole of my foot twitches", {"foot"}),
        ("numbness in my feet", {"foot"}),
        ("there is pain on my side", {"torso"}),
        ("my strumming hand twitches", {"hand"}),
        ("twitching all over", {"whole_body"}),
        ("today neither leg will hold me up", {"leg"}),
        ("a small hop in her left eyelid since Monday", {"eyelid"}),
        ("My husband is deaf. The twitch in his belly began on Monday.", {"abdomen"}),
    ],
)
def test_places_stay(text: str, expected: set[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("her right arm that twitches, oh no, got that wrong, her right FOOT", {"foot"}),
        ("Twitch in the shin, 6 weeks. Erratum: calf, not shin.", {"calf"}),
        ("it is my thumb, I wrote wrist by mistake", {"thumb"}),
        ("neither leg twitches, it is the arm", {"arm"}),
        ("my calf twitches and my shoulder too", {"calf", "shoulder"}),
    ],
)
def test_a_corrected_place_is_none(text: str, expected: set[str]) -> None:
    assert places(text) == expected


def test_between_the_legs_is_saddle_numbness_and_no_leg() -> None:
    findings = load_reader().read("it has gone numb between my legs").findings
    assert "saddle_numbness" in {item.code for item in findings} and "leg" not in {item.code for item in findings if item.kind == "body_location"}
