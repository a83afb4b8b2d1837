"""Prepared rules answer as the conditions read one by one, for every rule and for cases of all kinds."""
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from twitchwise.triage import engine
from twitchwise.triage.case import Case, Course, Fact, Person, Place
from twitchwise.triage.prepared import needs_of, prepare
from twitchwise.triage.rules import Condition, known_facts, load_rules
from twitchwise.understanding.findings import SYMPTOM, TRIGGER
from twitchwise.vocabulary.codes import load_codes

RULES = load_rules()
EVERY = (*RULES.red_flags, *RULES.amber, *RULES.modifiers)
FACTS = sorted(known_facts())


def read(condition: Condition, case: Case) -> frozenset[str] | None:
    """The condition read as it stands."""
    if condition.all_:
        parts = [read(part, case) for part in condition.all_]
        return None if any(part is None for part in parts) else frozenset(code for part in parts for code in part or ())
    if condition.any_:
        held = [part for part in (read(part, case) for part in condition.any_) if part is not None]
        return frozenset(code for part in held for code in part) if held else None
    if condition.not_:
        return frozenset() if read(condition.not_, case) is None else None
    return engine._leaf(condition, case)


FACT = st.builds(
    Fact, kind=st.sampled_from([SYMPTOM, TRIGGER]), assertion=st.sampled_from(["present", "possible", "absent"]),
    onset=st.sampled_from([None, "sudden", "gradual"]), days=st.sampled_from([None, 0.5, 3.0, 40.0]), turn=st.integers(0, 5),
    after_flag=st.booleans())
PLACE = st.builds(
    Place, code=st.sampled_from(["calf", "hand", "eyelid", "tongue", "chest", "all"]), laterality=st.sampled_from([None, "left", "right", "both"]),
    status=st.sampled_from(["site", "denied", "other"]), of=st.sampled_from([("twitching",), ("weakness",), ()]), added=st.booleans())
CASES = st.builds(
    Case, facts=st.dictionaries(st.sampled_from(FACTS), FACT, max_size=12), places=st.lists(PLACE, max_size=4),
    duration=st.sampled_from([None, Course(3.0), Course(21.0), Course(100.0)]),
    person=st.builds(Person, age_years=st.sampled_from([None, 0.3, 2.0, 40.0])))


@given(CASES)
def test_every_rule_holds_as_it_reads(case: Case) -> None:
    for each in prepare(EVERY, engine._leaf):
        wanted = read(each.rule.when, case)
        assert each.check(case) == wanted, each.rule.id
        if wanted is not None and each.needs is not None:
            assert not each.needs.isdisjoint(case.facts), each.rule.id


@given(CASES)
def test_the_engine_leaves_no_rule_out(case: Case) -> None:
    held = {rule.id for rule in EVERY if read(rule.when, case) is not None}
    replaced = {general for rule in RULES.red_flags if rule.id in held for general in rule.replaces}
    found = {reason.rule for reason in engine.assess(case).reasons}
    assert held - replaced - {general for rule in EVERY if rule.id in held for general in rule.replaces} <= found <= held


def test_what_a_condition_needs() -> None:
    def needs(**condition: object) -> frozenset[str] | None:
        return needs_of(Condition(**condition))

    codes = sorted(load_codes().symptoms)[:2]
    one, two = ({"fact": code} for code in codes)
    assert needs(**one) == {codes[0]}
    assert needs(any=[one, two]) == set(codes)
    assert needs(all=[one, {"any": [one, two]}]) == {codes[0]}
    # A denial, or a place, may hold where no fact is known.
    assert needs(**{"not": one}) is None
    assert needs(any=[one, {"site": "calf"}]) is None
    assert needs(all=[{"site": "calf"}, two]) == {codes[1]}


def test_most_rules_are_told_apart_by_their_facts() -> None:
    prepared = prepare(EVERY, engine._leaf)
    assert sum(each.needs is not None for each in prepared) > len(prepared) / 2


@given(CASES)
def test_a_copy_shares_nothing_that_changes(case: Case) -> None:
    before = case.to_dict()
    copy = case.copy()
    assert copy == case and Case.from_dict(before) == case
    for fact in copy.facts.values():
        fact.assertion = "changed"
    for place in copy.places:
        place.status = "changed"
    copy.person.age_years = -1.0
    if copy.duration:
        copy.duration.days = -1.0
    copy.facts["new"] = Fact(SYMPTOM, "present")
    copy.served.append("new")
    copy.asked["new"] = "yes"
    assert case.to_dict() == before
