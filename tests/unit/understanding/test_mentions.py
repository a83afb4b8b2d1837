"""Which of several matches stand."""
from __future__ import annotations

import pytest

from twitchwise.understanding.lexicon import Entry
from twitchwise.understanding.mentions import Mention, choose
from twitchwise.understanding.patterns import Compiler, PatternIndex

from .build import asserted, findings, plain, reader, words_of


def chosen(text: str, *entries: tuple[Entry, str]) -> list[tuple[str, str]]:
    words = plain(text)
    matches = PatternIndex([Compiler().compile(phrase, entry) for entry, phrase in entries]).find(words)
    return [(mention.code, words.phrase(mention.first, mention.last)) for mention in choose(matches, words)]


def entry(code: str, kind: str = "symptom", **options: object) -> Entry:
    return Entry(kind=kind, code=code, id=f"{code}/words", **options)  # type: ignore[arg-type]


def test_a_longer_phrase_replaces_a_shorter_one() -> None:
    assert chosen("numb between the legs", (entry("numbness"), "numb"), (entry("saddle_numbness"), "numb between the legs")) \
        == [("saddle_numbness", "numb between the legs")]
    assert chosen("numb", (entry("numbness"), "numb"), (entry("saddle_numbness"), "numb between the legs")) == [("numbness", "numb")]


def test_a_phrase_that_is_kept_stands_beside_the_longer_one() -> None:
    assert [code for code, _ in chosen("numb between the legs", (entry("numbness", keep=True), "numb"),
                                       (entry("saddle_numbness"), "numb between the legs"))] == ["numbness", "saddle_numbness"]


def test_lost_strength_that_is_worded_in_an_attack_is_the_attack() -> None:
    assert [code for code, _ in chosen("cannot get my wind", (entry("weakness"), "cannot get my wind"),
                                       (entry("breathing_difficulty"), "cannot get my wind"))] == ["breathing_difficulty"]
    assert [code for code, _ in chosen("went down like a sack of spuds", (entry("weakness"), "went down like a sack"),
                                       (entry("seizure"), "down like a sack of spuds"))] == ["seizure"]


def test_twitching_that_dies_down_is_no_wish_to_die() -> None:
    assert asserted("ten weeks of it but it is dying down now")["improving"] == "present"


@pytest.mark.parametrize(("text", "code"), [
    ("Temperature of 39.6 and my neck is so stiff that I can't bend it", "weakness"), ("the calf gets thinner, it is melting away", "weight_loss"),
    ("quads won't shut up after leg day", "weakness"), ("there's a dent in my bumper and my lid twitches", "atrophy"),
    ("she should just lose a few kilos", "weight_loss"), ("the bottom lip is numb from the dentist's injection", "saddle_numbness"),
    ("Espresso is my poison, four a day", "poisoning"), ("it twitches but it doesn't wake me", "seizure"),
    ("the gripper arm of our robot is too weak", "weakness"), ("I lost my grip on the housework", "weakness"),
])
def test_what_only_sounds_like_a_sign(text: str, code: str) -> None:
    assert asserted(text).get(code) in (None, "absent")


@pytest.mark.parametrize(("text", "code"), [
    ("five weeks of it, maybe ten twitches a day", "improving"), ("half of the time it twitches", "improving"), ("my strength is declining now", "improving"),
    ("crumbs round his mouth after the biscuits", "poisoning"), ("the screen went black", "vision_problem"),
    ("the theatre curtain came down", "vision_problem"), ("I helped him up from the floor yesterday", "rapid_weakness"),
    ("first my feet twitched, then my calves, now my arms", "rapid_weakness"), ("Siri reads me my post", "speech_difficulty"),
])
def test_ordinary_words_are_no_sign_and_no_improvement(text: str, code: str) -> None:
    assert asserted(text).get(code) is None


def test_a_wish_that_is_no_diet_excuses_no_lost_weight() -> None:
    assert "intentional_weight_loss" not in asserted("I've lost a stone. I wanted to ask about it", "signal")
    assert "intentional_weight_loss" not in asserted("I've lost a stone and cutting the grass wears me out", "signal")


