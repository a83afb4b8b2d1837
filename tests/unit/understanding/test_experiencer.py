"""Who a message speaks of."""
from __future__ import annotations

import pytest

from twitchwise.understanding.experiencer import SELF, Experiencer

from .build import asserted, clauses_of, counting, findings


def person(text: str) -> tuple[str, dict] | None:
    found = findings(text, "person")
    return (found[0].code, found[0].detail) if found else None


@pytest.mark.parametrize(("text", "code", "relation", "pronoun"), [
    ("my son has a twitching eyelid", "child", "son", "he"),
    ("My daughter's calf keeps twitching", "child", "daughter", "she"),
    ("asking for my husband, his thumb twitches", "adult", "husband", "he"),
    ("My mum has been dropping cups lately", "adult", "mum", "she"),
    ("Carer here. He slurs his words", "adult", "he", "he"),
    ("our toddler jerks in his sleep", "child", "toddler", "he"),
])
def test_somebody_else_is_asked_about(text: str, code: str, relation: str, pronoun: str) -> None:
    found = person(text)
    assert found is not None and found[0] == code
    assert (found[1]["relation"], found[1]["pronoun"]) == (relation, pronoun)


@pytest.mark.parametrize("text", [
    "my calf twitches", "My wife noticed that my calf twitches", "my dad died of ALS and now my own arm twitches",
    "my doctor says it is stress, my eyelid jumps",
    "my son says I sound drunk",
])
def test_the_user_is_asked_about(text: str) -> None:
    assert person(text) is None


def test_the_symptoms_of_the_one_asked_about_count() -> None:
    assert counting("my daughter slurs her words since Monday") == {"speech_difficulty"}


@pytest.mark.parametrize("text", ["My wife noticed that I slur my words", "my kids laugh at how I drop cups", "husband reckons my speech is slurred"])
def test_what_others_notice_is_the_users_own(text: str) -> None:
    assert counting(text) & {"speech_difficulty", "weakness"}


def test_a_relatives_illness_is_background() -> None:
    said = asserted("My uncle had ALS and lost his speech years ago. I have a twitching calf.")
    assert said["twitching"] == "present"
    assert said.get("speech_difficulty") in (None, "family", "historical")


def test_the_age_of_the_person_is_told() -> None:
    found = person("my son is 4 years old and his legs jerk")
    assert found is not None and found[1]["age_years"] == pytest.approx(4, abs=0.01)


def test_a_change_of_person() -> None:
    assert person("and now about me") == ("self", {"switch": True})


@pytest.mark.parametrize("text", ["what is bfs", "is it BFS?", "anyway, do I have BFS"])
def test_the_name_of_the_syndrome_is_no_boyfriend(text: str) -> None:
    assert person(text) is None


def test_somebody_named_in_passing_is_not_asked_about() -> None:
    assert person("My brother-in-law gets twitches in his lid as well, by the way") is None


def test_one_is_asked_about_whom_the_message_turns_to() -> None:
    found = person("ok now about my sister, not me: her calf has been twitching for two months")
    assert found is not None and found[1]["relation"] == "sister"
    assert "weakness" in counting("Not me, I'm grand. It's my older sister (40), she can't lift her arm to the cupboard")


def test_what_a_helper_cannot_do_to_the_ill_is_no_weakness() -> None:
    said = counting("They doubled dad's haloperidol. He's burning up, his arms have gone rigid so I can't bend them.")
    assert {"fever", "rigidity"} <= said and "weakness" not in said


def test_the_help_of_a_relative_tells_of_ones_own_hands() -> None:
    assert person("my wife has had to open every jar for a month because I can't") is None
    assert "weakness" in counting("my wife has had to open every jar for a month because I can't")


def test_a_relative_who_cannot_is_the_one_asked_about() -> None:
    found = person("my husband can't open jars any more and he drops his cup")
    assert found is not None and found[1]["relation"] == "husband"


def test_whoever_is_spoken_to_is_not_the_ill_one() -> None:
    found = person("He was on the phone to our daughter and all of a sudden it was gobbledegook. Now he has no idea what year it is.")
    assert found is not None and found[1]["relation"] == "he"


def test_one_was_a_toddler_oneself() -> None:
    assert asserted("I had a fever as a toddler")["fever"] == "historical"


def test_subjects_of_words() -> None:
    clauses = clauses_of("my brother fell and i laughed")
    people = Experiencer(clauses.words, clauses)
    by_word = dict(zip(clauses.words.texts, people.subjects, strict=True))
    assert (by_word["fell"], by_word["laughed"]) == ("brother", SELF)


def test_a_likeness_names_nobody() -> None:
    assert person("I walk like my grandad, my leg drags") is None
