"""Held-out cases, read from their files."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
CASES = ROOT / "tests" / "nlu" / "cases"


def load_cases(kind: str, directories: list[Path]) -> dict[str, list[dict[str, Any]]]:
    """`kind` faq, messages, dialogues or vignettes: the cases of each directory that has the file, by the directory's name."""
    found = {}
    for directory in directories:
        path = directory / f"{kind}.jsonl"
        if path.is_file():
            found[directory.name] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return found


def case_directories(extra: list[Path] | None = None) -> list[Path]:
    """The project's own case directories, then `extra`."""
    return [path for path in sorted(CASES.iterdir()) if path.is_dir()] + list(extra or [])


def sentences_of(case: dict[str, Any]) -> list[str]:
    """Everything that a person says in a case of any kind."""
    said = [case.get("text"), case.get("opening"), *(case.get("facts") or {}).values()]
    said += [turn.get("say") for turn in case.get("turns") or []]
    return [text for text in said if isinstance(text, str) and text.strip()]