@pytest.mark.parametrize("text", [
    "my hands cramp up and I can't open jars any more", "my arm is stiff and I can't move it", "stiff fingers, and I can't turn a key now",
])
def test_stiffness_hides_no_lost_strength(text: str) -> None:
    assert asserted(text)["weakness"] == "present"


def test_a_place_stays_named_where_its_verb_is_no_weakness() -> None:
    assert {finding.code for finding in findings("my quads won't shut up", "body_location")} == {"thigh"}


def test_twitching_stands_beside_what_holds_it() -> None:
    assert [code for code, _ in chosen("twitch spread", (entry("twitching"), "twitch"), (entry("spreading"), "twitch spread"))] \
        == ["twitching", "spreading"]


def test_an_idiom_hides_everything_inside_it() -> None:
    shield = entry("idioms", "shield")
    assert chosen("leg day", (shield, "leg day"), (entry("leg", "body_location"), "leg")) == []
    assert chosen("leg day leg", (shield, "leg day"), (entry("leg", "body_location"), "leg")) == [("leg", "leg")]


def test_an_idiom_of_one_code_speaks_for_that_code() -> None:
    own = entry("weight_loss", says="shield")
    assert chosen("lost weight on purpose", (own, "lost weight on purpose"), (entry("weight_loss"), "lost weight")) == []


def test_overlapping_mentions_of_one_entry_become_one() -> None:
    numb = entry("numbness")
    assert chosen("numb left toe", (numb, "numb left"), (numb, "left toe")) == [("numbness", "numb left toe")]


def test_places_of_one_spot() -> None:
    assert chosen("upper arm", (entry("arm", "body_location"), "arm"), (entry("upper_arm", "body_location"), "upper arm")) == [("upper_arm", "upper arm")]


def test_inside_and_overlaps() -> None:
    outer, inner, beside = (Mention(entry("pain"), first, last, "") for first, last in ((0, 4), (1, 3), (4, 5)))
    assert inner.inside(outer) and not outer.inside(inner)
    assert outer.overlaps(inner) and not outer.overlaps(beside)
    assert (len(outer), outer.kind, outer.code) == (4, "symptom", "pain")


@pytest.mark.parametrize(("text", "missing"), [
    ("leg day was brutal", "exercise_place"), ("on the other hand it could be stress", "hand"), ("I need a shoulder to cry on", "shoulder"),
    ("let's face it", "face"), ("that cost an arm and a leg", "arm"),
])
def test_idioms_of_the_lexicon_name_no_place(text: str, missing: str) -> None:
    assert missing not in {finding.code for finding in reader().read(text).findings if finding.kind == "body_location"}


def test_the_specific_code_of_the_lexicon_wins() -> None:
    assert "numbness" not in asserted("I'm numb between my legs")
    assert "saddle_numbness" in asserted("I'm numb between my legs")


def test_the_order_is_that_of_the_message() -> None:
    words = words_of("numb hand, tremor, numb foot")
    found = choose(reader().lexicon.find(words), words)
    assert [mention.first for mention in found] == sorted(mention.first for mention in found)


def test_an_idiom_that_is_a_trigger_stays_one() -> None:
    assert asserted("sore since leg day", "trigger") == {"exercise": "present"}


def test_a_symptom_in_the_gap_of_another_phrase_stands() -> None:
    numb, pain = entry("numbness"), entry("pain")
    assert [code for code, _ in chosen("hand numb today", (pain, "hand _2 today"), (numb, "numb"))] == ["pain", "numbness"]
    assert [code for code, _ in chosen("hand numb today", (pain, "hand numb today"), (numb, "numb"))] == ["pain"]


@pytest.mark.parametrize(("text", "codes"), [
    ("no confusion or atrophy", {"confusion", "atrophy"}), ("no shortness of breath", {"breathing_difficulty"}),
])
def test_a_greedy_phrase_takes_nothing_from_its_neighbours(text: str, codes: set[str]) -> None:
    assert {code: said for code, said in asserted(text).items() if code in codes} == dict.fromkeys(codes, "absent")
