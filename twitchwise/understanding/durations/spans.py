"""Makes one time expression from the tokens it stands on."""

from __future__ import annotations

from twitchwise.understanding.durations.model import TimeExpression
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.units import iso_of_days

Found = tuple[TimeExpression | None, int]


BEFORE_ONSET = frozenset(("since", "sinc", "snce", "sinse", "from", "about", "around", "just", "after", "before", "of"))


# words that belong to a span: fillers, then one preposition, then what goes before it ("as of about the")
_LEAD_IN = (
    ("about", "around", "the", "roughly", "sometime"),
    ("for", "fro", "since", "sinc", "snce", "sinse", "from", "in", "on", "over", "during", "within", "starting", "every", "each", "of"),
    ("ever", "as"),
)


def make(
    t: Tokens,
    i: int,
    j: int,
    kind: str,
    low: float | None,
    high: float | None,
    done: int,
    iso: str | None = None,
    approximate: bool = False,
) -> TimeExpression:
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
