"""Reads points of the calendar, seen from today: months, dates, weekdays, seasons, feasts, "last week", years.

The most recent one is meant: a month still to come this year is last year's.
"""

from __future__ import annotations

import datetime as dt

from twitchwise.understanding.durations.days import read_day_and_month, read_numeric, read_the_ordinal, read_weekday
from twitchwise.understanding.durations.moments import PARTS, Moment, month_at, month_span, prepared, read_year, span_of
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.words import words


def read_moment(t: Tokens, i: int, today: dt.date) -> Moment | None:
    """The calendar expression that starts at token `i`, else None."""
    word = t.at(i)
    k, part = i, None
    if word == "the" and (t.at(i + 1) in PARTS or t.at(i + 1) == "very"):
        k += 1
    if k > i and t.at(k) == "very":
        k += 1
    if t.at(k) in PARTS and (t.at(k) not in ("back", "turn", "first") or t.at(k + 1) in ("end", "of")):
        part = PARTS[t.at(k)]
        k += 1
        if t.at(k) in ("end", "part", "days"):
            k += 1
        if t.at(k) in ("of", "in", "-"):
            k += 1
        if t.at(k) == "the":
            k += 1
    elif word == "the" and t.at(i + 1) in ("last", "past", "week", "month", "year"):
        k += 1
    elif word == "the":
        return read_the_ordinal(t, i, today) or _season(t, i, i + 1, today, None)
    shift = ""
    if t.at(k) in ("last", "this", "next", "past", "previous", "lst"):
        shift = "last" if t.at(k) in ("last", "past", "previous", "lst") else t.at(k)
        k += 1
        if shift == "last" and t.at(k) in ("early", "late", "mid"):
            part = PARTS[t.at(k)]
            k += 1
        if shift == "this" and t.at(k) in ("last", "past", "coming"):
            shift = {"last": "last", "past": "last", "coming": "next"}[t.at(k)]
            k += 1
    return (
        _period(t, i, k, today, shift, part)
        or read_weekday(t, i, k, today, shift)
        or read_day_and_month(t, i, k, today, shift)
        or _month(t, i, k, today, shift, part)
        or _season(t, i, k, today, part, shift)
        or read_numeric(t, i, today)
        or _only_year(t, i, k, today, part)
    )


