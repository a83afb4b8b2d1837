"""The model behind intents and question topics: least squares in the feature space of a sum of three kernels.

Kernel ridge regression onto the intents' indicator columns, where two texts are as alike as
`exp(gamma * (cosine of their sentence vectors - 1))` plus the weighted cosines of their character and word n-grams.
On questions by other authors it is right more often than logistic regression over the same features (docs/evaluation),
trains in seconds, and its leave-one-out predictions come from the same matrix, so that confidence can be calibrated
without held-out data. scipy solves the equations; scikit-learn's KernelRidge gives neither per-class weights of this
kind nor leave-one-out values, and would have to be pickled.
"""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import linalg, optimize

from twitchwise.nlu.text_features import Tfidf

_BLOCK = 512
_ARRAYS, _SETTINGS = "classifier.npz", "classifier.json"


@dataclass(frozen=True)
class Settings:
    """What was tuned; see docs/evaluation."""

    gamma: float = 2.0
    char_weight: float = 0.25
    word_weight: float = 0.15
    ridge: float = 0.3
    balance: float = 0.7   # 0: every phrase weighs the same; 1: every intent does
    offset: float = 1.0    # a constant in the kernel: the intercept


@dataclass(frozen=True)
class Prediction:
    """`scores` and `confidence` (texts, intents); `nearest` (texts,): cosine to the most alike training phrase."""

    scores: np.ndarray
    confidence: np.ndarray
    nearest: np.ndarray


class KernelModel:
    """Texts with their sentence vectors to scores and confidences of every intent."""

    def __init__(
        self,
        intents: Sequence[str],
        vectors: np.ndarray,
        centre: np.ndarray,
        weights: np.ndarray,
        tfidf: Sequence[tuple[Tfidf, np.ndarray]],
        settings: Settings,
        sharpness: float,
    ) -> None:
        self.intents = list(intents)
        self.settings = settings
        self.sharpness = sharpness
        self._vectors = vectors
        self._centre = centre
        self._weights = weights
        self._tfidf = list(tfidf)

    @classmethod
    def fit(cls, texts: Sequence[str], vectors: np.ndarray, intents: Sequence[str], settings: Settings | None = None) -> KernelModel:
        """Raises ValueError without at least two intents."""
        settings = settings or Settings()
        names, labels = np.unique(np.array(intents), return_inverse=True)
        if len(names) < 2:
            raise ValueError("The classifier needs training phrases of at least two intents.")
        centre = vectors.mean(axis=0)
        centred = _unit(vectors - centre)
        targets = np.eye(len(names), dtype=np.float32)[labels]
        counts = targets.sum(axis=0)
        kernel = centred @ centred.T
        kernel -= 1
        kernel *= settings.gamma
        np.exp(kernel, out=kernel)
        kernel += settings.offset
        matrices = []
        for kind, min_texts, weight in (("char", 2, settings.char_weight), ("word", 1, settings.word_weight)):
            vocabulary = Tfidf.fit(texts, kind, min_texts)
            rows = vocabulary.matrix(texts)
            matrices.append((vocabulary, rows, weight))
            turned = rows.T.tocsr()
            for start in range(0, len(texts), _BLOCK):  # in blocks: the product is dense
                kernel[start : start + _BLOCK] += weight * (rows[start : start + _BLOCK] @ turned).toarray()
        # a rarer intent's phrases are fitted more closely
        kernel[np.diag_indices_from(kernel)] += settings.ridge / (counts.mean() / counts[labels]) ** settings.balance
        factor = linalg.cholesky(kernel.T, lower=True, overwrite_a=True, check_finite=False)
        weights = linalg.cho_solve((factor, True), targets, check_finite=False)
        inverse, info = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
        if info:
            raise ValueError("The training phrases give a matrix that cannot be inverted.")
        left_out = targets - weights / np.diagonal(inverse)[:, None]
        tfidf = [(vocabulary, np.asarray(rows.T @ weights * weight, np.float32)) for vocabulary, rows, weight in matrices]
        return cls(names.tolist(), centred, centre, weights, tfidf, settings, _sharpness(left_out, labels))

    def predict(self, texts: Sequence[str], vectors: np.ndarray) -> Prediction:
        """`vectors` (len(texts), 384), each of the text beside it."""
        cosines = _unit(vectors - self._centre) @ self._vectors.T
        kernel = np.exp(self.settings.gamma * (cosines - 1)) + self.settings.offset
        scores = kernel @ self._weights
        for vocabulary, weights in self._tfidf:
            for number, text in enumerate(texts):
                indices, values = vocabulary.row(text)
                scores[number] += values @ weights[indices]
        return Prediction(scores, _softmax(scores * self.sharpness), cosines.max(axis=1))

    def save(self, directory: Path) -> None:
        """Two files, plain arrays and JSON: nothing that runs code when it is read."""
        (char, char_weights), (word, word_weights) = self._tfidf
        np.savez(
            directory / _ARRAYS,
            vectors=self._vectors, centre=self._centre, weights=self._weights,
            char_idf=char.idf, char_weights=char_weights, word_idf=word.idf, word_weights=word_weights,
        )
        settings = {
            "intents": self.intents, "sharpness": self.sharpness, "settings": vars(self.settings), "char": char.terms, "word": word.terms,
        }
        (directory / _SETTINGS).write_text(json.dumps(settings), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> KernelModel:
        """Raises OSError, ValueError or KeyError when the files are missing or damaged."""
        settings = json.loads((directory / _SETTINGS).read_text(encoding="utf-8"))
        with np.load(directory / _ARRAYS, allow_pickle=False) as arrays:
            tfidf = [(Tfidf(kind, settings[kind], arrays[f"{kind}_idf"]), arrays[f"{kind}_weights"]) for kind in ("char", "word")]
            vectors, centre, weights = arrays["vectors"], arrays["centre"], arrays["weights"]
        if weights.shape != (len(vectors), len(settings["intents"])) or not np.isfinite(weights).all():
            raise ValueError("the arrays do not fit together")
        for vocabulary, rows in tfidf:
            if rows.shape != (len(vocabulary.terms), len(settings["intents"])):
                raise ValueError("the arrays do not fit together")
        return cls(settings["intents"], vectors, centre, weights, tfidf, Settings(**settings["settings"]), float(settings["sharpness"]))


def _unit(rows: np.ndarray) -> np.ndarray:
    result: np.ndarray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return result


def _softmax(rows: np.ndarray) -> np.ndarray:
    powers = np.exp(rows - rows.max(axis=1, keepdims=True))
    result: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return result


def _sharpness(scores: np.ndarray, labels: np.ndarray) -> float:
    """The factor of the softmax under which the left-out phrases are most likely."""

    def loss(factor: float) -> float:
        return -float(np.log(_softmax(scores * factor)[np.arange(len(labels)), labels] + 1e-12).mean())

    return float(optimize.minimize_scalar(loss, bounds=(0.5, 30), method="bounded").x)
