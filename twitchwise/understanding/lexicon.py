"""The lay phrases of every code, loaded from vocabulary/lexicon/*.yml into one pattern index."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ..vocabulary.codes import load_codes
from . import phrase_store
from .patterns import Compiler, Match, Pattern, PatternError, PatternIndex, Words
from .spelling import english_frequencies

VOCABULARY = Path(__file__).parent.parent / "vocabulary"

#: What an entry may be. `function` words (speech, grip) become a symptom only with a problem cue, absent with a fine cue.
#: `shield` phrases (idioms, names) stand for nothing and hide what lies inside them.
KINDS = ("symptom", "trigger", "body_location", "signal", "function", "shield", "cue")
#: What a group may say beside its `id` and `phrases`: a set of words, or a type.
_OPTIONS: dict[str, frozenset[str] | type] = {
    "says": frozenset(["present", "possible", "absent", "shield"]),
    "onset": frozenset(["sudden", "gradual"]),
    "inability": bool,
    "keep": bool,
    "given": bool,
    "also": list,
    "detail": dict,
    "direction": frozenset(["forward", "backward", "both"]),
    "reach": int,
    "category": frozenset(
        [
            "negation",
            "pseudo",
            "idiom",
            "untrue",
            "problem",
            "fine",
            "hypothetical",
            "fear",
            "knowledge",
            "historical",
            "resolved",
            "again",
            "future",
            "possible",
            "simile",
            "stop",
        ]
    ),
}


@dataclass(frozen=True)
class Entry:
    """A group of phrases with one meaning."""

    kind: str
    code: str
    id: str
    says: str = "present"
    onset: str | None = None
    inability: bool = False  # its own negation word is part of the symptom: 'cannot grip'
    also: tuple[str, ...] = ()  # codes that the same words mean as well
    detail: tuple[tuple[str, Any], ...] = ()
    keep: bool = False  # is kept although a longer phrase of another code covers it
    given: bool = False  # present even inside a question or a fear: 'i already have'
    direction: str = ""  # cues: forward | backward | both
    category: str = ""  # cues: what they make of a finding in their scope
    reach: int = 40  # cues: how many words at most


#: A phrase of one such word is a slip, most often an unquoted '#' that YAML read as a comment.
_TOO_COMMON = frozenset(
    [
        "a",
        "an",
        "the",
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "is",
        "was",
        "are",
        "be",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "from",
        "with",
        "and",
        "or",
        "but",
        "my",
        "down",
        "up",
        "go",
        "not",
        "no",
        "so",
        "as",
        "this",
        "that",
    ]
)


class LexiconError(ValueError):
    """A damaged lexicon file; the message names the file and the entry."""


class Lexicon:
    """All phrases, ready to be looked for."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.patterns: list[Pattern] = list(patterns)
        self.entries: list[Entry] = list(dict.fromkeys(pattern.entry for pattern in self.patterns))
        self._index = PatternIndex(self.patterns)

    def find(self, words: Words) -> list[Match]:
        """Every phrase of the lexicon in a message."""
        return self._index.find(words)

    def vocabulary(self) -> Iterator[str]:
        """The words that phrases hang on: what typing errors are mended to."""
        for pattern in self.patterns:
            if pattern.entry.kind not in ("shield", "cue"):
                for anchor in pattern.anchors:
                    yield anchor.rstrip("*")


