"""A change of the person asked about: a case of their own, and words that say so."""
from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml

from twitchwise.dialogue.draft import Draft
from twitchwise.dialogue.state import DialogueState
from twitchwise.triage import CaseUpdate
from twitchwise.triage.wording import words_for

PEOPLE = Path(__file__).parent.parent / "vocabulary" / "people.yml"

_WORDS = re.compile(r"[a-z']+")
_HERE = re.compile(r"(?:\bis|\bare|'s|\bhas|\bhave) (?:now |already |just )?(?:here|with me|come|arrived|next to me|beside me)\b|\bjust (?:came|arrived)\b")
_NOT_HERE = frozenset({"not", "no", "nobody", "never", "isn't", "aren't", "wasn't", "hasn't", "haven't", "if", "when", "until", "gone", "away", "left",
                       "will", "would", "could", "might", "wish", "dead", "died"})


@lru_cache(maxsize=1)
def _relatives() -> frozenset[str]:
    raw = yaml.safe_load(PEOPLE.read_text(encoding="utf-8"))
    return frozenset(map(str, (*raw["child"], *raw["adult"])))


def names_somebody(words: Iterable[str]) -> bool:
    """Whether one of the words (lower case) names a relative or another person: "dad", "neighbour"; "he" names nobody."""
    return any(word in _relatives() or word.removesuffix("s") in _relatives() for word in words)


def is_here(text: str) -> bool:
    """Whether the text says that somebody is with the person: "my sister is here now". Nothing that is denied, asked or only planned."""
    words = _WORDS.findall(text.lower())
    return "?" not in text and bool(_HERE.search(" ".join(words))) and not _NOT_HERE & set(words) and names_somebody(word.removesuffix("'s") for word in words)


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
