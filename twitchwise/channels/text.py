"""What a client sent, made into a text that the rest can rely on. Pure."""
from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_KEPT_CONTROLS = "\n\t"
_DROPPED = ("Cc", "Cs", "Co", "Cn")
#: Characters that only steer direction or hide: they can make a text read differently from what is matched.
_INVISIBLE = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff\u00ad")
_COMMAND = re.compile(r"[\s/]*/[\s/]*[\w.-]*\s*")
_BLANK_LINES = re.compile(r"\n{3,}")
_BLANKS = re.compile(r"[ \t\u00a0]{3,}")


@dataclass(frozen=True)
class Cleaned:
    """A text fit to be read. `cut`: it was longer than the limit; `problem`: None, not_text or empty."""

    text: str = ""
    cut: bool = False
    problem: str | None = None


def clean(raw: Any, limit: int) -> Cleaned:
    """NFKC, no control or invisible characters, at most `limit` characters, ended at a word where it is cut."""
    if not isinstance(raw, str):
        return Cleaned(problem="not_text")
    # Compatibility forms can grow under NFKC (one character to 18), so the raw text is bounded first.
    cut = len(raw) > limit * 4
    text = unicodedata.normalize("NFKC", raw[: limit * 4])
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c if _is_kept(c) else " " if unicodedata.category(c) == "Cc" else "" for c in text)
    text = _BLANKS.sub("  ", _BLANK_LINES.sub("\n\n", text)).strip()
    if len(text) > limit:
        cut = True
        head = text[:limit]
        space = head.rfind(" ", limit - 60)
        text = (head[:space] if space > 0 else head).rstrip()
    if not text:
        return Cleaned(problem="empty", cut=cut)
    return Cleaned(text, cut)


def _is_kept(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return True
    return character not in _INVISIBLE and unicodedata.category(character) not in _DROPPED


def is_command(text: str) -> bool:
    """Whether Rasa's own handler would take this text as an intent (`/word`, `/word{...}`)."""
    return text.lstrip().startswith("/")


def words_after_command(text: str) -> int:
    """Where a person's own words begin in a text that starts like a command: after `/word{...}`, and nowhere (its length) when nothing
    follows. `/word more words` is words from the slash on: only its shape is a command's."""
    head = _COMMAND.match(text)
    if head is None:
        return 0
    end = head.end()
    if text[end : end + 1] in ("{", "["):
        try:
            _, end = json.JSONDecoder().raw_decode(text, end)
        except (ValueError, RecursionError):
            closed = text.find("}", end)
            end = closed + 1 if closed >= 0 else end
        return end
    return len(text) if end == len(text) else len(text) - len(text.lstrip(" /"))
