"""Flesch-Kincaid grade and sentence splitting for the tests.

textstat would do this, but for English it needs a pronunciation dictionary that it downloads at run time;
a test must not need the network. The formula is Kincaid et al. 1975; syllables are counted by vowel groups.
"""
from __future__ import annotations

import re

WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”)*]*\s+")
PLACEHOLDER = re.compile(r"\{\w+\}")


def sentences(text: str) -> list[str]:
    """The sentences of plain prose, whitespace squeezed."""
    return [part for part in SENTENCE_END.split(" ".join(text.split())) if WORD.search(part)]


def words(text: str) -> list[str]:
    """The words, without markup and numbers."""
    return WORD.findall(text)


def syllables(word: str) -> int:
    """An estimate: vowel groups, without a silent final e, es or ed; at least one."""
    low = word.lower()
    count = len(re.findall(r"[aeiouy]+", low))
    if re.search(r"[^aeiouytd]ed$|[^aeiouylszx]es$|[^aeiouyl]e$", low):
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """The US school grade that can read `text`; 6 to 7 is about twelve years old. Placeholders count as one word."""
    plain = PLACEHOLDER.sub("nine", text)
    all_words = words(plain)
    return 0.39 * len(all_words) / len(sentences(plain)) + 11.8 * sum(map(syllables, all_words)) / len(all_words) - 15.59
