"""Cuts a message into lower-case tokens that keep their place in the original."""

from __future__ import annotations

import re
from functools import lru_cache

STOPS = frozenset(".!?;\n")


@lru_cache(maxsize=1)
def _token() -> re.Pattern[str]:
    # every repeat is over one class of characters, so the scan is linear
    return re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,3})?(?![0-9])|[0-9]+|[^\W\d_]+(?:'[^\W\d_]+)*|\n|[^\s]")


_PADDING = 24


class Tokens:
    """Parallel lists, one entry a token: word (lower case), place, whether it is a number, whether it touches the one before.

    The lists end in empty entries that are no tokens, so that looking a little before the first or behind the
    last token answers "" (an index below 0 counts from the end).
    """

    __slots__ = ("at", "ends", "glued", "number", "size", "starts", "tags", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.number: list[bool] = []
        self.glued: list[bool] = []
        self.size = 0
        self.tags = ""  # one character a token, made by the grammar when it is needed
        self.at = self.words.__getitem__

    def close(self) -> None:
        """Adds the empty entries; to be called once, when all tokens are in."""
        self.size = len(self.words)
        self.words += [""] * _PADDING
        self.number += [False] * _PADDING
        self.glued += [False] * _PADDING

    def __len__(self) -> int:
        return self.size

    def breaks(self, i: int) -> bool:
        """Whether `i` is outside the message or a mark that is no word."""
        return not self.words[i][:1].isalnum()

    def follow(self, i: int, phrase: tuple[str, ...]) -> bool:
        """Whether the phrase stands at `i`."""
        at = i
        words = self.words
        for word in phrase:
            if words[at] != word:
                return False
            at += 1
        return True


def lowered(text: str) -> str:
    """`text` in lower case with straight quotes and dashes; the length never changes."""
    low = text.lower()
    if len(low) != len(text):  # a few capitals become two characters
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.translate(_MARKS)


_MARKS = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "´": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "″": '"',
        "′": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "‐": "-",
        "_": " ",
    }
)


def _opens(found: Tokens) -> bool:
    """Whether digits stuck to the last word are a number all the same: 1h30, for5 days."""
    word = found.words[-2]
    return word in ("for", "since", "past", "about", "over", "x") or (
        word in ("h", "hr", "y", "w", "d") and len(found.words) > 2 and found.number[-2]
    )


def cut(text: str) -> Tokens:
    """The tokens of `text`."""
    found = Tokens()
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
        found.number.append(
            digit and len(word) <= 10 and (not (glued and was_alnum) or _opens(found)) and (len(word) <= 6 or "." in word or "," in word)
        )
        end_before = end
        was_alnum = word[0].isalnum()
    found.close()
    return found
