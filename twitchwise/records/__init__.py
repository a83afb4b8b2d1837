"""What is kept: conversations in codes, escalations and their delivery, Rasa's trackers. Loaded when first used."""
from __future__ import annotations

from importlib import import_module
from typing import Any

_PUBLIC = {
    "migrate": "schema", "downgrade": "schema",
    "Recorder": "recorder", "Recorded": "recorder", "open_recorder": "adapter", "TurnRecorder": "adapter",
    "Escalation": "turns", "Keys": "keys", "make_engine": "engine", "shared_engine": "engine",
}
__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(f"twitchwise.records.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
