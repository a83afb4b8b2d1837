"""Finds evaluation sentences that stand in the training data, word for word or nearly so."""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[^\W_]+")
#: Shorter sentences ("no", "yes please") are everybody's words.
_MIN_WORDS = 4
_SHARE = 0.85


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without punctuation and apostrophes."""
    return tuple(_WORD.findall(text.lower().replace("'", "").replace("’", "")))


def leaks(training: Iterable[str], evaluation: Iterable[str], share: float = _SHARE) -> Iterator[tuple[str, str]]:
    """(evaluation sentence, training phrase) of each pair whose sets of words have a Jaccard index above `share`."""
    phrases: list[str] = []
    sets: list[frozenset[str]] = []
    known: dict[str, list[int]] = defaultdict(list)
    for phrase in training:
        words = frozenset(words_of(phrase))
        if len(words) < _MIN_WORDS:
            continue
        for word in words:
            known[word].append(len(sets))
        phrases.append(phrase)
        sets.append(words)
    for sentence in dict.fromkeys(evaluation):
        own = frozenset(words_of(sentence))
        if len(own) < _MIN_WORDS:
            continue
        # Few words may differ, so one of the sentence's rarest words is in any phrase that is alike.
        rarest = sorted(own, key=lambda word: (len(known.get(word, ())), word))[: int(len(own) * (1 - share)) + 1]
        for number in {number for word in rarest for number in known.get(word, ())}:
            other = sets[number]
            if min(len(own), len(other)) > share * max(len(own), len(other)) and len(own & other) > share * len(own | other):
                yield sentence, phrases[number]
                break
