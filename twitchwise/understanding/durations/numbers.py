"""Reads a number: digits, words, fractions, "a couple of", ranges."""

from __future__ import annotations

from dataclasses import dataclass

from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.words import words


@dataclass(slots=True)
class Number:
    """A number or a range of them; `j` is the token after it.

    `digits`: written in digits. `article`: only "a" or "an". `slash`: a/b, to be read with its unit.
    """

    low: float
    high: float
    j: int
    digits: bool = False
    article: bool = False
    loose: bool = False
    slash: tuple[float, float] | None = None


_ARTICLES = ("a", "an", "ann")


def value_of(word: str) -> float:
    """The value of a number in digits: 1.5, 1,5 (a comma before one or two digits) and 1,000."""
    if "," in word:
        whole, part = word.split(",")
        return float(whole + part) if len(part) == 3 else float(f"{whole}.{part}")
    return float(word)


def _word_number(t: Tokens, i: int) -> tuple[float, int] | None:
    """A number in words: (value, token after)."""
    raw = words().raw
    units, tens = raw["numbers"], raw["tens"]
    j, total, seen = i, 0.0, False
    word = t.at(j)
    if word in tens:
        total, j, seen = tens[word], j + 1, True
        step = 1 if t.at(j) == "-" else 0
        if t.at(j + step) in units and 0 < units[t.at(j + step)] < 10:
            total, j = total + units[t.at(j + step)], j + step + 1
    elif word in units:
        total, j, seen = units[word], j + 1, True
    if t.at(j) in ("hundred", "thousand") and (seen or t.at(i - 1) not in _ARTICLES):
        total, j, seen = (total or 1) * (100 if t.at(j) == "hundred" else 1000), j + 1, True
        step = 1 if t.at(j) == "and" else 0
        rest = _word_number(t, j + step) if t.at(j + step) in units or t.at(j + step) in tens else None
        if rest is not None and rest[0] < 100:
            total, j = total + rest[0], rest[1]
    return (total, j) if seen else None


def read_one(t: Tokens, i: int) -> Number | None:
    """One number at token `i`, without ranges."""
    w = words().raw
    word = t.at(i)
    if not word:
        return None
    if t.number[i]:
        return _digits(t, i)
    if word in w["sound_numbers"] and t.at(i + 1) in words().plural:
        return Number(w["sound_numbers"][word], w["sound_numbers"][word], i + 1)  # 'tree weeks', as one says it
    if word in w["fraction_signs"]:
        return Number(w["fraction_signs"][word], w["fraction_signs"][word], i + 1, digits=True)
    if word in ("the", *_ARTICLES):
        k = i + 1
        while t.at(k) in ("good", "mere", "quite", "full", "whole", "solid", "round") and k < i + 3:
            k += 1
        loose = _loose(t, k)
        if loose is not None and word != "the":
            return loose
        if t.at(k) in ("hundred", "thousand"):
            return Number(100.0 if t.at(k) == "hundred" else 1000.0, 100.0 if t.at(k) == "hundred" else 1000.0, k + 1)
        if t.at(i + 1) == "half" and word != "the":  # a half hour
            return Number(0.5, 0.5, i + 2)
        if t.at(i + 1) == "quarter" and t.at(i + 2) in ("of", "hour"):
            j = i + 2 + (t.at(i + 2) == "of")
            return Number(0.25, 0.25, j + (t.at(j) in ("a", "an", "the")))
        return Number(1, 1, i + 1, article=True) if word != "the" else None
    if word == "quite" and t.at(i + 1) == "a":
        return _loose(t, i + 2)
    loose = _loose(t, i)
    if loose is not None:
        return loose
    if word == "half":
        if t.follow(i + 1, ("a", "dozen")):
            return Number(6, 6, i + 3, loose=True)
        return Number(0.5, 0.5, i + 1 + (t.at(i + 1) in ("a", "an", "-")))
    if word == "quarter" and t.at(i + 1) in ("of", "hour"):
        j = i + 1 + (t.at(i + 1) == "of")
        return Number(0.25, 0.25, j + (t.at(j) in ("a", "an")))
    found = _word_number(t, i)
    return Number(found[0], found[0], found[1]) if found else None


def _loose(t: Tokens, k: int) -> Number | None:
    value = words().raw["loose_numbers"].get(t.at(k))
    if value is None:
        return None
    return Number(value, value, k + 1 + (t.at(k + 1) in ("of", "off")), loose=True)


