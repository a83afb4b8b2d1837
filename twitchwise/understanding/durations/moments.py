"""A stretch of the calendar seen from today, and the small readers that all dates share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from twitchwise.understanding.durations.numbers import value_of
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.words import words

PARTS = {
    "early": (0, 0.34),
    "start": (0, 0.17),
    "beginning": (0, 0.17),
    "begining": (0, 0.17),
    "first": (0, 0.17),
    "mid": (0.33, 0.67),
    "middle": (0.33, 0.67),
    "late": (0.66, 1),
    "end": (0.75, 1),
    "back": (0.75, 1),
    "turn": (0, 0.1),
    "halfway": (0.4, 0.6),
}


_PREPOSITIONS = (
    "since",
    "in",
    "from",
    "on",
    "last",
    "this",
    "of",
    "during",
    "until",
    "till",
    "by",
    "before",
    "after",
    "late",
    "early",
    "mid",
    "about",
    "around",
    "next",
    "through",
    "over",
    "throughout",
    "sinc",
    "snce",
    "back",
    "end",
    "sometime",
    "at",
    "start",
    "to",
    "and",
    "-",
    "between",
    "began",
    "started",
    "starting",
)


@dataclass(slots=True)
class Moment:
    """A point or stretch of time at tokens `i` to `j`, `low` to `high` days before today; `past` or `future` where the words say so."""

    i: int
    j: int
    low: float
    high: float
    approximate: bool = True
    past: bool = False
    future: bool = False
    grain: str = ""
    rate: bool = False
    whole: float | None = None


def easter(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    month, day = divmod(h + el - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def make_date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def month_span(year: int, month: int, months: int = 1) -> tuple[dt.date, dt.date]:
    first = dt.date(year, month, 1)
    count = year * 12 + month - 1 + months
    return first, dt.date(count // 12, count % 12 + 1, 1) - dt.timedelta(days=1)


def span_of(
    i: int, j: int, first: dt.date, last: dt.date, today: dt.date, part: tuple[float, float] | None = None, **more: object
) -> Moment:
    if part is not None:
        days = (last - first).days
        first, last = first + dt.timedelta(days=round(days * part[0])), first + dt.timedelta(days=round(days * part[1]))
    low, high = (today - last).days, (today - first).days
    moment = Moment(i, j, float(max(low, 0)), float(max(high, 0)))
    for name, value in more.items():
        setattr(moment, name, value)
    if high < 0:
        moment.future, moment.low, moment.high = True, float(-high), float(-low)
    moment.approximate = moment.low != moment.high
    return moment


def read_ordinal(t: Tokens, i: int, last: int = 31) -> tuple[int, int] | None:
    """(day of the month, token after) of "3rd", "third", "twenty first", else None."""
    if i < len(t) and t.number[i] and t.at(i + 1) in ("st", "nd", "rd", "th") and t.glued[i + 1]:
        value = value_of(t.words[i])
        return (int(value), i + 2) if 1 <= value <= last else None
    ordinals, tens = words().raw["ordinals"], words().raw["tens"]
    if t.at(i) in ordinals:
        return ordinals[t.at(i)], i + 1
    step = 1 + (t.at(i + 1) == "-")
    if t.at(i) in tens and t.at(i + step) in ordinals and ordinals[t.at(i + step)] < 10:
        return tens[t.at(i)] + ordinals[t.at(i + step)], i + step + 1
    return None


def read_year(t: Tokens, j: int, today: dt.date) -> tuple[int, int] | None:
    k = j + (t.at(j) in ("of", ",", "in"))
    if (
        k < len(t)
        and t.number[k]
        and len(t.words[k]) == 4
        and t.words[k].isdecimal()
        and today.year - 110 <= int(t.words[k]) <= today.year + 1
    ):
        return int(t.words[k]), k + 1
    if t.at(k) == "'" and k + 1 < len(t) and len(t.words[k + 1]) == 2 and t.words[k + 1].isdecimal():
        return 2000 + int(t.words[k + 1]), k + 2
    if t.at(j) == "last" and t.at(j + 1) == "year":
        return today.year - 1, j + 2
    if t.at(j) == "this" and t.at(j + 1) == "year":
        return today.year, j + 2
    return None


def prepared(t: Tokens, i: int) -> bool:
    k = i - 1
    if t.at(k) in ("about", "around", "the", "roughly") and t.at(k - 1) in _PREPOSITIONS:
        return True
    return t.at(k) in _PREPOSITIONS


def month_at(t: Tokens, k: int, safe: bool) -> int | None:
    """The month at `k`; names that are other words as well only where `safe`."""
    w = words().raw
    word = t.at(k)
    word = word[:-2] if word.endswith("'s") else word
    if word in w["months"] and (safe or word not in w["month_other_words"]):
        return int(w["months"][word])
    return int(w["month_short"][word]) if safe and word in w["month_short"] else None


def on_or_before(month: int, day: int, year: int | None, today: dt.date) -> dt.date | None:
    if year is not None:
        return make_date(year, month, day)
    for candidate in range(today.year, today.year - 5, -1):
        date = make_date(candidate, month, day)
        if date is not None and date <= today:
            return date
    return None


def sunday_of(year: int, month: int, which: int) -> dt.date:
    """The first, second ... Sunday of a month, the last for 0: the days on which clocks are changed."""
    first, last = month_span(year, month)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7) if not which else first + dt.timedelta(days=(6 - first.weekday()) % 7 + 7 * (which - 1))


def read_holiday(value: list[object], i: int, j: int, t: Tokens, today: dt.date) -> Moment:
    """A feast given as [month, day], [easter, offset] or [sunday, which, month ...]: the most recent one, or of the year said."""
    year = read_year(t, j, today)
    if value[0] == "sunday":
        years = (year[0],) if year else (today.year, today.year - 1)
        days = [sunday_of(y, int(str(month)), int(str(value[1]))) for y in years for month in value[2:]]
        date = max(day for day in days if year or day <= today)
        return span_of(i, year[1] if year else j, date, date, today, grain="holiday")

    def of(y: int) -> dt.date:
        return (
            easter(y) + dt.timedelta(days=int(str(value[1])))
            if value[0] == "easter"
            else dt.date(y, int(str(value[0])), int(str(value[1])))
        )

    if year is not None:
        date, j = of(year[0]), year[1]
    else:
        date = of(today.year) if of(today.year) <= today else of(today.year - 1)
    return span_of(i, j, date, date, today, grain="holiday")
