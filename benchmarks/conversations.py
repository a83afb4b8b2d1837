"""The recorded conversations that both assistants are driven with (conversations.yml), and longer ones made of them."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle, islice
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("conversations.yml")


@dataclass(frozen=True)
class Said:
    """One message, and the intent that Twitchwise's classifier gave it (stock Rasa gets its stories from these)."""

    text: str
    intent: str


@dataclass(frozen=True)
class Recorded:
    """One conversation, as somebody typed it."""

    id: str
    about: str
    said: tuple[Said, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(each.text for each in self.said)


@lru_cache(maxsize=1)
def load(file: Path = FILE) -> tuple[Recorded, ...]:
    """All conversations. Raises ValueError for one that says nothing."""
    found = []
    for raw in yaml.safe_load(file.read_text(encoding="utf-8")):
        said = tuple(Said(str(text), str(intent)) for intent, text in (next(iter(turn.items())) for turn in raw["said"]))
        if not said or not all(each.text.strip() for each in said):
            raise ValueError(f"{file.name}: {raw['id']} has a message without words")
        found.append(Recorded(raw["id"], raw["about"], said))
    return tuple(found)


def long_conversation(turns: int, recorded: Sequence[Recorded] | None = None) -> list[str]:
    """`turns` messages of one person: the recorded conversations one after the other, again and again."""
    return list(islice(_endless(recorded or load()), turns))


def _endless(recorded: Sequence[Recorded]) -> Iterator[str]:
    for each in cycle(recorded):
        yield from each.texts


def first_messages(recorded: Sequence[Recorded] | None = None) -> list[str]:
    """How the recorded conversations begin."""
    return [each.texts[0] for each in recorded or load()]
