"""Where sentences and clauses end: what a reader would not read across."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from .patterns import Words
from .text import is_sentence_end

_SUBJECTS = frozenset(
    [
        "i",
        "he",
        "she",
        "it",
        "they",
        "we",
        "you",
        "there",
        "my",
        "her",
        "our",
        "this",
        "that",
        "the",
        "now",
        "then",
        "also",
        "today",
        "me",
        "just",
        "only",
        "nothing",
        "everything",
        "whatever",
        "whenever",
        "every",
        "each",
        "his",
        "their",
    ]
)
_JOINTS = frozenset([",", "and", "-", "so", ":", "plus", "(", ")", "&", "n"])
_FINITE = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "'s",
        "'re",
        "'m",
        "am",
        "has",
        "have",
        "had",
        "keeps",
        "keep",
        "feels",
        "feel",
        "looks",
        "look",
        "went",
        "got",
        "gets",
        "get",
        "goes",
        "does",
        "do",
        "did",
        "can",
        "twitches",
        "jumps",
        "started",
        "began",
        "won",
    ]
)
_LIST_NEGATION = frozenset(["no", "not", "nor", "or", "never", "without", "neither", "any"])
_BULLETS = frozenset(["-", "*", "•", "–", "·", "+"])

#: A heading with one of these speaks for the items under it, whatever they hold themselves.
_GOVERNS = frozenset([
    "no", "not", "none", "never", "without", "negative", "negatives", "neg", "denies", "denied", "absent", "nil", "fear", "fears", "afraid", "scared",
    "worried", "worry", "worries", "risks", "risk", "if", "what", "which", "when", "could", "would", "might", "will", "past", "history",
    "before", "asked", "question", "questions", "family", "read", "signs", "symptoms",
])

_LABEL = re.compile(r"[a-z0-9]\)")
_OPENERS = frozenset(["so", "and", "but", "or", "also", ",", "ok", "q", ":", "-", "hi", "hello", "please"])
_ASKING_VERBS = frozenset(["can", "could", "does", "do", "did", "will", "would", "might", "should", "is", "are"])
_NOMINALS = frozenset([
    "i", "you", "he", "she", "it", "we", "they", "this", "that", "these", "those", "the", "my", "a", "an", "people", "everyone",
    "everybody", "anyone", "anybody", "ppl", "folk", "folks", "all", "most", "many", "patients",
    "stress", "anxiety", "caffeine", "coffee", "twitches", "magnesium", "als", "mnd", "bfs", "ms",
])
_CLASSING = frozenset(["sign", "signs", "symptom", "symptoms", "common", "normal", "typical", "part", "likely", "possible", "dangerous", "something",
                      "expected", "next", "inevitable"])


@dataclass(frozen=True)
class Clauses:
    """Sentence and clause numbers of every word of a message."""

    words: Words

    @cached_property
    def sentence(self) -> list[int]:
        """The number of each word's sentence; a bullet list under a heading ('Negative:') is one sentence with it."""
        texts, numbers, current, heading, governs, opening, listing = self.words.texts, [], 0, False, False, 0, False
        for index, text in enumerate(texts):
            numbers.append(current)
            if text == ":" and index + 1 < len(texts) and texts[index + 1] == "\n":
                heading, governs = True, not _GOVERNS.isdisjoint(texts[opening:index])
            listing = (listing or text == ":") and text != "\n"
            goes_on = (heading and self._bullet_follows(index, governs)) or (listing and self._item_follows(index))
            if is_sentence_end(text) and not goes_on:
                heading, opening = False, index + 1
                current += 1
        return numbers

    def _bullet_follows(self, index: int, governs: bool) -> bool:
        """Whether the next line is an item that goes with the heading: with one that governs any, else what tells nothing by itself."""
        texts = self.words.texts
        if texts[index] != "\n" or index + 1 >= len(texts) or texts[index + 1] not in _BULLETS:
            return False
        end = next((later for later in range(index + 1, len(texts)) if texts[later] == "\n"), len(texts))
        return governs or not any(word in (":", "):") for word in texts[index + 2 : end])  # '* thigh, 2 months: open' tells by itself

    def _item_follows(self, index: int) -> bool:
        """'Risks: A) it spreads; B) I lose strength': one list, one sentence."""
        label = self.words.texts[index + 1 : index + 3]
        return self.words.texts[index] == ";" and bool(_LABEL.fullmatch("".join(label[:1])) or (label[1:] == (")",) and len(label[0]) == 1))

    @cached_property
    def clause(self) -> list[int]:
        """The number of each word's clause: a new one after a joint that is followed by a subject or a finite verb."""
        texts, numbers, current = self.words.texts, [], 0
        for index, _text in enumerate(texts):
            if index and (self.sentence[index] != self.sentence[index - 1] or self._starts_clause(index)):
                current += 1
            numbers.append(current)
        return numbers

    def _starts_clause(self, index: int) -> bool:
        texts = self.words.texts
        if texts[index - 1] == "\n":
            return True
        if texts[index - 1] not in _JOINTS or texts[index] in _LIST_NEGATION:
            return False
        if texts[index] in _SUBJECTS:
            return True
        if texts[index] == "for" and texts[index + 1 : index + 2] == ("the",) and set(texts[index + 2 : index + 3]) & {"last", "past"}:
            return True
        if texts[index - 1] in ("and", "&", "n"):
            return False
        for ahead in texts[index + 1 : index + 4]:
            if ahead in _FINITE:
                return True
            if ahead in _JOINTS or ahead in ("or", "nor") or is_sentence_end(ahead):
                return False
        return False

    def bounds(self, index: int) -> tuple[int, int]:
        """The words [first, last) of the sentence that holds word `index`."""
        number, last = self.sentence[index], index
        first = index
        while first and self.sentence[first - 1] == number:
            first -= 1
        while last < len(self.words) and self.sentence[last] == number:
            last += 1
        return first, last

    def is_question(self, index: int) -> bool:
        """Whether the sentence of word `index` asks something."""
        first, last = self.bounds(index)
        sentence = self.words.texts[first:last]
        return "?" in sentence or "?!" in sentence or (sentence[-1] == "\n" and _asks(sentence))


def _asks(sentence: tuple[str, ...]) -> bool:
    """A question without its mark: 'can a twitch turn into weakness'; not 'can barely walk', which leaves out the person."""
    words = [word for word in sentence if word not in _OPENERS]
    if words[:1] == ["at"] and words[2:3] == ["point"]:
        words = ["when", *words[3:]]
    if len(words) < 3:
        return False
    first, second = words[:2]
    if first in ("what", "how", "when"):
        return second in _ASKING_VERBS
    nominal = second in _NOMINALS or second.endswith(("ing", "ness"))
    if first == "does":
        nominal = nominal or words[2].endswith(("ing", "ness", "sia"))  # 'does muscle wasting always come with it'
    if first in ("is", "are"):
        return nominal and bool(_CLASSING & set(words[2:]))
    return first in _ASKING_VERBS and nominal
