from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from twitchwise.nlu.unit_rows import UnitRows

RANDOM = np.random.default_rng(2)
VECTORS = RANDOM.standard_normal((200, 384)).astype(np.float32)
ASKED = RANDOM.standard_normal((5, 384)).astype(np.float32)


def cosines(asked: np.ndarray, rows: np.ndarray) -> np.ndarray:
    found: np.ndarray = (asked / np.linalg.norm(asked, axis=1, keepdims=True)) @ (rows / np.linalg.norm(rows, axis=1, keepdims=True)).T
    return found


def test_cosines_are_those_of_the_vectors_but_for_rounding() -> None:
    assert UnitRows.of(VECTORS).cosines(ASKED) == pytest.approx(cosines(ASKED, VECTORS), abs=0.003)
    assert UnitRows.of(VECTORS).cosines(VECTORS).diagonal() == pytest.approx(np.ones(200), abs=1e-3)


def test_the_rows_have_length_one() -> None:
    assert np.linalg.norm(UnitRows.of(VECTORS * 7).floats(), axis=1) == pytest.approx(np.ones(200), abs=1e-5)


def test_read_from_files_they_give_the_very_same(tmp_path: Path) -> None:
    """Whole numbers: onnxruntime and NumPy agree to the last bit, also where every number is as great as it can be."""
    hard = np.concatenate([VECTORS, np.ones((1, 384)), -np.ones((1, 384))]).astype(np.float32)
    rows = UnitRows.of(hard)
    rows.save(tmp_path)
    loaded = UnitRows.load(tmp_path)
    assert len(loaded) == len(rows) == 202
    assert np.array_equal(loaded.cosines(np.concatenate([ASKED, hard[-2:]])), rows.cosines(np.concatenate([ASKED, hard[-2:]])))
    with pytest.raises(ValueError, match="only compared with"):
        loaded.floats()
    with pytest.raises(ValueError, match="there already"):
        loaded.save(tmp_path)


@given(arrays.arrays(np.float32, (3, 8), elements=st.floats(-1e3, 1e3, width=32)))
def test_any_vectors_can_be_compared(vectors: np.ndarray) -> None:
    found = UnitRows.of(vectors).cosines(vectors)
    assert np.isfinite(found).all() and np.abs(found).max() <= 1.001


def test_nothing_is_like_no_direction() -> None:
    assert UnitRows.of(VECTORS).cosines(np.full((1, 384), 1e-9, np.float32)).max() == 0.0
    assert UnitRows.of(VECTORS).cosines(np.zeros((0, 384), np.float32)).shape == (0, 200)


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    UnitRows.of(VECTORS).save(tmp_path)
    np.save(tmp_path / "rows.npy", np.ones(3, np.float32))
    with pytest.raises(ValueError, match="do not fit together"):
        UnitRows.load(tmp_path)
    (tmp_path / "rows.onnx").write_bytes(b"no graph")
    with pytest.raises(ValueError, match="cannot be read"):
        UnitRows.load(tmp_path)
    (tmp_path / "rows.onnx").unlink()
    with pytest.raises(OSError, match=r"rows\.onnx"):
        UnitRows.load(tmp_path)
