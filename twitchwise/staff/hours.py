"""When somebody of the staff is there: opening hours, read from one line. Pure.

There is a library for OpenStreetMap's opening_hours, but none that is small and reads only what a clinic writes here.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

import pytz

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PART = re.compile(r"(?P<first>[A-Za-z]{3})(?:\s*-\s*(?P<last>[A-Za-z]{3}))?\s+(?P<opens>\d{1,2}:\d{2})\s*-\s*(?P<closes>\d{1,2}:\d{2})")
MIDNIGHT = "24:00"


@dataclass(frozen=True)
class Span:
    """`days`: 0 for Monday ... 6; `opens`, `closes`: minutes of the day, 0 to 1440."""

    days: tuple[int, ...]
    opens: int
    closes: int

    def in_words(self) -> str:
        """'Monday to Friday from 09:00 to 17:00'."""
        days = NAMES[self.days[0]] if len(self.days) == 1 else f"{NAMES[self.days[0]]} to {NAMES[self.days[-1]]}"
        if len(self.days) == 7:
            days = "every day"
        return f"{days} from {_clock(self.opens)} to {_clock(self.closes)}"


@dataclass(frozen=True)
class Hours:
    """`spans` empty: not said, so nobody claims that somebody is there. `zone`: a name of the time zone database."""

    spans: tuple[Span, ...] = ()
    zone: str = "UTC"

    def is_open(self, now: datetime) -> bool | None:
        """Whether somebody is there at `now` (with a time zone); None where no hours are set."""
        if not self.spans:
            return None
        local = now.astimezone(pytz.timezone(self.zone))
        minute = local.hour * 60 + local.minute
        return any(local.weekday() in span.days and span.opens <= minute < span.closes for span in self.spans)

    def in_words(self) -> str:
        """'Monday to Friday from 09:00 to 17:00 and Saturday from 10:00 to 12:00 (Europe/London time)'; empty where no hours are set."""
        said = [span.in_words() for span in self.spans]
        if not said:
            return ""
        return f"{', '.join(said[:-1])}{' and ' if said[:-1] else ''}{said[-1]} ({self.zone} time)"


def parse_hours(line: str, zone: str = "UTC") -> Hours:
    """"Mon-Fri 09:00-17:00, Sat 10:00-12:00". Raises ValueError with a sentence for the operator."""
    if zone not in pytz.all_timezones_set:
        raise ValueError(f"{zone!r} is no time zone; use a name such as Europe/London")
    return Hours(tuple(_span(part.strip()) for part in line.split(",") if part.strip()), zone)


def _span(part: str) -> Span:
    match = _PART.fullmatch(part)
    if match is None:
        raise ValueError(f"{part!r} is no opening time; write it as Mon-Fri 09:00-17:00, several with commas")
    first = _day(match["first"])
    last = _day(match["last"]) if match["last"] else first
    opens, closes = _minutes(match["opens"]), _minutes(match["closes"])
    if opens >= closes:
        raise ValueError(f"{part!r} closes before it opens; write a night as two, up to 24:00 and from 00:00")
    # "Sat-Mon" goes round the end of the week.
    days = tuple((first + step) % 7 for step in range((last - first) % 7 + 1))
    return Span(days, opens, closes)


def _day(name: str) -> int:
    if name.capitalize() not in DAYS:
        raise ValueError(f"{name!r} is no day; use {', '.join(DAYS)}")
    return DAYS.index(name.capitalize())


def _minutes(clock: str) -> int:
    if clock == MIDNIGHT:
        return 24 * 60
    hour, minute = map(int, clock.split(":"))
    try:
        time(hour, minute)
    except ValueError:
        raise ValueError(f"{clock!r} is no time of day; use 00:00 to 24:00") from None
    return hour * 60 + minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
