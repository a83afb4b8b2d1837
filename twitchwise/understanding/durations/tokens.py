"""Cuts a message into lower-case tokens that keep their place in the original."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

STOPS = frozenset(".!?;\n")


@lru_cache(maxsize=1)
def _token() -> re.Pattern[str]:
    # every repeat is over one class of characters, so the scan is linear
    return re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,3})?(?![0-9])|[0-9]+|[^\W\d_]+(?:'[^\W\d_]+)*|\n|[^\s]")


@dataclass(slots=True)
class Tokens:
    """Parallel lists, one entry a token: word (lower case), place, whether it is a number, whether it touches the one before."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    number: list[bool]
    glued: list[bool]

    def __len__(self) -> int:
        return len(self.words)

    def at(self, i: int) -> str:
        """The word at `i`, "" outside the message."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def breaks(self, i: int) -> bool:
        """Whether `i` is outside the message or a mark that is no word."""
        if not 0 <= i < len(self.words):
            return True
        word = self.words[i]
        return not (word[0].isalnum())

    def follow(self, i: int, phrase: tuple[str, ...]) -> bool:
        """Whether the phrase stands at `i`."""
        return self.words[i : i + len(phrase)] == list(phrase)


def lowered(text: str) -> str:
    """`text` in lower case with straight quotes and dashes; the length never changes."""
    low = text.lower()
    if len(low) != len(text):  # a few capitals become two characters
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.translate(_MARKS)


_MARKS = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "″": '"', "′": "'", "–": "-", "—": "-", "‑": "-", "−": "-", "‐": "-", "_": " "})


def cut(text: str) -> Tokens:
    """The tokens of `text`."""
    found = Tokens([], [], [], [], [])
    end_before = -1
    was_alnum = False
    for match in _token().finditer(lowered(text)):
        word = match.group()
        start, end = match.span()
        glued = start == end_before
        digit = "0" <= word[0] <= "9"
        found.words.append(word)
        found.starts.append(start)
        found.ends.append(end)
        found.glued.append(glued)
        # digits stuck to a word before them are part of a name (b12, covid19), and long ones are no count
        found.number.append(digit and len(word) <= 10 and not (glued and was_alnum) and (len(word) <= 6 or "." in word or "," in word))
        end_before = end
        was_alnum = word[0].isalnum()
    return found
