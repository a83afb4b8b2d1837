"""The words of time, read once from words.yml."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Unit:
    """One unit: its length in days and the letter of ISO 8601 ("TS" is a time part, "W2" is two weeks)."""

    key: str
    days: float
    iso: str


@dataclass(frozen=True)
class Words:
    """Everything in words.yml, arranged for look-up by the lower-case word."""

    raw: dict[str, Any]
    units: dict[str, Unit]
    singular: dict[str, str]
    plural: dict[str, str]
    letters: dict[str, str]
    modifiers: dict[str, list[tuple[Phrase, str]]]
    suffixes: dict[str, list[tuple[Phrase, str]]]
    phrases: dict[tuple[str, str], list[tuple[Phrase, str, Any]]]
    phrase_starts: frozenset[str]
    after_since: dict[str, list[tuple[Phrase, str, Any]]]
    classes: dict[str, frozenset[str]] = field(default_factory=dict)


def split_phrase(text: str) -> Phrase:
    """The tokens of a phrase of the YAML file, cut exactly as a message is."""
    from twitchwise.understanding.durations.tokens import cut

    tokens = cut(text)
    return tuple(tokens.words[: len(tokens)])


def _index(entries: list[tuple[Phrase, Any]]) -> dict[str, list[tuple[Phrase, Any]]]:
    table: dict[str, list[tuple[Phrase, Any]]] = {}
    for phrase, value in entries:
        table.setdefault(phrase[0], []).append((phrase, value))
    for rows in table.values():
        rows.sort(key=lambda row: -len(row[0]))
    return table


def _index3(entries: list[tuple[Phrase, str, Any]]) -> dict[str, list[tuple[Phrase, str, Any]]]:
    table = _index([(phrase, (kind, value)) for phrase, kind, value in entries])
    return {first: [(phrase, kv[0], kv[1]) for phrase, kv in rows] for first, rows in table.items()}


def _by_two(entries: list[tuple[Phrase, str, Any]]) -> dict[tuple[str, str], list[tuple[Phrase, str, Any]]]:
    """Phrases under their first two words (the second is "" for a single word), the longest first."""
    table: dict[tuple[str, str], list[tuple[Phrase, str, Any]]] = {}
    for entry in entries:
        table.setdefault((entry[0][0], (*entry[0], "")[1]), []).append(entry)
    for rows in table.values():
        rows.sort(key=lambda row: -len(row[0]))
    return table


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of time. Read at the first call, kept afterwards."""
    raw = yaml.safe_load(Path(__file__).with_name("words.yml").read_text(encoding="utf-8"))
    units: dict[str, Unit] = {}
    singular: dict[str, str] = {}
    plural: dict[str, str] = {}
    letters: dict[str, str] = {}
    for key, row in raw["units"].items():
        units[key] = Unit(key, row["seconds"] / 86400, row["iso"])
        singular.update(dict.fromkeys(row["singular"], key))
        plural.update(dict.fromkeys(row["plural"], key))
        letters.update(dict.fromkeys(row["letters"], key))

    def effects(table: dict[str, list[str]]) -> dict[str, list[tuple[Phrase, str]]]:
        return _index([(split_phrase(p), effect) for effect, phrases in table.items() for p in phrases])

    phrases: list[tuple[Phrase, str, Any]] = []
    phrases += [(split_phrase(p), "moment", value) for p, value in raw["moments"].items()]
    phrases += [(split_phrase(p), "stretch", value) for p, value in raw["stretches"].items()]
    phrases += [(split_phrase(p), "vague", raw["vague_range"].get(p)) for p in raw["vague"]]
    phrases += [(split_phrase(p), "past", None) for p in raw["past_life"]]
    phrases += [(split_phrase(p), "future", None) for p in raw["future"]]
    phrases += [(split_phrase(p), "rate", raw["rate_days"].get(p)) for p in raw["rate"]]
    phrases += [(split_phrase(p), "nothing", None) for p in raw["nothing"]]
    phrases += [(split_phrase(p), "holiday", value) for p, value in raw["holidays"].items()]
    phrases += [(split_phrase(p), "period", value) for p, value in raw["periods"].items()]
    since: list[tuple[Phrase, str, Any]] = [(split_phrase(p), "today", None) for p in raw["since_today"]]
    since += [(split_phrase(p), "vague", value) for p, value in raw["since_long"].items()]
    meals = raw["meals"]
    since += [((article, *split_phrase(p)), "today", None) for p in meals for article in ("the", "my", "his", "her", "our")]
    for p in raw["since_event"]:
        for article in ("my", "the", "his", "her", "a", "our"):
            since.append(((article, *split_phrase(p)), "vague", None))
    return Words(
        raw=raw,
        units=units,
        singular=singular,
        plural=plural,
        letters=letters,
        modifiers=effects(raw["modifiers"]),
        suffixes=effects(raw["suffixes"]),
        phrases=_by_two(phrases),
        phrase_starts=frozenset(phrase[0] for phrase, _, _ in phrases),
        after_since=_index3(since),
        classes={name: frozenset(members) for name, members in raw["classes"].items()},
    )
