"""What must hold for any findings."""
from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.build import answer, edit, lasting, person, place, tell
from twitchwise.triage import Case, assess, assess_findings, explain, next_question, question_codes
from twitchwise.triage.rules import known_facts
from twitchwise.understanding.findings import (
    ABSENT,
    FAMILY,
    HISTORICAL,
    HYPOTHETICAL,
    POSSIBLE,
    PRESENT,
    SIGNAL,
    SYMPTOM,
    TRIGGER,
    Finding,
)
from twitchwise.vocabulary.codes import load_codes

CODES = load_codes()
ASSERTIONS = [PRESENT, POSSIBLE, ABSENT, HYPOTHETICAL, HISTORICAL, FAMILY]
SIGNALS = sorted(known_facts() - set(CODES.symptoms) - set(CODES.triggers))

#: The first example reads the YAML files: no deadline.
FREE = settings(deadline=None)

starts = st.integers(0, 60)
assertions = st.sampled_from(ASSERTIONS)
symptoms = st.builds(Finding, kind=st.just(SYMPTOM), code=st.sampled_from(CODES.symptoms), start=starts, assertion=assertions,
                     onset=st.sampled_from([None, "sudden", "gradual"]))
signals = st.builds(Finding, kind=st.just(SIGNAL), code=st.sampled_from(SIGNALS), start=starts, assertion=assertions)
triggers = st.builds(Finding, kind=st.just(TRIGGER), code=st.sampled_from(CODES.triggers), start=starts, assertion=assertions)
owners = st.lists(st.sampled_from(["twitching", "weakness", "numbness", "speech_difficulty"]), max_size=2).map(tuple)
places = st.builds(place, st.sampled_from(sorted(CODES.region_of)), st.sampled_from([None, "left", "right", "both"]), of=owners,
                   role=st.sampled_from(["site", "denied", "historical", "family"]), start=starts, one_spot=st.booleans())
times = st.builds(lasting, st.floats(0, 4000), owners, role=st.sampled_from(["course", "episode", "other"]), start=starts)
people = st.builds(lambda code, relation, switch: person(code, relation=relation, switch=switch),
                   st.sampled_from(["self", "child", "adult"]), st.sampled_from([None, "son", "mother"]), st.booleans())
answers = st.sampled_from(["yes", "no", "unsure", "partly"]).map(answer)
edits = st.builds(lambda code, targets, start: edit(code, *targets, start=start), st.sampled_from(["correction", "take_back"]),
                  st.lists(st.sampled_from(CODES.symptoms), max_size=2), starts)
#: Places and times that say what they belong to.
owned = st.one_of(symptoms, signals, triggers, places.filter(lambda f: f.of), times.filter(lambda f: f.of))
plain = st.one_of(symptoms, signals, triggers, places, times)
anything = st.one_of(plain, people, answers, edits)
messages = st.lists(st.lists(anything, max_size=5), max_size=5)
asked = st.sampled_from([None, *question_codes(), "withdrawal", "unknown"])


@FREE
@given(st.lists(anything, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_findings_does_not_matter(findings: list[Finding], chance) -> None:
    shuffled = list(findings)
    chance.shuffle(shuffled)
    assert assess_findings(findings) == assess_findings(shuffled)


@FREE
@given(st.lists(owned, max_size=8), st.sampled_from(CODES.symptoms), st.sampled_from([PRESENT, POSSIBLE]))
def test_a_symptom_more_never_lowers_the_level(findings: list[Finding], code: str, assertion: str) -> None:
    # Getting better is good news, and worse cancels it: every other symptom can only raise.
    if code != "improving":
        before = assess_findings(findings)
        after = assess_findings([*findings, Finding(SYMPTOM, code, start=99, assertion=assertion)])
        assert CODES.rank(after.level) >= CODES.rank(before.level)


@FREE
@given(st.lists(plain, max_size=6), st.sampled_from(CODES.symptoms))
def test_unknown_never_ranks_below_known_safe(findings: list[Finding], code: str) -> None:
    rest = [finding for finding in findings if finding.code != code]
    unknown, safe = assess_findings(rest), assess_findings([*rest, Finding(SYMPTOM, code, assertion=ABSENT)])
    assert CODES.rank(unknown.level) >= CODES.rank(safe.level)


@FREE
@given(st.lists(st.tuples(st.lists(anything, max_size=5), asked), max_size=6))
def test_no_conversation_raises_and_every_case_is_stored(conversation: list) -> None:
    case = Case()
    for findings, question in conversation:
        update = tell(case, *findings, asked=question)
        case = update.case
        stored = Case.from_dict(json.loads(json.dumps(case.to_dict())))
        assert stored == case
        found = assess(stored)
        assert found == assess(case)
        assert explain(case, found).level == found.level
        following = next_question(case, found)
        assert following is None or (found.level != "emergency" and following.text.endswith("?"))
        assert tell(case, *findings, asked=question, message_id=case.served[-1]).case == case


@FREE
@given(messages, st.lists(st.one_of(plain, edits, answers), max_size=5), asked)
def test_one_message_never_ends_an_emergency(history: list, last: list[Finding], question: str | None) -> None:
    case = Case()
    for findings in history:
        case = tell(case, *findings).case
    case.pending_withdrawal = {}
    before = {reason.flag for reason in assess(case).reasons if reason.level == "emergency"}
    after = assess(tell(case, *last, asked=question).case)
    # A more specific emergency may take the place of a general one; the level stays.
    assert not before or after.level == "emergency"


@FREE
@given(messages)
def test_without_edits_and_answers_a_level_only_rises(history: list) -> None:
    case, level = Case(), -1
    for findings in history:
        kept = [finding for finding in findings if finding.kind not in ("edit", "answer", "person")]
        # A doubt may be denied; a place contrasted with another is corrected.
        kept = [finding for finding in kept if finding.assertion not in (ABSENT, POSSIBLE) and finding.role != "denied"]
        case = tell(case, *kept).case
        now = CODES.rank(assess(case).flag_level)
        assert now >= level
        level = now
