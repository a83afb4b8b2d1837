"""Mends typing errors towards the words of the lexicon, and only those: an English word is never touched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

_SHORTEST = 5  # shorter words are too easily another word
_TWO_ERRORS_FROM = 8  # long words may hold two errors


@lru_cache(maxsize=1)
def english_frequencies() -> dict[str, int]:
    """How often English words are used, from symspellpy's list of 82,765 words."""
    lines = (files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig").splitlines()
    return {word: int(count) for word, count in (line.split(" ") for line in lines)}


@dataclass
class Speller:
    """`targets` are the words that errors are mended to, `mended` whole-word corrections, `kept` words left alone."""

    targets: Iterable[str]
    mended: dict[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._engine = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        self._known = set(english_frequencies()) | set(self.kept)
        for word in sorted(self.targets):  # the engine prefers what it was told first; a set is told in another order by each process
            self._known.add(word)
            if len(word) >= _SHORTEST - 1 and word.isalpha():
                self._engine.create_dictionary_entry(word, max(1, english_frequencies().get(word, 1)))
        self._cache: dict[str, str] = {}

    def mend(self, parts: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
        """The same words with errors mended."""
        return [(self.correct(text), start, end) for text, start, end in parts]

    def correct(self, word: str) -> str:
        """The lexicon's word that was probably meant, or the word itself."""
        if word in self.mended:
            return self.mended[word]
        if word in self._known or not word.isascii() or not word.isalpha() or not _SHORTEST <= len(word) <= 20:
            return word
        if word not in self._cache:
            if len(self._cache) > 20_000:
                self._cache.clear()
            self._cache[word] = self._nearest(word)
        return self._cache[word]

    def _nearest(self, word: str) -> str:
        errors = 2 if len(word) >= _TWO_ERRORS_FROM else 1
        for squeezed in _squeezed(word):
            if squeezed != word and squeezed in self._known:
                return squeezed  # 'weeeak'
        suggestions = self._engine.lookup(word, Verbosity.CLOSEST, max_edit_distance=errors)
        for suggestion in sorted(suggestions, key=lambda suggestion: suggestion.term[0] != word[0]):      # stable: the commonest first
            if suggestion.term[0] == word[0] or (len(word) >= 6 and suggestion.distance == 1):
                return str(suggestion.term)
        return word


def _squeezed(word: str) -> tuple[str, str]:
    """'weeeak' -> ('weak', 'weeak'): runs of three or more letters become one, or two."""
    return re.sub(r"(.)\1{2,}", r"\1", word), re.sub(r"(.)\1{2,}", r"\1\1", word)
