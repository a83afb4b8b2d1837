"""Reads a length of time: "about two and a half months", "3-4 wks", "an hour and 45 minutes", "the past few days"."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from twitchwise.understanding.durations.numbers import Number, read_fraction_tail, read_number
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.units import iso_of_days, iso_of_parts, read_unit
from twitchwise.understanding.durations.words import words

_ORDER = ("second", "minute", "hour", "day", "night", "week", "weekend", "fortnight", "month", "quarter", "year", "decade")
_WINDOWS = {
    "past": "past",
    "last": "past",
    "previous": "past",
    "recent": "past",
    "next": "next",
    "coming": "next",
    "following": "next",
    "first": "first",
}
_DETERMINERS = ("the", "these", "this", "those", "my", "teh", "thee")


@dataclass(slots=True)
class Length:
    """A length at tokens `i` to `j` (end excluded), in days. `window`: past, next or first ("the past 6 days")."""

    i: int
    j: int
    low: float
    high: float
    unit: str
    approximate: bool = False
    article: bool = False
    modified: bool = False
    window: str = ""
    determined: bool = False
    plural: bool = False
    letter_m: bool = False
    parts: list[tuple[float, str]] = field(default_factory=list)

    def iso(self) -> str:
        """ISO 8601 of the upper end."""
        return iso_of_parts(self.parts) if self.parts else iso_of_days(self.high)


def _effect(t: Tokens, i: int, table: dict[str, list[tuple[tuple[str, ...], str]]]) -> tuple[str, int] | None:
    for phrase, effect in table.get(t.at(i), ()):
        if t.follow(i, phrase):
            return effect, i + len(phrase)
    return None


def read_length(t: Tokens, i: int) -> Length | None:
    """The length that starts at token `i`, modifiers and window included, else None."""
    w = words()
    k, effects, window, determined = i, [], "", False
    for _ in range(5):  # bounded: at most five words of the kind "for at least the past"
        found = _effect(t, k, w.modifiers)
        if found is not None and not (t.at(k) in ("now", "already", "like", "say") and k + 1 < len(t) and t.breaks(k + 1)):
            effects.append(found[0])
            k = found[1]
            continue
        if t.at(k) == "last" and (t.at(k - 1) in w.classes["VERB_BEFORE_LAST"] or _effect(t, k + 1, w.modifiers)):
            return None  # the verb: "they last about ten seconds"
        ahead = k + (t.at(k) in _DETERMINERS)
        if t.at(ahead) in _WINDOWS and not window:
            window, determined = _WINDOWS[t.at(ahead)], ahead > k
            k = ahead + 1
            continue
        break
    if t.at(k) in ("these", "the") and window == "" and not effects:
        return None
    length = _core(t, k, window)
    if length is None:
        return None
    length.i, length.window, length.determined = i, window, determined
    if window and t.at(i) == "the" and not determined:
        length.determined = True
    length.modified = bool(effects)
    if (
        window == "past"
        and not determined
        and t.at(i) == "last"
        and length.high < 0.05
        and t.at(i - 1) not in ("for", "in", "over", "during", "within")
    ):
        return None  # "twitches last 10 seconds"
    ongoing = ("up", "on", "down", "worse", "gone", "grown", "developed", "happened", "spread", "changed", "built", "lost", "weaker", "thinner",
               "me", "him", "her", "us", "gradually", "slowly", "steadily", "bit", "little", "degrees", "crept", "faded", "wasted", "shrunk", "slid", "come",
               "progressed", "advanced", "increased", "climbed")
    more = t.at(length.j) == "or" and (bool(window) or t.at(length.j + 1) in ("more", "longer", "over"))
    within = (window == "past" and determined) or t.at(i - 1) in ongoing or _opens_a_change(t, i, length.j)
    if t.at(i) == "over" and not more and "over" in effects and within:
        effects.remove("over")  # 'over the last ten days', 'crept up over four months': no more than that
    _suffix(t, length, effects)
    _apply(length, effects)
    return length


_CHANGING = frozenset((
    "gone", "went", "got", "gotten", "become", "became", "crept", "spread", "climbed", "grown", "grew", "lost", "dropped", "worsened", "shrunk", "turned",
))


def _opens_a_change(t: Tokens, i: int, j: int) -> bool:
    """'Over ten days my legs have gone from wobbly to useless': within that time, not more than it."""
    if not (t.breaks(i - 1) or t.at(i - 1) in ("and", "but", "then")) or t.breaks(j + 1) or t.at(j) in ("now", "already", "of", "ago"):
        return False
    return any(word in _CHANGING for word in t.words[j : j + 8])


def _core(t: Tokens, k: int, window: str) -> Length | None:
    number = read_number(t, k)
    if number is None:
        return _bare(t, k, window)
    after = number.j
    about = number.loose
    over = False
    if t.at(after) in ("-",) and t.at(after + 1) in ("ish", "odd"):
        after += 1
    if t.at(after) in ("ish", "odd"):
        about, after = True, after + 1
    elif t.at(after) == "or" and t.at(after + 1) == "so":
        about, after = True, after + 2
    elif t.at(after) in ("+", "plus"):
        over, after = True, after + 1
    elif t.follow(after, ("and", "a", "bit")):
        over, after = True, after + 3
    if t.at(after) == "-":
        after += 1
    for _ in range(3):
        if t.at(after) in words().raw["fillers"]:
            after += 1
    unit = read_unit(t, after, number.digits, number.article)
    if unit is None:
        return None
    key, plural = unit
    if key == "quarter" and (number.article or not (after + 1 >= len(t) or t.at(after + 1) in ("ago", "now"))):
        return None
    _slash(number, plural, key)
    size = words().units[key].days
    length = Length(k, after + 1, number.low * size, number.high * size, key, about, number.article, plural=plural)
    length.letter_m = t.at(after) == "m"
    length.parts = [(number.high, key)]
    _after_unit(t, length, number)
    if over:
        _apply(length, ["over"])
    return length


def _slash(number: Number, plural: bool, key: str) -> None:
    """a/b is a fraction (1/2 hour, 3/4 hour), or a range (2/3 weeks)."""
    if number.slash is None:
        return
    a, b = number.slash
    if b == a + 1 and not (b == 2 and (not plural or key == "hour")) and not (key == "hour" and b == 4):
        number.low, number.high = a, b
    elif a < b <= 8:
        number.low = number.high = a / b
    else:
        number.low, number.high = min(a, b), max(a, b)


def _bare(t: Tokens, k: int, window: str) -> Length | None:
    """A unit without a number: fortnight, "the past week", "week or two"."""
    w = words()
    word = t.at(k)
    key = w.singular.get(word)
    if key is None or (word in ("second", "min", "sec", "mo", "mon", "mont", "morning", "evening", "afternoon") and t.at(k + 1) != "or"):
        return None
    doubled = t.at(k + 1) == "or" and t.at(k + 2) in ("two", "so", "2", "three", "more")
    halved = t.follow(k + 1, ("and", "a", "half")) and word in ("week", "month", "year", "hour")
    if not (key == "fortnight" or doubled or halved or window or t.at(k - 1) in ("good", "solid")):
        return None
    size = w.units[key].days
    length = Length(k, k + 1, size, size, key, parts=[(1.0, key)])
    _after_unit(t, length, Number(1, 1, k))
    return length


def _after_unit(t: Tokens, length: Length, number: Number) -> None:
    """What may follow the unit: "and a half", "or two", "and 3 days", "to two months"."""
    size = words().units[length.unit].days
    extra, after = read_fraction_tail(t, length.j)
    if extra and read_unit(t, after, False, False) is None and (t.at(after) != "of" or extra == 0.5):
        length.low, length.high, length.j = length.low + extra * size, length.high + extra * size, after
        length.parts = [(number.high + extra, length.unit)]
        length.article = False
        return
    if t.at(length.j) == "or" and t.at(length.j + 1) in ("two", "three", "2", "3"):
        more = 2 if t.at(length.j + 1) in ("two", "2") else 3
        if number.high < more and read_unit(t, length.j + 2, True, False) is None:
            length.high, length.j = more * size, length.j + 2
            length.parts, length.article, length.approximate = [(float(more), length.unit)], False, True
            return
    if t.at(length.j) == "," and t.at(length.j + 1) in ("maybe", "perhaps", "possibly") and number.high == 1:
        second = read_number(t, length.j + 2)
        if second is not None and 1 < second.high < 10 and t.breaks(second.j):
            length.high, length.j, length.approximate, length.article = second.high * size, second.j, True, False
            length.parts = [(second.high, length.unit)]
            return
    for _ in range(5):
        if not (_compound(t, length) or _clock_tail(t, length)):
            break
    _second_length(t, length)


def _compound(t: Tokens, length: Length) -> bool:
    k = length.j
    if t.at(length.i - 1) == "between" and t.at(k) == "and":
        return False  # 'between a fortnight and three weeks' is a range
    comma = t.at(k) == ","
    k += t.at(k) == ","
    if t.at(k) in ("and", "&", "n", "+"):
        k += 1
    number = read_number(t, k)
    if number is None or number.low != number.high:
        return False
    after = number.j + (t.at(number.j) == "-")
    unit = read_unit(t, after, number.digits, number.article)
    if unit is None or _ORDER.index(unit[0]) >= _ORDER.index(length.parts[-1][1]) or unit[0] == "night":
        return False
    counted_back = t.at(after + 1) == "ago" and t.breaks(after + 2) and not comma and t.at(length.i - 1) not in ("for", "been")
    if k > length.j and not counted_back and t.at(after + 1) in ("ago", "later", "old", "after", "before", "back", "at", "each"):
        return False
    if comma and _ORDER.index(unit[0]) < _ORDER.index("day") and length.unit in ("week", "month") and t.at(length.j + 1) != "and":
        return False
    size = words().units[unit[0]].days
    if comma and abs(number.high * size - length.high) <= 0.1 * length.high:
        return False  # 'two weeks, 14 days' says it twice
    length.low, length.high = length.low + number.low * size, length.high + number.high * size
    length.parts.append((number.high, unit[0]))
    length.j, length.article = after + 1, False
    return True


def _clock_tail(t: Tokens, length: Length) -> bool:
    """1 hour thirty, 2 hours and 10."""
    below = {"hour": "minute", "minute": "second"}.get(length.unit)
    if below is None or len(length.parts) > 1:
        return False
    k = length.j + (t.at(length.j) == "and")
    number = read_number(t, k)
    if number is None or number.article or number.loose or number.low != number.high or not 1 <= number.high < 60:
        return False
    if not (number.j >= len(t) or t.at(number.j) in (".", ",", "ago", "now", "!", "?")):
        return False
    if t.at(number.j) in (",", ".") and number.j + 1 < len(t) and t.number[number.j + 1]:
        return False
    size = words().units[below].days
    length.low, length.high = length.low + number.low * size, length.high + number.high * size
    length.parts.append((number.high, below))
    length.j, length.article = number.j, False
    return True


def _second_length(t: Tokens, length: Length) -> None:
    """a week to 10 days, six weeks or two months."""
    k = length.j
    range_ = t.at(k) == "and" and t.at(length.i - 1) == "between"
    if not (range_ or t.at(k) in ("to", "or", "-", "till")) or length.window == "next":
        return
    step = k + 1 + (t.at(k + 1) in ("maybe", "even", "possibly", "perhaps"))
    number = read_number(t, step)
    if number is None:
        return
    unit = read_unit(t, number.j + (t.at(number.j) == "-"), number.digits, number.article)
    if unit is None:
        return
    high = number.high * words().units[unit[0]].days
    if t.at(k) == "-" and t.at(number.j + 1) in ("ago",):
        return
    if length.low < high <= length.low * 40:
        length.high, length.j = high, number.j + 1 + (t.at(number.j) == "-")
        length.parts, length.article, length.approximate = [(number.high, unit[0])], False, True


def _suffix(t: Tokens, length: Length, effects: list[str]) -> None:
    for _ in range(2):
        found = _effect(t, length.j, words().suffixes)
        if found is None:
            return
        effect, after = found
        if t.at(length.j) == "+" and t.number[after]:
            return
        word = t.at(length.j)
        if word in ("about", "roughly", "probably", "approx", "approximately", "i", "min", "max") and not (
            t.breaks(after) or t.at(after) in ("ago", "now")
        ):
            return
        if word == "odd" or (word == "plus" and not (t.breaks(after) or t.at(after) in ("now", "ago", "of"))):
            return
        effects.append(effect)
        length.j = after
        length.article = False


def _apply(length: Length, effects: list[str]) -> None:
    """What the words round a length make of its range. The shares are ours: wide enough, and 'over X' is more than X."""
    for effect in effects:
        if effect == "exact":
            continue
        length.approximate = True
        high = length.high
        if effect == "nearly":
            length.low = min(length.low, high * 0.85)
        elif effect == "most":
            length.low = min(length.low, high * 0.6)
        elif effect == "under":
            length.low = min(length.low, high * 0.5)
        elif effect in ("over", "just_over"):
            length.high = _beyond(high, 1.25 if effect == "over" else 1.1)
            length.parts = []


def _beyond(days: float, share: float) -> float:
    """More than `days`; whole days from one day up, and at least one more, so that "over 2 weeks" is past the 14 days."""
    return float(max(math.ceil(days * share), days + 1)) if days >= 1 else days * share
