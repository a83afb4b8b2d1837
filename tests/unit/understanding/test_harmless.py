"""Talk of food, sport, work and family holds the words of many symptoms and raises no red flag."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from twitchwise import triage
from twitchwise.understanding.findings import findings_of, to_entity
from twitchwise.understanding.reader import load_reader


def messages(name: str) -> list:  # type: ignore[type-arg]
    return list(yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))["messages"])


MESSAGES = messages("harmless.yml") + messages("harmless_messages.yml")


def red_flags(text: str) -> tuple[str, ...]:
    return tuple(triage.assess_findings(findings_of([to_entity(item, text) for item in load_reader().read(text).findings])).red_flags)


@pytest.mark.parametrize("text", MESSAGES)
def test_harmless_talk_raises_no_red_flag(text: str) -> None:
    assert red_flags(text) == ()


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Our boiler packed in last night and we all have a headache.", "poisoning"),
        ("The cake collapsed, and a minute later my wife collapsed and shook.", "seizure"),
        ("My tea is fine, but my wee is the colour of cola after the race.", "dark_urine"),
        ("That joke was good, but I choke on my tea at every meal.", "swallowing_difficulty"),
        ("My smile is crooked since this morning.", "stroke_signs"),
        ("My handwriting was always terrible, but now I can't hold the pen.", "progressive_weakness"),
        ("I felt weak in the car this morning and both my legs gave way on the stairs.", "progressive_weakness"),
        ("My trousers are loose and I eat as always.", "weight_loss"),
        ("I keep dropping plates, now I drop one every day.", "progressive_weakness"),
        ("I can't run as fast as I used to, my legs are weak.", "progressive_weakness"),
        ("I can't reach up to the shelf any more, the arm gives out.", "progressive_weakness"),
        ("I dribble and drool since last week.", "swallowing_difficulty"),
        ("I can't carry on, I want to die.", "suicidal_thoughts"),
        ("The line was fine, but I can't pronounce my own name any more.", "speech_difficulty"),
    ],
)
def test_the_same_words_meant_raise_theirs(text: str, flag: str) -> None:
    assert flag in red_flags(text) or (flag == "progressive_weakness" and "rapid_weakness" in red_flags(text))


@pytest.mark.parametrize(("text", "flag"), messages("harmless_meant.yml"))
def test_ordinary_words_that_are_meant_raise_theirs(text: str, flag: str) -> None:
    assert flag in red_flags(text)
