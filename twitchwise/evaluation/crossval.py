"""Cross-validation of the intent classifier over the training phrases."""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from twitchwise.nlu.encoder import Encoder
from twitchwise.nlu.kernel_model import KernelModel


@dataclass(frozen=True)
class CrossValidation:
    """Of each phrase: what it is, what a model without it says, and how sure that model is."""

    texts: list[str]
    gold: list[str]
    found: list[str]
    confidence: np.ndarray

    @property
    def accuracy(self) -> float:
        return float(np.mean([found == gold for found, gold in zip(self.found, self.gold, strict=True)]))

    def confusions(self, most: int = 15) -> list[tuple[str, str, int]]:
        """(intent, mistaken for, how often), the most frequent first."""
        pairs: dict[tuple[str, str], int] = defaultdict(int)
        for gold, found in zip(self.gold, self.found, strict=True):
            if gold != found:
                pairs[gold, found] += 1
        return [(gold, found, count) for (gold, found), count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:most]]


def cross_validate(encoder: Encoder, phrases: list[tuple[str, str]], folds: int = 5) -> CrossValidation:
    """Every intent's phrases are dealt out over the folds by turns, in a fixed random order."""
    texts = [text for text, _ in phrases]
    gold = np.array([intent for _, intent in phrases])
    vectors = encoder.encode(texts)
    fold = np.empty(len(texts), np.int64)
    shuffle = np.random.default_rng(0)
    for intent in sorted(set(gold)):
        members = np.flatnonzero(gold == intent)
        fold[shuffle.permutation(members)] = np.arange(len(members)) % folds
    found = [""] * len(texts)
    confidence = np.zeros(len(texts))
    for number in range(folds):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        model = KernelModel.fit([texts[i] for i in train], vectors[train], gold[train].tolist())
        prediction = model.predict([texts[i] for i in test], vectors[test])
        best = prediction.confidence.argmax(axis=1)
        for position, index in enumerate(test):
            found[index] = model.intents[best[position]]
            confidence[index] = prediction.confidence[position, best[position]]
    return CrossValidation(texts, gold.tolist(), found, confidence)
