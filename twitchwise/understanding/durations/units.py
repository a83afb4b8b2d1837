"""Reads a unit of time, also abbreviated or misspelt, and writes ISO 8601 durations."""

from __future__ import annotations

import math
from functools import lru_cache

from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.words import words

_LONG = ("seconds", "minutes", "fortnight", "fortnights", "months", "month", "weeks", "years", "hours", "minute", "second", "weekend")


def close(a: str, b: str) -> bool:
    """Whether one insertion, deletion, change or swap turns `a` into `b`."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    rest_a, rest_b = a[i:], b[i:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    )


@lru_cache(maxsize=4096)
def misspelt_unit(word: str) -> tuple[str, bool] | None:
    """(unit, plural) of a misspelt unit word that follows a number, else None."""
    # our own: a spelling library would have to know the handful of words meant here
    if not 5 <= len(word) <= 11 or word in words().raw["not_units"]:
        return None
    for right in _LONG:
        if word[0] == right[0] and close(word, right):
            table = words().plural if right in words().plural else words().singular
            return table[right], right in words().plural
    return None


_DAYS_NOT = frozenset(("dads", "dabs", "dams", "dans", "dyes", "dries", "drays", "delays"))


@lru_cache(maxsize=1024)
def _misspelt_days(word: str) -> bool:
    """'3 dsys', '5 dyays': short as the word is, after a number in digits little else is meant."""
    return 3 <= len(word) <= 5 and word[0] == "d" and word[-1] in "sz" and word not in _DAYS_NOT and close(word, "days")


def read_unit(t: Tokens, k: int, digits: bool, article: bool) -> tuple[str, bool] | None:
    """(unit, plural) at token `k` that stands after a number, else None. `digits`: the number is written in digits."""
    word = t.at(k)
    if not word:
        return None
    w = words()
    if word.endswith("'s"):
        word = word[:-2]
    if word.endswith("ish") and len(word) > 5:  # weeksish
        word = word[:-3]
    if word in w.raw["unit_lookalikes"]:
        return _lookalike(t, k, word, digits, article)
    if word in w.singular:
        return w.singular[word], False
    if word in w.plural:
        return w.plural[word], True
    if digits and word in w.letters:
        if t.at(k + 1) == "/" and word == "w":
            return None  # "w/" is with
        # a letter touches its number, or stands alone after it
        if t.glued[k] or t.breaks(k + 1) or t.at(k + 1) in ("ago", "now", "and"):
            return w.letters[word], True
        return None
    if digits and word in ("'", '"') and t.glued[k] and _quote_is_unit(t, k):
        return ("minute" if word == "'" else "second"), True
    if digits and word[0] == "d" and _misspelt_days(word):
        return "day", True
    if not article and word[0].isalpha():
        return misspelt_unit(word)
    return None


def _quote_is_unit(t: Tokens, k: int) -> bool:
    # 6'2" is a height, "10" in quotes a number: only alone, or said of how long something lasts
    if t.words.count(t.words[k]) > 1 or t.at(k + 1)[:1].isalnum():
        return False
    return k == 1 or t.at(k - 2) in ("lasts", "for", "about", "lasting", "every")


def _lookalike(t: Tokens, k: int, word: str, digits: bool, article: bool) -> tuple[str, bool] | None:
    w = words().raw["unit_lookalikes"]
    key, plural = w[word], word.endswith("s")
    after = t.at(k + 1)
    before = t.at(k - 2)
    said = before in ("for", "past", "last", "about", "over", "nearly", "almost", "since") or after in ("ago", "now", "back")
    if digits and word not in ("weak", "moth"):
        return key, plural
    if word in ("weaks", "moths", "dais", "yer", "hous", "hors", "mos", "mo") and not article:
        return key, plural
    if word in ("weak", "moth", "mouths"):
        if t.breaks(k + 1) and (digits or said):
            return key, plural
        return (key, plural) if said and (t.breaks(k + 1) or after in ("ago", "now", "back", "and", "or", "i", "my")) else None
    return (key, plural) if said else None


def iso_of_parts(parts: list[tuple[float, str]]) -> str:
    """ISO 8601 of counts of units, largest first; a fraction stays on its unit (P1.5M)."""
    parts = [piece for part in parts for piece in _whole(*part)]
    date: dict[str, float] = {}
    time: dict[str, float] = {}
    for count, key in parts:
        iso = words().units[key].iso
        if iso.startswith("T"):
            time[iso[1]] = time.get(iso[1], 0) + count
        else:
            factor = float(iso[1:] or 1)
            date[iso[0]] = date.get(iso[0], 0) + count * factor
    if "W" in date and len(date) + len(time) > 1:  # weeks stand alone in ISO 8601
        date["D"] = date.get("D", 0) + 7 * date.pop("W")
    text = "P" + "".join(_plain(date[c]) + c for c in "YMWD" if c in date)
    if time:
        text += "T" + "".join(_plain(time[c]) + c for c in "HMS" if c in time)
    return text if text != "P" else "P0D"


def _whole(count: float, key: str) -> list[tuple[float, str]]:
    """The part in whole units where a smaller unit can say it: half an hour is 30 minutes."""
    if count == int(count):
        return [(count, key)]
    below = {
        "hour": ("minute", 60),
        "minute": ("second", 60),
        "year": ("month", 12),
        "month": ("day", 30),
        "week": ("day", 7),
        "day": ("hour", 24),
        "decade": ("year", 10),
        "fortnight": ("day", 14),
    }
    if key not in below:
        return [(count, key)]
    smaller, factor = below[key]
    whole = math.floor(count) if key in ("hour", "minute", "year", "day") else 0
    return ([(float(whole), key)] if whole else []) + [(round((count - whole) * factor, 4), smaller)]


def iso_of_days(days: float) -> str:
    """ISO 8601 of a number of days; under a day in hours or minutes."""
    if days >= 1 or days == 0:
        return "P" + _plain(round(days, 2)) + "D"
    if days * 24 >= 1 and round(days * 24, 2) == int(round(days * 24, 2)):
        return "PT" + _plain(round(days * 24, 2)) + "H"
    if days * 1440 >= 1:
        return "PT" + _plain(round(days * 1440, 2)) + "M"
    return "PT" + _plain(max(round(days * 86400, 2), 0.01)) + "S"


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:.4f}".rstrip("0")