def read_yaml(path: Path) -> Any:
    """A YAML file; LexiconError names the file when it cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise LexiconError(f"{path.name}: {error}") from error


def _groups(path: Path) -> Iterator[tuple[Entry, list[str]]]:
    """The entries of one file: a list of {kind, code, source, groups: [{id, phrases, ...}]}."""
    blocks = read_yaml(path) or []
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise LexiconError(f"{path.name}: the file must be a list of '- kind: ...' blocks")
    for block in blocks:
        kind, code = block.get("kind"), str(block.get("code", ""))
        if kind not in KINDS:
            raise LexiconError(f"{path.name}: kind {kind!r} of {code!r} is not one of {', '.join(KINDS)}")
        _check_code(path, kind, code)
        for name in ("source", "groups"):
            if not block.get(name):
                raise LexiconError(f"{path.name}: {code} has no {name}")
        for group in block["groups"]:
            options = _checked(f"{path.name}: {code}/{group.get('id', 'words')}", kind, group)
            for other in options.get("also", ()):
                _check_code(path, kind, str(other))
            options["also"] = tuple(options.get("also", ()))
            options["detail"] = tuple(sorted(options.get("detail", {}).items()))
            yield Entry(kind=kind, code=code, id=f"{code}/{group.get('id', 'words')}", **options), [str(p) for p in group["phrases"]]


def _checked(where: str, kind: str, group: dict[str, Any]) -> dict[str, Any]:
    """The options of a group; LexiconError says which one cannot be."""
    options = {key: value for key, value in group.items() if key not in ("phrases", "id")}
    unknown = set(options) - set(_OPTIONS)
    if unknown:
        raise LexiconError(f"{where}: unknown {', '.join(sorted(unknown))}")
    if not isinstance(group.get("phrases"), list) or not group["phrases"]:
        raise LexiconError(f"{where}: 'phrases' must be a list with at least one phrase")
    no_text = next((phrase for phrase in group["phrases"] if isinstance(phrase, (dict, list))), None)
    if no_text is not None:
        raise LexiconError(f"{where}: {no_text!r} is read as no text by YAML. Put the whole phrase into quotes.")
    if kind == "cue" and not group.get("category"):
        raise LexiconError(f"{where}: a cue needs a category")
    for name, value in options.items():
        allowed = _OPTIONS[name]
        if isinstance(allowed, frozenset) and value not in allowed:
            raise LexiconError(f"{where}: {name} is {value!r}, not one of {', '.join(sorted(allowed))}")
        if isinstance(allowed, type) and type(value) is not allowed:
            raise LexiconError(f"{where}: {name} is {value!r}, which is no {_TYPE_NAMES[allowed]}")
    return options


_TYPE_NAMES = {bool: "true or false", list: "list", dict: "mapping", int: "number"}


@lru_cache(maxsize=1)
def _allowed_codes() -> dict[str, tuple[str, ...]]:
    codes = load_codes()
    return {
        "symptom": codes.symptoms,
        "function": codes.symptoms,
        "trigger": codes.triggers,
        "body_location": tuple(codes.region_of),
        "signal": tuple(read_yaml(VOCABULARY / "signals.yml")["signals"]),
    }


def _check_code(path: Path, kind: str, code: str) -> None:
    allowed = _allowed_codes().get(kind)
    if allowed is not None and code not in allowed:
        raise LexiconError(f"{path.name}: {code!r} is no {kind} of the vocabulary")


def make_compiler() -> Compiler:
    """The phrase compiler with the classes of classes.yml."""
    classes = {name: [str(word) for word in words] for name, words in read_yaml(VOCABULARY / "lexicon" / "classes.yml").items()}
    frequencies = english_frequencies()
    return Compiler(classes, rarity=lambda word: float(frequencies.get(word, 1)), kept=phrase_store.read(phrase_store.default_path()))


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Every phrase file of the vocabulary but the cues; LexiconError names a damaged one."""
    return _load_all()[0]


@lru_cache(maxsize=1)
def load_cues() -> Lexicon:
    """The cues that decide assertion (vocabulary/cues/*.yml)."""
    return _load_all()[1]


@lru_cache(maxsize=1)
def _load_all() -> tuple[Lexicon, Lexicon]:
    compiler = make_compiler()
    phrases = sorted(path for path in (VOCABULARY / "lexicon").glob("*.yml") if path.name != "classes.yml")
    cues = sorted((VOCABULARY / "cues").glob("*.yml"))
    both = (
        Lexicon(pattern for path in phrases for pattern in read_phrases(path, compiler)),
        Lexicon(pattern for path in cues for pattern in read_phrases(path, compiler)),
    )
    if compiler.fresh:
        phrase_store.write(phrase_store.default_path(), compiler.kept)
    return both


def read_phrases(path: Path, compiler: Compiler) -> list[Pattern]:
    """Every phrase of one file; LexiconError names the file, the group and what is wrong."""
    patterns = []
    try:
        for entry, phrases in _groups(path):
            patterns += [_compile(path, phrase, entry, compiler) for phrase in phrases]
    except (TypeError, KeyError, AttributeError) as error:
        raise LexiconError(f"{path.name}: {error}") from error
    return patterns


def _compile(path: Path, phrase: str, entry: Entry, compiler: Compiler) -> Pattern:
    if entry.kind != "cue" and " " not in phrase and set(phrase.strip("()").split("|")) & _TOO_COMMON:
        raise LexiconError(f"{path.name}: {entry.id}: the phrase {phrase!r} is one everyday word. Was a '#' left unquoted?")
    try:
        return compiler.compile(phrase, entry)
    except PatternError as error:
        raise LexiconError(f"{path.name}: {entry.id}: {error}") from error


def warm_up(pause_s: float = 0.0) -> int:
    """Compile every phrase's regular expression, which otherwise happens at its first use; the number of phrases.

    `pause_s` seconds lie between batches, so that a thread beside a serving process leaves it the processor.
    """
    patterns = [*load_lexicon().patterns, *load_cues().patterns]
    for number, pattern in enumerate(patterns):
        next(pattern.finditer(" "), None)
        if pause_s and number % 20 == 0:
            time.sleep(pause_s)
    return len(patterns)
