"""Reads single days: weekdays, "3rd of November", "Nov 3", "3/11", "two Sundays ago"."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from twitchwise.understanding.durations.daytimes import told_as_past
from twitchwise.understanding.durations.moments import Moment, make_date, month_at, on_or_before, prepared, read_ordinal, read_year, span_of
from twitchwise.understanding.durations.numbers import read_one
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.units import close
from twitchwise.understanding.durations.words import words

#: 'a Sunday roast', 'Saturday league': a kind, not a day.
_NO_DAY_BEFORE = ("roast", "dinner", "lunch", "league", "school", "paper", "papers", "best", "service", "market", "club", "footy", "joint")


_BEFORE_WEEKDAY = frozenset(("since", "sinse", "sinc", "snce", "on", "from", "last", "started", "startd", "began", "start", "strted", "onset", "starting"))
_NO_WEEKDAYS = frozenset(("sundry", "monkey", "midday", "payday", "holiday"))


@lru_cache(maxsize=1024)
def misspelt_weekday(word: str) -> int | None:
    """'thursdy', 'wedesday': one letter off the name of a day, behind 'since' or 'on'."""
    if not 5 <= len(word) <= 10 or word in _NO_WEEKDAYS:
        return None
    days: dict[str, int] = words().raw["weekdays"]
    return next((day for right, day in days.items() if word[0] == right[0] and close(word, right)), None)


def read_weekday(t: Tokens, i: int, k: int, today: dt.date, shift: str) -> Moment | None:
    w = words().raw
    word = t.at(k)
    word = word[:-2] if word.endswith("'s") else word
    if word != t.at(k) and not t.breaks(k + 1) and t.at(k + 1) not in ("when", "since", "gone") and "since" not in (t.at(k - 1), t.at(i - 1)):
        return None  # 'Thursday's results' are not of last Thursday
    day = w["weekdays"].get(word)
    if day is None and t.at(k - 1) in _BEFORE_WEEKDAY:
        day = misspelt_weekday(word)
    if word in w["weekday_plural"]:
        return Moment(i, k + 1, 7.0, 7.0, rate=True)
    if day is None and word in w["weekday_short"] and (
        shift or t.at(i - 1) in ("since", "on", "from", "sinc") or (t.at(i - 1 - (t.at(i - 1) == ":")) in _BEFORE_WEEKDAY and t.breaks(k + 1))
        or t.at(k + 1) in (":", "=", "morning", "afternoon", "evening", "night", "am", "pm", "noon", "lunchtime")
        or (t.at(k + 1) == "(" and t.at(k + 2) == "today")
    ):
        day = w["weekday_short"][word]
    if day is None or t.at(k + 1) in _NO_DAY_BEFORE:
        return None
    if t.at(i - 1) in ("a", "an", "most", "some") and t.at(k + 1) not in ("ago", "last") and not (t.at(i - 2) == "on" and told_as_past(t, i, k + 1)):
        return None  # 'a flutter on a Sunday if that'
    end = k + 1
    if t.at(end) in ("morning", "afternoon", "evening", "night", "lunchtime"):
        end += 1
    since = (today.weekday() - day) % 7
    moment = Moment(i, end, float(since), float(since or 7), grain="weekday")
    if since:
        moment.approximate = False
    if t.at(end) in ("last", "before") and t.at(end + 1) in ("week", "last"):
        extra = 7 if t.at(end) == "before" else 0
        week = float(today.weekday() - day + 7) if not extra else float((since or 7) + 7)
        return Moment(i, end + 2, week, week, past=True, grain="weekday", approximate=False)
    if shift == "last" and t.at(end) == "week":
        return None
    if shift == "last":
        moment.past, moment.low = True, float(since or 7)
        # on a Sunday "last Tuesday" may be this week's or the one before
        moment.high = moment.low + 7 if since and since <= today.weekday() else moment.low
        moment.approximate = moment.low != moment.high
    elif shift == "next" or t.at(end) == "week":
        ahead = float((day - today.weekday()) % 7 or 7)
        return Moment(i, end + (t.at(end) == "week"), ahead, ahead + 7, future=True, grain="weekday")
    elif shift == "this":
        moment.low, moment.high = float(since), float(since)
    if t.at(end) in ("gone", "just") and t.at(i - 1) != "since":
        moment.j = end + 1 + (t.at(end + 1) in ("gone", "past"))
        moment.past = True
    return moment


def read_day_and_month(t: Tokens, i: int, k: int, today: dt.date, shift: str) -> Moment | None:
    day: int | None = None
    month: int | None = None
    j = k
    ordinal = read_ordinal(t, k)
    if ordinal is None and k < len(t) and t.number[k] and t.words[k].isdecimal() and 1 <= int(t.words[k]) <= 31:
        ordinal = (int(t.words[k]), k + 1)
    if ordinal is not None:
        day, j = ordinal
        j += t.at(j) == "of"
        month = month_at(t, j, True)
        if month is None or (
            j + 1 < len(t) and t.at(j) in ("may", "march") and t.at(j - 1) != "of" and t.at(i - 1) in ("", "i") and not prepared(t, i)
        ):
            return None
        j += 1
    else:
        month = month_at(t, k, True)
        j = k + 1 + (t.at(k + 1) == ".") if month is not None else k
        if month is None:
            return None
        j += t.at(j) == "the"
        later = read_ordinal(t, j)
        if later is None and j < len(t) and t.number[j] and t.words[j].isdecimal() and 1 <= int(t.words[j]) <= 31:
            if t.at(j + 1) in (
                "weeks",
                "days",
                "months",
                "years",
                "hours",
                "minutes",
                "week",
                "day",
                "month",
                "year",
                "times",
                "/",
                ":",
                "%",
                "mg",
            ):
                return None
            later = (int(t.words[j]), j + 1)
        if later is None:
            return None
        day, j = later
        if t.at(k) in ("may", "march", "mar") and j < len(t) and not (t.at(j - 1) in ("st", "nd", "rd", "th") or prepared(t, i)):
            return None
    year = read_year(t, j, today)
    date = on_or_before(month, day, year[0] if year else None, today)
    if date is None:
        return None
    return span_of(i, year[1] if year else j, date, date, today, grain="date", past=shift == "last")


def read_the_ordinal(t: Tokens, i: int, today: dt.date) -> Moment | None:
    """the 3rd (of November)."""
    ordinal = read_ordinal(t, i + 1)
    if ordinal is None:
        return None
    day, j = ordinal
    k = j + (t.at(j) == "of")
    month = month_at(t, k, True)
    if month is not None:
        return read_day_and_month(t, i, i + 1, today, "")
    if (
        t.at(i - 1) not in ("since", "on", "from", "around", "about")
        or not (t.breaks(j) or t.at(j) in ("and", "of", "my", "his", "her", "i", "it", "the", "when", "he", "she", "this"))
        or t.at(j - 1) not in ("st", "nd", "rd", "th")
    ):
        return None
    first = today.replace(day=1)
    date = None
    for _ in range(3):
        date = make_date(first.year, first.month, day)
        if date is not None and date <= today:
            break
        first = (first - dt.timedelta(days=1)).replace(day=1)
    if date is None:
        return None
    return span_of(i, j, date, date, today, grain="date")


def read_numeric(t: Tokens, i: int, today: dt.date) -> Moment | None:
    """2026-11-03, 3/11/2026, and 3/11 after since, on or from; day first or month first where both are possible."""
    if not (i + 2 < len(t) and t.number[i]) or t.at(i + 1) not in ("/", "-", "."):
        return None
    pieces = [t.words[i], t.at(i + 2)]
    mark = t.at(i + 1)
    j = i + 3
    if t.at(j) == mark and t.at(j + 1).isdecimal() and t.glued[j]:
        pieces.append(t.at(j + 1))
        j += 2
    if not all(p.isdecimal() for p in pieces):
        return None
    numbers = [int(p) for p in pieces]
    candidates: list[dt.date | None]
    if len(numbers) == 3 and len(pieces[0]) == 4:
        candidates = [make_date(numbers[0], numbers[1], numbers[2])]
    else:
        year = None
        if len(numbers) == 3:
            year = numbers[2] + (2000 if numbers[2] < 100 else 0)
        elif mark != "/" or t.at(i - 1) not in ("since", "on", "from", "around", "about"):
            return None
        a, b = numbers[0], numbers[1]
        candidates = [on_or_before(m, d, year, today) if 1 <= m <= 12 else None for d, m in ((a, b), (b, a))]
    dates = sorted(d for d in candidates if d is not None)
    if not dates or not today.year - 110 <= dates[0].year <= today.year + 1:
        return None
    past = [d for d in dates if d <= today] or dates
    return span_of(i, j, past[0], past[-1], today, grain="date")


def read_ago_of_weekdays(t: Tokens, i: int, today: dt.date) -> Moment | None:
    """two Sundays ago, three summers ago, a week last Tuesday, a week ago Friday, this time last year."""
    if t.follow(i, ("this", "time", "last")) and t.at(i + 3) in ("year", "month", "week"):
        days = {"year": 365.0, "month": 30.0, "week": 7.0}[t.at(i + 3)]
        return Moment(i, i + 4, days, days, past=True, grain=t.at(i + 3))
    number = read_one(t, i)
    if number is None or number.high > 200:
        return None
    w = words().raw
    word = t.at(number.j)
    if t.at(number.j + 1) == "ago":
        day = w["weekday_plural"].get(word, w["weekdays"].get(word))
        if day is not None:
            days = ((today.weekday() - day) % 7 or 7) + 7 * (number.high - 1)
            return Moment(i, number.j + 2, days, days, approximate=False, past=True, grain="weekday")
        if word in w["seasons"] or word in ("christmases", "easters", "birthdays"):
            return Moment(i, number.j + 2, (number.low - 1) * 365 + 1, number.high * 365, past=True, grain="season")
    if word in ("week", "fortnight"):
        k = number.j + 1 + (t.at(number.j + 1) in ("ago", "last", "past"))
        k += t.at(k) in ("last", "on", "this") and t.at(k - 1) == "ago"
        day = w["weekdays"].get(t.at(k))
        if day is not None and k > number.j + 1:
            days = ((today.weekday() - day) % 7 or 7) + 7.0 * number.high * (2 if word == "fortnight" else 1)
            if t.at(number.j + 1) == "ago":
                return Moment(i, k + 1, max(days - 7, 1), days, past=True, grain="weekday")
            return Moment(i, k + 1, days, days, approximate=False, past=True, grain="weekday")
    return None
