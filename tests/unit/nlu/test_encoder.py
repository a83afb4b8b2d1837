from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.nlu import encoder as module
from twitchwise.nlu.encoder import WIDTH, Encoder, EncoderError, prepare
from twitchwise.settings import Settings


@pytest.fixture
def copied(tmp_path: Path, encoder: Encoder) -> Path:
    shutil.copytree(Settings().models_dir / "encoder", tmp_path / "encoder")
    return tmp_path


def test_vectors_have_length_one_and_texts_that_mean_the_same_are_close(encoder: Encoder) -> None:
    vectors = encoder.encode(["does coffee make muscles twitch?", "can caffeine cause twitching?", "the train to Leeds is late"])
    assert vectors.shape == (3, WIDTH)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.6 > 0.3 > vectors[0] @ vectors[2]


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    alone = encoder.encode(["my calf jumps"])[0]
    beside = encoder.encode(["a much longer text stands before it, with many more words than it has", "my calf jumps"])[1]
    assert np.array_equal(alone, beside)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, WIDTH)


def test_what_comes_after_the_limit_changes_nothing(encoder: Encoder) -> None:
    text = "twitch " * 200
    assert np.array_equal(encoder.encode([text])[0], encoder.encode([text + "coffee"])[0])


@given(st.text(max_size=300) | st.text(st.characters(), max_size=50))
@settings(deadline=None, max_examples=60)
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\0", "\U0001f642" * 500, "x" * 100_000, "\n" * 5000])
def test_odd_texts_have_a_vector(encoder: Encoder, text: str) -> None:
    assert np.linalg.norm(encoder.encode([text])[0]) == pytest.approx(1, abs=1e-4)


def test_missing_files_are_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"manifest.json is missing.*make models|manifest.json is missing.*python -m"):
        Encoder.load(tmp_path)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json"])
def test_a_changed_file_is_refused(copied: Path, name: str) -> None:
    path = copied / "encoder" / name
    path.write_bytes(path.read_bytes()[:-10] + b"0123456789")
    with pytest.raises(EncoderError, match="is not what was built"):
        Encoder.load(copied)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"files": {}}', "\x00"])
def test_a_damaged_manifest_is_refused(copied: Path, content: str) -> None:
    (copied / "encoder" / "manifest.json").write_text(content)
    with pytest.raises(EncoderError, match=r"damaged|another version"):
        Encoder.load(copied)


def test_another_graph_version_is_refused(copied: Path) -> None:
    path = copied / "encoder" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "graph": -1}))
    with pytest.raises(EncoderError, match="another version"):
        Encoder.load(copied)


def test_prepare_leaves_a_whole_encoder_alone(copied: Path) -> None:
    graph = copied / "encoder" / "encoder.onnx"
    before = graph.stat().st_mtime_ns
    assert prepare(copied) == copied / "encoder"
    assert graph.stat().st_mtime_ns == before


def test_prepare_mends_a_damaged_encoder_and_builds_the_same_bytes(copied: Path) -> None:
    graph = copied / "encoder" / "encoder.onnx"
    whole = graph.read_bytes()
    graph.write_bytes(b"")
    prepare(copied)
    assert graph.read_bytes() == whole


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    (tmp_path / "tokenizer.json").write_text("{}")
    monkeypatch.setattr(module, "_weights_dir", lambda: tmp_path)
    with pytest.raises(EncoderError, match="not the published model"):
        prepare(tmp_path / "models")
    assert not (tmp_path / "models" / "encoder" / "manifest.json").exists()


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PACKAGE", "no_such_package")
    with pytest.raises(EncoderError, match=r"make setup"):
        prepare(tmp_path)


def test_importing_loads_no_library_of_models() -> None:
    names = ("onnx", "onnxruntime", "tokenizers", "torch", "rasa")
    code = f"import sys, twitchwise.nlu.encoder; print([name for name in {names} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
