"""Keeps compiled phrases between starts: opening 3,600 phrases into their word forms takes seconds, reading them back does not.

Only a shortcut: a missing, old or damaged file means compiling again, and a folder that cannot be written means nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

_HERE = Path(__file__).parent
#: What decides how a phrase compiles, besides its own text.
_MAKERS = (_HERE / "patterns.py", _HERE.parent / "vocabulary" / "lexicon" / "classes.yml")


def default_path() -> Path | None:
    """models/phrases.json of the running project, None where there is no such folder."""
    folder = Path(os.environ.get("TWITCHWISE_MODELS_DIR", "models"))
    return folder / "phrases.json" if folder.is_dir() else None


def _version() -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in _MAKERS)).hexdigest()


def read(path: Path | None) -> dict[str, tuple[str, frozenset[str]]]:
    """The kept phrases: source -> (regex, anchors)."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8")) if path else {}
        if kept.get("version") != _version():
            return {}
        return {source: (regex, frozenset(anchors)) for source, (regex, anchors) in kept["phrases"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write(path: Path | None, phrases: dict[str, tuple[str, frozenset[str]]]) -> None:
    """Keep them, whole or not at all."""
    if path is None:
        return
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        kept = {"version": _version(), "phrases": {source: [regex, sorted(anchors)] for source, (regex, anchors) in phrases.items()}}
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
