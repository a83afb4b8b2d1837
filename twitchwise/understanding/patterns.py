"""A small pattern language over normalised words, compiled to regular expressions that run only where they can match.

spaCy's Matcher tries every pattern at every token, which with some thousand lay phrases costs more than the
rest of the message together; here an index of each pattern's rarest word picks the few that can match at all.

    word            that word                    a b|c d      either phrase; inside a phrase use (a|b)
    ~drop           drop, drops, dropped ...     weak*        a word that starts so
    $name           a class of classes.yml       (a b|c d)    alternatives of several words
    x?              optional                     _  _3        any word; up to three words inside one clause
    words?          words or word                #            a number in figures
    \\n              the end of a line or of the message, so that a missing full stop changes nothing
    ^               the beginning of a sentence, a line or the words after a comma
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

#: What a gap may not cross: the end of a sentence and a negation; a short gap no comma either.
_GAP_WORD = r"(?![.!?;\n]+ |(?:no|not|never|without|nor|neither) )[^ \n]+ "
_SHORT_GAP_WORD = r"(?![.!?;,\n]+ |(?:no|not|never|without|nor|neither) )[^ \n]+ "
_SHORT_GAP = 4


class PatternError(ValueError):
    """A phrase of the lexicon that cannot be compiled; the message names it."""


@dataclass(frozen=True)
class Words:
    """A message as normalised words: `joined` is ' w1 w2 ... wn ', offsets lead back to the message."""

    texts: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    joined: str
    positions: tuple[int, ...]  # where word i starts in `joined`

    @classmethod
    def build(cls, parts: Iterable[tuple[str, int, int]]) -> Words:
        """From (normalised word, start, end) triples in order."""
        texts, starts, ends, positions, at = [], [], [], [], 1
        for text, start, end in parts:
            texts.append(text)
            starts.append(start)
            ends.append(end)
            positions.append(at)
            at += len(text) + 1
        return cls(tuple(texts), tuple(starts), tuple(ends), " " + "".join(f"{text} " for text in texts), tuple(positions))

    def __len__(self) -> int:
        return len(self.texts)

    def index_at(self, position: int) -> int:
        """The word that holds a position of `joined`."""
        return bisect_right(self.positions, position) - 1

    def phrase(self, first: int, last: int) -> str:
        """The normalised words from `first` up to but not including `last`."""
        return " ".join(self.texts[first:last])

    def span_at(self, start: int, end: int) -> tuple[int, int]:
        """The words that touch the characters [start, end) of the message, as (first, last + 1)."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


@dataclass(frozen=True)
class Pattern:
    """One compiled phrase and what it stands for; compiled at its first use."""

    source: str
    regex: str
    anchors: frozenset[str]
    entry: Any

    def finditer(self, joined: str) -> Iterator[re.Match[str]]:
        return _compiled(self.regex).finditer(joined)


@dataclass(frozen=True)
class Match:
    """A pattern found at words [first, last)."""

    pattern: Pattern
    first: int
    last: int
    gaps: tuple[tuple[int, int], ...] = ()      # the words that '_' covers

    @property
    def entry(self) -> Any:
        return self.pattern.entry


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex)


def inflections(word: str) -> tuple[str, ...]:
    """Every inflected form of an English verb or noun, itself first."""
    from lemminflect import getAllInflections

    forms = {form.lower() for group in getAllInflections(word).values() for form in group}
    return (word, *sorted(forms - {word}))


