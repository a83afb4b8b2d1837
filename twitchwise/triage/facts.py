"""Symptoms, signals and triggers: merging what a message says of them into the case."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from twitchwise.triage.case import LOST_FUNCTION, Case, Fact
from twitchwise.triage.message import Message
from twitchwise.triage.places import symptom_days
from twitchwise.triage.questions import FOLLOW_UP, UNSURE, Entry, fact_kind, onset_open
from twitchwise.triage.rules import emergencies_alone
from twitchwise.understanding.findings import ABSENT, FAMILY, HISTORICAL, POSSIBLE, PRESENT, SYMPTOM, Finding

#: What "it was sudden" can be said of.
_CAN_BE_SUDDEN = ("speech_difficulty", "one_sided_weakness", "facial_droop", "weakness", "confusion", "vision_problem", "numbness")
#: Signals that only say how another symptom began.
_ONSET_SIGNALS = {"sudden_onset": "sudden", "gradual_onset": "gradual"}
_RANK = {ABSENT: 0, POSSIBLE: 1, PRESENT: 2}


def merge_facts(case: Case, message: Message, question: Entry | None, *, lower: bool, emergency: Collection[str] = (),
                persistent: bool = False) -> None:
    """Take the symptoms, signals and triggers of `message` into `case`.

    `lower`: whether denials and withdrawals are carried out as well; `emergency`: facts that an emergency rests on now, of which a
    plain denial is a withdrawal; `persistent`: whether the flag persistent_twitching stood before this message."""
    for code, found in message.asserted.items():
        if code == "no_improvement" and message.says("not_tried"):
            continue      # "I have not changed anything yet": what was not tried has not failed
        if code not in _ONSET_SIGNALS:
            _merge_one(case, message, question, code, found, lower=lower, emergency=emergency, persistent=persistent)
    if lower:
        for code in message.targets:
            if case.has(code) and not message.says(code):
                _set(case, message, code, case.facts[code].kind, ABSENT)
    if message.says("worsening") and not message.says("improving") and case.has("improving"):
        _set(case, message, "improving", SYMPTOM, ABSENT)
    if message.says("no_improvement") and not message.says("not_tried") and case.has("not_tried"):
        _set(case, message, "not_tried", case.facts["not_tried"].kind, ABSENT)      # by now something was tried
    asked = tuple(question.facts) if question else ()
    if question and question.code == "onset":
        asked = tuple(onset_open(case))
    elif question and question.code in ("weakness_time", "function"):
        asked = ("weakness",)
    for code, days in symptom_days(message, asked).items():
        if case.has(code):
            fact = case.facts[code]
            # The shorter time is the more urgent one; only a correction makes it longer.
            fact.days = days if fact.days is None or (message.is_edit and lower) else min(fact.days, days)
            if question and question.code == "onset" and code in asked and fact.onset is None:
                fact.onset = "sudden" if days <= 1 else "gradual"
    _merge_onset(case, message, question, lower=lower)


def _merge_one(case: Case, message: Message, question: Entry | None, code: str, found: list[Finding], *, lower: bool,
               emergency: Collection[str], persistent: bool) -> None:
    """One code, with everything that the message says of it."""
    there = [finding for finding in found if finding.counts]
    denied = [finding for finding in found if finding.assertion == ABSENT]
    old = case.facts.get(code)
    if there:
        best = max(there, key=lambda finding: _RANK[finding.assertion or ABSENT])
        # "It tingles, sorry, no, it is numb": after a correction the last word holds.
        if lower and message.is_edit and denied and found[-1] in denied:
            _set(case, message, code, best.kind, ABSENT)
            return
        assertion = best.assertion or PRESENT
        if old is not None and old.assertion == PRESENT and not (lower and message.is_edit):
            assertion = PRESENT
        onset = "sudden" if any(finding.onset == "sudden" for finding in there) else best.onset
        if old is not None and old.onset == "sudden" and not (lower and message.is_edit and onset):
            onset = "sudden"
        late = code == "improving" and persistent and not message.is_edit and not (old is not None and old.counts and not old.after_flag)
        _set(case, message, code, best.kind, assertion, onset=onset or (old.onset if old else None),
             days=old.days if old else None, after_flag=late)
    elif denied:
        if old is None or old.assertion == ABSENT or (lower and _may_fall(message, question, code, old, emergency)):
            _set(case, message, code, denied[0].kind, ABSENT)
    else:
        assertion = found[0].assertion or ""
        if assertion in (HISTORICAL, FAMILY):
            case.background[code] = assertion
            if code == "family_history":
                _set(case, message, code, found[0].kind, PRESENT)
        # "That was my dad, not me": a correction that gives the symptom to somebody else.
        if lower and assertion == FAMILY and message.is_edit and old is not None and old.counts and code != "family_history":
            _set(case, message, code, old.kind, ABSENT)


def _may_fall(message: Message, question: Entry | None, code: str, old: Fact, emergency: Collection[str]) -> bool:
    """Whether a denial removes what was said to be there: it must be a withdrawal or an answer, or what was said was doubtful."""
    if code == "improving":
        return True      # better no longer: taking hope back goes up, so it needs no withdrawal
    if question is not None and question.code == "function" and code == "weakness" and not message.is_edit:
        return False     # what still works changes only the explanation
    answers = question is not None and code in question.facts
    return message.is_edit or old.assertion == POSSIBLE or answers or code in emergency


def _set(case: Case, message: Message, code: str, kind: str, assertion: str, *, onset: str | None = None, days: float | None = None,
         after_flag: bool = False, source: str = "said") -> None:
    """Write a fact; a symptom denied loses its time."""
    if assertion == ABSENT:
        onset, days = None, None
    new = Fact(kind, assertion, onset, days, message.message_id, message.when, case.turn, after_flag, source)
    case.facts.pop(code, None)      # a fact said again moves to the end: the order tells what was said last
    case.facts[code] = new


def _merge_onset(case: Case, message: Message, question: Entry | None, *, lower: bool) -> None:
    """ "It was sudden": of the symptom in this message, else of the one asked about, else of the one told last."""
    said = {onset for code, onset in _ONSET_SIGNALS.items() if message.says(code)}
    if message.denies("sudden_onset"):
        said.add("gradual")
    if not said:
        return
    onset = "sudden" if "sudden" in said else "gradual"
    here = [code for code in _CAN_BE_SUDDEN if message.says(code) and case.has(code)]
    unset = [code for code in here if not any(finding.onset for finding in message.asserted[code])]
    known = [code for code in _CAN_BE_SUDDEN if case.has(code)]
    asked = onset_open(case) if question and question.code == "onset" else []
    last = max((case.facts[code].turn for code in known), default=0)
    if not here and any(message.says(code) for code in emergencies_alone()):
        # "I have a sudden pain in the chest" tells how the pain began, and nothing of the arm told before.
        known, asked = [], asked if message.answer in ("yes", "partly") else []
    for code in unset or ([] if here else asked or [code for code in known if case.facts[code].turn == last]):
        fact = case.facts[code]
        if onset == "sudden" or fact.onset is None or (message.is_edit and lower):
            fact.onset = onset


# -- bare answers ------------------------------------------------------------------------------------
def merge_answer(case: Case, message: Message, question: Entry, *, gave: bool) -> bool:
    """Record the answer to `question`; a bare yes, no or not sure becomes a fact. `gave`: the message gave the place or the time asked
    for. True when the question is answered, also by "not sure"."""
    again = case.asked.get(question.code) == UNSURE and question.follow_up is not None
    key = question.code + FOLLOW_UP if again else question.code
    said = [code for code in question.subjects if message.states(code, PRESENT, POSSIBLE, ABSENT)]
    if question.code == "onset" and (gave or any(message.states(code) for code in _ONSET_SIGNALS)):
        case.asked[key] = "said"
        return True
    if question.code == "function" and said:
        _bare(case, message, LOST_FUNCTION, PRESENT if any(message.says(code) for code in said) else ABSENT)
    if not (gave or said) and message.answer not in ("yes", "partly", UNSURE) and _loosely(case, message, question):
        case.asked[key] = "said"
        return True
    if gave or said:
        case.asked[key] = "said" if gave else "yes" if any(message.says(code) for code in said) else "no"
        return True
    answer = message.answer
    if answer is None:
        return False
    if answer in ("yes", "partly"):
        _bare_yes(case, message, question, again)
    elif answer == "no":
        _bare_no(case, message, question, again)
    if question.code == "duration" and not again and answer != UNSURE:
        answer = UNSURE      # "yes" or "no" says nothing of a time: the follow-up asks it as yes or no
    if answer == UNSURE and again and question.kind == "flag":
        if question.code == "onset":
            _bare_yes(case, message, question, again)
        for code in question.facts[:1]:
            _bare(case, message, code, POSSIBLE)
    case.asked[key] = answer
    return True


def _loosely(case: Case, message: Message, question: Entry) -> bool:
    """Whether the message answers by a part of what was asked: "no fever", "a bit of shaking". What is there is judged by its own rules."""
    told = [code for code in question.answers if message.states(code, PRESENT, POSSIBLE, ABSENT)]
    if told and not any(message.says(code) for code in told):
        _bare_no(case, message, question, again=False)
    return bool(told)


def _bare_yes(case: Case, message: Message, question: Entry, again: bool) -> None:
    if question.code == "onset":
        for code in onset_open(case):
            case.facts[code].onset = "sudden"
    if question.code == "duration" and not again:
        return
    for code in question.facts[:1]:
        _bare(case, message, code, PRESENT)
    if question.code == "function" and case.has("weakness"):
        case.facts["weakness"] = replace(case.facts["weakness"], assertion=PRESENT)


def _bare_no(case: Case, message: Message, question: Entry, again: bool) -> None:
    if question.code == "onset":
        for code in onset_open(case):
            case.facts[code].onset = "gradual"
    if question.code == "trigger" and message.answered_nothing:
        _bare(case, message, "no_clear_trigger", PRESENT)
    if (question.kind == "amber" and question.code in ("medication", "lifestyle")) or (question.code == "duration" and not again):
        return
    for code in question.facts:
        old = case.facts.get(code)
        if old is None or not old.counts:
            _bare(case, message, code, ABSENT)


def _bare(case: Case, message: Message, code: str, assertion: str) -> None:
    _set(case, message, code, fact_kind(code), assertion, source="answer")
