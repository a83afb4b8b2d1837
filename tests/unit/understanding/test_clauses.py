"""Where sentences and clauses end."""
from __future__ import annotations

import pytest

from .build import clauses_of


def split(text: str, by: str) -> list[str]:
    clauses = clauses_of(text)
    parts: dict[int, list[str]] = {}
    for word, number in zip(clauses.words.texts, getattr(clauses, by), strict=True):
        parts.setdefault(number, []).append(word)
    return [" ".join(words).strip() for words in parts.values() if " ".join(words).strip()]


@pytest.mark.parametrize(("text", "sentences"), [
    ("My calf jumps. My arm is fine!", ["my calf jumps .", "my arm is fine !"]),
    ("calf jumps\narm fine", ["calf jumps", "arm fine"]),
    ("is it ALS? I am worried", ["is it als ?", "i am worried"]),
    ("calf jumps... arm fine", ["calf jumps ...", "arm fine"]),
    ("calf jumps; arm fine", ["calf jumps ;", "arm fine"]),
    ("2.5 weeks", ["2.5 weeks"]),
])
def test_sentences(text: str, sentences: list[str]) -> None:
    assert split(text, "sentence") == sentences


def test_a_bullet_list_belongs_to_its_heading() -> None:
    with_heading = clauses_of("No:\n- weakness\n- tremor")
    assert len(set(with_heading.sentence[:-1])) == 1
    without = clauses_of("Today\n- weakness\n- tremor")
    assert len(set(without.sentence[:-1])) == 3


@pytest.mark.parametrize(("text", "clauses"), [
    ("my calf jumps and my arm is weak", ["my calf jumps and", "my arm is weak"]),
    ("no pain and no tremor", ["no pain and no tremor"]),
    ("no weakness, atrophy or tingling", ["no weakness , atrophy or tingling"]),
    ("calf jumps, thumb is weak", ["calf jumps ,", "thumb is weak"]),
    ("weak and tired legs", ["weak and tired legs"]),
])
def test_clauses(text: str, clauses: list[str]) -> None:
    assert split(text, "clause") == clauses


def test_bounds_are_those_of_the_sentence() -> None:
    clauses = clauses_of("one two. three four five. six")
    assert clauses.words.phrase(*clauses.bounds(4)) == "three four five ."


@pytest.mark.parametrize(("text", "asks"), [
    ("is it serious?", True), ("it is serious", False), ("Really?!", True),
    ("can a twitch turn into weakness", True), ("does stress cause numbness", True), ("what does atrophy look like", True),
    ("is twitching a sign of als", True),
    ("can barely walk", False), ("could hardly lift it", False), ("is twitching all day", False), ("will not stop", False), ("what a mess", False),
    ("does drop things", False), ("ok", False), ("does stress cause numbness. I wonder", False),
])
def test_questions_with_and_without_their_mark(text: str, asks: bool) -> None:
    assert clauses_of(text).is_question(0) is asks


def test_every_word_has_a_sentence_and_a_clause() -> None:
    clauses = clauses_of("a. b, and i c\n\n- d: e\n- f")
    assert len(clauses.sentence) == len(clauses.clause) == len(clauses.words)
    assert clauses.sentence == sorted(clauses.sentence) and clauses.clause == sorted(clauses.clause)
