"""Rules made ready once: each condition as a function over a case. The same answers as reading the conditions anew, several times faster.

Triage is asked several times for each message, and most rules ask for a fact that nobody mentioned: those are told apart by the case's
facts alone, without looking into them.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from twitchwise.triage.case import Case
from twitchwise.triage.rules import Condition, Rule

#: The codes of the facts by which a condition holds, None where it does not.
Evidence = frozenset[str] | None
Check = Callable[[Case], Evidence]
Leaf = Callable[[Condition, Case], Evidence]
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Prepared:
    """A rule with its check. `needs`: it can only hold in a case that has one of these facts; None where that says nothing."""

    rule: Rule
    check: Check
    needs: frozenset[str] | None


def prepare(rules: Sequence[Rule], leaf: Leaf) -> tuple[Prepared, ...]:
    """The rules in their order, `leaf` judging single conditions."""
    return tuple(Prepared(rule, check_of(rule.when, leaf), needs_of(rule.when)) for rule in rules)


def check_of(condition: Condition, leaf: Leaf) -> Check:
    """The condition as a function."""
    if condition.all_:
        return _all([check_of(part, leaf) for part in condition.all_])
    if condition.any_:
        return _any([check_of(part, leaf) for part in condition.any_])
    if condition.not_:
        inner = check_of(condition.not_, leaf)
        return lambda case: _NOTHING if inner(case) is None else None
    return lambda case: leaf(condition, case)


def needs_of(condition: Condition) -> frozenset[str] | None:
    """Facts of which a case must have one for the condition to hold, None where it may hold without any."""
    if condition.all_:
        # Each part must hold: the needs of any part are the whole's; the fewest tell most.
        found = [needs for part in condition.all_ if (needs := needs_of(part)) is not None]
        return min(found, key=len, default=None)
    if condition.any_:
        parts = [needs_of(part) for part in condition.any_]
        known = [needs for needs in parts if needs is not None]
        return frozenset().union(*known) if len(known) == len(parts) else None
    return frozenset({condition.fact}) if condition.fact is not None and not condition.not_ else None


def _all(checks: list[Check]) -> Check:
    def check(case: Case) -> Evidence:
        found: frozenset[str] = _NOTHING
        for each in checks:
            part = each(case)
            if part is None:
                return None
            found |= part
        return found

    return check


def _any(checks: list[Check]) -> Check:
    def check(case: Case) -> Evidence:
        held = [part for each in checks if (part := each(case)) is not None]
        return frozenset().union(*held) if held else None

    return check
