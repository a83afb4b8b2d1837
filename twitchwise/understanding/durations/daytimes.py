"""Reads what happened within a day and is told without a date: "woke up and my face hangs", "she was fine at lunch", "in the night I ..."."""

from __future__ import annotations

from twitchwise.understanding.durations.numbers import read_one
from twitchwise.understanding.durations.spans import Found, make
from twitchwise.understanding.durations.tokens import STOPS, Tokens
from twitchwise.understanding.durations.words import words

_WOKE = frozenset(("woke", "awoke", "wok", "woken"))
_WAKERS = frozenset(("i", "he", "she", "we", "they", "just", "and", "but", "then"))
#: 'It woke me', 'I woke up three times', 'one morning I woke up': not this morning.
_WOKEN = frozenset(("me", "him", "her", "us", "them", "my", "by"))
_SOME_DAY = frozenset((
    "one", "every", "each", "whenever", "always", "often", "sometimes", "some", "most", "if", "never", "keep", "kept", "twice", "once", "times",
))
_PAST = frozenset(("was", "were", "wasn't", "weren't", "wasnt", "werent", "had", "did", "'d", "felt", "looked", "ate", "sounded", "walked", "spoke", "talked"))
_REACH = 10


def sentence_before(t: Tokens, i: int) -> list[str]:
    first = i
    while first > max(0, i - _REACH) and t.words[first - 1] not in STOPS:
        first -= 1
    return t.words[first:i]


def sentence_after(t: Tokens, j: int) -> list[str]:
    last = j
    while last < min(len(t), j + _REACH) and t.words[last] not in STOPS:
        last += 1
    return t.words[j:last]


def told_as_past(t: Tokens, i: int, j: int) -> bool:
    """Whether a verb of the past stands in the sentence: 'in the night it started', not 'in the night I get cramps'."""
    past = words().classes["PAST_VERB"]
    said = (*sentence_before(t, i), *sentence_after(t, j))
    return any(word in past or word in _PAST or (word.endswith("ed") and len(word) > 4) for word in said)


def read_daytime(t: Tokens, i: int, done: int) -> Found | None:
    """'Woke up with a dead hand', 'he was fine at breakfast': today, where the message gives no other day."""
    word = t.at(i)
    if word in _WOKE:
        return _woke(t, i, done)
    if word in ("at", "by", "over", "before"):
        return _at_a_meal(t, i, done)
    return None


def _woke(t: Tokens, i: int, done: int) -> Found | None:
    before = [word for word in sentence_before(t, i) if not (word[0].isdigit() or word in (":", "am", "pm", "-", "h"))]  # '06:50 woke up'
    opens = not before or before[-1] in _WAKERS or before[-1] in words().classes["REL"] or t.breaks(i - 1)
    j = i + 1 + (t.at(i + 1) == "up")
    if not opens or t.at(i + 1) in _WOKEN or _SOME_DAY & set(before) or _SOME_DAY & set(t.words[j : j + 5]) or "when" in before[-3:]:
        return None
    return make(t, i, j, "ago", 0.0, 0.5, done, approximate=True), j


def _at_a_meal(t: Tokens, i: int, done: int) -> Found | None:
    j = i + 1 + (t.at(i + 1) in ("the", "his", "her", "my"))
    if t.at(j) in words().raw["meals"]:
        end = j + 1 + (t.at(j + 1) == "time")
    else:
        number = read_one(t, j)
        if number is None or number.high > 12 or t.at(number.j) not in ("o'clock", "oclock"):
            return None
        end = number.j + 1
    before = set(sentence_before(t, i))
    told = bool(before & _PAST) or (not before and told_as_past(t, i, end))  # 'he was fine at lunch', 'At lunchtime a pain went off in my head'
    if t.at(end) in ("yesterday", "on", "last", "every", "each", "most", "the", "time") or not told or before & _SOME_DAY:
        return None
    return make(t, i, end, "ago", 0.0, 0.5, done, approximate=True), end
