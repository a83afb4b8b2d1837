"""Typing errors: what is mended, and above all what is not."""
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.understanding.spelling import Speller, english_frequencies

from .build import reader

TARGETS = ["twitching", "swallowing", "fasciculations", "slurred", "eyelid", "calf"]


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(TARGETS, mended={"brething": "breathing"}, kept=frozenset(["hoovering"]))


@pytest.mark.parametrize(("typed", "meant"), [
    ("twitchig", "twitching"), ("twtiching", "twitching"), ("twittching", "twitching"), ("fascicullations", "fasciculations"),
    ("fasiculatons", "fasciculations"), ("slurrred", "slurred"), ("eyelidd", "eyelid"), ("brething", "breathing"), ("twiiiiitching", "twitching"),
])
def test_mends_towards_the_lexicon(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correct(typed) == meant


@pytest.mark.parametrize("word", [
    "blurred",      # an English word near 'slurred'
    "witching", "hoovering", "cal", "xyzzy", "", "a", "naïve", "slur2ed", "x" * 21, "7", "stitching", "wallowing",
])
def test_leaves_alone_what_is_a_word_or_too_far(speller: Speller, word: str) -> None:
    assert speller.correct(word) == word


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(english_frequencies())))
def test_never_touches_an_english_word(word: str) -> None:
    speller = reader().normaliser.speller
    assert speller.correct(word) == speller.mended.get(word, word)


def test_week_is_never_weak_by_spelling() -> None:
    speller = reader().normaliser.speller
    assert [speller.correct(word) for word in ("week", "weeks", "month", "meal", "hear")] == ["week", "weeks", "month", "meal", "hear"]


@pytest.mark.parametrize(("typed", "meant"), [
    ("slured", "slurred"), ("facsiculations", "fasciculations"), ("brething", "breathing"), ("swollowing", "swallowing"), ("calve", "calf"),
    ("shouldr", "shoulder"), ("numbnes", "numbness"), ("tinglng", "tingling"), ("atrophyy", "atrophy"),
])
def test_the_projects_own_words(typed: str, meant: str) -> None:
    assert reader().normaliser.speller.correct(typed) == meant


def test_the_order_of_the_words_it_is_told_changes_nothing() -> None:
    """A set's order differs from process to process: two servers must read one message alike."""
    words = ["fascics", "fascic", "grips", "gripe", "slurs", "slurp", "twitch", "twitchy"]
    typed = ["fascicu", "gripx", "slurx", "twitchx"]
    told = [[Speller(order).correct(word) for word in typed] for order in (words, words[::-1])]
    assert told[0] == told[1]
