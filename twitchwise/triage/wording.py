"""Words that depend on who is asked about: you, your son, she."""
from __future__ import annotations

from twitchwise.triage.case import Person

_THEIR = {"he": ("he", "him", "his"), "she": ("she", "her", "her"), "they": ("they", "them", "their")}


def words_for(person: Person) -> dict[str, str]:
    """Values for the templates: {you} {your} (your son, your son's), {they} {them} {their} (he, him, his), {have} {do} {are} with {you},
    and each with a capital letter."""
    if person.is_self:
        words = {"you": "you", "your": "your", "they": "you", "them": "you", "their": "your", "have": "have", "do": "do", "are": "are",
                 "s": ""}
    else:
        they, them, their = _THEIR.get(person.pronoun or "they", _THEIR["they"])
        named = bool(person.relation) and person.relation not in ("someone", "adult")
        if named or person.code == "child":
            you = f"your {person.relation or 'child'}"
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
