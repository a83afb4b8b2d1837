"""While a person of the staff has taken over: the case goes on, red flags are looked for, and the assistant keeps quiet.

It speaks for new warning signs that cannot wait, and where somebody wants their data or to begin again: those words are for the program.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from twitchwise.dialogue.draft import Draft, after_of
from twitchwise.dialogue.intake import SURE, hear
from twitchwise.dialogue.model import Kit, Message, Turn
from twitchwise.dialogue.outcome import level_of, say_safety, turn_of
from twitchwise.dialogue.person import switch
from twitchwise.dialogue.safety import News, news_of
from twitchwise.dialogue.state import CHECK, DATA, EMERGENCY, PAUSED, DialogueState
from twitchwise.triage import Assessment, assess, assess_findings, update_case
from twitchwise.understanding.findings import ANSWER
from twitchwise.vocabulary.codes import load_codes

_FOR_THE_PROGRAM = frozenset({"delete_my_data", "export_my_data"})
#: Below this level a new sign is noted, and the person of the staff says what it means.
CANNOT_WAIT = "urgent"
EMERGENCY_LEVEL = "emergency"


def for_the_program(state: DialogueState, message: Message) -> bool:
    """Whether a message is meant for the program although a person answers now."""
    payload: Mapping[str, Any] = message.payload or {}
    if state.awaiting in DATA and (payload.get("answer") or any(finding.kind == ANSWER for finding in message.findings)):
        return True
    if payload.get("intent"):
        return payload["intent"] in (*_FOR_THE_PROGRAM, "start_over")
    return message.intent in _FOR_THE_PROGRAM and message.intent_confidence >= SURE


def listen(state: DialogueState, message: Message, kit: Kit) -> Turn:
    """Take a message in without an answer. Replies only where something new cannot wait. Pure."""
    state = state.copy()
    draft = Draft(kit, message.country, state.turns, state.case.person, emergency_said=message.emergency_said)
    if message.message_id and message.message_id in state.served:
        return turn_of(state, draft, message, None, News(), state.level)
    state.turns += 1
    message_id = message.message_id or f"turn-{state.turns}"
    state.served.append(message_id)
    # What the assistant asked last is not what this answers.
    state.awaiting = None
    if state.phase == CHECK:
        state.leave_check(PAUSED)
    heard = hear(message, state, kit.texts)
    state.last_at = message.now.isoformat()
    old_level = state.level
    before: Assessment | None = assess(state.case)
    update = update_case(state.case, heard.findings, message_id=message_id, now=message.now, asked=None)
    if update.new_case:
        # Its words are not said: somebody else has the word.
        switch(Draft(kit, message.country, state.turns), state, update, was_emergency=after_of(state) is not None)
        before, old_level = None, None
    state.case = update.case
    draft.person = state.case.person
    after = assess(state.case)
    news = news_of(before, after)
    # An emergency told a second time is told because it is there: it counts again, for the words and for the staff.
    again = tuple(flag for flag in assess_findings(heard.findings).red_flags if load_codes().red_flags[flag] == EMERGENCY_LEVEL)
    news = replace(news, flags=tuple(dict.fromkeys([*news.flags, *(flag for flag in again if flag in after.red_flags)])))
    rank = load_codes().rank
    if news.level and rank(news.level) >= rank(CANNOT_WAIT):
        say_safety(draft, state, news, before, after)
    if after.is_emergency:
        state.leave_check(EMERGENCY)
    state.level = level_of(state, after, old_level, lowering=False)
    return turn_of(state, draft, message, after, news, old_level, heard)
