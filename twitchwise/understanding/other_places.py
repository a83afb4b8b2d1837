"""Body parts of ordinary life: 'My calf twitches. My hands are steady, the grass is up to my knees, he held my hand.'"""

from __future__ import annotations

from dataclasses import dataclass

from .assertion import Judge
from .mentions import Mention

#: What is done with, or happens to, a body part and tells of no twitch.
_DONE = frozenset([
    "held", "holds", "hold", "shook", "kissed", "broke", "broken", "cut", "burnt", "burned", "bit", "pinched", "washed", "grazed", "scraped", "stubbed",
    "nicked", "pricked", "cracked", "fractured", "sprained", "dislocated", "stung", "licked", "shaved", "pierced", "tattooed", "waxed", "painted", "crossed",
    "warmed", "shot", "kicked", "hit", "bruised", "landed", "stood", "sat", "sits", "slept", "climbed", "patted", "tickled", "fell",
])
_WELL = frozenset(["fine", "steady", "strong", "ok", "okay", "good", "healthy", "great", "perfect", "normal", "cold", "warm", "freezing", "dirty", "clean",
                   "full", "soft", "rough", "dry", "wet", "long", "big", "small", "young", "old", "happy"])
_IS = frozenset(["is", "are", "'s", "was", "were", "stay", "feel", "feels"])
_OWN = frozenset(["my", "the", "his", "her", "a", "both", "left", "right", "our", "own"])
#: With one of these the sentence may go on about the twitching.
_GOES_ON = frozenset([
    "too", "also", "well", "another", "same", "now", "then", "next", "sometimes", "started", "starts", "moved", "moves", "joined", "spread", "even", "both",
    "mine", "does", "do", "did", "it", "this", "that", "they", "there", "other", "plus", "occasionally", "lately", "weak", "numb", "since", "where",
])


_PRAISE = frozenset(["popeye", "ox", "eagle", "eagles", "hawk", "surgeon", "bull", "horse", "rock", "tree", "trees", "steel", "iron", "oak", "dancer", "boxer"])
_INJURED = frozenset(["cut", "broke", "burnt", "burned", "nicked", "grazed", "scraped", "pricked", "bit"])
_HEALED = frozenset(["bled", "healed", "plaster", "stitches", "scar", "stitched", "cast"])
_SWOLLEN = frozenset(["swelled", "swell", "swollen", "puffed"])


@dataclass(frozen=True)
class Elsewhere:
    """The sentences that tell of no symptom, in a message whose twitch has its place in another sentence."""

    judge: Judge
    quiet: frozenset[int]

    @classmethod
    def read(cls, places: list[Mention], said: list[Mention], judge: Judge) -> Elsewhere:
        sentence = judge.clauses.sentence
        told = {sentence[word] for mention in said for word in (mention.first, mention.last - 1)}
        twitching = {sentence[mention.first] for mention in said if mention.code == "twitching"}
        if not any(sentence[place.first] in twitching for place in places):
            return cls(judge, frozenset())
        return cls(judge, frozenset(sentence[place.first] for place in places) - told)

    def names(self, place: Mention) -> bool:
        """Whether the place is told of for a reason of its own."""
        number = self.judge.clauses.sentence[place.first]
        if number not in self.quiet:
            return False
        texts, sentence = self.judge.words.texts, self.judge.clauses.sentence
        before = [word for index, word in enumerate(texts[max(0, place.first - 5) : place.first], max(0, place.first - 5)) if sentence[index] == number]
        after = texts[place.last : place.last + 3]
        if texts[place.first : place.last] == ("and", "back") and before[-1:] and before[-1][0].isalpha():
            return not any(word in _OWN for word in before[-2:-1])  # 'to Cornwall and back', but 'my neck and back'
        if after[:1] and after[0] in _IS and set(after[1:]) & _WELL:
            return True
        first = next((index for index in range(place.first, -1, -1) if not index or sentence[index - 1] != number), place.first)
        here = [word for index, word in enumerate(texts[first:], first) if sentence[index] == number]
        injured = bool(set(here) & _INJURED) and bool(set(here) & _HEALED)  # 'cut my finger and it bled'
        if set(here) & _GOES_ON - ({"it"} if injured else set()):
            return False
        if after[:1] == ("like",) and set(texts[place.last : place.last + 4]) & _PRAISE:
            return True
        if set(after) & _SWOLLEN and set(here) & {"gone", "down", "overnight"}:
            return True
        plain = [word for word in before if word not in _OWN]
        return bool(plain) and (plain[-1] in _DONE or plain[-2:] in (["up", "to"], ["landed", "on"], ["on", "on"], ["fell", "on"]) or
                                (plain[-1] in ("on", "in", "into") and bool(set(plain[-4:-1]) & _DONE)))
