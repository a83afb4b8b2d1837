"""Reads points of the calendar, seen from today: months, dates, weekdays, seasons, feasts, "last week", years.

The most recent one is meant: a month still to come this year is last year's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from twitchwise.understanding.durations.numbers import read_one, value_of
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.words import words

PARTS = {"early": (0, 0.34), "start": (0, 0.17), "beginning": (0, 0.17), "begining": (0, 0.17), "first": (0, 0.17), "mid": (0.33, 0.67), "middle": (0.33, 0.67), "late": (0.66, 1), "end": (0.75, 1), "back": (0.75, 1), "turn": (0, 0.1), "halfway": (0.4, 0.6)}
_PREPOSITIONS = ("since", "in", "from", "on", "last", "this", "of", "during", "until", "till", "by", "before", "after", "late", "early", "mid", "about", "around", "next", "through", "over", "throughout", "sinc", "snce", "back", "end", "sometime", "at", "start", "to", "and", "-", "between", "began", "started", "starting")


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


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _month_span(year: int, month: int, months: int = 1) -> tuple[dt.date, dt.date]:
    first = dt.date(year, month, 1)
    count = year * 12 + month - 1 + months
    return first, dt.date(count // 12, count % 12 + 1, 1) - dt.timedelta(days=1)


def _span(i: int, j: int, first: dt.date, last: dt.date, today: dt.date, part: tuple[float, float] | None = None, **more: object) -> Moment:
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


def _year(t: Tokens, j: int, today: dt.date) -> tuple[int, int] | None:
    k = j + (t.at(j) in ("of", ",", "in"))
    if k < len(t) and t.number[k] and len(t.words[k]) == 4 and t.words[k].isdigit() and today.year - 110 <= int(t.words[k]) <= today.year + 1:
        return int(t.words[k]), k + 1
    if t.at(k) == "'" and k + 1 < len(t) and len(t.words[k + 1]) == 2 and t.words[k + 1].isdigit():
        return 2000 + int(t.words[k + 1]), k + 2
    if t.at(j) == "last" and t.at(j + 1) == "year":
        return today.year - 1, j + 2
    if t.at(j) == "this" and t.at(j + 1) == "year":
        return today.year, j + 2
    return None


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
        return _the_ordinal(t, i, today) or _season(t, i, i + 1, today, None)
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
        or _weekday(t, i, k, today, shift)
        or _day_and_month(t, i, k, today, shift)
        or _month(t, i, k, today, shift, part)
        or _season(t, i, k, today, part, shift)
        or _numeric(t, i, today)
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
        first, last = _month_span(count // 12, count % 12 + 1)
    else:
        first, last = dt.date(today.year - steps, 1, 1), dt.date(today.year - steps, 12, 31)
    moment = _span(i, end, first, last, today, part, grain=key, past=shift == "last")
    if shift == "next":
        moment.future = True
    if not part:
        moment.whole = float((last - first).days + 1)
    if shift == "this" and not part:  # from the start of it until now
        moment.low, moment.high = 0.0, float((today - first).days if key != "week" else 7)
    if part and moment.future and shift == "this":
        moment.future, moment.low, moment.high = False, 0.0, float((today - first).days)
    return moment


def _weekday(t: Tokens, i: int, k: int, today: dt.date, shift: str) -> Moment | None:
    w = words().raw
    word = t.at(k)
    word = word[:-2] if word.endswith("'s") else word
    day = w["weekdays"].get(word)
    if word in w["weekday_plural"]:
        return Moment(i, k + 1, 7.0, 7.0, rate=True)
    if day is None and word in w["weekday_short"] and (shift or t.at(i - 1) in ("since", "on", "from", "sinc")):
        day = w["weekday_short"][word]
    if day is None:
        return None
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


def _prepared(t: Tokens, i: int) -> bool:
    k = i - 1
    if t.at(k) in ("about", "around", "the", "roughly") and t.at(k - 1) in _PREPOSITIONS:
        return True
    return t.at(k) in _PREPOSITIONS


def _month_at(t: Tokens, k: int, safe: bool) -> int | None:
    """The month at `k`; names that are other words as well only where `safe`."""
    w = words().raw
    word = t.at(k)
    word = word[:-2] if word.endswith("'s") else word
    if word in w["months"] and (safe or word not in w["month_other_words"]):
        return int(w["months"][word])
    return int(w["month_short"][word]) if safe and word in w["month_short"] else None


def _on_or_before(month: int, day: int, year: int | None, today: dt.date) -> dt.date | None:
    if year is not None:
        return _date(year, month, day)
    for candidate in range(today.year, today.year - 5, -1):
        date = _date(candidate, month, day)
        if date is not None and date <= today:
            return date
    return None


def _day_and_month(t: Tokens, i: int, k: int, today: dt.date, shift: str) -> Moment | None:
    day: int | None = None
    month: int | None = None
    j = k
    ordinal = read_ordinal(t, k)
    if ordinal is None and k < len(t) and t.number[k] and t.words[k].isdigit() and 1 <= int(t.words[k]) <= 31:
        ordinal = (int(t.words[k]), k + 1)
    if ordinal is not None:
        day, j = ordinal
        j += t.at(j) == "of"
        month = _month_at(t, j, True)
        if month is None or (j + 1 < len(t) and t.at(j) in ("may", "march") and t.at(j - 1) != "of" and t.at(i - 1) in ("", "i") and not _prepared(t, i)):
            return None
        j += 1
    else:
        month = _month_at(t, k, True)
        j = k + 1 + (t.at(k + 1) == ".") if month is not None else k
        if month is None:
            return None
        j += t.at(j) == "the"
        later = read_ordinal(t, j)
        if later is None and j < len(t) and t.number[j] and t.words[j].isdigit() and 1 <= int(t.words[j]) <= 31:
            if t.at(j + 1) in ("weeks", "days", "months", "years", "hours", "minutes", "week", "day", "month", "year", "times", "/", ":", "%", "mg"):
                return None
            later = (int(t.words[j]), j + 1)
        if later is None:
            return None
        day, j = later
        if t.at(k) in ("may", "march", "mar") and j < len(t) and not (t.at(j - 1) in ("st", "nd", "rd", "th") or _prepared(t, i)):
            return None
    year = _year(t, j, today)
    date = _on_or_before(month, day, year[0] if year else None, today)
    if date is None:
        return None
    return _span(i, year[1] if year else j, date, date, today, grain="date", past=shift == "last")


def _the_ordinal(t: Tokens, i: int, today: dt.date) -> Moment | None:
    """the 3rd (of November)."""
    ordinal = read_ordinal(t, i + 1)
    if ordinal is None:
        return None
    day, j = ordinal
    k = j + (t.at(j) == "of")
    month = _month_at(t, k, True)
    if month is not None:
        return _day_and_month(t, i, i + 1, today, "")
    if t.at(i - 1) not in ("since", "on", "from", "around", "about") or not (t.breaks(j) or t.at(j) in ("and", "of")) or t.at(j - 1) not in ("st", "nd", "rd", "th"):
        return None
    first = today.replace(day=1)
    date = None
    for _ in range(3):
        date = _date(first.year, first.month, day)
        if date is not None and date <= today:
            break
        first = (first - dt.timedelta(days=1)).replace(day=1)
    if date is None:
        return None
    return _span(i, j, date, date, today, grain="date")


def _month(t: Tokens, i: int, k: int, today: dt.date, shift: str, part: tuple[float, float] | None) -> Moment | None:
    alone = i == 0 and k + 1 >= len(t)
    month = _month_at(t, k, bool(shift) or part is not None or alone or _prepared(t, k) or _year(t, k + 1, today) is not None)
    if month is None:
        return None
    if part is None and t.at(k) in ("may", "march") and t.at(k - 1) in ("this", "to", "of", "and", "at", "after", "-") and _year(t, k + 1, today) is None:
        return None
    if t.at(k) == "may" and t.at(k + 1) in ("be", "have", "not", "or", "just", "i", "it", "need", "get", "help"):
        return None
    if t.at(k) in ("mar", "jan", "jun") and t.at(k - 1) in ("to", "and", "-", "this"):
        return None
    year = _year(t, k + 1, today)
    found = year[0] if year else today.year - (month > today.month)
    if shift == "last" and month == today.month and year is None:
        found -= 1
    first, last = _month_span(found, month)
    if year is None and month == today.month and part is not None and first + dt.timedelta(days=round((last - first).days * part[0])) > today:
        first, last = _month_span(found - 1, month)
    future = shift == "next"
    return _span(i, year[1] if year else k + 1, first, last, today, part, grain="month", past=shift == "last" or bool(year and year[0] < today.year), future=future)


def _season(t: Tokens, i: int, k: int, today: dt.date, part: tuple[float, float] | None, shift: str = "") -> Moment | None:
    w = words().raw
    word = t.at(k)
    if word not in w["seasons"]:
        return None
    before = t.at(i - 1)
    year = _year(t, k + 1, today)
    if not (shift or part or year or before in ("since", "in", "during", "over", "all", "from", "until", "through", "throughout", "by", "this", "of", "sinc")):
        return None
    if word in w["season_other_words"] and not (shift or part or year or (before in ("since", "in", "of", "during") and (t.at(i) != "the" or word == "spring"))):
        return None
    if word == "fall" and not (t.breaks(k + 1) or t.at(k + 1) in ("and", "my", "i", "it", "when", "the", "but", "of")) and year is None:
        return None
    start = int(w["seasons"][word])
    found = year[0] if year else today.year
    first, last = _month_span(found, start, 3)
    if year is None and first > today:
        first, last = _month_span(found - 1, start, 3)
    inside = first <= today <= last
    if shift == "last" and inside:
        first, last = _month_span(first.year - 1, start, 3)
    if shift == "next":
        return Moment(i, k + 1, 0.0, 365.0, future=True, grain="season")
    moment = _span(i, year[1] if year else k + 1, first, last, today, part, grain="season", past=shift == "last")
    moment.whole = float((last - first).days + 1)
    return moment


def _numeric(t: Tokens, i: int, today: dt.date) -> Moment | None:
    """2026-11-03, 3/11/2026, and 3/11 after since, on or from; day first or month first where both are possible."""
    if not (i + 2 < len(t) and t.number[i]) or t.at(i + 1) not in ("/", "-", "."):
        return None
    pieces = [t.words[i], t.at(i + 2)]
    mark = t.at(i + 1)
    j = i + 3
    if t.at(j) == mark and t.at(j + 1).isdigit() and t.glued[j]:
        pieces.append(t.at(j + 1))
        j += 2
    if not all(p.isdigit() for p in pieces):
        return None
    numbers = [int(p) for p in pieces]
    candidates: list[dt.date | None]
    if len(numbers) == 3 and len(pieces[0]) == 4:
        candidates = [_date(numbers[0], numbers[1], numbers[2])]
    else:
        year = None
        if len(numbers) == 3:
            year = numbers[2] + (2000 if numbers[2] < 100 else 0)
        elif mark != "/" or t.at(i - 1) not in ("since", "on", "from", "around", "about"):
            return None
        a, b = numbers[0], numbers[1]
        candidates = [_on_or_before(m, d, year, today) if 1 <= m <= 12 else None for d, m in ((a, b), (b, a))]
    dates = sorted(d for d in candidates if d is not None)
    if not dates or not today.year - 110 <= dates[0].year <= today.year + 1:
        return None
    past = [d for d in dates if d <= today] or dates
    return _span(i, j, past[0], past[-1], today, grain="date")


def _only_year(t: Tokens, i: int, k: int, today: dt.date, part: tuple[float, float] | None) -> Moment | None:
    if not (k < len(t) and t.number[k] and len(t.words[k]) == 4 and t.words[k].isdigit()):
        return None
    year = int(t.words[k])
    before = t.at(i - 1)
    if not today.year - 110 <= year <= today.year or not (part or before in ("since", "in", "from", "during", "around", "about", "of", "circa", "until", "back")):
        return None
    if part is None and not (t.breaks(k + 1) or not t.at(k + 1).startswith(("cal", "kcal", "mg", "times", "step", "iu"))):
        return None
    return _span(i, k + 1, dt.date(year, 1, 1), dt.date(year, 12, 31), today, part, grain="year")


def read_holiday(value: list[object], i: int, j: int, t: Tokens, today: dt.date) -> Moment:
    """A feast given as [month, day] or [easter, offset]: the most recent one, or of the year said."""
    year = _year(t, j, today)

    def of(y: int) -> dt.date:
        return easter(y) + dt.timedelta(days=int(str(value[1]))) if value[0] == "easter" else dt.date(y, int(str(value[0])), int(str(value[1])))

    if year is not None:
        date, j = of(year[0]), year[1]
    else:
        date = of(today.year) if of(today.year) <= today else of(today.year - 1)
    return _span(i, j, date, date, today, grain="holiday")


def read_ago_of_weekdays(t: Tokens, i: int, today: dt.date) -> Moment | None:
    """two Sundays ago, three summers ago, a week last Tuesday, a week ago Friday."""
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
