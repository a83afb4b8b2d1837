"""Hundreds of wordings of time, each with what it means."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from twitchwise.understanding.durations import KINDS, find_times

TODAY = dt.date(2026, 11, 22)
CASES = yaml.safe_load((Path(__file__).parent / "cases.yml").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[c["text"][:60] for c in CASES])
def test_wording(case: dict) -> None:
    text = case["text"]
    found = find_times(text, TODAY)
    assert [[text[x.start : x.end], x.kind] for x in found] == [row[:2] for row in case["times"]]
    for x, (_, _, low, high) in zip(found, case["times"], strict=True):
        assert x.kind in KINDS
        assert x.low_days == (None if low is None else pytest.approx(float(low), rel=1e-3, abs=1e-9))
        assert x.high_days == (None if high is None else pytest.approx(float(high), rel=1e-3, abs=1e-9))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("3 weeks", "P3W"),
        ("10 days", "P10D"),
        ("lasts 30 seconds", "PT30S"),
        ("two and a half months", "P75D"),
        ("half an hour", "PT30M"),
        ("half a year", "P6M"),
        ("1 hour 15 minutes", "PT1H15M"),
        ("2-3 weeks", "P3W"),
        ("over 2 weeks", "P18D"),
        ("2 weeks and 3 days", "P17D"),
        ("for months", ""),
        ("ages", ""),
        ("I'm 45.", "P45Y"),
        ("since Friday", "P2D"),
    ],
)
def test_iso(text: str, iso: str) -> None:
    (only,) = find_times(text, TODAY)
    assert only.iso == iso


@pytest.mark.parametrize(
    ("text", "past_14_days"),
    [
        ("a fortnight", False),
        ("two weeks", False),
        ("about two weeks", False),
        ("nearly two weeks", False),
        ("up to two weeks", False),
        ("less than two weeks", False),
        ("15 days", True),
        ("over two weeks", True),
        ("at least two weeks", True),
        ("just over a fortnight", True),
        ("two or three weeks", True),
        ("a week or two", False),
        ("since 3 November", True),
        ("since last weekend", False),
        ("for the past 3m", True),
    ],
)
def test_the_fourteen_days(text: str, past_14_days: bool) -> None:
    (only,) = find_times(text, TODAY)
    assert only.days is not None
    assert (only.days > 14) is past_14_days


@pytest.mark.parametrize(
    "today", [dt.date(2026, 1, 1), dt.date(2024, 2, 29), dt.date(2026, 3, 31), dt.date(2025, 12, 31), dt.date(2026, 6, 15)]
)
def test_a_month_still_to_come_is_last_years(today: dt.date) -> None:
    for number, name in enumerate(
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"), 1
    ):
        (found,) = find_times(f"since {name}", today)
        onset = today - dt.timedelta(days=int(found.high_days or 0))
        assert (onset.month, onset.day) == (number, 1)
        assert onset.year == today.year - (number > today.month)


@pytest.mark.parametrize("day", range(7))
def test_since_a_weekday_is_at_most_a_week(day: int) -> None:
    today = TODAY + dt.timedelta(days=day)
    for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        (found,) = find_times(f"since {name}", today)
        assert found.kind == "since"
        assert 0 <= (found.low_days or 0) <= (found.high_days or 0) <= 7
        assert (today - dt.timedelta(days=int(found.high_days or 0))).strftime("%A") == name


def test_the_same_words_another_day() -> None:
    (friday,) = find_times("since Friday", dt.date(2026, 11, 23))
    assert friday.days == 3
    (christmas,) = find_times("since Christmas", dt.date(2026, 12, 25))
    assert christmas.days == 0
    (easter,) = find_times("since Easter", dt.date(2025, 4, 30))
    assert easter.days == 10
    (winter,) = find_times("last winter", dt.date(2026, 1, 15))
    assert winter.low_days is not None and winter.low_days > 300
