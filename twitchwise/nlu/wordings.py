"""Likeness to wordings: what a sentence tells of that no phrase of the lexicon knows.

The wordings are sentences for each symptom in vocabulary/wordings/*.yml, with `none` for those that tell of nothing
that matters. The model is that of the question topics (kernel_model.py): sentence vectors and n-grams. It is built
into models/wordings/ from the YAML files, once, and again when one of them changes.

It only ever adds to what the rules found, it is asked only about words that they leave unexplained, and its
suggestions pass the same rules of assertion (understanding/paraphrase.py).
"""
from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from twitchwise.nlu.encoder import WEIGHTS_SHA256, Encoder, prepare
from twitchwise.nlu.encoder_graph import GRAPH_VERSION
from twitchwise.nlu.kernel_model import KernelModel, Settings
from twitchwise.nlu.phrase_vectors import phrase_vectors
from twitchwise.understanding.paraphrase import Suggestion
from twitchwise.vocabulary.codes import load_codes

WORDINGS = Path(__file__).parent.parent / "vocabulary" / "wordings"
NONE = "none"
#: Relations between places or times, which likeness of words cannot see: only the rules find them. Trained as `none`.
RULES_ONLY = frozenset(["spreading", "worsening", "improving", "sleep_disruption", "twitching"])
#: Scores below are no suggestion: tuned by leaving out one voice after the other (docs/evaluation).
LEAST = 0.44
#: Codes that many a harmless figure of speech comes close to.
LEAST_OF = {"suicidal_thoughts": 0.6, "seizure": 0.55, "poisoning": 0.55, "chest_pain": 0.55}
_STAMP, _VECTORS = "stamp.json", "wording-vectors.npz"


class WordingsError(ValueError):
    """A damaged file of wordings; the message names it."""


@dataclass(frozen=True)
class Wording:
    """One sentence with what it tells of, and the kind of person it was written as."""

    text: str
    code: str
    voice: str


def load_wordings(directory: Path = WORDINGS) -> list[Wording]:
    """The sentences of every file. Raises WordingsError."""
    known, found = {NONE, *load_codes().symptoms}, []
    for path in sorted(directory.glob("*.yml")):
        try:
            raw: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            code, voices = raw["code"], raw["voices"]
            pairs = [(str(sentence), str(voice)) for voice, sentences in voices.items() for sentence in sentences]
        except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            raise WordingsError(f"{path.name} cannot be read ({error}). It needs `code:` and, under `voices:`, lists of sentences.") from error
        if code not in known:
            raise WordingsError(f"{path.name}: '{code}' is no symptom of vocabulary/codes.yml. Use one of those, or '{NONE}'.")
        found += [Wording(text, code, voice) for text, voice in pairs]
    return found


class Wordings:
    """The trained model beside the encoder; `suggest` gives what each text is alike to. Safe to share between threads."""

    def __init__(self, model: KernelModel, encoder: Encoder, least: float = LEAST) -> None:
        self.model, self.encoder, self.least = model, encoder, least

    @classmethod
    def fit(cls, encoder: Encoder, wordings: Sequence[Wording], least: float = LEAST, kept: Path | None = None) -> Wordings:
        """Train on sentences; `kept`: a file for their vectors. Raises ValueError without two codes."""
        texts = [wording.text for wording in wordings]
        codes = [NONE if wording.code in RULES_ONLY else wording.code for wording in wordings]
        return cls(KernelModel.fit(texts, lambda: phrase_vectors(encoder, texts, kept), codes, Settings()), encoder, least)

    def suggest(self, texts: Sequence[str]) -> list[list[Suggestion]]:
        """For each text the codes whose score reaches the threshold and that of `none`, best first."""
        if not texts:
            return []
        return [self._of(row) for row in self.model.predict(texts, self.encoder.encode(texts)).scores]

    def _of(self, row: np.ndarray) -> list[Suggestion]:
        scores = dict(zip(self.model.intents, map(float, row), strict=True))
        none = scores.pop(NONE, 0.0)
        alike = [Suggestion(code, score) for code, score in scores.items() if score >= max(none, self.least, LEAST_OF.get(code, 0.0))]
        return sorted(alike, key=lambda suggestion: -suggestion.score)


def _sources_hash(directory: Path) -> str:
    total = hashlib.sha256(f"{WEIGHTS_SHA256} {GRAPH_VERSION}".encode())
    package = Path(__file__).parent
    code = ("wordings.py", "kernel_model.py", "text_features.py", "unit_rows.py")
    for path in [*sorted(directory.glob("*.yml")), *(package / name for name in code)]:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def load(models_dir: Path, encoder: Encoder | None = None, directory: Path = WORDINGS) -> Wordings:
    """The model of the sentences as they are now: read from models/wordings/, built there first where they changed (half a minute the
    first time, less when most of the sentences are as they were).

    Raises WordingsError for a damaged file of sentences, EncoderError when the encoder cannot be had.
    """
    built, expected = Path(models_dir) / "wordings", _sources_hash(directory)
    prepare(Path(models_dir))
    encoder = encoder or Encoder.shared(Path(models_dir))
    try:
        if json.loads((built / _STAMP).read_text(encoding="utf-8")) == {"sources": expected}:
            return Wordings(KernelModel.load(built), encoder)
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not built yet, or damaged: built again
    fitted = Wordings.fit(encoder, load_wordings(directory), kept=Path(models_dir) / _VECTORS)
    _store(fitted.model, built, expected)
    return fitted


def _store(model: KernelModel, built: Path, sources: str) -> None:
    """Write beside the target and move it there, so that no reader sees half a model."""
    built.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=built.parent, prefix="wordings-"))
    try:
        model.save(fresh)
        (fresh / _STAMP).write_text(json.dumps({"sources": sources}), encoding="utf-8")
        os.chmod(fresh, 0o755)
        shutil.rmtree(built, ignore_errors=True)
        fresh.replace(built)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)  # another process has just put its own there, or the disk is read-only

