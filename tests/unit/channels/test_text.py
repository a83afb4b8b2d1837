from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.channels.text import clean, is_command, words_after_command

LIMIT = 200


def test_short_text_stays_as_it_is() -> None:
    assert clean("my calf twitches", LIMIT).text == "my calf twitches"


def test_compatibility_forms_are_folded() -> None:
    assert clean("／restart ｗｅａｋ", LIMIT).text == "/restart weak"


def test_control_and_invisible_characters_go() -> None:
    assert clean("br\u200beath\x00 \x1b[31mless\u202e", LIMIT).text == "breath  [31mless"


def test_lines_stay() -> None:
    assert clean("one\r\ntwo\rthree\n\n\n\nfour", LIMIT).text == "one\ntwo\nthree\n\nfour"


def test_long_text_is_cut_at_a_word_and_says_so() -> None:
    cleaned = clean("word " * 100, LIMIT)
    assert cleaned.cut
    assert len(cleaned.text) <= LIMIT
    assert cleaned.text.endswith("word")


def test_characters_that_grow_stay_within_the_limit() -> None:
    cleaned = clean("\ufdfa" * 5000, LIMIT)  # one character, 18 after NFKC
    assert cleaned.cut and len(cleaned.text) <= LIMIT


def test_what_is_no_text_is_named() -> None:
    for value in (None, 3, ["a"], {"a": 1}, True, b"x"):
        assert clean(value, LIMIT).problem == "not_text"


def test_nothing_to_read_is_named() -> None:
    for value in ("", "   ", "\u200b\u200b", "\x00\x01", "\n\t "):
        assert clean(value, LIMIT).problem == "empty"


def test_commands() -> None:
    assert is_command("/restart") and is_command('  /greet{"a": 1}')
    assert not is_command("and/or") and not is_command("it is 1/2")


@pytest.mark.parametrize(("text", "words"), [
    ("/back", ""), ("/twitch", ""), ("/ restart", ""), ("//restart ", ""), ("/", ""), ('/twitch{"site": "calf"}', ""),
    ('/twitch {"site": {"a": "calf"}}', ""), ('/a[1, 2]', ""), ("/twitch{site: calf}", ""),
    ('/greet{"a": 1} I have chest pain', " I have chest pain"), ("/I can't breathe", "I can't breathe"), ("/ I can't breathe", "I can't breathe"),
    ("/greet my calf twitches", "greet my calf twitches"), ('/x{"a": 1} {really} weak', " {really} weak"),
])
def test_where_ones_own_words_begin(text: str, words: str) -> None:
    assert text[words_after_command(text) :] == words


@given(st.text(max_size=200))
def test_the_place_lies_in_the_text(text: str) -> None:
    assert 0 <= words_after_command("/" + text) <= len(text) + 1


@given(st.text(max_size=2000))
def test_any_text_comes_out_short_and_without_controls(text: str) -> None:
    cleaned = clean(text, LIMIT)
    assert len(cleaned.text) <= LIMIT
    assert all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t" for c in cleaned.text)
    assert bool(cleaned.text) != (cleaned.problem is not None)


@given(st.text(max_size=150))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text, LIMIT)
    if not once.problem:
        assert clean(once.text, LIMIT).text == once.text
