"""Wordings: their files, the model made of them, and how it is kept."""
from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from twitchwise.nlu import wordings
from twitchwise.nlu.encoder import Encoder
from twitchwise.nlu.wordings import NONE, Wording, Wordings, WordingsError, load_wordings
from twitchwise.settings import Settings
from twitchwise.vocabulary.codes import load_codes

SENTENCES = [
    ("the jam jar has won again", "weakness"), ("cannot turn the tap any more", "weakness"), ("keys slip out of my fingers", "weakness"),
    ("zips defeat me these days", "weakness"), ("the kettle is too heavy now", "weakness"), ("my wrist gives in under a pan", "weakness"),
    ("we went to the seaside on Sunday", NONE), ("the cat sleeps on my bed", NONE), ("thank you for your help", NONE),
    ("my boss is on holiday", NONE), ("I like tea with milk", NONE), ("it rained the whole week", NONE),
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.shared(Settings().models_dir)


@pytest.fixture(scope="module")
def small(encoder: Encoder) -> Wordings:
    return Wordings.fit(encoder, [Wording(text, code, "test") for text, code in SENTENCES], least=0.3)


def write(directory: Path, content: str) -> Path:
    directory.mkdir(exist_ok=True)
    (directory / "weakness.yml").write_text(content, encoding="utf-8")
    return directory


def test_every_sentence_is_of_a_known_code_and_told_once() -> None:
    found = load_wordings()
    assert {wording.code for wording in found} <= {NONE, *load_codes().symptoms}
    assert all(3 <= len(wording.text) <= 400 for wording in found)
    twice = {text: count for text, count in Counter(wording.text.lower() for wording in found).items() if count > 1}
    assert not twice
    assert len({wording.voice for wording in found}) >= 4


def test_what_is_alike_is_suggested_and_the_rest_is_not(small: Wordings) -> None:
    alike, other = small.suggest(["that jar of jam beats me again", "thanks for helping me"])
    assert [item.code for item in alike] == ["weakness"] and alike[0].score >= 0.3
    assert other == []
    assert small.suggest([]) == []


@pytest.mark.parametrize("text", ["", " ", "\ud800", "x" * 5000, "🙂" * 300])
def test_no_text_raises(small: Wordings, text: str) -> None:
    assert isinstance(small.suggest([text]), list)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("code: weakness\nvoices: [", "cannot be read"),
        ("voices: {a: [b]}", "cannot be read"),
        ("code: weakness\nvoices: 3", "cannot be read"),
        ("code: sadness\nvoices: {a: [some words here]}", "'sadness' is no symptom"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(WordingsError, match=words) as caught:
        load_wordings(write(tmp_path / "wordings", content))
    assert "weakness.yml" in str(caught.value)


def test_the_model_is_kept_until_a_sentence_changes(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    def lines(extra: str = "") -> str:
        return "code: weakness\nvoices: {test: [" + ", ".join(json.dumps(text) for text, code in SENTENCES if code != NONE) + extra + "]}\n"

    directory, models = write(tmp_path / "wordings", lines()), tmp_path / "models"
    (directory / "none.yml").write_text(
        "code: none\nvoices: {test: [" + ", ".join(json.dumps(text) for text, code in SENTENCES if code == NONE) + "]}\n", encoding="utf-8")
    fits: list[int] = []
    original = Wordings.fit.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(wordings, "prepare", lambda _models: None)
    monkeypatch.setattr(Wordings, "fit", classmethod(lambda cls, *args, **more: fits.append(1) or original(cls, *args, **more)))
    first = wordings.load(models, encoder, directory)
    again = wordings.load(models, encoder, directory)
    assert len(fits) == 1
    probe = ["that jar of jam beats me again"]
    assert first.suggest(probe) == again.suggest(probe)
    write(directory, lines(', "the bread knife will not cut"'))
    wordings.load(models, encoder, directory)
    assert len(fits) == 2
    (models / "wordings" / "classifier.json").write_text("{", encoding="utf-8")
    assert wordings.load(models, encoder, directory).suggest(probe)
    assert len(fits) == 3
