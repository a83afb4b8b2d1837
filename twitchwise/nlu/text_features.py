"""Tf-idf of character and word n-grams, without scikit-learn.

The same weighting as sklearn's TfidfVectorizer(sublinear_tf=True) (a test compares them), in our own few lines because
importing scikit-learn's vectoriser costs the server seconds of start-up and its models need pickle.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
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


def keys(terms: Sequence[str]) -> np.ndarray:
    """64 bits of each term's hash, uint64 (len(terms),): among 100,000 terms two share one in a billion trainings or so."""
    digests = b"".join(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest() for term in terms)
    return np.frombuffer(digests, "<u8")


class Tfidf:
    """A vocabulary and its inverse document frequencies; rows have length 1. Terms are known by their keys alone, in ascending order: as
    strings, those of a server's two models took 18 MB."""

    def __init__(self, kind: str, keys: np.ndarray, idf: np.ndarray) -> None:
        self.kind = kind
        self.keys = keys
        self.idf = idf

    def __len__(self) -> int:
        return len(self.keys)

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
        terms = [term for term, count in counts.items() if count >= min_texts]
        known = keys(terms)
        order = np.argsort(known)
        terms = [terms[number] for number in order]
        idf = np.log((1 + len(counted)) / (1 + np.array([counts[term] for term in terms], np.float64))) + 1
        made = cls(kind, known[order], idf.astype(np.float32))
        return made, made._rows(counted, {term: number for number, term in enumerate(terms)})

    def _rows(self, counted: Sequence[Counter[str]], index: Mapping[str, int]) -> sparse.csr_matrix:
        known = [[(number, count) for term, count in each.items() if (number := index.get(term)) is not None] for each in counted]
        sizes = np.array([len(each) for each in known], np.int64)
        columns = np.array([number for each in known for number, _ in each], np.int64)
        values = (1 + np.log(np.array([count for each in known for _, count in each], np.float32))) * self.idf[columns]
        owners = np.repeat(np.arange(len(known)), sizes)
        lengths = np.sqrt(np.bincount(owners, np.square(values, dtype=np.float64), minlength=len(known)))
        data = (values / np.maximum(lengths, 1e-12)[owners]).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        return sparse.csr_matrix((data, columns, starts), shape=(len(known), len(self)), dtype=np.float32)

    def find(self, terms: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Which of the terms are known, bool (len(terms),), and the numbers of those that are."""
        if not len(self):
            return np.zeros(len(terms), bool), np.zeros(0, np.int64)
        wanted = keys(terms)
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self) - 1)
        known = self.keys[places] == wanted
        return known, places[known]

    def row(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Indices and values of one text's terms."""
        counts = Counter(ngrams(normalise(text), self.kind))
        known, indices = self.find(list(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts))[known])) * self.idf[indices]
        length = float(np.linalg.norm(values))
        return indices, (values / length if length else values).astype(np.float32)

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Rows of `texts`, float32 (len(texts), number of terms)."""
        counted = [Counter(ngrams(normalise(text), self.kind)) for text in texts]
        terms = list({term for each in counted for term in each})
        known, numbers = self.find(terms)
        return self._rows(counted, dict(zip((term for term, there in zip(terms, known, strict=True) if there), numbers.tolist(), strict=True)))
