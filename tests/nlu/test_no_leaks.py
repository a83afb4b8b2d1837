"""No evaluation sentence stands in the training data, word for word or nearly so."""
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from twitchwise.evaluation.data import ROOT, case_directories, load_cases, sentences_of
from twitchwise.evaluation.leaks import leaks
from twitchwise.nlu.phrases import load_phrases
from twitchwise.nlu.wordings import load_wordings

SHARED = ROOT.parent / "shared" / "eval" / "dev"   # the customer's own cases, where they are at hand


def _conversations(path: Path) -> list[str]:
    turns = [turn for case in yaml.safe_load(path.read_text(encoding="utf-8")) or [] for turn in case.get("turns") or []]
    said = [turn if isinstance(turn, str) else turn.get("say") for turn in turns]
    return [text for text in said if isinstance(text, str)]


@pytest.fixture(scope="module")
def phrases() -> list[str]:
    return [text for text, _ in load_phrases()] + [wording.text for wording in load_wordings()]


@pytest.mark.parametrize("kind", ["faq", "messages", "dialogues", "vignettes"])
def test_held_out_cases(phrases: list[str], kind: str) -> None:
    directories = case_directories([SHARED] if SHARED.is_dir() else [])
    cases = [case for group in load_cases(kind, directories).values() for case in group]
    assert cases
    assert list(leaks(phrases, (text for case in cases for text in sentences_of(case)))) == []


def test_conversations(phrases: list[str]) -> None:
    files = sorted((ROOT / "tests" / "conversations").glob("*.yml"))
    assert files
    assert list(leaks(phrases, (text for path in files for text in _conversations(path)))) == []
