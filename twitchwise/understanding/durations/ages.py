"""Reads the age of a person that is given without a unit of its own: "I'm 45", "aged 7", "my mum, 71", "34F", "in my 30s"."""

from __future__ import annotations

from twitchwise.understanding.durations.numbers import read_one
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.units import read_unit
from twitchwise.understanding.durations.words import words

_BE = ("i'm", "im", "he's", "she's", "hes", "shes", "aged", "age", "ages", "turned", "turning", "turns")
DECADES = {
    "teens": 13,
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}
_NO_AGE_AFTER = (
    "%",
    "percent",
    "times",
    "x",
    "kg",
    "kilos",
    "stone",
    "weeks",
    "of",
    "out",
    "/",
    ":",
    "to",
    "-",
    "th",
    "st",
    "nd",
    "rd",
    "lb",
    "lbs",
    "cm",
    "ft",
    "coffees",
    "cups",
    "am",
    "pm",
    "mg",
    "one",
    "fed",
    "more",
    "hundred",
    "foot",
    "+",
)


def read_age(t: Tokens, i: int) -> tuple[int, float, float] | None:
    """(token after, low, high in years) of an age that starts at token `i`, else None."""
    if t.at(i) in ("early", "mid", "late") and t.at(i - 1) in ("my", "his", "her", "their"):
        return read_decade(t, i + 1 + (t.at(i + 1) == "-"))
    if t.at(i - 1) in ("my", "his", "her", "their", "our") and t.at(i - 2) in ("in", "into", "hit", "reached"):
        found = read_decade(t, i)
        if found is not None:
            return found
    number = read_one(t, i)
    if number is None or number.article or number.loose or number.high != int(number.high) or not 0 < number.high <= 110:
        return None
    years, j = number.high, number.j
    after = t.at(j)
    if after in ("yo", "yof", "yom", "y.o", "yrold", "yearold", "yold"):
        return j + 1, years, years
    if after == "y" and t.at(j + 1) in ("/", ".") and t.at(j + 2) == "o":
        return j + 3, years, years
    if after in ("f", "m", "male", "female", "yof") and number.digits and years >= 12:
        person = (
            t.at(i - 1) in ("", "(", "i'm", "im", "am", ",", "hi", "hello", "me", "/")
            and after in ("f", "m")
            and t.glued[j]
            and (t.breaks(j + 1) or i == 0)
        )
        if after == "m" and i == 0 and years >= 16 and t.glued[j] and j + 1 < len(t) and t.breaks(j + 1):
            return j + 1, years, years
        if (person and (t.at(i - 1) in ("(", "i'm", "im", "am", "me") or after == "f")) or after in ("male", "female"):
            return j + 1, years, years
        if after in ("f", "m"):
            return None
    if after in ("y", "yr", "yrs", "years", "year") and before_age(t, i) and (t.breaks(j + 1) or t.at(j + 1) == "old"):
        return j + 1 + (t.at(j + 1) == "old"), years, years
    # a note's 'room 14, 82 y:'; no twitching is that old
    alone = i == 0 or t.at(i - 1) in (",", "(", ";", "-")
    if after in ("y", "yr", "yrs") and number.digits and alone and 40 <= years <= 105 and (t.breaks(j + 1) or t.at(j + 1) in (":", ")", ";")):
        return j + 1, years, years
    if t.at(i - 1) in ("f", "m") and number.digits and t.glued[i] and not t.number[i]:
        return None
    if after in _NO_AGE_AFTER or read_unit(t, j, number.digits, False) is not None:
        return None
    if t.at(i - 1) in ("only", "just", "nearly", "almost", "now", "about", "of") and t.at(i - 2) in (*_BE, "am", "is"):
        i -= 1
    if _is_age(t, i, j, years):
        return _to_the_birthday(t, j), years, years
    return None


def _to_the_birthday(t: Tokens, j: int) -> int:
    """'he is 60 in June', 'she turns 4 next month': the day that it is reached belongs to the age."""
    months = words().raw["months"]
    if t.at(j) in ("in", "this", "next", "on") and (t.at(j + 1) in months or t.at(j + 1) in ("month", "week", "year")):
        return j + 2
    return j + 1 if t.at(j) in months else j


def before_age(t: Tokens, i: int) -> bool:
    """'my son, 9 y.', 'Patient: girl (9 yrs)'."""
    rel = words().classes["REL"]
    return t.at(i - 1) in (",", "(", "/") and t.at(i - 2) in rel and t.at(i - 2) not in ("he", "she", "patient")


def _is_age(t: Tokens, i: int, j: int, years: float) -> bool:
    rel = words().classes["REL"]
    before = t.at(i - 1)
    if before in _BE and not (before in ("age", "ages") and t.at(i - 2) in ("the",) and years > 110):
        return True
    if before == "of" and t.at(i - 2) == "age":
        return True
    end = t.breaks(j) or t.at(j) in ("and", "but", "so", "with", "next", "this", "who", "now", "i", "when", "in", "he", "she", "or")
    if before in ("am", "was", "be", "is", "turned", "were") and end:
        who = t.at(i - 2)
        return (who in rel or who in ("i", "who", "he", "she", "just") or t.at(i - 3) in rel) and who not in ("it", "that")
    if before in (",", "(") and (t.at(i - 2) in rel or t.at(i - 2) in ("me", "i")) and t.breaks(j) and t.at(j) != "/":
        return True
    return before in ("at", "since") and t.at(i - 2) in ("i", "was") and end


def read_decade(t: Tokens, k: int) -> tuple[int, float, float] | None:
    """(token after, low, high in years) of "twenties", "30s" at token `k`, else None."""
    if t.at(k) in DECADES:
        start = DECADES[t.at(k)]
        return k + 1, float(start), float(start + (6 if start == 13 else 9))
    if k < len(t) and t.number[k] and t.words[k].isdecimal() and int(t.words[k]) % 10 == 0 and 10 <= int(t.words[k]) <= 90:
        j = k + 1 + (t.at(k + 1) == "'")
        if t.at(j) in ("s", "ies"):
            return j + 1, float(t.words[k]), float(t.words[k]) + 9
    return None
