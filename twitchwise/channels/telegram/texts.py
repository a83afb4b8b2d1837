"""The connector's own words, from texts.yml."""
from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from twitchwise.channels import safety_net

FILE = Path(__file__).with_name("texts.yml")
_MEDIA = {"animation": "video", "video_note": "video", "paid_media": "photo", "story": "video", "venue": "location", "dice": "sticker"}


@lru_cache(maxsize=1)
def load_texts() -> dict[str, Any]:
    """The whole file."""
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def say(key: str, country: str | None = None, **values: str) -> str:
    """A text with its numbers filled in. `values` are taken as they are."""
    return _fill(load_texts()["texts"][key], country, values)


def media_text(kind: str | None, country: str | None = None) -> str:
    """The sentence for a message without words."""
    media = load_texts()["media"]
    name = _MEDIA.get(kind or "", kind or "other")
    return _fill(media.get(name, media["other"]), country, {})


def _fill(text: str, country: str | None, values: dict[str, str]) -> str:
    for name in ("emergency", "crisis"):
        if f"{{{name}}}" in text:
            number = safety_net.emergency_number(country) if name == "emergency" else safety_net.crisis_line(country)
            text = text.replace(f"{{{name}}}", number)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text.strip()
