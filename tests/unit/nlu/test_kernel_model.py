from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from twitchwise.nlu import kernel_model
from twitchwise.nlu.kernel_model import KernelModel, Settings
from twitchwise.nlu.unit_rows import UnitRows

TEXTS = ["hot tea", "strong tea", "black tea", "green tea", "a red bus", "the night bus", "bus stop", "late bus"]
INTENTS = ["tea"] * 4 + ["bus"] * 4
# two directions with a little noise: what an encoder would give
VECTORS = np.random.default_rng(1).normal(0, 0.1, (8, 6)).astype(np.float32) + np.repeat(np.eye(6, dtype=np.float32)[:2], 4, axis=0)


@pytest.fixture
def model() -> KernelModel:
    return KernelModel.fit(TEXTS, VECTORS, INTENTS)


def test_learns_its_phrases(model: KernelModel) -> None:
    prediction = model.predict(TEXTS, VECTORS)
    assert [model.intents[number] for number in prediction.scores.argmax(axis=1)] == INTENTS
    assert prediction.confidence.sum(axis=1) == pytest.approx(np.ones(8), abs=1e-5)
    assert prediction.nearest == pytest.approx(np.ones(8), abs=1e-3)


def test_scores_solve_the_ridge_equations() -> None:
    """With vanishing ridge the training targets come back; with a great one the scores go towards nothing."""
    close = KernelModel.fit(TEXTS, VECTORS, INTENTS, Settings(ridge=1e-4)).predict(TEXTS, VECTORS).scores
    far = KernelModel.fit(TEXTS, VECTORS, INTENTS, Settings(ridge=1e4)).predict(TEXTS, VECTORS).scores
    assert close == pytest.approx(np.eye(2)[[1] * 4 + [0] * 4], abs=0.01)
    assert np.abs(far).max() < 0.01


def test_words_alone_can_decide(model: KernelModel) -> None:
    middle = VECTORS.mean(axis=0, keepdims=True)
    assert model.intents[model.predict(["tea"], middle).scores[0].argmax()] == "tea"
    assert model.intents[model.predict(["bus"], middle).scores[0].argmax()] == "bus"


def test_saved_and_loaded_it_says_the_same(model: KernelModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = KernelModel.load(tmp_path)
    assert np.array_equal(loaded.predict(TEXTS, VECTORS).confidence, model.predict(TEXTS, VECTORS).confidence)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["classifier.json", "classifier.npz", "rows.npy", "rows.onnx"]


def test_files_hold_no_pickles(model: KernelModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    with np.load(tmp_path / "classifier.npz", allow_pickle=False) as arrays:
        assert {arrays[name].dtype.kind for name in arrays.files} <= {"f", "u"}


def test_damaged_files_are_refused(model: KernelModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    path = tmp_path / "classifier.json"
    settings = json.loads(path.read_text())
    path.write_text(json.dumps({**settings, "intents": [*settings["intents"], "more"]}))
    with pytest.raises(ValueError, match="do not fit together"):
        KernelModel.load(tmp_path)
    path.unlink()
    with pytest.raises(OSError, match=r"classifier\.json"):
        KernelModel.load(tmp_path)


def test_one_intent_is_not_enough() -> None:
    with pytest.raises(ValueError, match="two intents"):
        KernelModel.fit(TEXTS[:4], VECTORS[:4], INTENTS[:4])


@pytest.mark.parametrize("left_out", [3, 8])
def test_phrases_are_left_out_one_by_one(left_out: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the sharpness is settled by: the scores of some phrases by the model of all the others."""
    monkeypatch.setattr(kernel_model, "_LEFT_OUT", left_out)
    seen: list[tuple[np.ndarray, np.ndarray]] = []
    monkeypatch.setattr(kernel_model, "_sharpness", lambda scores, labels: seen.append((scores, labels)) or 1.0)
    settings = Settings(balance=0.0, char_weight=0.0, word_weight=0.0)
    KernelModel.fit(TEXTS, VECTORS, INTENTS, settings)
    scores, labels = seen[0]
    assert scores.shape == (left_out, 2) and len(labels) == left_out
    order = np.random.default_rng(0).permutation(8)
    rows = UnitRows.of(VECTORS[order] - VECTORS[order].mean(axis=0)).floats()
    kernel = np.exp(settings.gamma * (rows @ rows.T - 1)) + settings.offset
    targets = np.eye(2)[[1 if INTENTS[number] == "tea" else 0 for number in order]]
    for place, number in enumerate(range(8 - left_out, 8)):
        others = [other for other in range(8) if other != number]
        solved = np.linalg.solve(kernel[np.ix_(others, others)] + settings.ridge * np.eye(7), targets[others])
        assert scores[place] == pytest.approx(kernel[number, others] @ solved, abs=1e-3)


def test_vectors_may_come_later(model: KernelModel) -> None:
    asked = []
    later = KernelModel.fit(TEXTS, lambda: asked.append(1) or VECTORS, INTENTS)
    np.testing.assert_array_equal(later.predict(TEXTS, VECTORS).scores, model.predict(TEXTS, VECTORS).scores)
    assert asked == [1]
