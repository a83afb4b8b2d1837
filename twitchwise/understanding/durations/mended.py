"""Lengths that the words behind them change: "six weeks - days I mean", "three days shy of three weeks"."""

from __future__ import annotations

from twitchwise.understanding.durations.lengths import Length, read_length
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.words import words


def unit_put_right(t: Tokens, length: Length) -> Length:
    """'Six weeks - days I mean', 'three months, sorry, days': the number stays, the unit is put right."""
    k = length.j
    while t.at(k) in (",", "-", "(", "."):
        k += 1
    said = next((len(words_) for words_ in _MEANT if t.follow(k, words_)), 0)
    k += said + (t.at(k + said) == ",")
    key = words().plural.get(t.at(k))
    if key is None or len(t.at(k)) < 4 or len(length.parts) != 1 or key == length.unit:
        return length
    after = k + 1 + (t.at(k + 1) == ",")
    if not said and not any(t.follow(after, words_) for words_ in (*_MEANT, ("not",))):
        return length
    number, size = length.parts[0][0], words().units[key].days
    return Length(length.i, k + 1, number * size, number * size, key, length.approximate, plural=True, parts=[(number, key)])


_MEANT = (("i", "mean"), ("i", "meant"), ("sorry",), ("no", "sorry"), ("sorry", "no"), ("no",), ("oops",), ("pardon",),
          ("or", "rather"), ("meant",), ("make", "that"))


def shortened(t: Tokens, length: Length) -> Length:
    """'Three days shy of three weeks', 'a month less two days', 'one day short of a fortnight'."""
    j = length.j
    less = t.at(j) in ("less", "minus", "bar")
    if not less and not (t.at(j) in ("shy", "short", "off") and t.at(j + 1) in ("of", "a", "the")):
        return length
    other = read_length(t, j + 1 + (t.at(j + 1) == "of"))
    if other is None or (length.high <= other.high if less else length.high >= other.high):
        return length
    big, small = (length, other) if less else (other, length)
    return Length(length.i, other.j, big.low - small.high, big.high - small.low, big.unit, approximate=big.approximate, plural=True)
