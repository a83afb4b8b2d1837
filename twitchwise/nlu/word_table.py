"""The encoder's table of word vectors, read row by row from its file.

In the graph it took 47 MB of each process, and mapped into memory nearly as much, because the system brings in the neighbours of each row that is
used. People use a few thousand of its 30,000 words.
"""
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

#: Rows that are kept, 1.5 kB each.
KEPT = 3000


class WordTable:
    """Rows of float32 by number; safe to share between threads."""

    def __init__(self, path: Path, width: int) -> None:
        """Raises OSError when the file cannot be opened."""
        self._file = path.open("rb", buffering=0)
        self._size = 4 * width
        self._lock = Lock()
        self._kept: dict[int, np.ndarray] = {}

    def rows(self, numbers: Sequence[int]) -> np.ndarray:
        """float32 (len(numbers), width). Raises OSError or ValueError when the file ends before."""
        return np.stack([kept if (kept := self._kept.get(number)) is not None else self._read(number) for number in numbers])

    def _read(self, number: int) -> np.ndarray:
        with self._lock:
            self._file.seek(number * self._size)
            content = self._file.read(self._size)
            if len(content) != self._size:
                raise ValueError(f"The encoder's table of words, {self._file.name}, ends too early. Run `make setup` to build it again.")
            row = np.frombuffer(content, np.float32)
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[number] = row
        return row
