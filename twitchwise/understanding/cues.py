"""The cues of a message and what they govern."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from .clauses import Clauses
from .lexicon import Entry, Lexicon
from .patterns import Words


@dataclass(frozen=True)
class Cue:
    """A cue phrase at words [first, last)."""

    entry: Entry
    first: int
    last: int

    @property
    def category(self) -> str:
        return self.entry.category


#: Categories whose scope ends with the clause; the others end with the sentence.
_CLAUSE_BOUND = {"negation", "problem", "fine", "simile", "future", "possible"}


_OF_DOUBT = frozenset(["swear", "sure", "certain", "imagining", "wrong", "mistaken", "imagination", "bet"])


class Cues:
    """All cues of one message. `scope(...)` answers which cue of a category governs words [first, last)."""

    def __init__(self, words: Words, clauses: Clauses, lexicon: Lexicon) -> None:
        self.words, self.clauses = words, clauses
        found = [Cue(match.entry, match.first, match.last) for match in lexicon.find(words)]
        pseudo = [cue for cue in found if cue.category == "pseudo"]
        idioms = [cue for cue in found if cue.category == "idiom"]
        self.all = [
            cue
            for cue in found
            if cue.category not in ("pseudo", "idiom")
            and not any(fixed.first <= cue.first and cue.last <= fixed.last for fixed in idioms)
            and not (cue.category in ("negation", "knowledge") and not self._trails(cue) and any(
                fake.first <= cue.first and cue.last <= fake.last for fake in pseudo))
        ]

    def _trails(self, cue: Cue) -> bool:
        """'pain no.': its full stop shows that it speaks of what stands before it, so 'No, ...' is no objection."""
        return cue.entry.direction == "backward" and self.words.texts[cue.last - 1] in (",", ".", ";", "!", "\n")

    def consume(self, spans: list[tuple[int, int]]) -> None:
        """Negations inside these words are part of a symptom ('cannot get a full breath') and govern nothing else."""
        self.all = [cue for cue in self.all if cue.category != "negation" or not any(first <= cue.first and cue.last <= last for first, last in spans)]

        self.__dict__.pop("_nearby", None)

    @cached_property
    def _nearby(self) -> defaultdict[tuple[str, int], list[tuple[int, Cue]]]:
        """(category, sentence) -> the cues there with their rank in `all`: no cue governs beyond its sentence."""
        index: defaultdict[tuple[str, int], list[tuple[int, Cue]]] = defaultdict(list)
        for rank, cue in enumerate(self.all):
            for number in {self.clauses.sentence[word] for word in range(cue.first, cue.last)}:
                index[cue.category, number].append((rank, cue))
        return index

    def _near(self, category: str, first: int, last: int) -> list[Cue]:
        """The cues of a category that share a sentence with words [first, last), in the order of `all`."""
        here, there = self.clauses.sentence[first], self.clauses.sentence[last - 1]
        if here == there:
            return [cue for _, cue in self._nearby[category, here]]
        return [cue for _, cue in sorted({*self._nearby[category, here], *self._nearby[category, there]}, key=lambda ranked: ranked[0])]

    @cached_property
    def _stops(self) -> set[int]:
        return {cue.first for cue in self.all if cue.category == "stop" and not self._goes_on(cue)}

    def _goes_on(self, cue: Cue) -> bool:
        """'suppose I still have it': no contrast, as '..., still, ...' is."""
        texts = self.words.texts
        return texts[cue.first] == "still" and texts[cue.first - 1] in ("i", "he", "she", "we", "they", "it", "am", "is", "are", "can", "do")

    def contrast_between(self, start: int, end: int) -> bool:
        """Whether a 'but' or its like stands in words [start, end)."""
        return any(start <= stop < end for stop in self._stops)

    @cached_property
    def _contrasts(self) -> set[int]:
        """Stops without reasons: 'what if I drop it because I have no strength' stays one thought."""
        return {stop for stop in self._stops if self.words.texts[stop] not in ("because", "which", "just", "only")}

    def of(self, category: str) -> list[Cue]:
        """Every cue of a category."""
        return [cue for cue in self.all if cue.category == category]

    def scopes(self, category: str, first: int, last: int) -> list[Cue]:
        """Every cue of `category` that governs words [first, last)."""
        return [cue for cue in self._near(category, first, last) if self._governs(cue, first, last)]

    def scope(self, category: str, first: int, last: int) -> Cue | None:
        """The nearest cue of `category` that governs words [first, last), None when there is none."""
        best: tuple[int, Cue] | None = None
        for cue in self._near(category, first, last):
            if not self._governs(cue, first, last):
                continue
            distance = first - cue.last if cue.last <= first else cue.first - last
            if best is None or distance < best[0]:
                best = (distance, cue)
        return best[1] if best else None

    def _governs(self, cue: Cue, first: int, last: int) -> bool:
        direction = cue.entry.direction or "both"
        if cue.last <= first:
            return direction in ("forward", "both") and first - cue.last <= cue.entry.reach and self._open(cue, cue.last - 1, first)
        if cue.category == "negation" and direction == "forward" and cue.first < first < cue.last:
            return self._open(cue, cue.first, first)  # 'have not lost any' over 'lost any strength'
        if cue.first >= last:
            return direction in ("backward", "both") and cue.first - last <= cue.entry.reach and self._open(cue, last - 1, cue.first)
        return direction == "forward" and cue.first <= first and cue.category in ("problem", "fine") and cue.first < last <= len(self.words)

    def _open(self, cue: Cue, start: int, end: int) -> bool:
        """Whether nothing between words `start` and `end` closes the cue's scope."""
        sentence, clause = self.clauses.sentence, self.clauses.clause
        if end < len(sentence) and sentence[start] != sentence[min(end, len(sentence) - 1)]:
            return False
        stops = self._contrasts if cue.category == "hypothetical" else self._stops
        over = cue.category == "resolved" or (cue.category == "historical" and self.words.texts[cue.last - 1] == "since")  # 'but nothing since'
        # 'I couldn't swear to it, but': the doubt is of what follows
        own = cue.category == "possible" and _OF_DOUBT & set(self.words.texts[cue.first : cue.last])
        if not over and any(start < stop < end and not (own and stop <= cue.last + 1) for stop in stops):
            return False
        heading = self.words.texts[cue.last - 1] in (":", "=")  # 'Negative:' holds for the list below it
        return not (
            cue.category in _CLAUSE_BOUND
            and not heading
            and not (cue.category == "possible" and cue.entry.direction == "backward")
            and clause[start] != clause[min(end, len(clause) - 1)]
        )

    def between(self, category: str, start: int, end: int) -> bool:
        """Whether a cue of `category` begins in words [start, end)."""
        return any(cue.category == category and start <= cue.first < end for cue in self.all)
