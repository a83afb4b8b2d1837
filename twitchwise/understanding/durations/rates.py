"""Reads how often: "twice a day", "3x per week", "every 10 minutes", "every other day"."""

from __future__ import annotations

from twitchwise.understanding.durations.lengths import read_length
from twitchwise.understanding.durations.moments import read_ordinal
from twitchwise.understanding.durations.numbers import read_number
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.units import read_unit
from twitchwise.understanding.durations.words import words

_PER = ("a", "an", "per", "each", "every", "/", "in", "the")


def read_rate(t: Tokens, i: int) -> tuple[int, float, str] | None:
    """(token after, days between two times, "rate" or "amount") of a rate that starts at `i`, else None."""
    word = t.at(i)
    w = words()
    if word in ("every", "each", "evry", "ever"):
        return _every(t, i)
    if word in ("per", "/"):
        unit = read_unit(t, i + 1, False, False)
        return (i + 2, w.units[unit[0]].days, "rate") if unit and t.at(i + 1)[:1].isalpha() and len(t.at(i + 1)) > 1 else None
    count, j = 0.0, i
    if word in w.raw["times_words"]:
        count, j = w.raw["times_words"][word], i + 1
        if t.at(j) == "or" and t.at(j + 1) == "twice":
            j += 2
        if t.at(j) == "in":  # once in a while is a phrase
            return None
    else:
        number = read_number(t, i)
        if number is not None and t.at(number.j) in ("times", "x", "time", "tims"):
            count, j = number.high, number.j + 1
        elif number is not None:
            # 6 days a week, 4 hours a night: not a course
            unit = read_unit(t, number.j, number.digits, number.article)
            if unit and not number.article and t.at(number.j + 1) in ("a", "per", "each", "/", "out"):
                step = number.j + 2 + (t.at(number.j + 2) == "of")
                over = read_unit(t, step, False, False)
                if over and w.units[over[0]].days > w.units[unit[0]].days and t.at(step + 1) not in ("ago", "long"):
                    return step + 1, number.high * w.units[unit[0]].days, "amount"
            return None
    if not count or t.at(j) not in _PER:
        return None
    k = j + 1
    if t.at(j) == "in":
        k += t.at(k) in ("a", "an", "one", "the")
    elif t.at(k) == "single":
        k += 1
    unit = read_unit(t, k, False, False)
    if unit is not None:
        return k + 1, w.units[unit[0]].days / count, "rate"
    length = read_length(t, k) if t.at(j) in ("every", "each", "per", "in") else None
    return (length.j, length.high / count, "rate") if length is not None and not length.window else None


def _every(t: Tokens, i: int) -> tuple[int, float, str] | None:
    w = words()
    k, times = i + 1, 1.0
    if t.at(i) == "ever" and t.at(i + 1) not in ("day", "night", "hour", "few", "minute"):
        return None
    if t.at(k) in ("single", "bloody", "damn"):
        k += 1
    elif t.at(k) == "other" and t.at(k + 1) in w.singular:
        times, k = 2.0, k + 1
    ordinal = read_ordinal(t, k)
    if ordinal is not None and ordinal[0] > 1 and t.at(ordinal[1]) in w.singular:
        times, k = float(ordinal[0]), ordinal[1]
    if t.at(k) in w.singular and t.at(k) not in ("mo", "mon", "mont"):
        # "every day this week" is a length: the week is found next
        return k + 1, w.units[w.singular[t.at(k)]].days * times, "rate"
    if t.at(k) in w.raw["weekdays"]:
        return k + 1, 7.0, "rate"
    length = read_length(t, k)
    return (length.j, length.high, "rate") if length is not None and not length.article else None
