"""From characters to words: contractions, spaces, capitals, offsets."""
from __future__ import annotations

import pytest

from .build import words_of


@pytest.mark.parametrize(("text", "joined"), [
    ("I can't feel it", " i can not feel it \n "),
    ("I CAN'T FEEL IT", " i can not feel it \n "),
    ("i cant feel it", " i can not feel it \n "),
    ("I can’t feel it", " i can not feel it \n "),
    ("pins-and-needles", " pins and needles \n "),
    ("wait…", " wait ... \n "),
    ("cramps: N", " cramps : none \n "),
    ("w/o pain", " without pain \n "),
    ("", " \n "),
    ("  \t ", " \n "),
])
def test_normalised_words(text: str, joined: str) -> None:
    assert words_of(text).joined == joined


@pytest.mark.parametrize("text", ["My LEFT calf — 3 weeks!", "İki weeks of twitching", "naïve 🙂 calf", "a\u200bb calf", "ﬁngers twitch"])
def test_offsets_lead_back_to_the_message(text: str) -> None:
    words = words_of(text)
    assert list(words.starts) == sorted(words.starts)
    for start, end in list(zip(words.starts, words.ends, strict=True))[:-1]:
        assert text[start:end].strip()


def test_a_capital_r_is_a_side_and_a_small_one_a_verb() -> None:
    assert words_of("R calf").texts[0] == "r"
    assert words_of("my calves r twitching").texts[2] == "are"


def test_compatibility_forms_are_read_as_letters() -> None:
    assert words_of("ﬁngers").texts[0] == "fingers"
    assert words_of("ｃａｌｆ").texts[0] == "calf"
