from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from twitchwise.nlu import ahead
from twitchwise.nlu.encoder import Encoder, EncoderError
from twitchwise.nlu.phrase_vectors import phrase_vectors
from twitchwise.settings import Settings

PHRASES = "nlu:\n- intent: greet\n  examples: |\n    - hello there\n    - good morning\n"


class NoEncoder:
    """As the encoder it names, but it can encode nothing."""

    def __init__(self, version: str) -> None:
        self.version = version


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "data" / "nlu" / "greet.yml").write_text(PHRASES, encoding="utf-8")
    return tmp_path / "data"


@pytest.fixture
def models(tmp_path: Path, encoder: Encoder) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "encoder").symlink_to(Settings().models_dir / "encoder")
    return tmp_path / "models"


def test_the_phrases_are_encoded_meanwhile(data: Path, models: Path, encoder: Encoder) -> None:
    with ahead.encoding_ahead(models, data):
        deadline = time.monotonic() + 60
        while not (models / ahead.VECTORS).is_file() and time.monotonic() < deadline:
            time.sleep(0.05)
    texts = ["good morning", "hello there"]
    kept = phrase_vectors(NoEncoder(encoder.version), texts, models / ahead.VECTORS)  # type: ignore[arg-type]
    np.testing.assert_array_equal(kept, encoder.encode_many(texts))


def test_without_an_encoder_the_training_is_not_disturbed(data: Path, tmp_path: Path) -> None:
    with ahead.encoding_ahead(tmp_path / "nothing", data):
        time.sleep(0.2)
    assert not (tmp_path / "nothing" / ahead.VECTORS).exists()
    with pytest.raises(EncoderError):
        ahead.encode(tmp_path / "nothing", data)


def test_a_training_that_fails_leaves_no_process(data: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    original = ahead.subprocess.Popen
    monkeypatch.setattr(ahead.subprocess, "Popen", lambda *args, **rest: started.append(original(*args, **rest)) or started[-1])
    with pytest.raises(ValueError, match="broken"), ahead.encoding_ahead(models, data):
        raise ValueError("broken")
    assert started[0].poll() is not None
