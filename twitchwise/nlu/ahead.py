"""The vectors of training phrases, worked out in a process of their own while Rasa still imports and checks.

Encoding takes both cores for fifteen seconds, what Rasa does before takes one core for seven: side by side they take less. Whoever comes second
to the file of vectors waits for the first (`phrase_vectors`), so that nothing is worked out twice.
"""
from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

STOP_S = 5.0
#: Beside the encoder.
VECTORS = "phrase-vectors.npz"


@contextlib.contextmanager
def encoding_ahead(models_dir: Path, data: Path) -> Iterator[None]:
    """Within it the phrases below `data` are being encoded. Only a help: without it, or when it fails, the training encodes them itself."""
    process = None
    with contextlib.suppress(OSError):
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(models_dir), str(data)],
            cwd=Path(__file__).resolve().parents[2], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
    try:
        yield
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def encode(models_dir: Path, data: Path) -> int:
    """Encode the phrases below `data` into the file of vectors; their number. Raises EncoderError without an encoder."""
    from twitchwise.nlu.encoder import Encoder
    from twitchwise.nlu.phrase_vectors import phrase_vectors
    from twitchwise.nlu.phrases import load_phrases

    texts = [text for text, _ in load_phrases(data)]
    phrase_vectors(Encoder.load(models_dir), texts, models_dir / VECTORS)
    return len(texts)


if __name__ == "__main__":
    encode(Path(sys.argv[1]), Path(sys.argv[2]))
