"""Training phrases, read from data/nlu without Rasa."""
from __future__ import annotations

import re
from pathlib import Path

import yaml

NLU = Path(__file__).resolve().parents[2] / "data" / "nlu"

_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def load_phrases(directory: Path = NLU) -> list[tuple[str, str]]:
    """(text, intent) of every training phrase below `directory`, without entity marks."""
    phrases = []
    for path in sorted(directory.glob("**/*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
        for block in content.get("nlu") or []:
            if "intent" not in block:
                continue
            for line in str(block.get("examples") or "").splitlines():
                if line.startswith("- "):
                    phrases.append((_ENTITY.sub(r"\1", line[2:]).strip(), str(block["intent"])))
    return phrases
