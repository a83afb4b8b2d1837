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
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import linalg, optimize, sparse

from twitchwise.nlu.text_features import Tfidf
from twitchwise.nlu.unit_rows import UnitRows

_BLOCK = 512
_ARRAYS, _SETTINGS = "classifier.npz", "classifier.json"
#: So many phrases say how sure the model may be: the one factor that they settle is known to a hundredth then.
_LEFT_OUT = 4000


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
        rows: UnitRows,
        centre: np.ndarray,
        weights: np.ndarray,
        tfidf: Sequence[tuple[Tfidf, np.ndarray]],
        settings: Settings,
        sharpness: float,
    ) -> None:
        self.intents = list(intents)
        self.settings = settings
        self.sharpness = sharpness
        self._rows = rows
        self._centre = centre
        self._weights = weights
        self._tfidf = list(tfidf)

    @classmethod
    def fit(
        cls, texts: Sequence[str], vectors: Callable[[], np.ndarray] | np.ndarray, intents: Sequence[str], settings: Settings | None = None
    ) -> KernelModel:
        """`vectors`, or what gives them: it is asked when all that needs only the texts is done. Raises ValueError without at least two
        intents."""
        settings = settings or Settings()
        names, labels = np.unique(np.array(intents), return_inverse=True)
        if len(names) < 2:
            raise ValueError("The classifier needs training phrases of at least two intents.")
        # In a fixed random order: the last of them are a sample of all.
        order = np.random.default_rng(0).permutation(len(labels))
        texts, labels = [texts[number] for number in order], labels[order]
        parts = [(*Tfidf.fit_rows(texts, kind, least), weight)
                 for kind, least, weight in (("char", 2, settings.char_weight), ("word", 1, settings.word_weight))]
        vectors = (vectors() if callable(vectors) else vectors)[order]
        centre = vectors.mean(axis=0)
        rows = UnitRows.of(vectors - centre)
        targets = np.eye(len(names), dtype=np.float32)[labels]
        counts = targets.sum(axis=0)
        kernel = _kernel(rows.floats(), [np.sqrt(weight) * terms for _, terms, weight in parts], settings)
        # a rarer intent's phrases are fitted more closely
        kernel[np.diag_indices_from(kernel)] += settings.ridge / (counts.mean() / counts[labels]) ** settings.balance
        factor = linalg.cholesky(kernel.T, lower=True, overwrite_a=True, check_finite=False)
        weights = linalg.cho_solve((factor, True), targets, check_finite=False)
        sample = slice(max(0, len(labels) - _LEFT_OUT), None)
        left_out = targets[sample] - weights[sample] / _diagonal_of_inverse(factor[sample, sample])[:, None]
        # In half precision: they are the larger part of the model, and a score needs no fourth digit.
        tfidf = [(vocabulary, np.asarray(terms.T @ weights * weight, np.float16)) for vocabulary, terms, weight in parts]
        return cls(names.tolist(), rows, centre, weights, tfidf, settings, _sharpness(left_out, labels[sample]))

    def predict(self, texts: Sequence[str], vectors: np.ndarray) -> Prediction:
        """`vectors` (len(texts), 384), each of the text beside it."""
        cosines = self._rows.cosines(vectors - self._centre)
        kernel = np.exp(self.settings.gamma * (cosines - 1)) + self.settings.offset
        # One text at a time: BLAS takes five times as long for the product of two texts as for two products of one.
        scores = np.stack([row @ self._weights for row in kernel]) if len(kernel) else np.zeros((0, len(self.intents)), np.float32)
        for vocabulary, weights in self._tfidf:
            for number, text in enumerate(texts):
                indices, values = vocabulary.row(text)
                scores[number] += values @ weights[indices].astype(np.float32)
        return Prediction(scores, _softmax(scores * self.sharpness), cosines.max(axis=1))

    def save(self, directory: Path) -> None:
        """Plain arrays, JSON, and the rows as a graph of one product: nothing that runs code when it is read."""
        (char, char_weights), (word, word_weights) = self._tfidf
        np.savez(
            directory / _ARRAYS,
            centre=self._centre, weights=self._weights,
            char_keys=char.keys, char_idf=char.idf, char_weights=char_weights,
            word_keys=word.keys, word_idf=word.idf, word_weights=word_weights,
        )
        settings = {"intents": self.intents, "sharpness": self.sharpness, "settings": vars(self.settings)}
        (directory / _SETTINGS).write_text(json.dumps(settings), encoding="utf-8")
        self._rows.save(directory)

    @classmethod
    def load(cls, directory: Path) -> KernelModel:
        """Raises OSError, ValueError or KeyError when the files are missing or damaged."""
        settings = json.loads((directory / _SETTINGS).read_text(encoding="utf-8"))
        with np.load(directory / _ARRAYS, allow_pickle=False) as arrays:
            tfidf = [(Tfidf(kind, arrays[f"{kind}_keys"], arrays[f"{kind}_idf"]), arrays[f"{kind}_weights"]) for kind in ("char", "word")]
            centre, weights = arrays["centre"], arrays["weights"]
        rows = UnitRows.load(directory)
        if weights.shape != (len(rows), len(settings["intents"])) or not np.isfinite(weights).all():
            raise ValueError("the arrays do not fit together")
        for vocabulary, of_terms in tfidf:
            if of_terms.shape != (len(vocabulary), len(settings["intents"])) or len(vocabulary.idf) != len(vocabulary):
                raise ValueError("the arrays do not fit together")
        return cls(settings["intents"], rows, centre, weights, tfidf, Settings(**settings["settings"]), float(settings["sharpness"]))


def _kernel(rows: np.ndarray, terms: Sequence[sparse.csr_matrix], settings: Settings) -> np.ndarray:
    """The kernel of every two phrases, float32 (n, n). Only its upper half is made: the equations are solved from that."""
    kernel = np.zeros((len(rows), len(rows)), np.float32)
    joined = sparse.hstack(terms, format="csr", dtype=np.float32)
    turned = joined.T.tocsr()

    def fill(start: int) -> None:
        block = rows[start : start + _BLOCK] @ rows[start:].T
        block -= 1
        block *= settings.gamma
        np.exp(block, out=block)
        block += settings.offset
        block += (joined[start : start + _BLOCK] @ turned[:, start:]).toarray()
        kernel[start : start + _BLOCK, start:] = block

    # NumPy and SciPy let go of the interpreter's lock.
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        list(pool.map(fill, range(0, len(rows), _BLOCK)))
    return kernel


def _diagonal_of_inverse(factor: np.ndarray) -> np.ndarray:
    """The diagonal of the inverse of the matrix whose lower Cholesky factor this is; of its last rows, from the last rows and columns of its
    factor, because nothing follows them."""
    inverse, info = linalg.lapack.strtri(np.asfortranarray(factor), lower=1, overwrite_c=1)
    if info:
        raise ValueError("The training phrases give a matrix that cannot be inverted.")
    result: np.ndarray = np.square(np.tril(inverse)).sum(axis=0)
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
