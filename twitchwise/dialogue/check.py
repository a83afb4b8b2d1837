"""The check: the next question, a question not understood, its end."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from twitchwise.dialogue.draft import Draft
from twitchwise.dialogue.model import Button
from twitchwise.dialogue.returning import BETWEEN, between_open, between_question
from twitchwise.dialogue.state import CHECK, STOPPED, DialogueState
from twitchwise.triage import Assessment, Case, Question, QuickReply, assess, get_question, next_question, update_case
from twitchwise.triage.questions import FLAG, load_questions
from twitchwise.understanding.findings import ANSWER, Finding

#: After so many turns of one check it ends, whatever is still open: nobody is held by questions for ever.
MOST_TURNS = 24
#: A question is put again once in other words; after that it counts as "not sure".
MOST_TRIES = 2


def open_question(state: DialogueState, case: Case) -> Question | None:
    """The question that is open, in its words."""
    if state.question is None:
        return None
    return between_question(state) if state.question == BETWEEN else get_question(state.question, case)


def upcoming(state: DialogueState, after: Assessment) -> Question | None:
    """The next question, None when the check is over."""
    if after.is_emergency:
        return None
    if between_open(state):
        return between_question(state)
    return next_question(state.case, after, asked=tuple(state.given_up))


def ask(draft: Draft, state: DialogueState, question: Question) -> None:
    """Put `question`: the last thing said in the turn."""
    if question.code != state.question:
        state.tries = 0
    state.phase, state.question = CHECK, question.code
    parts = []
    if not state.card_shown:
        # Emergencies that are not asked one by one stand on a card with the first question.
        state.card_shown = True
        parts.append(load_questions().card)
    parts.append(question.text)
    draft.add("\n\n".join(parts), buttons=[quick_reply(reply) for reply in question.buttons])


def quick_reply(reply: QuickReply) -> Button:
    """A button of a question. Where its meaning is more than an answer, words say it as well, so that they can be read like typed ones."""
    text = None
    if reply.days is not None:
        text = f"for {reply.days:g} day{'' if reply.days == 1 else 's'}"
    elif reply.nothing:
        text = "nothing sets it off"
    elif reply.trigger:
        text = reply.title.lower()
    return Button.of(reply.title, answer=reply.answer, place=list(reply.places), duration_days=reply.days, trigger=reply.trigger,
                     nothing=reply.nothing or None, text=text)


def not_understood(draft: Draft, state: DialogueState, question: Question, *, message_id: str, now: datetime) -> Assessment:
    """The open question got no answer: put it in other words, then leave it open. A warning sign left open counts as "not sure"."""
    state.tries += 1
    if state.tries < MOST_TRIES:
        draft.lead(draft.text("not_understood", means=question.means))
        return assess(state.case)
    entry = load_questions().get(question.code)
    if entry is not None and entry.kind == FLAG and not question.follow_up and entry.follow_up:
        draft.lead(draft.text("move_on"))
        unsure: Sequence[Finding] = (Finding(ANSWER, "unsure"),)
        state.case = update_case(state.case, unsure, message_id=f"{message_id}#open", now=now, asked=question.code).case
    else:
        draft.lead(draft.text("move_on_plain"))
        state.given_up.append(question.code)
    state.tries = 0
    state.question = None
    return assess(state.case)


def too_long(state: DialogueState) -> bool:
    """Whether the check has gone on for too many turns."""
    return state.asked_turns >= MOST_TURNS


def end_without_result(draft: Draft, state: DialogueState) -> None:
    """The check has gone on for too long: stop, say so, and give no level that it did not earn."""
    state.leave_check(STOPPED)
    state.asked_turns = 0
    draft.add(f"{draft.text('long_enough')} {draft.text('long_enough_more')}", buttons=[draft.button("go_on", intent="start_check"),
                                                                                       draft.button("human", intent="talk_to_human")])
