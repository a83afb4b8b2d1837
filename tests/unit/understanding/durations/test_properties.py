"""What holds for every text."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.understanding.durations import KINDS, find_times

TODAY = dt.date(2026, 11, 22)
WORDS = [
    "3",
    "10",
    "2.5",
    "1/2",
    "half",
    "a",
    "an",
    "the",
    "one",
    "two",
    "couple",
    "few",
    "several",
    "of",
    "and",
    "or",
    "to",
    "-",
    ",",
    ".",
    "week",
    "weeks",
    "wks",
    "day",
    "days",
    "month",
    "months",
    "year",
    "years",
    "hour",
    "minutes",
    "seconds",
    "second",
    "s",
    "m",
    "h",
    "fortnight",
    "ago",
    "back",
    "since",
    "for",
    "in",
    "on",
    "last",
    "past",
    "next",
    "this",
    "these",
    "every",
    "each",
    "twice",
    "once",
    "times",
    "per",
    "about",
    "nearly",
    "over",
    "under",
    "at",
    "least",
    "most",
    "than",
    "more",
    "monday",
    "friday",
    "sat",
    "may",
    "march",
    "october",
    "nov",
    "3rd",
    "2015",
    "christmas",
    "summer",
    "weekend",
    "lockdown",
    "yesterday",
    "today",
    "tonight",
    "morning",
    "night",
    "ages",
    "while",
    "old",
    "pregnant",
    "I'm",
    "45",
    "my",
    "son",
    "is",
    "lasts",
    "sleep",
    "later",
    "before",
    "after",
    "now",
    "long",
    "from",
    "until",
    "'",
    '"',
    "(",
    ")",
    "ish",
    "+",
    "\n",
    "twitching",
    "wekks",
    "½",
    "i",
    "was",
    "best",
    "part",
]
UNITS = {"second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}
dates = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


def check(text: str, today: dt.date) -> None:
    end = 0
    for x in find_times(text, today):
        assert 0 <= x.start < x.end <= len(text)
        assert x.start >= end
        end = x.end
        assert x.kind in KINDS
        assert (x.low_days is None) == (x.high_days is None)
        if x.low_days is not None and x.high_days is not None:
            assert 0 <= x.low_days <= x.high_days
        assert (x.days is None) == (x.iso == "")
        if x.days is not None:
            assert x.days == x.high_days
            assert x.iso.startswith("P") and len(x.iso) > 2
        if x.kind == "vague":
            assert x.days is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), dates)
def test_any_text(text: str, today: dt.date) -> None:
    check(text, today)


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), dates)
def test_any_order_of_time_words(text: str, today: dt.date) -> None:
    check(text, today)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join), dates)
def test_time_words_run_together(text: str, today: dt.date) -> None:
    check(text, today)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 999),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["{n} {u}", "{n}  {u}", "{n}{u}", "for {n} {u}", "it has been {n} {u} now", "twitching for {n} {u}, no pain"]),
)
def test_a_count_of_units_comes_back(number: int, unit: str, shape: str) -> None:
    text = shape.format(n=number, u=unit + ("s" if number > 1 else ""))
    (found,) = find_times(text, TODAY)
    assert found.high_days == pytest.approx(number * UNITS[unit], rel=1e-9)
    assert found.low_days == found.high_days


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([w for w in WORDS if w != "\n"]), max_size=15))
def test_case_and_space_change_nothing(words: list[str]) -> None:
    def meaning(text: str) -> list[tuple[object, ...]]:
        return [(x.kind, x.low_days, x.high_days, x.iso) for x in find_times(text, TODAY)]

    plain = meaning(" ".join(words))
    assert meaning("  ".join(words).upper()) == plain
    assert meaning("\t" + " \t ".join(words).title() + "  ") == plain


HOSTILE = (
    "3 weeks ",
    "1 ",
    "a ",
    "1-",
    "1 to ",
    "and a half ",
    "since ",
    "over over ",
    "the last ",
    "1/2 ",
    "twenty ",
    "1,1",
    "hundred and ",
    "every ",
    "2 years and ",
    "aaaaaaaaaa",
    "week or ",
    "(",
    '"',
    "may ",
    "last ",
    "of ",
    "'",
    "3 wekks and ",
    "5 minutes, ",
    "in in in ",
    "1.",
    "half a quarter of ",
    "lost x y z in ",
    "early late mid of the ",
    "\n",
    "٣ ",
    "İ",
    "six ",
    "a'a",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_length_only(piece: str) -> None:
    def cpu(size: int) -> float:
        text = (piece * size)[:size]
        best = 9.0
        for _ in range(2):
            start = time.process_time()
            find_times(text, TODAY)
            best = min(best, time.process_time() - start)
        return best

    find_times("3 weeks", TODAY)
    small, large = cpu(2_500), cpu(10_000)
    assert large < 3
    assert large < 12 * small + 0.1  # four times the text; a square would take sixteen times as long
