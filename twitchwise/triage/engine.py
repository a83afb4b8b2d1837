"""Rules over a case: red flags, amber features, the level, and why."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from twitchwise.triage.case import Case, Fact
from twitchwise.triage.prepared import Prepared, prepare
from twitchwise.triage.rules import Condition, Rule, load_rules
from twitchwise.vocabulary.codes import load_codes

#: Come on within so many days is sudden (spec: within 24 hours).
SUDDEN_DAYS = 1.0

RED_FLAG = "red_flag"
AMBER = "amber"
MODIFIER = "modifier"


@dataclass(frozen=True)
class Reason:
    """Why: the rule that held, what it raised (a flag, an amber feature, or None for a modifier) and the facts that it rests on."""

    rule: str
    flag: str | None
    findings: tuple[str, ...]
    source: str
    explain: str
    kind: str
    level: str


@dataclass(frozen=True)
class Assessment:
    """`level` is always there; `flag_level` is what a red flag or a modifier (a small child that jerks) demands at once, else None."""

    red_flags: tuple[str, ...]
    level: str
    flag_level: str | None
    amber: tuple[str, ...]
    reasons: tuple[Reason, ...]
    not_found: tuple[str, ...]       # red flags whose symptom was denied
    would_change: tuple[str, ...]    # red flags that would raise the level and are not there
    rules_version: str

    @property
    def is_emergency(self) -> bool:
        return self.level == "emergency"


#: What of a case the rules look at, and what they do not (a test holds them to it).
LOOKED_AT = ("person", "facts", "background", "places", "duration", "asked")
NOT_LOOKED_AT = ("pending_withdrawal", "served", "started", "updated", "turn")
#: Assessments kept. A message asks for its case several times, and the next one begins with the case that this one left.
KEPT = 512
_kept: dict[tuple[Any, ...], Assessment] = {}


def assess(case: Case) -> Assessment:
    """The red flags, amber features and level of `case`. Pure; the same case always gives the same answer."""
    key = _key(case)
    try:
        known = _kept.get(key)
    except TypeError:    # something in it cannot be hashed
        return judge(case)
    if known is None:
        if len(_kept) >= KEPT:
            _kept.clear()
        known = _kept[key] = judge(case)
    return known


def _key(case: Case) -> tuple[Any, ...]:
    """All that `LOOKED_AT` names, as values that never change, in its order: the order of facts is that in which they were told."""
    return (
        tuple(vars(case.person).values()),
        tuple((code, *vars(fact).values()) for code, fact in case.facts.items()),
        tuple(case.background.items()),
        tuple(tuple(vars(place).values()) for place in case.places),
        tuple(vars(case.duration).values()) if case.duration else None,
        tuple(case.asked.items()),
    )


def judge(case: Case) -> Assessment:
    """What `assess` gives, worked out anew."""
    rules, codes = _ready(), load_codes()
    flagged = _holding(rules.red_flags, case)
    modified = _holding(rules.modifiers, case)
    reasons = [Reason(rule.id, rule.flag, found, rule.source, rule.explain, RED_FLAG, codes.red_flags[rule.flag or ""])
               for rule, found in flagged]
    reasons += [Reason(rule.id, None, found, rule.source, rule.explain, MODIFIER, rule.level or "") for rule, found in modified]
    amber = [Reason(rule.id, rule.flag, found, rule.source, rule.explain, AMBER, "see_gp") for rule, found in _holding(rules.amber, case)]
    red = tuple(dict.fromkeys(reason.flag for reason in reasons if reason.flag))
    flag_level = codes.highest([reason.level for reason in reasons])
    level = codes.highest([flag_level or "self_care", "see_gp" if amber else "self_care"]) or "self_care"
    return Assessment(
        red_flags=red,
        level=level,
        flag_level=flag_level,
        amber=tuple(dict.fromkeys(reason.flag for reason in amber if reason.flag)),
        reasons=(*reasons, *amber),
        not_found=tuple(flag for flag in codes.red_flags if flag not in red and _denied(flag, case)),
        would_change=tuple(flag for flag, at in codes.red_flags.items() if flag not in red and codes.rank(at) > codes.rank(level)),
        rules_version=rules.version,
    )


@dataclass(frozen=True)
class _Ready:
    red_flags: tuple[Prepared, ...]
    amber: tuple[Prepared, ...]
    modifiers: tuple[Prepared, ...]
    version: str


@lru_cache(maxsize=1)
def _ready() -> _Ready:
    rules = load_rules()
    return _Ready(prepare(rules.red_flags, _leaf), prepare(rules.amber, _leaf), prepare(rules.modifiers, _leaf), rules.version)


def _holding(rules: tuple[Prepared, ...], case: Case) -> list[tuple[Rule, tuple[str, ...]]]:
    """The rules that hold, with the facts that each rests on, less those that a more specific one replaces."""
    facts = case.facts.keys()
    held = [(each.rule, found) for each in rules
            if (each.needs is None or not each.needs.isdisjoint(facts)) and (found := each.check(case)) is not None]
    replaced = {general for rule, _ in held for general in rule.replaces}
    return [(rule, tuple(sorted(found))) for rule, found in held if rule.id not in replaced]


def _denied(flag: str, case: Case) -> bool:
    """Whether the symptoms behind `flag` were denied, and none of them is open."""
    known = [case.assertion(code) for code in _BEHIND.get(flag, (flag,))]
    if flag == "persistent_twitching":
        return case.duration is not None or case.assertion("over_two_weeks") == "absent"
    return bool(known) and known[0] == "absent"


#: The symptom whose denial speaks against a flag, where it has another name.
_BEHIND = {"progressive_weakness": ("weakness",), "stroke_signs": ("facial_droop",), "cauda_equina": ("incontinence",)}


def _leaf(leaf: Condition, case: Case) -> frozenset[str] | None:
    if leaf.fact is not None:
        fact = case.facts.get(leaf.fact)
        return frozenset({leaf.fact}) if fact is not None and _fits(leaf, leaf.fact, fact, case) else None
    if leaf.named_trigger:
        nothing = case.facts.get("no_clear_trigger")
        named = [code for code in case.triggers() if nothing is None or case.facts[code].turn >= nothing.turn]
        return frozenset(named) or None
    if leaf.course_over_days is not None:
        return _when(case.duration is not None and case.duration.days > leaf.course_over_days, "twitching")
    if leaf.regions is not None:
        return _when(len(case.regions() - {"all"}) >= leaf.regions, "sites")
    if leaf.whole_body:
        return _when("all" in case.regions(), "sites")
    if leaf.new_site:
        return _when(any(place.added for place in case.sites()), "sites")
    if leaf.site is not None:
        return _when(any(place.code == leaf.site for place in case.sites()), "sites")
    if leaf.site_region is not None:
        return _when(any(place.region in leaf.site_region or place.code in leaf.site_region for place in case.sites()), "sites")
    oldest = 0.0 if case.has("baby") and case.person.oldest is None else case.person.oldest
    return _when(oldest is not None and leaf.oldest is not None and oldest < leaf.oldest, "age")


def _when(holds: bool, code: str) -> frozenset[str] | None:
    return frozenset({code}) if holds else None


def is_sudden(fact: Fact) -> bool:
    """Said to be sudden, or come on within 24 hours."""
    return fact.onset == "sudden" or (fact.days is not None and fact.days <= SUDDEN_DAYS)


def _fits(leaf: Condition, code: str, fact: Fact, case: Case) -> bool:
    if not (fact.assertion in leaf.assertion if leaf.assertion else fact.counts):
        return False
    if leaf.sudden is not None and is_sudden(fact) != leaf.sudden:
        return False
    if leaf.onset is not None and fact.onset != leaf.onset:
        return False
    if leaf.max_days is not None and (fact.days is None or fact.days > leaf.max_days):
        return False
    if leaf.limb == "single" and not case.single_limb(code):
        return False
    if leaf.limb == "both" and not case.both_limbs(code):
        return False
    return not (leaf.before_flag and fact.after_flag)