def _period(t: Tokens, i: int, k: int, today: dt.date, shift: str, part: tuple[float, float] | None) -> Moment | None:
    key = words().singular.get(t.at(k))
    if key not in ("week", "month", "year", "weekend") or t.at(k) in ("mo", "mon"):
        return None
    if t.at(k + 1) == "before" and t.at(k + 2) == "last":
        shift, end, back = "last", k + 3, 2
    else:
        end, back = k + 1, 1
    if t.at(k - 2) == "this" and shift == "last" and key != "weekend":
        return None  # "this past month" is a length
    if not shift and not (part and t.at(k - 1) == "the"):
        return None
    if shift == "this" and not part and key in ("month", "year"):
        pass
    steps = {"last": back, "next": -1}.get(shift, 0)
    if key == "weekend":
        saturday = today - dt.timedelta(days=(today.weekday() - 5) % 7)
        if shift == "last" and back == 1 and today.weekday() < 5:
            steps = 0
        saturday -= dt.timedelta(weeks=steps if back == 1 or today.weekday() >= 5 else 1)
        first, last = saturday, saturday + dt.timedelta(days=1)
    elif key == "week":
        first = today - dt.timedelta(days=today.weekday(), weeks=steps)
        last = first + dt.timedelta(days=6)
    elif key == "month":
        count = today.year * 12 + today.month - 1 - steps
        first, last = month_span(count // 12, count % 12 + 1)
    else:
        first, last = dt.date(today.year - steps, 1, 1), dt.date(today.year - steps, 12, 31)
    moment = span_of(i, end, first, last, today, part, grain=key, past=shift == "last")
    if shift == "next":
        moment.future = True
    if not part:
        moment.whole = float((last - first).days + 1)
    if shift == "this" and not part:  # from the start of it until now
        moment.low, moment.high = 0.0, float((today - first).days if key != "week" else 7)
    if part and moment.future and shift == "this":
        moment.future, moment.low, moment.high = False, 0.0, float((today - first).days)
    return moment


def _month(t: Tokens, i: int, k: int, today: dt.date, shift: str, part: tuple[float, float] | None) -> Moment | None:
    alone = i == 0 and k + 1 >= len(t)
    month = month_at(t, k, bool(shift) or part is not None or alone or prepared(t, k) or read_year(t, k + 1, today) is not None)
    if month is None:
        return None
    if (
        part is None
        and t.at(k) in ("may", "march")
        and t.at(k - 1) in ("this", "to", "of", "and", "at", "after", "-")
        and read_year(t, k + 1, today) is None
    ):
        return None
    if t.at(k) == "may" and t.at(k + 1) in ("be", "have", "not", "or", "just", "i", "it", "need", "get", "help"):
        return None
    if t.at(k) in ("mar", "jan", "jun") and t.at(k - 1) in ("to", "and", "-", "this"):
        return None
    year = read_year(t, k + 1, today)
    found = year[0] if year else today.year - (month > today.month)
    if shift == "last" and month == today.month and year is None:
        found -= 1
    first, last = month_span(found, month)
    if (
        year is None
        and month == today.month
        and part is not None
        and first + dt.timedelta(days=round((last - first).days * part[0])) > today
    ):
        first, last = month_span(found - 1, month)
    future = shift == "next"
    return span_of(
        i,
        year[1] if year else k + 1,
        first,
        last,
        today,
        part,
        grain="month",
        past=shift == "last" or bool(year and year[0] < today.year),
        future=future,
    )


def _season(t: Tokens, i: int, k: int, today: dt.date, part: tuple[float, float] | None, shift: str = "") -> Moment | None:
    w = words().raw
    word = t.at(k)
    if word not in w["seasons"]:
        return None
    before = t.at(i - 1)
    year = read_year(t, k + 1, today)
    if not (
        shift
        or part
        or year
        or before in ("since", "in", "during", "over", "all", "from", "until", "through", "throughout", "by", "this", "of", "sinc")
    ):
        return None
    if word in w["season_other_words"] and not (
        shift or part or year or (before in ("since", "in", "of", "during") and (t.at(i) != "the" or word == "spring"))
    ):
        return None
    if word == "fall" and not (t.breaks(k + 1) or t.at(k + 1) in ("and", "my", "i", "it", "when", "the", "but", "of")) and year is None:
        return None
    start = int(w["seasons"][word])
    found = year[0] if year else today.year
    first, last = month_span(found, start, 3)
    if year is None and first > today:
        first, last = month_span(found - 1, start, 3)
    inside = first <= today <= last
    if shift == "last" and inside:
        first, last = month_span(first.year - 1, start, 3)
    if shift == "next":
        return Moment(i, k + 1, 0.0, 365.0, future=True, grain="season")
    moment = span_of(i, year[1] if year else k + 1, first, last, today, part, grain="season", past=shift == "last")
    moment.whole = float((last - first).days + 1)
    return moment


def _only_year(t: Tokens, i: int, k: int, today: dt.date, part: tuple[float, float] | None) -> Moment | None:
    if not (k < len(t) and t.number[k] and len(t.words[k]) == 4 and t.words[k].isdecimal()):
        return None
    year = int(t.words[k])
    before = t.at(i - 1)
    if not today.year - 110 <= year <= today.year or not (
        part or before in ("since", "in", "from", "during", "around", "about", "of", "circa", "until", "back")
    ):
        return None
    if part is None and not (t.breaks(k + 1) or not t.at(k + 1).startswith(("cal", "kcal", "mg", "times", "step", "iu"))):
        return None
    return span_of(i, k + 1, dt.date(year, 1, 1), dt.date(year, 12, 31), today, part, grain="year")
