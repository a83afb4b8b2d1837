"""Opening hours: read from a line, true on the clock of the clinic, said in words."""
from __future__ import annotations

from datetime import datetime, timezone

import pytest

from twitchwise.staff.hours import parse_hours

LINE = "Mon-Fri 09:00-17:00, Sat 10:00-12:00"


@pytest.mark.parametrize(("moment", "there"), [
    ("2026-03-02T09:00", True), ("2026-03-02T08:59", False), ("2026-03-02T17:00", False), ("2026-03-07T11:59", True),
    ("2026-03-08T11:00", False),
    # In summer the clinic's clock is an hour ahead of UTC.
    ("2026-07-06T08:00", True), ("2026-07-06T16:30", False),
])
def test_open_on_the_clock_of_the_clinic(moment: str, there: bool) -> None:
    hours = parse_hours(LINE, "Europe/London")
    assert hours.is_open(datetime.fromisoformat(moment).replace(tzinfo=timezone.utc)) is there


def test_without_hours_nobody_claims_anything() -> None:
    assert parse_hours("").is_open(datetime.now(timezone.utc)) is None and parse_hours("").in_words() == ""


def test_in_words() -> None:
    said = parse_hours(LINE, "Europe/London").in_words()
    assert said == "Monday to Friday from 09:00 to 17:00 and Saturday from 10:00 to 12:00 (Europe/London time)"
    assert parse_hours("mon-sun 00:00-24:00").in_words() == "every day from 00:00 to 24:00 (UTC time)"


def test_round_the_end_of_the_week() -> None:
    hours = parse_hours("Sat-Mon 08:00-20:00")
    days = [hours.is_open(datetime(2026, 3, day, 12, tzinfo=timezone.utc)) for day in range(2, 9)]     # a Monday to a Sunday
    assert days == [True, False, False, False, False, True, True]


@pytest.mark.parametrize(("line", "zone", "words"), [
    ("9 to 5", "UTC", "no opening time"), ("Mon 17:00-09:00", "UTC", "before it opens"), ("Mon 09:00-25:00", "UTC", "time of day"),
    ("Mom 09:00-10:00", "UTC", "no day"), (LINE, "Mars/Base", "time zone"),
])
def test_what_cannot_be_read_is_named(line: str, zone: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_hours(line, zone)
