"""One message served: `serve`. The order inside a turn: red flags, what was corrected, the questions asked, the next question last."""
from __future__ import annotations

from typing import Any

from twitchwise.dialogue import listening, returning
from twitchwise.dialogue.aftermath import say_withdrawn, serve_emergency
from twitchwise.dialogue.corrections import is_lowering, say_corrections
from twitchwise.dialogue.digress import answers_data, confirm_delete, confirm_export, without_answer
from twitchwise.dialogue.draft import Draft, after_of
from twitchwise.dialogue.intake import Heard, hear
from twitchwise.dialogue.model import Kit, Message, Turn
from twitchwise.dialogue.ordinary import serve_ordinary
from twitchwise.dialogue.outcome import level_of, say_safety, turn_of
from twitchwise.dialogue.person import switch
from twitchwise.dialogue.safety import News, news_of
from twitchwise.dialogue.state import CHECK, DATA, DELETE, DONE, EMERGENCY, PAUSED, WHICH_MUSCLE, WITHDRAWAL, DialogueState
from twitchwise.triage import WITHDRAWAL as ASKED_BACK
from twitchwise.triage import Assessment, assess, update_case
from twitchwise.understanding.findings import LOCATION, SYMPTOM


def load_kit(**extra: Any) -> Kit:
    """The kit with the package's own answers and texts. Raises AnswersError or TextsError for damaged files."""
    from twitchwise.answers.loader import load_answers
    from twitchwise.dialogue.texts import load_texts

    return Kit(load_answers(), load_texts(), extra)


def serve(state: DialogueState, message: Message, kit: Kit) -> Turn:
    """Serve one message. Pure: the state given is left as it is, and the same input always gives the same turn."""
    if message.handed_over and not listening.for_the_program(state, message):
        return listening.listen(state, message, kit)
    state = state.copy()
    draft = Draft(kit, message.country, state.turns, state.case.person, emergency_said=message.emergency_said)
    if message.message_id and message.message_id in state.served:
        draft.add(draft.text("again"))
        return _turn(state, draft, message, None, News(), state.level)
    state.turns += 1
    message_id = message.message_id or f"turn-{state.turns}"
    state.served.append(message_id)

    heard = hear(message, state, kit.texts)
    awaiting, state.awaiting = state.awaiting, None
    back = returning.arrive(state, message.now)
    state.last_at = message.now.isoformat()
    old_level = state.level
    kept = False
    answered = answers_data(awaiting if back is None else None, heard)
    # Before everything else: these questions are never open together with another one.
    if answered == DELETE:
        if confirm_delete(draft, state, heard):
            return _turn(state, draft, message, None, News(), old_level)
        kept = heard.answer is not None
        heard = without_answer(heard)
    elif answered:
        kept, heard = confirm_export(draft, heard)

    restarted = heard.intent == "start_over"
    remember = after_of(state)
    if restarted:
        state.new_case()
        state.previous, state.faq_topic, state.fears = None, None, 0
        old_level = None
    before: Assessment | None = None if restarted or back == returning.NEXT_CASE else assess(state.case)
    was = state.phase
    update = update_case(state.case, heard.findings, message_id=message_id, now=message.now, asked=_asked(state, heard, awaiting, back))
    if update.new_case:
        switch(draft, state, update, was_emergency=remember is not None)
        before, old_level = None, None
    state.case = update.case
    draft.person = state.case.person
    stayed = returning.hear_between(draft, state, heard, message_id=message_id, now=message.now)
    after = assess(state.case)
    news = news_of(before, after)
    say_safety(draft, state, news, before, after)

    if restarted:
        draft.lead(draft.small_talk("started_over", after=remember))
    if after.is_emergency:
        if back:
            returning.say_welcome(draft, state, back)
        serve_emergency(draft, state, heard, update, news, after, awaiting)
    else:
        if was == EMERGENCY and state.phase == EMERGENCY:
            state.leave_check(DONE if state.stopped else PAUSED)
        if update.withdrawn:
            say_withdrawn(draft, after)
        corrected = not update.new_case and before is not None and not update.withdrawn and say_corrections(
            draft, state, heard, update, before, after)
        after = serve_ordinary(draft, state, heard, update, news, after, message=message, message_id=message_id, awaiting=awaiting,
                               back=back, corrected=corrected or stayed, restarted=restarted, old_level=old_level, kept=kept)
    state.level = level_of(state, after, old_level, lowering=is_lowering(update, heard) or restarted or back == returning.NEXT_CASE)
    return _turn(state, draft, message, after, news, old_level, heard)


def _asked(state: DialogueState, heard: Heard, awaiting: str | None, back: str | None) -> str | None:
    """The question that the message may answer, for the merging of the case."""
    if back or awaiting in DATA:
        return None
    if state.phase == CHECK:
        # A correction is of what was said before, not of what is asked now.
        return None if heard.edits and heard.answer is None and state.question not in ("where", "duration") else state.question
    if awaiting == WITHDRAWAL:
        return ASKED_BACK
    # A place told by itself ("my left calf", "site: forearm") is one that twitches: this conversation is about nothing else.
    bare = any(finding.kind == LOCATION and not finding.of and finding.role in (None, "site") for finding in heard.findings)
    if bare and not state.case.sites() and not any(finding.kind == SYMPTOM and finding.assertion != "absent" for finding in heard.findings):
        return "where" if heard.reports or awaiting == WHICH_MUSCLE else None
    return None


def _turn(state: DialogueState, draft: Draft, message: Message, after: Assessment | None, news: News, old_level: str | None,
          heard: Heard | None = None) -> Turn:
    if draft.empty:
        draft.add(draft.text("unclear"))
    return turn_of(state, draft, message, after, news, old_level, heard)
