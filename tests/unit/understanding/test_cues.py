"""Which words a cue governs."""
from __future__ import annotations

import pytest

from twitchwise.understanding.cues import Cues
from twitchwise.understanding.lexicon import load_cues

from .build import clauses_of


def governing(category: str, text: str, word: str) -> str | None:
    """The cue of a category over the first `word` of `text`."""
    clauses = clauses_of(text)
    first = clauses.words.texts.index(word)
    cue = Cues(clauses.words, clauses, load_cues()).scope(category, first, first + 1)
    return clauses.words.phrase(cue.first, cue.last).strip() if cue else None


@pytest.mark.parametrize(("text", "word", "cue"), [
    ("no pain", "pain", "no"),
    ("no weakness, atrophy or tingling", "tingling", "no"),
    ("without any tremor", "tremor", "without"),
    ("no pain but tremor", "tremor", None),
    ("no pain. tremor", "tremor", None),
    ("no pain and my hand is numb", "numb", None),
    ("tremor, no pain", "tremor", None),
    ("not only pain", "pain", None),
    ("No, pain", "pain", None),
    ("no doubt pain", "pain", None),
])
def test_negation(text: str, word: str, cue: str | None) -> None:
    assert governing("negation", text, word) == cue


def test_a_denial_after_a_colon_governs_backwards() -> None:
    assert governing("negation", "tremor: none", "tremor") is not None
    assert governing("negation", "tremor: yes", "tremor") is None


def test_a_trailing_no_governs_what_stands_before_it() -> None:
    assert governing("negation", "tremor yes, pain no", "pain") == "no"
    assert governing("negation", "tremor yes, pain no", "tremor") is None


@pytest.mark.parametrize(("category", "text", "word"), [
    ("hypothetical", "what if weakness starts", "weakness"), ("fear", "scared of weakness", "weakness"), ("possible", "maybe weakness", "weakness"),
    ("historical", "years ago I had weakness", "weakness"), ("knowledge", "I read about weakness", "weakness"), ("problem", "trouble with my grip", "grip"),
    ("fine", "my grip is fine", "grip"),
])
def test_categories(category: str, text: str, word: str) -> None:
    assert governing(category, text, word)
    assert governing(category, "today weakness and grip", word) is None


def test_a_reason_does_not_end_a_what_if() -> None:
    assert governing("hypothetical", "what if I drop it because of weakness", "weakness")


def test_the_nearest_cue_is_named() -> None:
    assert governing("negation", "no pain, without tremor", "tremor") == "without"


def test_a_negation_inside_a_symptom_governs_nothing_else() -> None:
    clauses = clauses_of("can not breathe tremor")
    cues = Cues(clauses.words, clauses, load_cues())
    cues.consume([(0, 3)])
    assert cues.of("negation") == []


def test_between() -> None:
    clauses = clauses_of("scared it will become weak")
    cues = Cues(clauses.words, clauses, load_cues())
    assert cues.between("future", 1, 4)
    assert not cues.between("future", 4, 5)
