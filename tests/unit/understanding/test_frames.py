"""One symptom after the other in the same surroundings: what decides whether it is there must not hang on the symptom's own words.

frames.jsonl holds messages with a hole, written by people who knew neither the rules nor the lexicon: {NP} takes 'trouble swallowing', {S} a clause.
"""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from .build import reader

FRAMES: list[dict[str, Any]] = [json.loads(line) for line in (Path(__file__).parent / "frames.jsonl").read_text(encoding="utf-8").splitlines()]
NOUNS = [
    ("weakness", "weakness"), ("atrophy", "muscle wasting"), ("speech_difficulty", "slurred speech"), ("swallowing_difficulty", "trouble swallowing"),
    ("breathing_difficulty", "shortness of breath"), ("chest_pain", "chest pain"), ("vision_problem", "double vision"), ("incontinence", "bladder problems"),
]
CLAUSES = [
    ("weakness", "{I} can't open jars any more"), ("weakness", "{my} foot drags when {I} [walk|walks]"), ("atrophy", "{my} calf has shrunk"),
    ("speech_difficulty", "{my} speech is slurred"), ("swallowing_difficulty", "{I} [choke|chokes] on {my} food"),
    ("breathing_difficulty", "{I} [get|gets] breathless lying flat"), ("facial_droop", "one side of {my} face is drooping"),
    ("saddle_numbness", "it's numb between {my} legs"),
]
PERSONS = {"i": {"I": "I", "my": "my"}, "he": {"I": "he", "my": "his"}, "she": {"I": "she", "my": "her"}}


def spoken(clause: str, person: str) -> str:
    """The clause as that person is spoken of."""
    own = person == "i"
    return re.sub(r"\[([^|\]]*)\|([^\]]*)\]", lambda verb: verb[1] if own else verb[2], clause).format(**PERSONS[person])


def filled(frame: dict[str, Any], words: str) -> str:
    """The message with the hole filled; a capital where a sentence begins."""
    before, after = frame["text"].split("{" + frame["hole"] + "}")
    starts = not before.strip() or before.rstrip(" \"'")[-1:] in ".!?\n"
    return f"{before}{words[0].upper() + words[1:] if starts else words}{after}"


def test_there_are_frames_of_every_kind() -> None:
    assert {frame["expect"] for frame in FRAMES} == {"present", "absent", "hypothetical", "historical", "family", "possible"}
    assert len(FRAMES) > 450


@pytest.mark.parametrize("frame", FRAMES, ids=[frame["text"][:70].replace("\n", " ") for frame in FRAMES])
def test_the_surroundings_decide(frame: dict[str, Any]) -> None:
    fillers = NOUNS if frame["hole"] == "NP" else [(code, spoken(clause, frame["person"])) for code, clause in CLAUSES]
    wrong = {}
    for code, words in fillers:
        message = filled(frame, words)
        found = {finding.code: finding.assertion for finding in reader().read(message).findings if finding.kind == "symptom"}
        if found.get(code) != frame["expect"]:
            wrong[message] = found.get(code)
    assert wrong == {}
