from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from filelock import FileLock

from twitchwise.nlu import phrase_vectors as phrase_vectors_module
from twitchwise.nlu.encoder import WIDTH
from twitchwise.nlu.phrase_vectors import phrase_vectors


class CountingEncoder:
    """Gives each text a vector of its own, and remembers which it was asked for."""

    def __init__(self, version: str = "one") -> None:
        self.version = version
        self.asked: list[str] = []

    def encode_many(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return np.stack([np.full(WIDTH, len(text), np.float32) for text in texts])


def vectors(encoder: CountingEncoder, texts: Sequence[str], file: Path) -> list[float]:
    found = phrase_vectors(encoder, texts, file)  # type: ignore[arg-type]
    assert found.shape == (len(texts), WIDTH) and found.dtype == np.float32
    return [float(row[0]) for row in found]


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    file, encoder = tmp_path / "models" / "v.npz", CountingEncoder()
    assert vectors(encoder, ["a", "bb", "a"], file) == [1, 2, 1]
    assert encoder.asked == ["a", "bb"]
    assert vectors(encoder, ["ccc", "bb", "a"], file) == [3, 2, 1]
    assert encoder.asked == ["a", "bb", "ccc"]
    assert vectors(encoder, ["a", "ccc"], file) == [1, 3]
    assert encoder.asked == ["a", "bb", "ccc"]


def test_another_encoder_begins_anew(tmp_path: Path) -> None:
    file, later = tmp_path / "v.npz", CountingEncoder("two")
    vectors(CountingEncoder(), ["a"], file)
    assert vectors(later, ["a"], file) == [1]
    assert later.asked == ["a"]


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_damaged_file_counts_as_empty(content: bytes | None, tmp_path: Path) -> None:
    file, encoder = tmp_path / "v.npz", CountingEncoder()
    if content is None:
        np.savez(file, names=np.array(["x"]), vectors=np.zeros((3, WIDTH)), version=np.array("one"))
    else:
        file.write_bytes(content)
    assert vectors(encoder, ["a"], file) == [1]
    assert vectors(encoder, ["a"], file) == [1]
    assert encoder.asked == ["a"]


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    encoder = CountingEncoder()
    assert vectors(encoder, ["a"], tmp_path / "models" / "v.npz") == [1]
    assert vectors(encoder, [], tmp_path / "models" / "v.npz") == []


def test_who_comes_second_waits_and_works_nothing_out_again(tmp_path: Path) -> None:
    file, second, entered, leave = tmp_path / "v.npz", CountingEncoder(), Event(), Event()

    class SlowEncoder(CountingEncoder):
        def encode_many(self, texts: Sequence[str]) -> np.ndarray:
            entered.set()
            assert leave.wait(30)
            return super().encode_many(texts)

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(vectors, SlowEncoder(), ["a", "bb"], file)
        assert entered.wait(30)
        waiting = pool.submit(vectors, second, ["bb", "a"], file)
        leave.set()
        assert slow.result(30) == [1, 2] and waiting.result(30) == [2, 1]
    assert second.asked == []


def test_who_waits_in_vain_works_it_out_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(phrase_vectors_module, "WAIT_S", 0.05)
    file, encoder = tmp_path / "v.npz", CountingEncoder()
    with FileLock(file.with_suffix(".lock")), ThreadPoolExecutor(1) as pool:
        assert pool.submit(vectors, encoder, ["a"], file).result(30) == [1]
    assert encoder.asked == ["a"]
