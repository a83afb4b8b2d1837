"""Body parts: whose, on which side, of which symptom, and which are taken back."""
from __future__ import annotations

import pytest

from twitchwise.vocabulary.codes import load_codes

from .build import findings, sites


@pytest.mark.parametrize(("text", "found"), [
    ("my left calf twitches", {"calf": "left"}),
    ("both eyelids flutter", {"eyelid": "both"}),
    ("twitch in the right thumb", {"thumb": "right"}),
    ("calf twitching on the left side", {"calf": "left"}),
    ("my bum cheek twitches", {"buttock": None}),
    ("twitching under my left eye", {"eyelid": "left"}),
    ("it twitches all over", {"whole_body": None}),
    ("my hamstring and quad jump", {"thigh": None}),
    ("the arch of my right foot flickers", {"foot": "right"}),
    ("my tummy muscle jumps", {"abdomen": None}),
    ("twitching in L calf and R thumb", {"calf": "left", "thumb": "right"}),
    ("no places here", {}),
    ("my shoulder blade twitches", {"back": None}),
    ("bicep pulsing all day", {"upper_arm": None}),
    ("my tongue twitches", {"tongue": None}),
    ("index finger jumps", {"finger": None}),
    ("the back of my right hand twitches", {"hand": "right"}),
    ("my bottom eyelid twitches", {"eyelid": None}),
    ("can I have my morning coffee back? My lip twitches", {"lip": None}),
    ("My sister had a twitch. Now mine's at it, right eyelid", {"eyelid": "right"}),
])
def test_places(text: str, found: dict[str, str | None]) -> None:
    assert sites(text) == found


@pytest.mark.parametrize(("text", "site", "denied"), [
    ("it's my thigh, not my calf", "thigh", "calf"), ("my left thumb rather than my wrist twitches", "thumb", "wrist"),
    ("I said knee but I meant shin, the shin twitches", "shin", "knee"),
    ("the left hand twitches, no sorry, the left foot", "foot", "hand"), ("my hand doesn't twitch at all, only the calf twitches", "calf", "hand"),
])
def test_a_place_taken_back(text: str, site: str, denied: str) -> None:
    roles = {finding.code: finding.role for finding in findings(text, "body_location")}
    assert roles[site] == "site" and roles.get(denied) in ("denied", None)


@pytest.mark.parametrize(("text", "place", "symptom"), [
    ("my calf twitches and my hand is numb", "calf", "twitching"), ("my calf twitches and my hand is numb", "hand", "numbness"),
    ("numb toes, twitching eyelid", "toe", "numbness"), ("twitching in my thigh. Weak grip in the hand", "thigh", "twitching"),
])
def test_whose_place_it_is(text: str, place: str, symptom: str) -> None:
    (finding,) = (finding for finding in findings(text, "body_location") if finding.code == place)
    assert symptom in finding.of


@pytest.mark.parametrize("text", [
    "my dad had a weak hand from his stroke years ago, my calf twitches", "what if it spreads to my tongue? only my calf twitches",
    "leg day yesterday and now my calf twitches", "on the other hand, my calf twitches",
])
def test_only_what_is_there_is_a_site(text: str) -> None:
    assert set(sites(text)) == {"calf"}


def test_one_spot_with_two_names() -> None:
    places = findings("twitch between my neck and my shoulder", "body_location")
    assert {finding.code for finding in places} == {"neck", "shoulder"}
    assert all(finding.detail.get("one_spot") for finding in places)
    apart = findings("twitch in my neck and my shoulder", "body_location")
    assert not any(finding.detail.get("one_spot") for finding in apart)


def test_a_place_that_comes_in_addition() -> None:
    places = {finding.code: finding.detail for finding in findings("my calf twitches and now my hand too", "body_location")}
    assert places["hand"].get("additional") and not places["calf"].get("additional")


@pytest.mark.parametrize("code", sorted(load_codes().region_of))
def test_every_place_can_be_said_in_its_own_name(code: str) -> None:
    name = {"whole_body": "whole body", "abdomen": "stomach", "torso": "trunk"}.get(code, code.replace("_", " "))
    assert code in sites(f"my {name} twitches")


def test_somebody_elses_emergency_of_this_moment_has_its_place() -> None:
    found = findings("My own eyelid twitches, but my neighbour beside me has just gone quiet and half her face is drooping")
    assert {item.code for item in found if item.kind == "body_location"} == {"eyelid", "face"}


def test_a_relatives_old_illness_has_no_place() -> None:
    found = findings("My uncle had a stroke years ago and his face drooped. My own eyelid twitches.")
    assert {item.code for item in found if item.kind == "body_location"} == {"eyelid"}
