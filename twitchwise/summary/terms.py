"""Clinical terms for our codes, from terms.yml. Loaded at the first use."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).with_name("terms.yml")


class TermsError(ValueError):
    """terms.yml is missing or damaged; the message says what to do."""


@dataclass(frozen=True)
class Term:
    """A clinical term; `snomed` and `display` only where the concept is the same beyond doubt."""

    term: str
    snomed: str | None = None
    display: str | None = None


@dataclass(frozen=True)
class Terms:
    """Terms by our codes."""

    findings: dict[str, Term]
    signals: dict[str, Term]
    triggers: dict[str, Term]
    red_flags: dict[str, Term]
    places: dict[str, Term]
    urgency: dict[str, str]
    questions: dict[str, str]

    def of_fact(self, kind: str, code: str) -> Term | None:
        """The term of a symptom, signal or trigger; None for what says nothing of the body."""
        return {"symptom": self.findings, "trigger": self.triggers}.get(kind, self.signals).get(code)


@lru_cache(maxsize=1)
def load_terms() -> Terms:
    """The terms, read and checked once. Raises TermsError."""
    try:
        raw = yaml.safe_load(PATH.read_text(encoding="utf-8"))
        parts: dict[str, Any] = {
            part: {code: Term(**entry) for code, entry in raw[part].items()}
            for part in ("findings", "signals", "triggers", "red_flags", "places")
        }
        return Terms(**parts, urgency=dict(raw["urgency"]), questions=dict(raw["questions"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise TermsError(f"summary/terms.yml cannot be read ({type(error).__name__}: {error}). Restore the file.") from error
