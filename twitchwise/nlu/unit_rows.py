"""Vectors of length 1 that others are compared with, as whole numbers of 7 bits: a quarter of the memory, and a tenth of the time.

Ten thousand rows of 384 floats are 16 MB, which the processor has to fetch for every message; that took longer than anything else in reading a
question but the sentence encoder. onnxruntime multiplies whole numbers. With 7 bits no sum of two products leaves 16 bits, so the
result is exact on every processor, and the same as NumPy's (a test compares them). What rounding changes is known when the model is trained:
it is trained on these rows.
"""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

_FILE, _LENGTHS = "rows.onnx", "rows.npy"
#: The greatest number in a row, and in what is compared with it.
_MOST, _MOST_ASKED = 63, 127
_ZERO = 128


class UnitRows:
    """`lengths` (n,): of the rows in whole numbers; those are `numbers` int8 (n, width), or the product of a session."""

    def __init__(self, lengths: np.ndarray, numbers: np.ndarray | None = None, session: Any = None) -> None:
        self._lengths, self._numbers, self._session = lengths, numbers, session
        self._as_floats = None if numbers is None else numbers.astype(np.float32)

    def __len__(self) -> int:
        return len(self._lengths)

    @classmethod
    def of(cls, vectors: np.ndarray) -> UnitRows:
        """The directions of `vectors` (n, width)."""
        numbers = _whole(vectors, _MOST)
        return cls(_norms(numbers), numbers)

    def floats(self) -> np.ndarray:
        """The rows, float32 (n, width). Raises ValueError for rows that were read from a file."""
        if self._as_floats is None:
            raise ValueError("Rows that were read from a file are only compared with.")
        return self._as_floats / self._lengths[:, None]

    def cosines(self, vectors: np.ndarray) -> np.ndarray:
        """How alike each of `vectors` (m, width) is to each row: float32 (m, n)."""
        asked = _whole(vectors, _MOST_ASKED)
        products = [self._product(numbers) / (self._lengths * length) for numbers, length in zip(asked, _norms(asked), strict=True)]
        return np.stack(products).astype(np.float32) if products else np.zeros((0, len(self)), np.float32)

    def _product(self, numbers: np.ndarray) -> np.ndarray:
        if self._session is not None:
            found: np.ndarray = self._session.run(["product"], {"asked": (numbers.astype(np.int16) + _ZERO).astype(np.uint8)[None]})[0][0]
            return found.astype(np.float32)
        assert self._as_floats is not None
        # exact: the sums stay below 2**24
        product: np.ndarray = self._as_floats @ numbers.astype(np.float32)
        return product

    def save(self, directory: Path) -> None:
        """Two files. Raises ValueError for rows that were read from files."""
        from onnx import TensorProto, helper, numpy_helper

        if self._numbers is None:
            raise ValueError("Rows that were read from a file are there already.")
        constants = [numpy_helper.from_array(np.ascontiguousarray(self._numbers.T), "rows"), numpy_helper.from_array(np.array(_ZERO, np.uint8), "zero")]
        graph = helper.make_graph(
            [helper.make_node("MatMulInteger", ["asked", "rows", "zero"], ["product"])], "rows",
            [helper.make_tensor_value_info("asked", TensorProto.UINT8, ["texts", self._numbers.shape[1]])],
            [helper.make_tensor_value_info("product", TensorProto.INT32, ["texts", len(self)])], constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        (directory / _FILE).write_bytes(model.SerializeToString())
        np.save(directory / _LENGTHS, self._lengths)

    @classmethod
    def load(cls, directory: Path) -> UnitRows:
        """Raises OSError or ValueError when the files are missing or damaged."""
        import onnxruntime

        lengths = np.load(directory / _LENGTHS, allow_pickle=False)
        graph = (directory / _FILE).read_bytes()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has a class of its own for each way of being damaged
            raise ValueError(f"{_FILE} cannot be read") from error
        if session.get_outputs()[0].shape[-1] != len(lengths):
            raise ValueError("the files of rows do not fit together")
        return cls(lengths, session=session)


def _whole(vectors: np.ndarray, most: int) -> np.ndarray:
    """The directions of `vectors` in whole numbers from -`most` to `most`, int8."""
    if not vectors.size:
        return np.zeros(vectors.shape, np.int8)
    greatest = np.abs(vectors).max(axis=1, keepdims=True)
    # what is next to nothing has no direction but that of its rounding errors
    numbers: np.ndarray = np.rint(vectors / np.where(greatest > 1e-6, greatest, np.inf) * most).astype(np.int8)
    return numbers


def _norms(numbers: np.ndarray) -> np.ndarray:
    result: np.ndarray = np.maximum(np.linalg.norm(numbers.astype(np.float32), axis=1), 1.0).astype(np.float32)
    return result
