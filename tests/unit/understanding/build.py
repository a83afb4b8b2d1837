"""Short ways to ask what a message was understood as."""
from __future__ import annotations

import datetime
from dataclasses import replace
from functools import lru_cache

from twitchwise.understanding.clauses import Clauses
from twitchwise.understanding.findings import Finding
from twitchwise.understanding.patterns import Words
from twitchwise.understanding.reader import Reader, load_reader

TODAY = datetime.date(2026, 11, 22)      # a Sunday


@lru_cache(maxsize=1)
def reader() -> Reader:
    """The project's reader on a fixed day."""
    return replace(load_reader(), today=lambda: TODAY)


def findings(text: str, kind: str | None = None) -> list[Finding]:
    return [finding for finding in reader().read(text).findings if kind in (None, finding.kind)]


def asserted(text: str, kind: str = "symptom") -> dict[str, str | None]:
    """code -> assertion of one kind."""
    return {finding.code: finding.assertion for finding in findings(text, kind)}


def counting(text: str) -> set[str]:
    """Symptoms that count as there."""
    return {finding.code for finding in findings(text, "symptom") if finding.counts}


def sites(text: str) -> dict[str, str | None]:
    """Places that twitch or hurt now -> side."""
    return {finding.code: finding.laterality for finding in findings(text, "body_location") if finding.role == "site"}


def course(text: str) -> float | None:
    """How many days the complaint has gone on, None where it is not told."""
    return next((finding.days for finding in findings(text, "duration") if finding.role == "course"), None)


def words_of(text: str) -> Words:
    normaliser = reader().normaliser
    return normaliser.words(normaliser.tokens(text))


def clauses_of(text: str) -> Clauses:
    return Clauses(words_of(text))


def plain(text: str) -> Words:
    """Words split at spaces, nothing normalised."""
    parts, at = [], 0
    for word in text.split(" "):
        parts.append((word, at, at + len(word)))
        at += len(word) + 1
    return Words.build(parts)