def _digits(t: Tokens, i: int) -> Number:
    value = value_of(t.words[i])
    j = i + 1
    sign = words().raw["fraction_signs"].get(t.at(j))
    if sign is not None:
        return Number(value + sign, value + sign, j + 1, digits=True)
    if t.at(j) == "/" and j + 1 < len(t) and t.number[j + 1]:
        below = value_of(t.words[j + 1])
        if below > 0:
            return Number(value, value, j + 2, digits=True, slash=(value, below))
    if j + 2 < len(t) and t.number[j] and t.at(j + 1) == "/" and t.number[j + 2] and value_of(t.words[j + 2]) in (2, 3, 4):
        part = value_of(t.words[j]) / value_of(t.words[j + 2])
        if part < 1:  # 2 1/2
            return Number(value + part, value + part, j + 3, digits=True)
    return Number(value, value, j, digits=True)


def read_fraction_tail(t: Tokens, j: int) -> tuple[float, int]:
    """(what "and a half", "and three quarters" adds, token after); (0, j) where there is none."""
    if t.at(j) not in ("and", "&", "an", "n"):
        return 0.0, j
    k = j + 1
    count = 1.0
    if t.at(k) in ("a", "an", "one"):
        k += 1
    elif t.at(k) in ("two", "three", "2", "3"):
        count, k = (2.0 if t.at(k) in ("two", "2") else 3.0), k + 1
    if t.at(k) in ("half", "halve", "haf") and count == 1:
        return 0.5, k + 1
    if t.at(k) in ("quarter", "quarters"):
        return count / 4, k + 1
    return 0.0, j


def read_number(t: Tokens, i: int) -> Number | None:
    """A number or a range of numbers at token `i`."""
    first = read_one(t, i)
    if first is None:
        return None
    _add_tail(t, first)
    if t.at(first.j) == "(" and t.number[first.j + 1] and value_of(t.words[first.j + 1]) == first.high and t.at(first.j + 2) == ")":
        first.j += 3  # six (6) weeks
    k = first.j
    link = t.at(k)
    if link == "ish" or (link == "-" and t.at(k + 1) == "ish"):
        return first
    if link == "." and t.at(k + 1) == "." and t.at(k + 2) == ".":
        k, link = k + 2, "-"
    if link in ("-", "to", "or", "till", "~", "maybe", "and", "if", "/", ","):
        step = k + 1
        if link == "or" and t.at(step) == "maybe":
            step += 1
        if link == "if" and t.follow(step, ("not",)):
            step += 1
        elif link == "if":
            return first
        if link == "," and (t.at(step) not in ("maybe", "perhaps", "or")):
            second = read_one(t, step)
            if second is not None and not first.article and not second.article and second.low == first.low + 1:
                return Number(first.low, second.high, second.j, digits=second.digits, loose=True)
            return first
        if link == ",":
            step += 1 + (t.at(step + 1) == "or")
        if link == "and" and t.at(i - 1) != "between":
            return first
        if link == "-" and t.at(step) == "-":
            step += 1
        second = read_one(t, step)
        if second is not None and not second.article and (not first.article or second.digits):
            _add_tail(t, second)
            if first.low < second.high <= first.low * 20 + 5 or first.low == second.low:
                return Number(first.low, second.high, second.j, digits=second.digits, loose=True)
            if second.high < first.low and link in ("or", "to"):
                return Number(second.low, first.high, second.j, digits=second.digits, loose=True)
    if first.digits is False and not first.article and not first.loose:
        # "two three weeks"
        second = read_one(t, first.j)
        if second is not None and not second.article and not second.loose and second.low == first.low + 1:
            return Number(first.low, second.high, second.j, loose=True)
    return first


def _add_tail(t: Tokens, number: Number) -> None:
    if number.article:
        return
    extra, after = read_fraction_tail(t, number.j)
    if extra:
        number.low, number.high, number.j = number.low + extra, number.high + extra, after
        # "one and two quarters of hour"
        if t.at(number.j) == "of":
            number.j += 1
        if t.at(number.j) in ("a", "an"):
            number.j += 1
    elif t.at(number.j) in ("quarter", "quarters") and t.at(number.j + 1) == "of" and number.low < 4:
        j = number.j + 2
        number.low, number.high, number.j = number.low / 4, number.high / 4, j + (t.at(j) in ("a", "an"))
