"""The vectors of training phrases, kept beside the encoder: a training after a change encodes only what is new.

Encoding is the longest part of a training. A vector depends on nothing but its text and the encoder, so those of the last time are the same.
"""
from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from twitchwise.nlu.encoder import WIDTH, Encoder

#: Ten times what all phrases take.
WAIT_S = 180.0


def phrase_vectors(encoder: Encoder, texts: Sequence[str], file: Path | None) -> np.ndarray:
    """What `encoder.encode_many(texts)` gives, float32 (len(texts), 384). Vectors of texts that stand in `file` are taken from there; then it
    holds those of `texts`. A file that is missing, damaged or of another encoder counts as empty. While another process works on the same file
    it is waited for. Without `file` none are kept."""
    if file is None:
        return encoder.encode_many(texts)
    with _alone(file):
        return _vectors(encoder, texts, file)


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One process at a time; a folder that cannot be written to, or one that never finishes, only costs time."""
    lock = FileLock(file.with_suffix(".lock"))
    with contextlib.suppress(OSError, NotImplementedError, Timeout):
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=WAIT_S)
    try:
        yield
    finally:
        lock.release()


def _vectors(encoder: Encoder, texts: Sequence[str], file: Path) -> np.ndarray:
    names = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] for text in texts]
    known = _read(file, encoder.version)
    new = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    known.update(zip(new, encoder.encode_many(list(new.values())) if new else (), strict=True))
    vectors = np.stack([known[name] for name in names]) if names else np.zeros((0, WIDTH), np.float32)
    if new:
        _write(file, encoder.version, names, vectors)
    return vectors


def _read(file: Path, version: str) -> dict[str, np.ndarray]:
    try:
        with np.load(file, allow_pickle=False) as kept:
            names, vectors = kept["names"].tolist(), kept["vectors"]
            if str(kept["version"]) != version or vectors.shape != (len(names), WIDTH) or not np.isfinite(vectors).all():
                return {}
    except Exception:  # NumPy and zipfile have many ways of saying that a file is none
        return {}
    return dict(zip(names, vectors, strict=True))


def _write(file: Path, version: str, names: Sequence[str], vectors: np.ndarray) -> None:
    """Beside the file and moved there, so that no reader sees half of it; a disk that is full or read-only only costs time."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent, suffix=".npz")
        try:
            with os.fdopen(handle, "wb") as stream:
                np.savez(stream, names=np.array(names), vectors=vectors, version=np.array(version))
            os.chmod(temporary, 0o644)
            os.replace(temporary, file)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
