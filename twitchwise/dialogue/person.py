"""A change of the person asked about: a case of their own, and words that say so."""
from __future__ import annotations

from twitchwise.dialogue.draft import Draft
from twitchwise.dialogue.state import DialogueState
from twitchwise.triage import CaseUpdate
from twitchwise.triage.wording import words_for


def switch(draft: Draft, state: DialogueState, update: CaseUpdate, *, was_emergency: bool) -> None:
    """Begin the case of the person whom the message is about; an emergency of the one before is not forgotten."""
    state.new_case(update.case)
    state.previous = None
    draft.person = update.case.person
    if update.case.person.is_self:
        draft.lead(draft.text("new_person_self"))
    else:
        draft.lead(draft.text("new_person", them_now=words_for(update.case.person)["you"]))
    if was_emergency:
        draft.lead(draft.text("new_person_emergency"))
