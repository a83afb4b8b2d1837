"""Turns fixed phrases and calendar expressions into times: "this morning", "since I woke up", "in lockdown", "since Friday"."""

from __future__ import annotations

import datetime as dt

from twitchwise.understanding.durations.ages import read_age, read_decade
from twitchwise.understanding.durations.daytimes import told_as_past
from twitchwise.understanding.durations.model import TimeExpression
from twitchwise.understanding.durations.moments import Moment, read_holiday
from twitchwise.understanding.durations.numbers import read_one
from twitchwise.understanding.durations.spans import BEFORE_ONSET, Found, make
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.units import read_unit
from twitchwise.understanding.durations.words import words

_OF_A_DAY = frozenset(["yesterday's", "yesterdays", "morning's", "night's", "nights"])
_SINCE = frozenset(["since", "sinc", "snce", "sinse"])


def is_since(t: Tokens, i: int) -> bool:
    k = i - 1 - (t.at(i - 1) == ":")  # 'since: lunch'
    for _ in range(3):
        if t.at(k) in ("about", "around", "the", "roughly", "late", "sometime", "i", "just", "before", "after", "when"):
            k -= 1
        else:
            break
    return t.at(k) in ("since", "sinc", "snce", "from", "starting", "beginning", "began", "sinse") or (
        t.at(k) == "of" and t.at(k - 1) == "as"
    )


def read_since_phrase(t: Tokens, i: int, done: int) -> Found | None:
    if t.at(i - 1 - (t.at(i - 1) == ":")) not in BEFORE_ONSET or (t.at(i - 1) == "of" and t.at(i - 2) != "as"):
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
                return make(t, i, j, "since", 1.0 if yesterday else 0.0, 1.0, done, approximate=not yesterday), j
            low, high = value or (None, None)
            return make(t, i, j, "vague", low, high, done, approximate=True), j
    if t.at(i) in ("i", "he", "she", "we") and t.at(i + 1) == "was":
        number = read_one(t, i + 2 + (t.at(i + 2) in ("about", "around", "maybe")))
        if number is not None and not number.article and number.high < 100:
            unit = read_unit(t, number.j, number.digits, False)
            j = number.j + (2 if unit and t.at(number.j + 1) == "old" else 1 if unit else 0)
            now = _age_said(t, i, j)
            if now is not None and now > number.high and (unit is None or unit[0] == "year"):
                years = now - number.high
                return make(t, i, j, "since", max(years - 1, 0) * 365.0, (years + 1) * 365.0, done, approximate=True), j
            return make(t, i, j, "vague", 365.0, 36500.0, done, approximate=True), j
    if t.at(i) in ("my", "his", "her"):
        decade = read_decade(t, i + 1 + (t.at(i + 1) in ("early", "mid", "late")))
        if decade is not None:
            return make(t, i, decade[0], "vague", 365.0, 36500.0, done, approximate=True), decade[0]
    # since 3pm, since about 9 this morning
    number = read_one(t, i)
    if number is not None and number.high <= 24 and not number.article and t.at(i - 1) != "of":
        j = number.j
        if t.follow(j, ("this", "morning")) or t.at(j) in ("today", "tonight"):
            j += 1 + (t.at(j) == "this")
            return make(t, i, j, "since", 0.0, 1.0, done, approximate=True), j
        if t.at(j) in ("am", "pm", "oclock", "o'clock", "ish", ":", "noon"):
            j += 1 if t.at(j) != ":" else 2
            if t.at(j) in ("am", "pm"):
                j += 1
            yesterday = t.at(j) == "yesterday"
            if t.at(j) in ("today", "yesterday") or t.follow(j, ("this", "morning")):
                j += 1 + (t.at(j) == "this")
            if yesterday:
                return make(t, i, j, "since", 1.0, 1.0, done), j
            return make(t, i, j, "since", 0.0, 1.0, done, approximate=True), j
    return None


def _age_said(t: Tokens, i: int, j: int) -> float | None:
    """The age a message gives besides "since I was 19", looked for 40 words to either side."""
    for k in (*range(j, min(j + 40, len(t))), *range(max(i - 40, 0), i)):
        age = read_age(t, k) if t.number[k] and not i <= k < j else None
        if age is not None and t.at(k - 1) != "was":
            return age[1]
    return None


def read_clock(t: Tokens, i: int, done: int) -> Found | None:
    """at 2pm, where something is said to have come on."""
    if not t.number[i] or t.at(i - 1) not in ("at", "around", "about") or t.at(i + 1) not in ("am", "pm", "o'clock", "oclock"):
        return None
    onset = words().classes["ONSET"]
    if not any(word in onset for word in t.words[max(0, i - 9) : i]) or t.at(i + 2) in ("every", "each", "most"):
        return None
    return make(t, i, i + 2, "ago", 0.0, 1.0, done, approximate=True), i + 2


