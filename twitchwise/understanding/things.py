"""Symptoms that are told of a thing or an animal, and what nobody could do: 'the wifi collapsed', 'nobody in the house can open it'."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .clauses import Clauses
from .context import Verdict
from .experiencer import load_people
from .lexicon import VOCABULARY, read_yaml
from .mentions import Mention
from .patterns import Words

_DETERMINERS = frozenset(["the", "my", "our", "his", "her", "their", "your", "a", "an", "this", "that", "these", "those", "every", "some", "one", "another"])
#: What may stand between a thing and the words that tell of it.
_LINKS = frozenset([
    "is", "was", "are", "were", "'s", "has", "have", "had", "been", "be", "will", "would", "may", "might", "did", "does", "do", "just", "nearly", "almost",
    "always", "often", "all", "keep", "keeps", "kept", "goes", "went", "gone", "going", "get", "gets", "got", "getting", "started", "starts", "begun", "to",
    "so", "very", "really", "suddenly", "then", "now", "again", "a", "bit", "too", "only", "also", "even", "actually", "totally", "finally", "simply", "on",
    "me", "us", "up", "out", "became", "become", "born", "looks", "look", "seems",
])
#: After these a thing is the place, the tool or the reason of what somebody feels: 'in the car I get dizzy'.
_PREPOSITIONS = frozenset([
    "in", "on", "with", "from", "at", "by", "to", "of", "like", "after", "for", "about", "over", "under", "into", "off", "behind", "during", "since",
    "near", "beside", "onto", "inside", "through", "than", "as", "when", "while",
])
#: 'the ice on the pond', 'the roof of our shed': the search goes on to what stands before.
_INNER = frozenset(["on", "of", "in", "the", "my", "our", "his", "her"])
_PERSONS = frozenset(["i", "me", "my", "myself", "mine", "he", "him", "himself", "she", "herself", "we", "us", "our", "someone", "somebody"])
_OF_MEALS = frozenset(["swallowing_difficulty", "vomiting", "cannot_keep_down", "poisoning"])
_KEPT = frozenset(["twitching", "worsening", "improving", "sleep_disruption", "suicidal_thoughts"])  # said of the twitch, or too grave to set aside
_OF_BODIES = frozenset(["seizure", "weight_loss", "rigidity"])  # what follows in such a phrase is no part of the thing's doing
_REACH = 6


@dataclass(frozen=True)
class Things:
    """The vocabulary of things.yml: single words, and pairs of words under their last one."""

    words: frozenset[str]
    foods: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    limbs: frozenset[str]

    def at(self, texts: tuple[str, ...], index: int, code: str) -> int:
        """The first word of the thing that ends at `index`, or -1."""
        if index and texts[index - 1 : index + 1] in self.pairs:
            return index - 1
        word = texts[index]
        return index if word in self.words or (word in self.foods and code not in _OF_MEALS) else -1


@lru_cache(maxsize=1)
def load_things() -> Things:
    """Read things.yml once."""
    raw = read_yaml(VOCABULARY / "things.yml")
    named = [str(word) for word in (*raw["animals"], *raw["things"])]
    pairs = frozenset((first, last) for first, _, last in (name.partition(" ") for name in named) if last)
    return Things(frozenset(name for name in named if " " not in name), frozenset(map(str, raw["foods"])), pairs, frozenset(map(str, raw["limbs"])))


def without_things(standing: list[tuple[Mention, Verdict]], clauses: Clauses, words: Words) -> list[tuple[Mention, Verdict]]:
    """The mentions that a person may have."""
    things = load_things()
    return [
        (mention, verdict)
        for mention, verdict in standing
        if mention.kind not in ("symptom", "signal")
        or mention.code in _KEPT
        or not (_of_a_thing(mention, clauses, words, things) or _nobody_could(mention, clauses, words))
    ]


_WITH_ANIMALS = frozenset(["dip", "drench", "wormer", "tablets", "medicine", "spray"])


def _of_a_thing(mention: Mention, clauses: Clauses, words: Words, things: Things) -> bool:
    texts, clause = words.texts, clauses.clause
    inside = texts[mention.first : mention.last]
    if inside[-1] == "weak" and mention.last < len(texts) and things.at(texts, mention.last, mention.code) >= 0:
        return True  # 'a weak penalty'
    if mention.code not in _OF_BODIES and _PERSONS & set(inside[1:]):
        return False  # 'the tray slides out of my hands'
    for index in range(mention.first, min(mention.first + 3, mention.last)):  # 'my laptop has collapsed' as one phrase
        start = things.at(texts, index, mention.code)
        if start >= 0 and _names_a_limb(index, texts, things):
            return False
        if start >= 0 and _WITH_ANIMALS & set(texts[index + 1 : index + 2]):
            return False  # 'the sheep dip splashed on me'
        if start >= 0:
            return _is_subject(start, texts)
        if texts[index] not in _DETERMINERS:
            break
    for index in range(mention.first - 1, max(-1, mention.first - 1 - _REACH), -1):
        if clause[index] != clause[mention.first]:
            return False
        start = things.at(texts, index, mention.code)
        if start >= 0 and _names_a_limb(index, texts, things):
            return False
        if start >= 0 and _is_subject(start, texts):
            return True
        if start < 0 and texts[index] not in _LINKS and texts[index] not in _INNER:
            return False
    return False


def _names_a_limb(index: int, texts: tuple[str, ...], things: Things) -> bool:
    """'my clutch leg', 'the guitar-side hand': the thing at `index` only says which limb."""
    after = texts[index + 1 : index + 3]
    return after[:1] != ("'s",) and bool(things.limbs & set(after[:1] if after[:1] != ("side",) else after))


def _is_subject(start: int, texts: tuple[str, ...]) -> bool:
    """'the old car', but not 'in the car', nor the verb of 'I have shed a stone'."""
    people = load_people()
    for index in range(start - 1, max(-1, start - 4), -1):
        if texts[index] in _DETERMINERS:
            return not index or texts[index - 1] not in _PREPOSITIONS
        if people.is_relative(texts[index]):
            return False  # 'my cousin Bridie', mended to a bridge
        if texts[index] in _LINKS or texts[index] in _PREPOSITIONS or not texts[index][0].isalpha():
            return False
    return False


def _nobody_could(mention: Mention, clauses: Clauses, words: Words) -> bool:
    """'I can't get that lid off, nobody in the house can': the lid is to blame. 'Nobody can help me' blames nothing."""
    if mention.code not in ("weakness", "speech_difficulty"):
        return False
    _, last = clauses.bounds(mention.first)
    after = words.texts[mention.last : last]
    for index, word in enumerate(after):
        if word == "nobody" or after[index : index + 2] in (("no", "one"), ("none", "of")):
            rest = after[index + 1 :]
            ends = next((place for place, each in enumerate(rest[:7]) if each in ("can", "could", "does", "did")), None)
            return ends is not None and not any(each[0].isalpha() and each not in ("either", "it", "'s") for each in rest[ends + 1 : ends + 2])
    return False
