"""What a served message led to: the words about new signs, the level, the slots and the escalation."""
from __future__ import annotations

from typing import Any

from twitchwise.dialogue.draft import Draft
from twitchwise.dialogue.intake import Heard
from twitchwise.dialogue.model import Escalation, Message, Turn
from twitchwise.dialogue.result import level_of_result
from twitchwise.dialogue.safety import News, say_news
from twitchwise.dialogue.state import CHECK, DONE, DialogueState
from twitchwise.triage import Assessment, Case, assess
from twitchwise.understanding.findings import ASSERTED, DURATION, LOCATION
from twitchwise.vocabulary.codes import load_codes


def say_safety(draft: Draft, state: DialogueState, news: News, before: Assessment | None, after: Assessment) -> None:
    """The words about new red flags. An emergency's come before anything else."""
    if not news:
        return
    if after.is_emergency:
        waiting, draft.waiting = draft.waiting, []
        say_news(draft, news, before, after, state.case)
        if not draft.replies:
            # An emergency by a rule without a flag of its own: its reason and the number.
            reason = next((each for each in news.modifiers if each.level == "emergency"), None)
            if reason:
                draft.add(f"{reason.explain} {draft.text('emergency_plain')}")
        draft.waiting = waiting
        return
    say_news(draft, news, before, after, state.case)


def level_of(state: DialogueState, after: Assessment, old: str | None, *, lowering: bool) -> str | None:
    """The slot triage_level: at once with a red flag, else at the end of the check; it falls only where something was taken back."""
    codes = load_codes()
    if state.phase == DONE or after.is_emergency:
        level: str | None = level_of_result(state, after)
    else:
        level = after.flag_level
    if lowering or old is None:
        return level
    return codes.highest([each for each in (level, old) if each])


def turn_of(state: DialogueState, draft: Draft, message: Message, after: Assessment | None, news: News, old_level: str | None,
            heard: Heard | None = None) -> Turn:
    """The turn with what is drafted, be it nothing."""
    after = after or assess(state.case)
    case = state.case
    requested = state.question if state.phase == CHECK else None
    return Turn(
        replies=draft.finish(),
        state=state,
        slots=slots_of(case, after, state),
        check_open=requested is not None,
        requested_slot=requested,
        escalate=_escalation(state, message, after, news, old_level, heard),
        effects=tuple(draft.effects),
        assessment=after,
    )


def slots_of(case: Case, after: Assessment, state: DialogueState) -> dict[str, Any]:
    """Every slot of the contract."""
    return {
        "body_locations": case.body_locations(),
        "duration_days": case.duration_days(),
        "symptoms_present": case.symptoms_present(),
        "symptoms_absent": case.symptoms_absent(),
        "triggers": case.triggers(),
        "red_flags": list(after.red_flags),
        "triage_level": state.level,
        "faq_topic": state.faq_topic,
    }


def _escalation(state: DialogueState, message: Message, after: Assessment, news: News, old_level: str | None,
                heard: Heard | None) -> Escalation | None:
    rank = load_codes().rank
    if not news.flags and not (state.level and after.flag_level and rank(state.level) > rank(old_level)):
        return None
    said = tuple(dict.fromkeys(f"{finding.kind}:{finding.code or finding.days}:{finding.assertion or finding.role or ''}".rstrip(":")
                               for finding in (heard.findings if heard else ()) if finding.kind in (*ASSERTED, LOCATION, DURATION)))
    return Escalation(after.red_flags, news.flags, state.level or after.level, old_level, said, after.rules_version, message.message_id,
                      message.now.isoformat(), message.country)
