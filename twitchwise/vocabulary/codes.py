"""The codes that every interface speaks, loaded from codes.yml."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Codes:
    """The clinical vocabulary. `levels` runs from least to most urgent; `red_flags` maps a flag to its level."""

    assertions: tuple[str, ...]
    levels: tuple[str, ...]
    red_flags: dict[str, str]
    amber_features: tuple[str, ...]
    region_of: dict[str, str]
    symptoms: tuple[str, ...]
    triggers: tuple[str, ...]
    faq_topics: tuple[str, ...]

    def rank(self, level: str | None) -> int:
        """How urgent `level` is: 0 for self_care, -1 for None."""
        return -1 if level is None else self.levels.index(level)

    def highest(self, levels: list[str]) -> str | None:
        """The most urgent of `levels`, None for an empty list."""
        return max(levels, key=self.rank, default=None)


@lru_cache(maxsize=1)
def load_codes() -> Codes:
    """Read the vocabulary once; a missing or damaged file raises at the first call."""
    raw = yaml.safe_load((HERE / "codes.yml").read_text(encoding="utf-8"))
    return Codes(
        assertions=tuple(raw["assertions"]),
        levels=tuple(raw["triage_levels"]),
        red_flags={code: entry["level"] for code, entry in raw["red_flags"].items()},
        amber_features=tuple(raw["amber_features"]),
        region_of={code: region for region, codes in raw["body_locations"].items() for code in codes},
        symptoms=tuple(raw["symptoms"]),
        triggers=tuple(raw["triggers"]),
        faq_topics=tuple(raw["faq_topics"]),
    )
