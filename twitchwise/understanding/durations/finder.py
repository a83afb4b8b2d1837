"""Finds every expression of time in a message and says what kind it is."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from twitchwise.understanding.durations.ages import DECADES, read_age, read_decade
from twitchwise.understanding.durations.dates import PARTS, Moment, read_ago_of_weekdays, read_holiday, read_moment, read_ordinal
from twitchwise.understanding.durations.grammar import kind_of
from twitchwise.understanding.durations.lengths import Length, read_length
from twitchwise.understanding.durations.model import TimeExpression
from twitchwise.understanding.durations.numbers import read_one
from twitchwise.understanding.durations.rates import read_rate
from twitchwise.understanding.durations.tokens import Tokens, cut
from twitchwise.understanding.durations.units import iso_of_days, read_unit
from twitchwise.understanding.durations.words import words

_BEFORE_ONSET = frozenset(("since", "sinc", "snce", "sinse", "from", "about", "around", "just", "after", "before", "of"))
# words that belong to a span: fillers, then one preposition, then what goes before it ("as of about the")
_LEAD_IN = (
    ("about", "around", "the", "roughly", "sometime"),
    ("for", "fro", "since", "sinc", "snce", "sinse", "from", "in", "on", "over", "during", "within", "starting", "every", "each", "of"),
    ("ever", "as"),
)
_BROAD = {"second": (0.00003, 0.001), "minute": (0.0014, 0.05), "hour": (0.08, 1.0), "day": (2.0, 13.0), "night": (2.0, 13.0), "week": (14.0, 70.0), "weekend": (14.0, 70.0), "fortnight": (28.0, 140.0), "month": (60.0, 730.0), "year": (730.0, 36500.0), "decade": (7300.0, 36500.0)}

Found = tuple[TimeExpression | None, int]


def find_times(text: str, today: dt.date) -> list[TimeExpression]:
    """Every expression of time in `text`, in order, seen from `today`. Never raises; empty where there is none."""
    t = cut(text)
    starters = _starters()
    found: list[TimeExpression] = []
    i, done = 0, 0
    while i < len(t):
        # most words can start no expression of time
        if not (t.number[i] or t.words[i] in starters or (i and t.words[i - 1] in _BEFORE_ONSET)):
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
    tables = ("numbers", "tens", "loose_numbers", "ordinals", "fraction_signs", "months", "month_short", "weekdays", "weekday_short", "weekday_plural", "seasons", "times_words")
    own = "a an the half quarter quite hundred thousand every each evry ever per / this these those next last past previous lst recent coming following first my teh thee dozen".split()
    found = {word for table in tables for word in w.raw[table]} | set(own) | set(PARTS) | set(w.modifiers) | w.phrase_starts | set(w.singular) | set(w.plural) | set(DECADES)
    found |= {word + "'s" for table in ("months", "weekdays") for word in w.raw[table]}
    return frozenset(found)


def _make(t: Tokens, i: int, j: int, kind: str, low: float | None, high: float | None, done: int, iso: str | None = None, approximate: bool = False) -> TimeExpression:
    start = i
    for group in _LEAD_IN:
        while start > done and t.words[start - 1] in group and start > i - 5:
            start -= 1
            if group is _LEAD_IN[1]:
                break
    while start < i and (t.words[start] in _LEAD_IN[0] or t.words[start] == "of"):
        start += 1
    days = None if kind == "vague" else high
    if iso is None:
        iso = "" if days is None else iso_of_days(days)
    if days is None:
        iso = ""
    low, high, days = (None if v is None else round(float(v), 12) for v in (low, high, days))
    return TimeExpression(t.starts[start], t.ends[j - 1], kind, low, high, days, iso, approximate)


def _at(t: Tokens, i: int, today: dt.date, done: int) -> Found:
    after_since = _is_since(t, i)
    if after_since:
        found = _since_phrase(t, i, done)
        if found is not None:
            return found
    phrase = _phrase(t, i, today, done, after_since)
    if phrase is not None:
        return phrase
    rate = read_rate(t, i)
    if rate is not None:
        return _make(t, i, rate[0], rate[2], rate[1], rate[1], done), rate[0]
    age = read_age(t, i)
    if age is not None:
        return _make(t, i, age[0], "age", age[1] * 365.0, age[2] * 365.0, done, f"P{age[2]:.0f}Y", age[1] != age[2]), age[0]
    moment = read_ago_of_weekdays(t, i, today)
    if moment is not None:
        return _of_moment(t, moment, after_since, done), moment.j
    counted = _counted(t, i, done)
    if counted is not None:
        return counted
    # "the last week of March" is the calendar's, "the last week" a length
    moment = read_moment(t, i, today)
    if moment is not None and (t.at(moment.i) != "the" or t.at(i + 1) not in ("last", "past")) and not (t.at(i) == "past" and t.at(i - 1) != "this"):
        return _of_moment(t, moment, after_since, done), moment.j
    length = read_length(t, i)
    if length is not None and not _no_length(t, length):
        return _of_length(t, length, done), length.j
    return _vague_unit(t, i, done) or (None, i)


def _is_since(t: Tokens, i: int) -> bool:
    k = i - 1
    for _ in range(3):
        if t.at(k) in ("about", "around", "the", "roughly", "late", "sometime", "i", "just", "before", "after"):
            k -= 1
        else:
            break
    return t.at(k) in ("since", "sinc", "snce", "from", "starting", "beginning", "began", "sinse") or (t.at(k) == "of" and t.at(k - 1) == "as")


def _since_phrase(t: Tokens, i: int, done: int) -> Found | None:
    if t.at(i - 1) not in _BEFORE_ONSET or (t.at(i - 1) == "of" and t.at(i - 2) != "as"):
        return None
    for phrase, kind, value in words().after_since.get(t.at(i), ()):
        if t.follow(i, phrase) and (t.at(i - 1) != "from" or kind == "today"):
            j = i + len(phrase)
            if t.at(j) == "of" and kind == "vague":
                continue
            if kind == "today":
                yesterday = t.at(j) == "yesterday"
                if t.at(j) in ("today", "yesterday") or t.follow(j, ("this", "morning")):
                    j += 1 + (t.at(j) == "this")
                return _make(t, i, j, "since", 1.0 if yesterday else 0.0, 1.0, done, approximate=not yesterday), j
            low, high = value or (None, None)
            return _make(t, i, j, "vague", low, high, done, approximate=True), j
    if t.at(i) in ("i", "he", "she", "we") and t.at(i + 1) == "was":
        number = read_one(t, i + 2 + (t.at(i + 2) in ("about", "around", "maybe")))
        if number is not None and not number.article and number.high < 100:
            unit = read_unit(t, number.j, number.digits, False)
            j = number.j + (2 if unit and t.at(number.j + 1) == "old" else 1 if unit else 0)
            return _make(t, i, j, "vague", 365.0, 36500.0, done, approximate=True), j
    if t.at(i) in ("my", "his", "her"):
        decade = read_decade(t, i + 1 + (t.at(i + 1) in ("early", "mid", "late")))
        if decade is not None:
            return _make(t, i, decade[0], "vague", 365.0, 36500.0, done, approximate=True), decade[0]
    # since 3pm, since about 9 this morning
    number = read_one(t, i)
    if number is not None and number.high <= 24 and not number.article and t.at(i - 1) != "of":
        j = number.j
        if t.follow(j, ("this", "morning")) or t.at(j) in ("today", "tonight"):
            j += 1 + (t.at(j) == "this")
            return _make(t, i, j, "since", 0.0, 1.0, done, approximate=True), j
        if t.at(j) in ("am", "pm", "oclock", "o'clock", "ish", ":", "noon"):
            j += 1 if t.at(j) != ":" else 2
            if t.at(j) in ("am", "pm"):
                j += 1
            yesterday = t.at(j) == "yesterday"
            if t.at(j) in ("today", "yesterday") or t.follow(j, ("this", "morning")):
                j += 1 + (t.at(j) == "this")
            if yesterday:
                return _make(t, i, j, "since", 1.0, 1.0, done), j
            return _make(t, i, j, "since", 0.0, 1.0, done, approximate=True), j
    return None


def _phrase(t: Tokens, i: int, today: dt.date, done: int, since: bool) -> Found | None:
    table, word = words().phrases, t.at(i)
    for phrase, kind, value in (*table.get((word, t.at(i + 1)), ()), *table.get((word, ""), ())):
        if not t.follow(i, phrase):
            continue
        j = i + len(phrase)
        if kind == "nothing":
            if phrase == ("one", "day") and ((t.breaks(j) and t.breaks(i - 1)) or t.at(i - 1) in ("for", "only", "just", "about", "over") or t.at(j) in ("ago", "old", "now")):
                return None
            if phrase[0] == "the" and (t.at(j) in ("before",) or t.at(j) in words().raw["numbers"]):
                continue
            if phrase[-1] in ("minute", "second", "week", "day", "month") and phrase[0] not in ("the", "that") and t.at(j) == "ago":
                continue
            return None, j
        if kind == "future":
            return _make(t, i, j, "future", None, None, done), j
        if kind == "rate":
            if phrase in (("mornings",), ("evenings",), ("nights",)) and (i and t.number[i - 1] or t.at(i - 1) in words().raw["numbers"]):
                return None
            return _make(t, i, j, "rate", value, value, done), j
        if kind == "vague":
            if phrase in (("a", "time"),) and t.at(i - 1) != "for":
                continue
            low, high = value or (None, None)
            return _make(t, i, j, "vague", low, high, done, approximate=True), j
        if kind == "stretch":
            low, high = value
            return _make(t, i, j, "for", low, high, done, approximate=True), j
        if kind == "past":
            return _make(t, i, j, "ago", None, None, done, approximate=True), j
        moment = _phrase_moment(t, i, j, kind, value, today)
        return _of_moment(t, moment, since, done), moment.j
    return None


def _phrase_moment(t: Tokens, i: int, j: int, kind: str, value: object, today: dt.date) -> Moment:
    if kind == "holiday":
        assert isinstance(value, list)
        return read_holiday(value, i, j, t, today)
    if kind == "period":
        assert isinstance(value, list)
        first, last = (dt.date.fromisoformat(v) for v in value)
        return Moment(i, j, float(max((today - last).days, 0)), float(max((today - first).days, 0)), past=True, grain="period")
    if value == "weekend":
        saturday = (today.weekday() - 5) % 7
        return Moment(i, j, float(max(saturday - 1, 0)), float(saturday or (1 if today.weekday() == 6 else 0)), grain="weekend")
    assert isinstance(value, list)
    low, high = (float(v) for v in value)
    return Moment(i, j, low, high, approximate=low != high, past=True, grain="moment")


def _of_moment(t: Tokens, m: Moment, since: bool, done: int) -> TimeExpression:
    before = t.at(m.i - 1)
    if m.rate:
        return _make(t, m.i, m.j, "rate", m.low, m.high, done)
    if before == "day" and t.at(m.i - 2) in ("every", "each", "single") and m.grain == "moment" and m.high >= 7:
        return _make(t, m.i, m.j, "for", m.low, m.high, done, approximate=True)
    # all week, the whole of last month
    if m.whole is not None and (before in ("all", "whole", "entire") or (before == "of" and t.at(m.i - 2) in ("whole", "all", "rest", "most"))):
        high = m.high if t.at(m.i) == "this" else m.whole
        return _make(t, m.i, m.j, "for", high * 0.6, high, done, approximate=True)
    if since and t.at(m.i - 1) != "after":
        return _make(t, m.i, m.j, "since", m.low, m.high, done, approximate=m.approximate)
    future = m.future or (before in ("until", "till", "til", "by") and not m.past) or (before == "for" and m.grain in ("weekday", "holiday", "date"))
    if not future and not m.past and m.grain in ("weekday", "month", "date", "holiday"):
        future = _appointment(t, m)
    if future:  # counted back from today it would mean nothing; "next week" counts ahead
        ahead = m.high if m.future else None
        return _make(t, m.i, m.j, "future", m.low if m.future else None, ahead, done, approximate=True)
    return _make(t, m.i, m.j, "ago", m.low, m.high, done, approximate=m.approximate)


def _appointment(t: Tokens, m: Moment) -> bool:
    """Whether a day or month named near "appointment", "booked" is one to come."""
    classes = words().classes
    near = []
    for step in (-1, 1):
        k = m.i - 1 if step < 0 else m.j
        for _ in range(8):
            word = t.at(k)
            if word in ("", ".", "!", "?", "\n", ";"):
                break
            near.append(word)
            k += step
    return any(n in classes["APPOINTMENT"] for n in near) and not any(n in classes["PAST_VERB"] for n in near)


def _counted(t: Tokens, i: int, done: int) -> Found | None:
    """day 4, week number 3, third week now."""
    w = words()
    key = w.singular.get(t.at(i))
    if key in ("day", "week", "month", "year") and len(t.at(i)) > 2 and not (i and t.number[i - 1]) and t.at(i - 1) not in (*w.raw["numbers"], "a", "per", "every", "each", "of", "mother's"):
        k = i + 1
        if t.at(k) in ("number", "no", "num", "nr", "#"):
            k += 1 + (t.at(k + 1) == ".")
        number = read_one(t, k)
        if number is not None and not number.article and not number.loose and 0 < number.high <= 99 and number.high == int(number.high) and (k > i + 1 or t.number[k] or t.at(i) in ("day", "week", "month")):
            if read_unit(t, number.j, number.digits, False) is None and t.at(number.j) not in ("/", "-", ":", "times", "x", "%"):
                size = w.units[key].days
                return _make(t, i, number.j, "for", (number.high - 1) * size, number.high * size, done, approximate=True), number.j
    ordinal = read_ordinal(t, i, 60)
    if ordinal is not None and ordinal[0] >= 2:
        key = w.singular.get(t.at(ordinal[1]))
        if key in ("day", "week", "month", "year") and t.at(i - 1) not in ("every", "each") and (t.at(i - 1) != "the" or t.at(i - 2) == "for" or t.at(ordinal[1] + 1) in ("in", "running", "straight", "now")) and (t.at(i - 2) == "for" or t.at(ordinal[1] + 1) in ("now", "running", "in", "straight", "of", "already", "with", "") or t.at(i - 1) in ("my", "its", "it's", "is") or t.breaks(ordinal[1] + 1)):
            j = ordinal[1] + 1
            size = w.units[key].days
            return _make(t, i, j, "for", (ordinal[0] - 1) * size, ordinal[0] * size, done, approximate=True), j
    return None


def _of_length(t: Tokens, length: Length, done: int) -> TimeExpression:
    kind = kind_of(t, length)
    if kind == "for" and length.unit in ("night", "weekend") and length.article and t.at(length.i - 1) not in ("for", "past", "last"):
        kind = "amount"
    j = length.j
    if kind == "amount" and t.at(j) in ("a", "an", "per", "each", "every", "/") and read_unit(t, j + 1, False, False):
        j += 2
    elif t.at(j) in ("ago", "agoo", "old", "back") and kind in ("ago", "since", "age"):
        j += 1
    elif t.at(j) == "-" and t.at(j + 1) == "old":
        j += 2
    low, high, iso = length.low, length.high, length.iso()
    if length.letter_m and (kind in ("ago", "since") or kind == "age" or (kind == "for" and (length.window or t.at(length.i - 1) in ("for", "since") or t.at(j) in ("now", "already")))):
        # "3m" of a course: months; taken for minutes it would hide a long one
        low, high, iso = low * 43200, high * 43200, iso.replace("PT", "P")
    length.j = j
    return _make(t, length.i, j, kind, low, high, done, iso, length.approximate)


def _no_length(t: Tokens, length: Length) -> bool:
    """What looks like a length and is none: "a second opinion", 100 m, "in my 30s"."""
    first = length.i
    last = t.at(length.j - 1)
    if last == "second" and length.article and not (t.breaks(length.j) or t.at(length.j) in ("or", "and", "at", "each", "long", "then", "ago", "to", "but", "later", "every")):
        return True
    if last == "second" and not length.article and t.at(length.j) in ("opinion", "time", "thoughts", "of"):
        return True
    if last == "m" and (length.high > 100 / 1440 or any(t.at(k) in ("walk", "run", "ran", "swim", "sprint", "metres", "walked", "swam") for k in range(first - 4, first))):
        return True
    if last == "s" and any(t.at(k) in ("my", "his", "her", "their", "early", "late", "mid", "the", "our") for k in (first - 1, first - 2)):
        return True
    if last in ("d", "w", "y", "h") and t.at(first - 1) in ("vitamin", "vit", "b", "size"):
        return True
    # "last week" is the calendar's
    if length.window == "past" and not length.determined and len(length.parts) == 1 and first == length.j - 2 and t.at(first) == "last" and length.unit != "fortnight":
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
    said = before in ("for", "many", "some", "past", "last", "recent", "been", "numerous", "countless", "several", "fro", "over", "taken", "took", "lasted") or (before == "of" and t.at(i - 2) in ("number", "lots", "loads", "couple")) or after in ("now",)
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
    made = _make(t, i, j, "vague", low, high, done, approximate=True)
    return made if kind == "vague" else TimeExpression(made.start, made.end, kind, low, high, None, "", True)

