"""The vocabulary of people: relatives, their pronouns and the words that tell whose story it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .lexicon import VOCABULARY, make_compiler, read_yaml
from .patterns import PatternIndex

#: Things that are somebody's: 'the buttons on the baby's clothes' speak of no baby.
BELONGINGS = frozenset([
    "clothes", "babygro", "coat", "shoes", "socks", "nappy", "nappies", "pram", "buggy", "cot", "bottle", "bottles", "car", "van", "house", "flat", "room",
    "place", "school", "wedding", "party", "birthday", "bike", "dog", "toys", "seat", "phone", "kitchen", "garden", "shop", "office", "funeral",
])


@dataclass(frozen=True)
class People:
    """The vocabulary of people.yml, ready for look-ups."""

    child: frozenset[str]
    adult: frozenset[str]
    pronoun: dict[str, str]
    observe: frozenset[str]
    past: frozenset[str]
    present: frozenset[str]
    illness: frozenset[str]
    generic: frozenset[str]
    anybody: frozenset[str]
    doings: frozenset[str]
    states: frozenset[str]
    asking: PatternIndex
    self_again: PatternIndex

    def is_relative(self, word: str) -> bool:
        return word in self.child or word in self.adult

    def relative(self, word: str) -> str:
        """The relative that a word names, also without an apostrophe ('hubbys'), '' for any other word."""
        if self.is_relative(word):
            return word
        if word == "bfs":
            return ""  # benign fasciculation syndrome, not a boyfriend's
        return word[:-1] if word.endswith("s") and self.is_relative(word[:-1]) else ""


@lru_cache(maxsize=1)
def load_people() -> People:
    """Read people.yml once."""
    raw, compiler = read_yaml(VOCABULARY / "people.yml"), make_compiler()

    def index(name: str) -> PatternIndex:
        return PatternIndex([compiler.compile(phrase, name) for phrase in raw[name]])

    return People(
        child=frozenset(raw["child"]),
        adult=frozenset(raw["adult"]),
        pronoun={**{word: "he" for word in raw["he"]}, **{word: "she" for word in raw["she"]}},
        observe=frozenset(raw["observe"]),
        past=frozenset(raw["past"]),
        present=frozenset(map(str, raw["present"])),
        illness=frozenset(raw["illness"]),
        generic=frozenset(raw["generic"]),
        anybody=frozenset(raw["anybody"]),
        doings=frozenset(raw["doings"]),
        states=frozenset(raw["states"]),
        asking=index("asking"),
        self_again=index("self_again"),
    )
