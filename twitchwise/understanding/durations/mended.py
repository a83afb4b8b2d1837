"""Lengths that the words behind them change: "six weeks - days I mean", "three days shy of three weeks", "forty days. No, FOUR"."""

from __future__ import annotations

from twitchwise.understanding.durations.lengths import Length, read_length
from twitchwise.understanding.durations.numbers import read_one
from twitchwise.understanding.durations.tokens import STOPS, Tokens
from twitchwise.understanding.durations.units import read_unit
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


_SLIPS = (*((each,) for each in ("sorry", "oops", "whoops", "correction", "typo", "erratum", "wait", "pardon", "edit")),
          ("i", "mean"), ("i", "meant"), ("hang", "on"), ("hold", "on"),
          ("meant",), ("make", "that"), ("make", "it"), ("should", "be"), ("should", "say"), ("should", "read"),
          ("or", "rather"))
_SLIP_REACH = 14


def number_put_right(t: Tokens, length: Length) -> Length:
    """'Forty days my ear has twitched. No, FOUR', 'it's 40 days, sorry, 4': the unit stays, the number is put right."""
    if len(length.parts) != 1 or length.window or length.article:
        return length
    for k in range(length.j, min(len(t), length.j + _SLIP_REACH)):
        after = _after_a_slip(t, k)
        number = read_one(t, after) if after else None
        if number is None or number.article or number.loose or number.high == length.parts[0][0]:
            continue
        listed = t.number[after] and t.at(number.j) in (".", ")") and any(
            t.words[step] == str(int(number.high) - 1) and t.words[step + 1] == t.at(number.j) for step in range(after)
        )  # '2. weak? no 3. pain': the number of an item
        if not t.breaks(number.j) or t.at(number.j) in ("/", "%", ":", "-", "'") or listed or read_unit(t, number.j, number.digits, False):
            continue
        size = words().units[length.unit].days
        length.low, length.high, length.parts = number.low * size, number.high * size, [(number.high, length.unit)]
        return length
    return length


def _after_a_slip(t: Tokens, k: int) -> int:
    """Where the number may stand that a slip at `k` announces, else 0."""
    said = next((len(each) for each in _SLIPS if t.follow(k, each)), 0)
    if not said and t.at(k) in ("no", "nope") and (t.at(k - 1) in STOPS or t.at(k - 1) in (",", "-", "(")):
        said = 1
    if not said and t.at(k) == "wrong":  # 'wrong cell in the sheet, it's 12'
        stands = next((step for step in range(k + 1, min(len(t), k + _LOOK_REACH)) if t.at(step) in ("it's", "its", "that's", "is")), None)
        return stands + 1 if stands else 0
    if not said:
        return 0
    j = k + said
    fillers = (",", ":", "-", "only", "just", "it's", "its", "that's", "thats", "is")
    while j < k + said + 4 and (t.at(j) in fillers or any(t.follow(j, each) for each in _SLIPS)):
        j += 1
    looked = next((step for step in range(j, min(len(t), j + _LOOK_REACH)) if t.at(step) == ":"), None)
    if looked is not None and _LOOKED & set(t.words[j:looked]) and not set(t.words[j:looked]) & set(STOPS):
        return looked + 1  # 'no wait, I have looked at the calendar: twelve'
    return j


_LOOK_REACH = 9
_LOOKED = frozenset(("looked", "checked", "counted", "calendar", "diary", "notes", "count", "checking", "says"))


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
