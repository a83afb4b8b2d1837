"""The dialogue's own words: texts/*.yml, read and checked once."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent / "texts"


class TextsError(ValueError):
    """A text file is missing, damaged or incomplete; the message names the file and the entry."""


@dataclass(frozen=True)
class Texts:
    """`said`: key -> variants; `data`: everything that is not a plain text (levels, buttons, names)."""

    said: dict[str, tuple[str, ...]]
    data: dict[str, Any]

    def say(self, key: str, seed: int = 0, **words: Any) -> str:
        """One variant of a text, its placeholders filled in. Raises KeyError for an unknown key or a word not given."""
        variants = self.said[key]
        return variants[seed % len(variants)].format(**words)


@lru_cache(maxsize=1)
def load_texts() -> Texts:
    """Every text of the package. Raises TextsError."""
    said: dict[str, tuple[str, ...]] = {}
    data: dict[str, Any] = {}
    for path in sorted(HERE.glob("*.yml")):
        try:
            raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise TextsError(f"dialogue/texts/{path.name} cannot be read: {error}. Restore the file.") from error
        for key, value in (raw.get("texts") or {}).items():
            variants = tuple([value] if isinstance(value, str) else value)
            if key in said or not variants or not all(isinstance(each, str) and each.strip() for each in variants):
                raise TextsError(f"dialogue/texts/{path.name}: the text '{key}' is empty, no text, or there twice.")
            said[key] = tuple(each.strip() for each in variants)
        for key, value in (raw.get("data") or {}).items():
            if key in data:
                raise TextsError(f"dialogue/texts/{path.name}: '{key}' is there twice.")
            data[key] = value
    if not said:
        raise TextsError("dialogue/texts holds no texts. Restore the package.")
    return Texts(said, data)
