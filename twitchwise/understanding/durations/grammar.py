"""The rules of contexts.yml, compiled: what the words round a length make of it.

A message becomes a string of one private character a known word, so that a rule over words is an ordinary
regular expression; every repeat in it is bounded, and it looks at ten words at most to either side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from twitchwise.understanding.durations.lengths import Length
from twitchwise.understanding.durations.tokens import Tokens
from twitchwise.understanding.durations.words import words

_REACH = 10
_OTHER, _PLURAL, _NUM, _STOP, _MARK = (chr(0xE000 + n) for n in range(5))


@dataclass(frozen=True)
class Rule:
    """One rule: what it decides and what it asks."""

    kind: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unless_after: re.Pattern[str] | None
    asks: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Grammar:
    """The compiled rules and the character of each word they name."""

    rules: tuple[Rule, ...]
    tags: dict[str, str]

    def tag(self, t: Tokens) -> str:
        """One character a token."""
        out = []
        for word, number in zip(t.words[: len(t)], t.number, strict=False):
            known = self.tags.get(word)
            if number:
                out.append(_NUM)
            elif known is not None:
                out.append(known)
            elif word in ".!?;\n":
                out.append(_STOP)
            elif not word[0].isalnum():
                out.append(_MARK)
            else:
                out.append(_PLURAL if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else _OTHER)
        return "".join(out)


_PIECE = re.compile(r"[A-Z_]+|[a-z][a-z']*|['\",/-]|\s+")


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The grammar, built at the first call and kept."""
    w = words()
    rows = yaml.safe_load(Path(__file__).with_name("contexts.yml").read_text(encoding="utf-8"))
    tags: dict[str, str] = {}

    def char(word: str) -> str:
        if word not in tags:
            tags[word] = chr(0xE010 + len(tags))
        return tags[word]

    classes = {name: "".join(char(m) for m in sorted(members)) for name, members in w.classes.items()}
    classes["UNIT"] = "".join(char(u) for u in [*w.singular, *w.plural])
    classes["WEEKDAY"] = "".join(char(d) for d in w.raw["weekdays"])
    classes["COURSE"] = "".join(char(c) for c in w.raw["course"]) + classes["TWITCH_SITE_OK"]
    marks = "".join(char(m) for m in "',/-\"")
    classes |= {"STOP": _STOP, "MARK": _STOP + _MARK + marks, "NUM": _NUM, "PLURAL": _PLURAL, "DASH": char("-")}
    classes["WORD"] = "^" + classes["MARK"]

    def compile_(text: str | None, where: str) -> re.Pattern[str] | None:
        if text is None:
            return None

        def piece(match: re.Match[str]) -> str:
            part = match.group()
            if part.isspace():
                return ""
            if part in classes:
                return "[" + classes[part] + "]"
            return char(part)

        body = _PIECE.sub(piece, text)
        return re.compile(f"(?:{body})$" if where == "before" else f"(?:{body})")

    rules = []
    for row in rows:
        asks = {k: v for k, v in row.items() if k not in ("kind", "before", "after", "unlessafter")}
        rules.append(
            Rule(
                row["kind"],
                compile_(row.get("before"), "before"),
                compile_(row.get("after"), "after"),
                compile_(row.get("unlessafter"), "after"),
                asks,
            )
        )
    return Grammar(tuple(rules), tags)


def kind_of(t: Tokens, length: Length) -> str:
    """The kind of a length from what stands round it."""
    w = words().classes
    start = length.i if t.at(length.i) == "in" else length.i - 1
    all_of_it = t.at(start - 1) in ("all", "al") or (t.at(start - 1) in ("it", "this", "that") and t.follow(start - 3, ("all", "of")))
    if t.at(start) == "in" and (all_of_it or t.follow(length.j, ("since", "it")) or t.follow(length.j, ("since", "they"))):
        return "for"  # 'calf, thigh and arm, all in 12 days', 'in the 7 weeks since it started'
    if not t.tags:
        t.tags = grammar().tag(t)
    tags = t.tags
    for rule in grammar().rules:
        asks = rule.asks
        if "most" in asks and length.high > asks["most"]:
            continue
        if "least" in asks and length.high < asks["least"]:
            continue
        if "window" in asks and length.window != asks["window"]:
            continue
        if asks.get("article") and (not length.article or length.modified or length.window):
            continue
        if asks.get("number") and length.article:
            continue
        if asks.get("singular") and (length.plural or not length.parts or length.parts[0][0] <= 1):
            continue
        if asks.get("hyphen") and t.at(length.j - 2) != "-":
            continue
        if asks.get("notcomplaint") and _of_a_complaint(t, length, w):
            continue
        if asks.get("notcourse") and any(
            word in w["COMPLAINT"] or word in w["NOW"] or word in w["PRON"] for word in t.words[length.j : length.j + 2]
        ):
            continue
        if asks.get("notpast") and (
            length.window or t.at(length.j) in ("now", "already", "straight") or t.at(length.i - 1) in ("been", "since")
        ):
            continue
        if rule.before is not None and not rule.before.search(tags, max(0, length.i - _REACH), length.i):
            continue
        if rule.after is not None and not rule.after.match(tags, length.j):
            continue
        if rule.unless_after is not None and rule.unless_after.match(tags, length.j):
            continue
        return rule.kind
    return "for"


def _of_a_complaint(t: Tokens, length: Length, classes: dict[str, frozenset[str]]) -> bool:
    """Whether "N old", "N on" is said of a twitch, not of a person: the nearer of the two before it decides."""
    for k in range(length.i - 1, max(-1, length.i - 8), -1):
        if t.words[k] in classes["COMPLAINT"]:
            return True
        if t.words[k] in classes["REL"] or t.words[k] in "!?;\n":
            return False
    return False
