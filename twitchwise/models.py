"""The trained Rasa model: when it is out of date, how it is trained, and whether a file is one."""
from __future__ import annotations

import contextlib
import hashlib
import io
import json
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path

from twitchwise.settings import ROOT

NAME = "twitchwise"
STAMP = "twitchwise.json"
ENCODER_STAMP = "encoder-stamp.txt"
WORDINGS_STAMP = "wordings-stamp.txt"
#: What the model is made from. The understanding is not in it: its files are read when the server starts.
SOURCES = ("config.yml", "domain.yml", "data", "twitchwise/nlu", "twitchwise/policies", "uv.lock")
_SUFFIXES = (".yml", ".py", ".lock")


class ModelError(RuntimeError):
    """No usable model. The message is one line and says what to do."""


def sources_hash(root: Path = ROOT, sources: Iterable[str] = SOURCES) -> str:
    """A hash of every file that training reads."""
    total = hashlib.sha256()
    for name in sources:
        top = root / name
        files = [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.suffix in _SUFFIXES)
        for path in files:
            total.update(str(path.relative_to(root)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def file_hash(path: Path) -> str:
    """sha256 of a file."""
    with path.open("rb") as file:
        total = hashlib.sha256()
        for block in iter(lambda: file.read(1 << 20), b""):
            total.update(block)
    return total.hexdigest()


def read_stamp(models_dir: Path) -> dict[str, str]:
    """What the last training wrote: sources, model (its sha256). Empty when there is none."""
    try:
        stamp = json.loads((models_dir / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_current(models_dir: Path, root: Path = ROOT) -> bool:
    """Whether the model was trained from the sources as they are now."""
    model = models_dir / f"{NAME}.tar.gz"
    return model.is_file() and read_stamp(models_dir).get("sources") == sources_hash(root)


def _encoder_hash(root: Path) -> str:
    return sources_hash(root, ("twitchwise/nlu/encoder.py", "twitchwise/nlu/encoder_graph.py", "uv.lock"))


def encoder_is_current(models_dir: Path, root: Path = ROOT) -> bool:
    """Whether the encoder's files were built by this code from these weights."""
    stamp = models_dir / ENCODER_STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == _encoder_hash(root)


def stamp_encoder(models_dir: Path, root: Path = ROOT) -> None:
    """Remember that the encoder's files are built."""
    (models_dir / ENCODER_STAMP).write_text(_encoder_hash(root) + "\n", encoding="ascii")


def _wordings_hash(root: Path) -> str:
    return sources_hash(root, ("twitchwise/vocabulary/wordings", "twitchwise/nlu"))


def wordings_are_current(models_dir: Path, root: Path = ROOT) -> bool:
    """Whether models/wordings/ was built by this code from these sentences."""
    stamp = models_dir / WORDINGS_STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == _wordings_hash(root)


def stamp_wordings(models_dir: Path, root: Path = ROOT) -> None:
    """Remember that models/wordings/ is built."""
    (models_dir / WORDINGS_STAMP).write_text(_wordings_hash(root) + "\n", encoding="ascii")


def find_model(models_dir: Path) -> Path:
    """The newest model, checked: a readable archive, and the very file that training wrote if we trained it. Raises ModelError."""
    found = sorted(models_dir.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime) if models_dir.is_dir() else []
    if not found:
        raise ModelError(f"There is no model in {models_dir}. Run `make train`.")
    model = found[-1]
    expected = read_stamp(models_dir).get("model") if model.stem == f"{NAME}.tar" else None
    if expected and file_hash(model) != expected:
        raise ModelError(f"The model {model} is damaged (it is not the file that training wrote). Delete it and run `make train`.")
    try:
        with tarfile.open(model) as archive:
            names = {Path(name).name for name in archive.getnames()}
    except (tarfile.TarError, OSError, EOFError):
        names = set()
    if "metadata.json" not in names:
        raise ModelError(f"The model {model} is damaged (no readable model archive). Delete it and run `make train`.")
    return model


def train(models_dir: Path, root: Path = ROOT) -> Path:
    """Train the Rasa model and stamp it. Raises ModelError."""
    from twitchwise.nlu.ahead import encoding_ahead

    with encoding_ahead(models_dir, root / "data"):
        return _train(models_dir, root)


def _train(models_dir: Path, root: Path) -> Path:
    from rasa.api import train as rasa_train

    from twitchwise import rasa_training_patches

    rasa_training_patches.apply()
    sources = sources_hash(root)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        result = rasa_train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[str(root / "data")],
            output=str(models_dir),
            fixed_model_name=NAME,
        )
    if result.code != 0 or not result.model:
        print(said.getvalue(), file=sys.stderr)
        raise ModelError("Training failed; what Rasa says about it stands above. Correct the file it names and run `make train`.")
    model = Path(result.model)
    (models_dir / STAMP).write_text(json.dumps({"sources": sources, "model": file_hash(model)}) + "\n", encoding="utf-8")
    return model
