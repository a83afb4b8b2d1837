"""One message into the case: `update_case`, and `assess_findings` for a message by itself."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone

from twitchwise.triage.case import Case, Fact
from twitchwise.triage.engine import Assessment, assess
from twitchwise.triage.facts import merge_answer, merge_facts
from twitchwise.triage.message import Message
from twitchwise.triage.people import about, take
from twitchwise.triage.places import merge_duration, merge_places
from twitchwise.triage.questions import Entry, load_questions, onset_open
from twitchwise.understanding.findings import SYMPTOM, Finding
from twitchwise.vocabulary.codes import load_codes

#: The `asked` of the question by which a withdrawal is asked back ("So your breathing is fine?").
WITHDRAWAL = "withdrawal"
#: How many message ids a case remembers: a message is only ever sent again soon after the first time.
MOST_SERVED = 200
#: Never withdrawn: "joking" or "fine now" keeps it (spec, suicidal_thoughts).
STICKY = frozenset({"suicidal_thoughts"})


@dataclass(frozen=True)
class Change:
    """One thing that a message changed: a fact, the places, the duration or the person. `before` and `after` are plain values."""

    kind: str
    code: str
    before: str | float | None
    after: str | float | None


@dataclass(frozen=True)
class CaseUpdate:
    """`new_case`: the message is about another person, and the case holds only what it said of them. `answered`: the open question was
    answered, also by "not sure". `ask_back`: facts whose withdrawal must be confirmed; `withdrawn`: facts withdrawn by this message."""

    case: Case
    changes: tuple[Change, ...] = ()
    new_case: bool = False
    answered: bool = False
    ask_back: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()


def update_case(case: Case, findings: Iterable[Finding], *, message_id: str, now: datetime, asked: str | None = None) -> CaseUpdate:
    """`case` with one message more; the case given is left as it is. A message already in it changes nothing.

    `asked`: code of the question that was open, or WITHDRAWAL. What was said stays unless it is clearly taken back, and what an emergency
    rests on only goes after the next message confirmed it."""
    if message_id in case.served:
        return CaseUpdate(case)
    message = Message.read(findings, message_id, now.isoformat(), asked)
    person, other = about(case, message)
    if other:
        case = Case(served=list(case.served))
        message = Message(message.findings, message_id, message.when, None)
    base = case.copy()
    base.turn += 1
    base.served = [*base.served, message_id][-MOST_SERVED:]
    base.started = base.started or message.when
    base.updated = message.when
    if person is not None:
        take(base, person)
    withdrawn = _confirm(base, message)

    # Once with everything that raises, once with denials and withdrawals too: an emergency between the two is asked back.
    raised, final = base.copy(), base.copy()
    before = assess(base)
    _apply(raised, message, before, lower=False)
    top = assess(raised)
    answered = _apply(final, message, before, lower=True, emergency=_rests_on(top))
    _guard(final, raised, top)
    return CaseUpdate(final, _changes(case, final), other, answered, tuple(sorted(final.pending_withdrawal)), withdrawn)


def assess_findings(findings: Iterable[Finding]) -> Assessment:
    """The assessment of one message by itself, for the guard of the channel and the safety policy."""
    return assess(update_case(Case(), findings, message_id="-", now=datetime(1970, 1, 1, tzinfo=timezone.utc)).case)


def _apply(case: Case, message: Message, before: Assessment, *, lower: bool, emergency: frozenset[str] = frozenset()) -> bool:
    """Merge the message; True when the open question is answered."""
    question = load_questions().get(message.asked)
    persistent = "persistent_twitching" in before.red_flags
    asked_symptom = _asks_symptom(question)
    sites = len(case.sites())
    merge_places(case, message, lower=lower)
    timed = merge_duration(case, message, asked_symptom, persistent, lower=lower)
    if lower and message.takes_back and not message.targets and not any(message.denies(code) for code in message.asserted):
        _take_back(case, message, emergency)
    merge_facts(case, message, question, lower=lower, emergency=emergency, persistent=persistent)
    if question is None:
        return False
    gave = {
        "where": len(case.sites()) > sites or any(place.turn == case.turn for place in case.sites()),
        "duration": timed,
        "onset": bool(message.durations) and not onset_open(case),
        "weakness_time": bool(message.durations) and "weakness" in case.facts and case.facts["weakness"].days is not None,
    }.get(question.code, False)
    return merge_answer(case, message, question, gave=gave)


def _asks_symptom(question: Entry | None) -> bool:
    """Whether a bare time answers for another symptom than the twitching."""
    symptoms = load_codes().symptoms
    return question is not None and (question.code in ("onset", "weakness_time", "function")
                                     or any(code in symptoms and code != "spreading" for code in question.facts))


def _rests_on(assessment: Assessment) -> frozenset[str]:
    """The facts that the emergencies of `assessment` rest on."""
    return frozenset(code for reason in assessment.reasons if reason.level == "emergency" for code in reason.findings)


def _take_back(case: Case, message: Message, emergency: frozenset[str]) -> None:
    """ "I was joking", with nothing named: the emergency, which is then asked back. Below an emergency it removes nothing, because
    "it is not serious" reads the same and nobody would ask back."""
    for code in emergency:
        fact = case.facts.get(code)
        if fact is not None and fact.kind == SYMPTOM and not message.says(code):
            fact.assertion, fact.onset, fact.days = "absent", None, None


def _confirm(case: Case, message: Message) -> tuple[str, ...]:
    """Carry out a withdrawal that this message confirms; any other message lets it drop."""
    pending, case.pending_withdrawal = case.pending_withdrawal, {}
    if not pending or any(message.says(code) for code in pending) or (message.answer == "no" and not _denied_again(pending, message)):
        return ()
    yes = message.answer == "yes" and message.asked in (None, WITHDRAWAL)
    if not (yes or _denied_again(pending, message)):
        return ()
    for code, fact in pending.items():
        case.facts[code] = fact
    return tuple(sorted(pending))


def _denied_again(pending: dict[str, Fact], message: Message) -> bool:
    return any(message.denies(code) or code in message.targets for code in pending) or (message.takes_back and not message.asserted)


def _guard(final: Case, raised: Case, top: Assessment) -> None:
    """Keep every emergency of `raised` that `final` lost, and note what is to be asked back."""
    lost = _emergencies(top) - _emergencies(assess(final))
    if not lost:
        return
    for reason in top.reasons:
        if reason.flag not in lost:
            continue
        for code in reason.findings:
            old, new = raised.facts.get(code), final.facts.get(code)
            if old is None or old == new:
                continue
            if new is not None and code not in STICKY:
                final.pending_withdrawal[code] = new
            final.facts[code] = old
    if _emergencies(top) - _emergencies(assess(final)):
        # The emergency rested on a place or a missing answer as well: these stay too.
        final.places, final.facts = raised.copy().places, raised.copy().facts


def _emergencies(assessment: Assessment) -> set[str]:
    return {reason.flag for reason in assessment.reasons if reason.level == "emergency" and reason.flag}


def _changes(old: Case, new: Case) -> tuple[Change, ...]:
    """What differs, in a fixed order."""
    found = [Change("fact", code, old.assertion(code), new.assertion(code)) for code in sorted({*old.facts, *new.facts})
             if old.assertion(code) != new.assertion(code)]
    gone, come = set(old.body_locations()), set(new.body_locations())
    found += [Change("place", code, "site", None) for code in sorted(gone - come)]
    found += [Change("place", code, None, "site") for code in sorted(come - gone)]
    if old.duration_days() != new.duration_days():
        found.append(Change("duration", "twitching", old.duration_days(), new.duration_days()))
    if old.person != new.person:
        found.append(Change("person", new.person.code or "self", old.person.relation, new.person.relation))
    return tuple(found)
