"""A change of the person asked about: a case of their own, and words that say so."""
from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml

from twitchwise.dialogue.draft import Draft
from twitchwise.dialogue.state import DialogueState
from twitchwise.triage import CaseUpdate
from twitchwise.triage.wording import words_for

PEOPLE = Path(__file__).parent.parent / "vocabulary" / "people.yml"


@lru_cache(maxsize=1)
def _relatives() -> frozenset[str]:
    raw = yaml.safe_load(PEOPLE.read_text(encoding="utf-8"))
    return frozenset(map(str, (*raw["child"], *raw["adult"])))


def names_somebody(words: Iterable[str]) -> bool:
    """Whether one of the words (lower case) names a relative or another person: "dad", "neighbour"; "he" names nobody."""
    return any(word in _relatives() or word.removesuffix("s") in _relatives() for word in words)


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