@dataclass
class Compiler:
    """Compiles phrases against word classes; `rarity` orders words so that the rarest becomes the anchor.

    `kept` holds phrases compiled before (phrase_store.py); `fresh` says whether one had to be compiled anew.
    """

    classes: Mapping[str, list[str]] = field(default_factory=dict)
    rarity: Callable[[str], float] = lambda word: -len(word)
    kept: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    fresh: bool = False
    _cache: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def compile(self, source: str, entry: Any) -> Pattern:
        """A phrase as a pattern for `entry`; PatternError names what is wrong with it."""
        if source not in self.kept:
            self.kept[source] = self._alternatives(source.strip())
            self.fresh = True
        regex, anchors = self.kept[source]
        if not anchors:
            raise PatternError(f"the phrase {source!r} has no word that must be there")
        return Pattern(source, f"(?<= )(?:{regex})", anchors, entry)

    def _sequence(self, source: str) -> tuple[str, frozenset[str]]:
        """The regex of a sequence of elements and the anchor set of its rarest mandatory element."""
        regex, best = "", frozenset[str]()
        elements = list(_split(source, " "))
        if elements == [source] and not _wrapped(source):
            raise PatternError(f"cannot read {source!r}: a space too much?")
        for element in elements:
            part, anchors, mandatory = self._element(element)
            regex += part
            if mandatory and anchors and (not best or self._score(anchors) < self._score(best)):
                best = anchors
        return regex, best

    def _score(self, anchors: frozenset[str]) -> float:
        return sum(self.rarity(word.rstrip("*")) for word in anchors)

    def _element(self, element: str) -> tuple[str, frozenset[str], bool]:
        plural = re.fullmatch(r"[a-z]{2,}s\?", element)
        optional = element.endswith("?") and len(element) > 1 and not plural
        body = element[:-1] if optional else element
        gap = re.fullmatch(r"_(\d*)", body)
        if gap:
            size = f"{{0,{gap.group(1)}}}?" if gap.group(1) else ""
            word = _SHORT_GAP_WORD if not gap.group(1) or int(gap.group(1)) <= _SHORT_GAP else _GAP_WORD
            return f"((?:{word}){size})", frozenset(), False      # the only groups that capture: what a gap covers
        if "(" in body and "|" not in body and not _wrapped(body):
            raise PatternError(f"cannot read {element!r}")
        regex, anchors = self._alternatives(body)
        return (f"(?:{regex})?", frozenset(), False) if optional else (f"(?:{regex})", anchors, True)

    def _alternatives(self, body: str) -> tuple[str, frozenset[str]]:
        if body in self._cache:
            return self._cache[body]
        inner = body[1:-1] if _wrapped(body) else body
        regexes, anchors, complete = [], set[str](), True
        choices = _split(inner, "|")
        if "." in choices and r"\n" not in choices and "\n" not in choices:
            choices.append("\n")                # people leave the last full stop out
        for choice in sorted(choices, key=lambda choice: -choice.count(" ")):  # the longest reading first
            regex, words = self._choice(choice)
            regexes.append(regex)
            anchors |= words
            complete = complete and bool(words)
        result = "|".join(regexes), frozenset(anchors) if complete else frozenset()
        self._cache[body] = result
        return result

    def _choice(self, choice: str) -> tuple[str, frozenset[str]]:
        if choice == r"\n":                    # unquoted YAML keeps the backslash
            choice = "\n"
        if choice == "^":
            return r"(?<![^.!?;:,\n] )", frozenset()
        if choice.startswith("(") and " " not in choice and not _wrapped(choice):
            raise PatternError(f"cannot read {choice!r}: only a space or '?' may follow a closing bracket")
        if " " in choice or choice.startswith("("):
            return self._sequence(choice)
        plural = re.fullmatch(r"([a-z]{2,}s)\?", choice)
        if plural:
            return self._alternatives(f"({plural.group(1)}|{plural.group(1)[:-1]})")
        if choice == "#":
            return r"[0-9][^ ]* ", frozenset()
        if choice.startswith("$"):
            if choice[1:] not in self.classes:
                raise PatternError(f"no class {choice} in classes.yml")
            return self._alternatives("(" + "|".join(self.classes[choice[1:]]) + ")")
        if choice.startswith("~"):
            forms = inflections(choice[1:])
            return "(?:" + "|".join(map(re.escape, forms)) + ") ", frozenset(forms)
        if choice.endswith("*") and len(choice) > 1:
            return re.escape(choice[:-1]) + "[^ ]* ", frozenset({choice})
        if not choice:
            raise PatternError("an empty alternative")
        if re.search(r"^_\d*$|..[?()|]$|[a-z][()]", choice):
            raise PatternError(f"cannot read {choice!r} as a word")
        return re.escape(choice) + " ", frozenset({choice})


def _split(source: str, separator: str) -> list[str]:
    """Split outside parentheses."""
    parts, depth, current = [], 0, ""
    for char in source:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == separator and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += char
    if depth:
        raise PatternError(f"unbalanced parentheses in {source!r}")
    parts.append(current)
    return [part for part in parts if part] if separator == " " else parts


def _wrapped(body: str) -> bool:
    """Whether one pair of parentheses encloses all of `body`."""
    if not (body.startswith("(") and body.endswith(")")):
        return False
    depth = 0
    for position, char in enumerate(body):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0:
            return position == len(body) - 1
    return False


class PatternIndex:
    """Finds all patterns in a message, trying only those whose anchor word is there."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._by_word: dict[str, list[Pattern]] = {}
        self._by_prefix: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            for anchor in pattern.anchors:
                table, key = (self._by_prefix, anchor[:-1]) if anchor.endswith("*") else (self._by_word, anchor)
                table.setdefault(key, []).append(pattern)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._by_prefix})

    def find(self, words: Words) -> list[Match]:
        """Every match, in the order of the words that patterns hang on; one for each start of each pattern."""
        candidates: dict[int, Pattern] = {}
        for text in dict.fromkeys(piece for word in words.texts for piece in word.split(" ")):      # no set: its order differs between processes
            for pattern in self._by_word.get(text, ()):
                candidates[id(pattern)] = pattern
            for length in self._prefix_lengths:
                for pattern in self._by_prefix.get(text[:length], ()) if len(text) >= length else ():
                    candidates[id(pattern)] = pattern
        found = []
        for pattern in candidates.values():
            for match in pattern.finditer(words.joined):
                if match.end() > match.start():
                    gaps = tuple((words.index_at(start), words.index_at(end - 1) + 1) for start, end in match.regs[1:] if start < end)
                    found.append(Match(pattern, words.index_at(match.start()), words.index_at(match.end() - 1) + 1, gaps))
        return found
