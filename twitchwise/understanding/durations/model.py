"""What the finder of times hands back."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("since", "for", "ago", "bout", "rate", "age", "future", "vague", "amount")


@dataclass(frozen=True)
class TimeExpression:
    """One expression of time in a message.

    `start`, `end`: character offsets in the original text. `low_days`, `high_days`: the range it means, in days
    (an onset or a past moment: days before today), None where nothing can be said. `days`: the value used against
    the 14-day rule (the upper end of a range, X for "about X"), None for vague ones. `iso`: the same as an
    ISO 8601 duration, "" where `days` is None. `kind`: one of KINDS.
    """

    start: int
    end: int
    kind: str
    low_days: float | None
    high_days: float | None
    days: float | None
    iso: str
    approximate: bool = False
