from __future__ import annotations

import pytest

from twitchwise.evaluation.leaks import leaks

PHRASE = "can strong coffee in the morning make my left eyelid twitch"


@pytest.mark.parametrize("sentence", [
    PHRASE,
    "Can strong COFFEE, in the morning, make my left eyelid twitch?!",
    "my left eyelid twitch can strong coffee in the morning make",
])
def test_the_same_words_are_found(sentence: str) -> None:
    assert list(leaks(["something else entirely here", PHRASE], [sentence])) == [(sentence, PHRASE)]


def test_one_word_more_is_found_and_three_others_are_not() -> None:
    assert list(leaks([PHRASE], [PHRASE + " today"]))
    assert not list(leaks([PHRASE], ["can weak tea in the evening make my left eyelid twitch"]))


def test_short_sentences_belong_to_everybody() -> None:
    assert not list(leaks(["I don't know"], ["i dont know"]))
