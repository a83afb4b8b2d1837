"""Words that depend on who is asked about: you, your son, she."""
from __future__ import annotations

from twitchwise.triage.case import Person

_THEIR = {"he": ("he", "him", "his"), "she": ("she", "her", "her"), "they": ("they", "them", "their")}

#: Short forms as people type them, and words that sound wrong after "your".
_NAMES = {"ds": "son", "dd": "daughter", "dh": "husband", "dw": "wife", "bf": "boyfriend", "gf": "girlfriend", "lo": "little one",
          "mil": "mother-in-law", "fil": "father-in-law", "bro": "brother", "sis": "sister", "hubby": "husband", "missus": "wife",
          "kids": "child", "kid": "child"}
_UNNAMED = frozenset({"someone", "adult", "man", "woman", "guy", "bloke", "lady", "gentleman", "fella", "he", "she", "they"})


def words_for(person: Person) -> dict[str, str]:
    """Values for the templates: {you} {your} (your son, your son's), {they} {them} {their} (he, him, his), {have} {do} {are} with {you},
    and each with a capital letter."""
    if person.is_self:
        words = {"you": "you", "your": "your", "they": "you", "them": "you", "their": "your", "have": "have", "do": "do", "are": "are",
                 "s": ""}
    else:
        they, them, their = _THEIR.get(person.pronoun or "they", _THEIR["they"])
        relation = _NAMES.get(person.relation or "", person.relation)
        if relation in _UNNAMED:
            relation = None
        if relation or (person.code == "child" and they == "they"):
            you = f"your {relation or 'child'}"
            words = {"you": you, "your": f"{you}'s", "have": "has", "do": "does", "are": "is", "s": "s"}
        elif they != "they":
            words = {"you": they, "your": their, "have": "has", "do": "does", "are": "is", "s": "s"}
        else:
            words = {"you": "they", "your": "their", "have": "have", "do": "do", "are": "are", "s": ""}
        words |= {"they": they, "them": them, "their": their}
    return words | {key.capitalize(): value[:1].upper() + value[1:] for key, value in words.items()}


def fill(template: str, person: Person, **more: str) -> str:
    """The template in the words for `person`."""
    return template.format(**words_for(person), **more)