_HABITUAL = (("in", "the", "night"), ("during", "the", "night"), ("in", "the", "middle", "of", "the", "night"), ("first", "thing"))


_NAMES_THE_FIRST = frozenset(["to", "that", "i", "he", "she", "was", "is", "which"])


def read_phrase(t: Tokens, i: int, today: dt.date, done: int, since: bool) -> Found | None:
    table, word = words().phrases, t.at(i)
    for phrase, kind, value in (*table.get((word, t.at(i + 1)), ()), *table.get((word, ""), ())):
        if not t.follow(i, phrase):
            continue
        j = i + len(phrase)
        if kind == "moment" and phrase[-1] in _OF_A_DAY and not (since and t.at(i - 1) in _SINCE):
            continue  # 'yesterday's results' tell of no beginning, 'since yesterday's run' does
        if kind == "nothing":
            if phrase == ("one", "day") and (
                (t.breaks(j) and t.breaks(i - 1))
                or t.at(i - 1) in ("for", "only", "just", "about", "over")
                or t.at(j) in ("ago", "old", "now")
            ):
                return None
            if phrase[0] == "the" and (t.at(j) in ("before",) or t.at(j) in words().raw["numbers"]):
                continue
            if phrase[-1] in ("minute", "second", "week", "day", "month") and phrase[0] not in ("the", "that") and t.at(j) == "ago":
                continue
            return None, j
        if kind == "future":
            return make(t, i, j, "future", None, None, done), j
        if kind == "rate":
            if phrase in (("mornings",), ("evenings",), ("nights",)) and ((i and t.number[i - 1]) or t.at(i - 1) in words().raw["numbers"]):
                return None
            return make(t, i, j, "rate", value, value, done), j
        if kind == "vague":
            if phrase in (("a", "time"),) and t.at(i - 1) != "for":
                continue
            low, high = value or (None, None)
            return make(t, i, j, "vague", low, high, done, approximate=True), j
        if kind == "stretch":
            low, high = value
            return make(t, i, j, "for", low, high, done, approximate=True), j
        if kind == "past":
            return make(t, i, j, "ago", None, None, done, approximate=True), j
        if phrase == ("first", "thing") and (t.at(i - 1) == "the" or t.at(j) in _NAMES_THE_FIRST):
            continue  # 'the first thing to go was my grip'
        if phrase in _HABITUAL and not told_as_past(t, i, j):
            return None, j  # 'in the night I get cramps'
        moment = _phrase_moment(t, i, j, kind, value, today)
        return of_moment(t, moment, since, done), moment.j
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


_QUIET = frozenset(["gone", "away", "quiet", "silent", "calm", "asleep", "fine", "free", "stopped", "nothing", "peace", "vanished", "disappeared"])


def of_moment(t: Tokens, m: Moment, since: bool, done: int) -> TimeExpression:
    before = t.at(m.i - 1)
    if before in ("every", "each") and m.grain in ("holiday", "season", "month", "weekday"):
        return make(t, m.i, m.j, "rate", 365.0, 365.0, done)  # 'every Easter'
    if m.rate:
        return make(t, m.i, m.j, "rate", m.low, m.high, done)
    if before == "day" and t.at(m.i - 2) in ("every", "each", "single") and m.grain == "moment" and m.high >= 7:
        return make(t, m.i, m.j, "for", m.low, m.high, done, approximate=True)
    # all week, the whole of last month
    if m.whole is not None and (
        before in ("all", "whole", "entire") or (before == "of" and t.at(m.i - 2) in ("whole", "all", "rest", "most"))
    ):
        high = m.high if t.at(m.i) == "this" else m.whole
        if {t.at(m.i - 2), t.at(m.i - 3)} & _QUIET:
            return make(t, m.i, m.j, "amount", high * 0.6, high, done, approximate=True)  # 'gone all summer, then it woke up'
        return make(t, m.i, m.j, "for", high * 0.6, high, done, approximate=True)
    if since and t.at(m.i - 1) != "after":
        return make(t, m.i, m.j, "since", m.low, m.high, done, approximate=m.approximate)
    future = (
        m.future
        or (before == "come" and not m.past)
        or (t.at(m.j) in ("it'll", "itll", "that'll", "will") or (t.at(m.j) in ("it", "that", "this") and t.at(m.j + 1) == "will"))
        or (before in ("until", "till", "til", "by") and not m.past)
        or (before == "for" and m.grain in ("weekday", "holiday", "date"))
    )
    if not future and not m.past and m.grain in ("weekday", "month", "date", "holiday"):
        future = _appointment(t, m)
    if future:  # counted back from today it would mean nothing; "next week" counts ahead
        ahead = m.high if m.future else None
        return make(t, m.i, m.j, "future", m.low if m.future else None, ahead, done, approximate=True)
    return make(t, m.i, m.j, "ago", m.low, m.high, done, approximate=m.approximate)


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
