"""The check: the next question, a question not understood, its end."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from twitchwise.dialogue.draft import Draft
from twitchwise.dialogue.model import Button
from twitchwise.dialogue.returning import BETWEEN, between_open, between_question, drop_between
from twitchwise.dialogue.state import CHECK, DialogueState
from twitchwise.triage import Assessment, Case, Question, QuickReply, assess, get_question, next_question, update_case
from twitchwise.triage.questions import FLAG, FOLLOW_UP, load_questions
from twitchwise.understanding.findings import ANSWER, Finding

#: After so many turns of one check it ends, whatever is still open: nobody is held by questions for ever.
MOST_TURNS = 24
#: A question is put once more, whatever came between; after that it counts as "not sure". Its follow-up is a question of its own.
MOST_PUTS = 2


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


def _key(question: Question) -> str:
    return question.code + (FOLLOW_UP if question.follow_up else "")


def worn_out(state: DialogueState, question: Question) -> bool:
    """Whether `question` was put as often as it may be."""
    return state.puts.get(_key(question), 0) >= MOST_PUTS


def ask(draft: Draft, state: DialogueState, question: Question) -> None:
    """Put `question`: the last thing said in the turn."""
    state.puts[_key(question)] = state.puts.get(_key(question), 0) + 1
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


def leave_open(draft: Draft, state: DialogueState, question: Question, *, message_id: str, now: datetime, aloud: bool) -> Assessment:
    """`question` was put often enough without an answer: a warning sign counts as "not sure", any other is given up. `aloud`: say so; after
    a question of the person's own it goes without saying."""
    state.question = None
    if question.code == BETWEEN:
        drop_between(state)
        return assess(state.case)
    entry = load_questions().get(question.code)
    if entry is not None and entry.kind == FLAG and not question.follow_up and entry.follow_up:
        draft.lead(draft.text("move_on") if aloud else "")
        unsure: Sequence[Finding] = (Finding(ANSWER, "unsure"),)
        state.case = update_case(state.case, unsure, message_id=f"{message_id}#{question.code}", now=now, asked=question.code).case
        if _still_open(state, question):
            return assess(state.case)
    draft.lead(draft.text("move_on_plain") if aloud else "")
    state.given_up.append(question.code)
    return assess(state.case)


def _still_open(state: DialogueState, question: Question) -> bool:
    """Whether the "not sure" was taken and leads on to the follow-up."""
    again = get_question(question.code, state.case)
    return again is not None and again.follow_up


def too_long(state: DialogueState) -> bool:
    """Whether the check has gone on for too many turns."""
    return state.asked_turns >= MOST_TURNS


def give_up_the_rest(state: DialogueState, after: Assessment) -> None:
    """The check has gone on for too long: whatever it would still ask stays unknown, which the result takes into account."""
    while (question := upcoming(state, after)) is not None:
        if question.code == BETWEEN:
            drop_between(state)
        else:
            state.given_up.append(question.code)


def take_up_again(state: DialogueState) -> None:
    """The person wants to finish the check: what was left open may be asked once more."""
    state.given_up, state.puts, state.asked_turns = [], {}, 0
