"""Expressions of time in a message: how long, since when, how often, how old."""

from __future__ import annotations

from twitchwise.understanding.durations.finder import find_times
from twitchwise.understanding.durations.model import KINDS, TimeExpression

__all__ = ["KINDS", "TimeExpression", "find_times"]
