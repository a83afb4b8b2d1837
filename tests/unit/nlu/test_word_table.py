from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from twitchwise.nlu import word_table
from twitchwise.nlu.word_table import WordTable

TABLE = np.arange(60, dtype=np.float32).reshape(20, 3)


@pytest.fixture
def table(tmp_path: Path) -> WordTable:
    (tmp_path / "words.bin").write_bytes(TABLE.tobytes())
    return WordTable(tmp_path / "words.bin", 3)


def test_rows_are_those_of_the_file(table: WordTable) -> None:
    for _ in range(2):  # from the file, then from what is kept
        np.testing.assert_array_equal(table.rows([3, 0, 19, 3]), TABLE[[3, 0, 19, 3]])


def test_what_is_kept_is_bounded(table: WordTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_table, "KEPT", 4)
    np.testing.assert_array_equal(table.rows(range(20)), TABLE)
    assert len(table._kept) <= 4


def test_threads_do_not_disturb_each_other(table: WordTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_table, "KEPT", 2)
    wanted = [np.random.default_rng(seed).integers(0, 20, 200) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for numbers, rows in zip(wanted, pool.map(lambda each: table.rows(each.tolist()), wanted), strict=True):
            np.testing.assert_array_equal(rows, TABLE[numbers])


def test_a_row_that_is_not_there_is_an_error(table: WordTable) -> None:
    with pytest.raises(ValueError):
        table.rows([1, 20])
