"""Measured against Duckling's English corpus of durations, where it lies beside the repository."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from twitchwise.understanding.durations import find_times

CORPUS = Path(__file__).resolve().parents[4].parent / "shared" / "eval" / "peers" / "durations_duckling_en.jsonl"
SECONDS = {"Y": 31536000, "M": 2592000, "W": 604800, "D": 86400, "TH": 3600, "TM": 60, "TS": 1}


def length_seconds(text: str) -> float | None:
    """Seconds of the one length in `text`; years with months are counted as months of 30 days, as Duckling does."""
    found = [x for x in find_times(text, dt.date(2026, 11, 22)) if x.days is not None]
    if len(found) != 1 or found[0].days is None:
        return None
    both = re.fullmatch(r"P(\d+)Y(\d+)M", found[0].iso)
    if both:
        return (int(both[1]) * 12 + int(both[2])) * SECONDS["M"]
    return round(found[0].days * 86400, 3)


@pytest.mark.skipif(not CORPUS.exists(), reason="the peer's corpus is not beside the repository")
def test_duckling_corpus() -> None:
    cases = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines() if line.strip()]
    lengths = [c for c in cases if c["seconds"] is not None]
    missed = [(c["text"], c["seconds"], length_seconds(c["text"])) for c in lengths if length_seconds(c["text"]) != c["seconds"]]
    false = [c["text"] for c in cases if c["seconds"] is None and length_seconds(c["text"]) is not None]
    print(f"Duckling: {len(lengths) - len(missed)}/{len(lengths)} lengths, {len(false)} false of {len(cases) - len(lengths)}")
    assert len(missed) <= 1, missed
    assert not false
