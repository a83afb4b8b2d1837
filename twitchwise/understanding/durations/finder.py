"""Finds every expression of time in a message and says what kind it is."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from twitchwise.understanding.durations.ages import DECADES, read_age
from twitchwise.understanding.durations.dates import read_moment
from twitchwise.understanding.durations.days import read_ago_of_weekdays
from twitchwise.understanding.durations.daytimes import read_daytime
from twitchwise.understanding.durations.grammar import kind_of
from twitchwise.understanding.durations.lengths import Length, read_length
from twitchwise.understanding.durations.logs import read_series, today_of_a_log
from twitchwise.understanding.durations.mended import number_put_right, shortened, unit_put_right
from twitchwise.understanding.durations.model import TimeExpression
from twitchwise.understanding.durations.moments import PARTS, read_ordinal
from twitchwise.understanding.durations.numbers import read_one
from twitchwise.understanding.durations.phrases import is_since, of_moment, read_clock, read_phrase, read_since_phrase
from twitchwise.understanding.durations.rates import read_rate
from twitchwise.understanding.durations.spans import BEFORE_ONSET, Found, make
from twitchwise.understanding.durations.tokens import Tokens, cut
from twitchwise.understanding.durations.units import read_unit
from twitchwise.understanding.durations.words import words

_BROAD = {
    "second": (0.00003, 0.001),
    "minute": (0.0014, 0.05),
    "hour": (0.08, 1.0),
    "day": (2.0, 13.0),
    "night": (2.0, 13.0),
    "week": (14.0, 70.0),
    "weekend": (14.0, 70.0),
    "fortnight": (28.0, 140.0),
    "month": (60.0, 730.0),
    "year": (730.0, 36500.0),
    "decade": (7300.0, 36500.0),
}


_OF_DAYS = ("dy", "ay", "da", "dya")  # the ends of misspelt weekdays
_BEFORE_THE_NTH = ("for", "is", "it's", "its", "today's", "'s", "already", "now")  # 'it is the fourth day'
_RATE_STARTERS = ("every", "each", "evry", "ever", "per", "/", "once", "twice", "thrice")


def find_times(text: str, today: dt.date) -> list[TimeExpression]:
    """Every expression of time in `text`, in order, seen from `today`. Never raises; empty where there is none."""
    t = cut(text)
    log = today_of_a_log(t, today)
    found = _found(t, log or today)
    if log is None:
        return found
    # 'Today, Thu:' names one day, not also the Thursday before
    beside = {a.end for a in found if text[a.start : a.end].lower() == "today"}
    return [each for each in found if not any(0 < each.start - end <= 4 for end in beside)]


def _found(t: Tokens, today: dt.date) -> list[TimeExpression]:
    starters = _starters()
    found: list[TimeExpression] = []
    i, done = 0, 0
    while i < len(t):
        # most words can start no expression of time
        if not (t.number[i] or t.words[i] in starters or (i and (t.words[i - 1] in BEFORE_ONSET or t.words[i - 1] == ":"))
                or (t.words[i].endswith(_OF_DAYS) and t.words[i - 1] in ("on", "last"))):
            i += 1
            continue
        expression, after = _at(t, i, today, done)
        if expression is not None:
            found.append(expression)
        if after > i:
            i = done = after
        else:
            i += 1
    return found


@lru_cache(maxsize=1)
def _starters() -> frozenset[str]:
    """The words with which an expression of time may start (numbers in digits aside)."""
    w = words()
    tables = (
        "numbers",
        "tens",
        "loose_numbers",
        "sound_numbers",
        "ordinals",
        "fraction_signs",
        "months",
        "month_short",
        "weekdays",
        "weekday_short",
        "weekday_plural",
        "seasons",
        "times_words",
    )
    found = (
        {word for table in tables for word in w.raw[table]}
        | set(w.raw["starters"])
        | set(PARTS)
        | set(w.modifiers)
        | w.phrase_starts
        | set(w.singular)
        | set(w.plural)
        | set(DECADES)
    )
    found |= {word + "'s" for table in ("months", "weekdays") for word in w.raw[table]}
    return frozenset(found)


_SHORTHAND = {"7": 1.0, "52": 7.0, "12": 30.0}
_BEFORE_SHORTHAND = ("for", "x", "of", "past", "last", "since", "over", "about", "~", "approx")
_AFTER_SHORTHAND = ("hx", "history", "ago", "duration", "now", "onset")


def _read_shorthand(t: Tokens, i: int, done: int) -> Found | None:
    """Notes of nurses and doctors: 'x 12/7' is 12 days, '3/52' 3 weeks, '4/12' 4 months; '5/5' is power, '12/7' alone a date."""
    if not (t.number[i] and t.words[i].isdecimal() and t.at(i + 1) == "/" and t.at(i + 2) in _SHORTHAND):
        return None
    before = t.at(i - 1) if t.at(i - 1) not in (":", "-") else t.at(i - 2)
    if before not in _BEFORE_SHORTHAND and t.at(i + 3) not in _AFTER_SHORTHAND:
        return None
    days = int(t.words[i]) * _SHORTHAND[t.at(i + 2)]
    return make(t, i, i + 3, "ago" if t.at(i + 3) == "ago" else "for", days, days, done), i + 3


@lru_cache(maxsize=1)
def _number_starters() -> frozenset[str]:
    raw = words().raw
    tables = ("numbers", "tens", "loose_numbers", "sound_numbers", "fraction_signs")
    return frozenset(word for table in tables for word in raw[table]) | {"a", "an", "half", "quarter", "quite", "hundred", "thousand"}


def _at(t: Tokens, i: int, today: dt.date, done: int) -> Found:
    shorthand = _read_shorthand(t, i, done)
    if shorthand is not None:
        return shorthand
    after_since = is_since(t, i)
    if after_since:
        found = read_since_phrase(t, i, done)
        if found is not None:
            return found
    phrase = read_phrase(t, i, today, done, after_since)
    if phrase is not None:
        return phrase
    daytime = read_daytime(t, i, done)
    if daytime is not None:
        return daytime
    word = t.words[i]
    digits = t.number[i]
    counts = digits or word in _number_starters()
    if digits:
        clock = read_clock(t, i, done)
        if clock is not None:
            return clock
    if counts or word in _RATE_STARTERS:
        rate = read_rate(t, i)
        if rate is not None:
            return make(t, i, rate[0], rate[2], rate[1], rate[1], done), rate[0]
    if (counts and word not in ("a", "an")) or word in ("early", "mid", "late") or word in DECADES:
        age = read_age(t, i)
        if age is not None:
            return make(t, i, age[0], "age", age[1] * 365.0, age[2] * 365.0, done, f"P{age[2]:.0f}Y", age[1] != age[2]), age[0]
    if counts or word == "this":
        moment = read_ago_of_weekdays(t, i, today)
        if moment is not None:
            return of_moment(t, moment, after_since, done), moment.j
    counted = read_series(t, i, done) or _counted(t, i, done)
    if counted is not None:
        return counted
    # "the last week of March" is the calendar's, "the last week" a length
    moment = read_moment(t, i, today)
    if (
        moment is not None
        and (t.at(moment.i) != "the" or t.at(i + 1) not in ("last", "past"))
        and not (t.at(i) == "past" and t.at(i - 1) != "this")
    ):
        return of_moment(t, moment, after_since, done), moment.j
    length = read_length(t, i)
    if length is not None:
        length = number_put_right(t, unit_put_right(t, shortened(t, length)))
    if length is not None and not _no_length(t, length):
        return _of_length(t, length, done), length.j
    return _vague_unit(t, i, done) or (None, i)


def _counted(t: Tokens, i: int, done: int) -> Found | None:
    """day 4, week number 3, third week now."""
    w = words()
    key = w.singular.get(t.at(i))
    if (
        key in ("day", "week", "month", "year")
        and len(t.at(i)) > 2
        and not (i and t.number[i - 1])
        and t.at(i - 1) not in (*w.raw["numbers"], "a", "per", "every", "each", "of", "mother's")
    ):
        k = i + 1
        if t.at(k) in ("number", "no", "num", "nr", "#"):
            k += 1 + (t.at(k + 1) == ".")
        number = read_one(t, k)
        if (
            number is not None
            and not number.article
            and not number.loose
            and 0 < number.high <= 99
            and number.high == int(number.high)
            and (k > i + 1 or t.number[k] or t.at(i) in ("day", "week", "month"))
            and read_unit(t, number.j, number.digits, False) is None
            and t.at(number.j) not in ("/", "-", "times", "x", "%")
            and not (t.at(number.j) == ":" and number.j + 1 < len(t) and t.number[number.j + 1])  # 'week 1: calf', not 'day 1:30'
        ):
            size = w.units[key].days
            if key == "year" and t.at(i - 1) in ("in", "into", "a", "from", "his", "her", "our", "their"):
                return None, number.j  # a class at school
            return make(t, i, number.j, "for", (number.high - 1) * size, number.high * size, done, approximate=True), number.j
    ordinal = read_ordinal(t, i, 60)
    if ordinal is not None and ordinal[0] >= 2:
        key = w.singular.get(t.at(ordinal[1]))
        if (
            key in ("day", "night", "week", "month", "year")
            and t.at(i - 1) not in ("every", "each")
            and (t.at(i - 1) != "the" or t.at(i - 2) in _BEFORE_THE_NTH or (t.at(i - 2) == "in" and t.at(ordinal[1] + 1) != "of")
                 or t.at(ordinal[1] + 1) in ("in", "running", "straight", "now", "today"))
            and (
                t.at(i - 2) == "for"
                or t.at(ordinal[1] + 1) in ("now", "running", "in", "straight", "of", "already", "with", "that", "since", "my", "today", "tonight", "")
                or t.at(i - 1) in ("my", "its", "it's", "is")
                or t.breaks(ordinal[1] + 1)
            )
        ):
            j = ordinal[1] + 1
            size = w.units[key].days
            if t.at(j) == "without" or t.follow(j, ("with", "no")):  # 'my third day without sleep'
                return make(t, i, j, "amount", (ordinal[0] - 1) * size, ordinal[0] * size, done), j
            return make(t, i, j, "for", (ordinal[0] - 1) * size, ordinal[0] * size, done, approximate=True), j
    return None


def _of_length(t: Tokens, length: Length, done: int) -> TimeExpression:
    kind = kind_of(t, length)
    single = length.article or (len(length.parts) == 1 and length.parts[0][0] == 1 and not length.window)
    if kind == "for" and length.unit in ("night", "weekend") and single and t.at(length.i - 1) not in ("for", "past", "last"):
        kind = "amount"
    j = length.j
    if kind == "amount" and t.at(j) in ("a", "an", "per", "each", "every", "/") and read_unit(t, j + 1, False, False):
        j += 2
    elif t.at(j) in ("ago", "agoo", "old", "back") and kind in ("ago", "since", "age"):
        j += 1
    elif t.at(j) == "-" and t.at(j + 1) == "old":
        j += 2
    low, high, iso = length.low, length.high, length.iso()
    if length.letter_m and (
        kind in ("ago", "since")
        or kind == "age"
        or (kind == "for" and (length.window or t.at(length.i - 1) in ("for", "since") or t.at(j) in ("now", "already")))
    ):
        # "3m" of a course: months; taken for minutes it would hide a long one
        low, high, iso = low * 43200, high * 43200, iso.replace("PT", "P")
    length.j = j
    return make(t, length.i, j, kind, low, high, done, iso, length.approximate)


def _no_length(t: Tokens, length: Length) -> bool:
    """What looks like a length and is none: "a second opinion", 100 m, "in my 30s"."""
    first = length.i
    last = t.at(length.j - 1)
    if (
        last == "second"
        and length.article
        and not (t.breaks(length.j) or t.at(length.j) in ("or", "and", "at", "each", "long", "then", "ago", "to", "but", "later", "every"))
    ):
        return True
    if last == "second" and not length.article and t.at(length.j) in ("opinion", "time", "thoughts", "of"):
        return True
    if last == "m" and (
        length.high > 100 / 1440
        or any(t.at(k) in ("walk", "run", "ran", "swim", "sprint", "metres", "walked", "swam") for k in range(first - 4, first))
    ):
        return True
    if last == "s" and any(t.at(k) in ("my", "his", "her", "their", "early", "late", "mid", "the", "our") for k in (first - 1, first - 2)):
        return True
    if last in ("d", "w", "y", "h") and t.at(first - 1) in ("vitamin", "vit", "b", "size"):
        return True
    # "last week" is the calendar's
    if (
        length.window == "past"
        and not length.determined
        and len(length.parts) == 1
        and first == length.j - 2
        and t.at(first) == "last"
        and length.unit != "fortnight"
    ):
        return True
    return length.window == "first" and first == length.j - 2


def _vague_unit(t: Tokens, i: int, done: int) -> Found | None:
    """for months, weeks ago, these past weeks: a range, no count."""
    w = words()
    key = w.plural.get(t.at(i))
    if key is None or len(t.at(i)) < 3 or key not in _BROAD:
        return None
    after = t.at(i + 1)
    low, high = _BROAD[key]
    if after in ("ago", "back"):
        j = i + 2
        return _make_vague(t, i, j, "ago", low, high, done), j
    before = t.at(i - 1)
    said = (
        before
        in (
            "for",
            "many",
            "some",
            "past",
            "last",
            "recent",
            "been",
            "numerous",
            "countless",
            "several",
            "fro",
            "over",
            "taken",
            "took",
            "lasted",
        )
        or (before == "of" and t.at(i - 2) in ("number", "lots", "loads", "couple"))
        or after in ("now",)
    )
    if not said or (before == "been" and key in ("day", "second", "minute") and after not in ("now",)):
        return None
    if before in ("some", "many", "past", "last") and (t.at(i - 2) in ("how", "too") or (key in ("day", "night") and before == "some")):
        return None
    j = i + 1
    while t.at(j) in ("and", "on", "end") and j < i + 3:
        j += 1
    if t.at(j - 1) == "and":
        j -= 1
    if t.at(j - 1) == "on":
        j -= 1
    return _make_vague(t, i, j, "vague", low, high, done), j


def _make_vague(t: Tokens, i: int, j: int, kind: str, low: float, high: float, done: int) -> TimeExpression:
    made = make(t, i, j, "vague", low, high, done, approximate=True)
    return made if kind == "vague" else TimeExpression(made.start, made.end, kind, low, high, None, "", True)
