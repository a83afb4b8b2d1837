"""Tf-idf of character and word n-grams, without scikit-learn.

The same weighting as sklearn's TfidfVectorizer(sublinear_tf=True) (a test compares them), in our own few lines because
importing scikit-learn's vectoriser costs the server seconds of start-up and its models need pickle.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy import sparse

_SPACES = re.compile(r"\s\s+")
_WORD = re.compile(r"(?u)\b\w+\b")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "."})
#: Longer texts are cut: a question is short, and the cost stays bounded.
_MAX_CHARS = 1000


def normalise(text: str) -> str:
    """Lower case, plain quotes, at most 1,000 characters."""
    return text[:_MAX_CHARS].translate(_QUOTES).lower()


def char_ngrams(text: str, low: int = 2, high: int = 4) -> list[str]:
    """Character n-grams inside word bounds (sklearn's `char_wb`)."""
    return [each for word in _SPACES.sub(" ", text).split() for each in _word_chars(word, low, high)]


@lru_cache(maxsize=8192)
def _word_chars(word: str, low: int, high: int) -> tuple[str, ...]:
    """Those of one word: people use the same words again and again."""
    found = []
    padded = f" {word} "
    for size in range(low, high + 1):
        found.append(padded[:size])
        offset = 0
        while offset + size < len(padded):
            offset += 1
            found.append(padded[offset : offset + size])
        if offset == 0:  # the word is no longer than the n-gram: counted once
            break
    return tuple(found)


def word_ngrams(text: str) -> list[str]:
    """Words and pairs of neighbouring words."""
    words = _WORD.findall(text)
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def ngrams(text: str, kind: str) -> list[str]:
    """`kind` char or word."""
    return char_ngrams(text) if kind == "char" else word_ngrams(text)


class Tfidf:
    """One vocabulary and its inverse document frequencies; rows have length 1."""

    def __init__(self, kind: str, terms: Sequence[str], idf: np.ndarray) -> None:
        self.kind = kind
        self.terms = list(terms)
        self.idf = idf
        self._index = {term: number for number, term in enumerate(self.terms)}

    @classmethod
    def fit(cls, texts: Iterable[str], kind: str, min_texts: int = 1) -> Tfidf:
        """Terms that stand in at least `min_texts` of the texts."""
        return cls.fit_rows(texts, kind, min_texts)[0]

    @classmethod
    def fit_rows(cls, texts: Iterable[str], kind: str, min_texts: int = 1) -> tuple[Tfidf, sparse.csr_matrix]:
        """The same, with the rows of these texts, as `matrix` gives them."""
        counted = [Counter(ngrams(normalise(text), kind)) for text in texts]
        counts: Counter[str] = Counter()
        for each in counted:
            counts.update(each.keys())
        terms = sorted(term for term, count in counts.items() if count >= min_texts)
        idf = np.log((1 + len(counted)) / (1 + np.array([counts[term] for term in terms], np.float64))) + 1
        made = cls(kind, terms, idf.astype(np.float32))
        return made, made._rows(counted)

    def _rows(self, counted: Sequence[Counter[str]]) -> sparse.csr_matrix:
        known = [[(number, count) for term, count in each.items() if (number := self._index.get(term)) is not None] for each in counted]
        sizes = np.array([len(each) for each in known], np.int64)
        columns = np.array([number for each in known for number, _ in each], np.int64)
        values = (1 + np.log(np.array([count for each in known for _, count in each], np.float32))) * self.idf[columns]
        owners = np.repeat(np.arange(len(known)), sizes)
        lengths = np.sqrt(np.bincount(owners, np.square(values, dtype=np.float64), minlength=len(known)))
        data = (values / np.maximum(lengths, 1e-12)[owners]).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        return sparse.csr_matrix((data, columns, starts), shape=(len(known), len(self.terms)), dtype=np.float32)

    def row(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Indices and values of one text's terms."""
        counts: Counter[int] = Counter()
        for term in ngrams(normalise(text), self.kind):
            number = self._index.get(term)
            if number is not None:
                counts[number] += 1
        indices = np.fromiter(counts.keys(), np.int64, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.idf[indices]
        length = float(np.linalg.norm(values))
        return indices, (values / length if length else values).astype(np.float32)

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Rows of `texts`, float32 (len(texts), number of terms)."""
        return self._rows([Counter(ngrams(normalise(text), self.kind)) for text in texts])
