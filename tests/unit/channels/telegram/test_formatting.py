"""Markdown to Telegram's HTML, and splitting by UTF-16 units."""
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.fake_telegram import _Html
from twitchwise.channels.telegram.formatting import split, to_html, to_plain, units


@pytest.mark.parametrize(("source", "html"), [
    ("**Bold** and *soft*", "<b>Bold</b> and <i>soft</i>"),
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ("<b>not mine</b>", "&lt;b&gt;not mine&lt;/b&gt;"),
    ("- one\n- two", "• one\n• two"),
    ("# Heading\ntext", "<b>Heading</b>\ntext"),
    ("[NHS](https://www.nhs.uk/a?b=1&c=2)", '<a href="https://www.nhs.uk/a?b=1&amp;c=2">NHS</a>'),
    ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
    ("[a_b](https://x.org/*y*_z_)", '<a href="https://x.org/*y*_z_">a_b</a>'),
    ("2 * 3 * 4 and ** stars", "2 * 3 * 4 and  stars"),
    ("- *with coffee*", "• <i>with coffee</i>"),
    ("broken \ud800 pair", "broken  pair"),
])
def test_to_html(source: str, html: str) -> None:
    assert to_html(source) == html


def test_plain_words_hold_no_formatting() -> None:
    assert to_plain("**A** <b> [NHS](https://nhs.uk) &amp;") == "A <b> NHS &amp;"


@given(st.text(alphabet=st.one_of(st.sampled_from("*[]()<>&\"'-# \n\x00\x01a/:https"), st.characters()), max_size=300))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_is_proper_html(text: str) -> None:
    html = to_html(text)
    assert not _Html(html).bad


def test_units_are_utf16() -> None:
    assert units("a💪é") == 4


WORDS = st.text(alphabet=st.one_of(st.sampled_from("ab .!?\n💪🏽👩‍⚕️é"), st.characters(blacklist_categories=("Cs",))), max_size=2000)


@given(WORDS, st.integers(16, 200))
@settings(max_examples=200, deadline=None)
def test_every_piece_fits_and_nothing_is_lost(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < units(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_it_is_split_between_paragraphs_where_that_is_possible() -> None:
    paragraphs = ["one " * 30, "two " * 30, "three " * 30]
    pieces = split("\n\n".join(each.strip() for each in paragraphs), 260)
    assert pieces == [f"{'one ' * 30}".strip() + "\n\n" + ("two " * 30).strip(), ("three " * 30).strip()]


def test_a_sign_and_what_belongs_to_it_stay_together() -> None:
    for piece in split("👩‍⚕️" * 30, 23):
        assert not piece.startswith(("\u200d", "\ufe0f")) and not piece.endswith("\u200d")
