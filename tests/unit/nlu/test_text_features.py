from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from twitchwise.nlu.text_features import Tfidf, keys, normalise

TEXTS = ["does coffee do this?", "and tea?", "my calf  twitches, I am 40", "it's the coffee", "a", "", "tea tea tea"]


@pytest.mark.parametrize(("kind", "analyzer", "ranges"), [("char", "char_wb", (2, 4)), ("word", "word", (1, 2))])
def test_same_as_sklearn(kind: str, analyzer: str, ranges: tuple[int, int]) -> None:
    peer = TfidfVectorizer(analyzer=analyzer, ngram_range=ranges, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    expected = peer.fit_transform(TEXTS).toarray()
    ours, fitted = Tfidf.fit_rows(TEXTS, kind)
    known, columns = ours.find(sorted(peer.vocabulary_))
    assert known.all() and len(ours) == len(columns) == expected.shape[1]
    for matrix in (fitted, ours.matrix(TEXTS)):
        assert matrix.toarray()[:, columns] == pytest.approx(expected, abs=1e-6)
    for text, row in zip(TEXTS, fitted.toarray(), strict=True):
        indices, values = ours.row(text)
        assert values == pytest.approx(row[indices], abs=1e-6) and np.count_nonzero(row) == len(indices)


def test_rare_terms_are_left_out() -> None:
    found = Tfidf.fit(["a b", "a c"], "word", min_texts=2)
    assert len(found) == 1 and found.find(["a", "b", "a b"])[0].tolist() == [True, False, False]


def test_the_keys_of_terms_do_not_change_with_the_machine() -> None:
    assert keys(["tea", "\ud800"]).tolist() == [10431608578837538234, 7497787021708494914]


def test_terms_do_not_share_a_key() -> None:
    terms = [f"{a}{b}{c}" for a in "abcdefghijklmnopqrstuvwxyz" for b in "abcdefghijklmnopqrstuvwxyz" for c in "abcdefghijklmnopqrstuvwxyz0123456789"]
    assert len(np.unique(keys(terms))) == len(terms)


def test_unknown_text_is_an_empty_row() -> None:
    indices, values = Tfidf.fit(["tea"], "word").row("coffee")
    assert len(indices) == len(values) == 0


def test_curly_quotes_and_case_change_nothing() -> None:
    assert normalise("It’s ME") == normalise("it's me")


@given(st.text(max_size=200))
def test_rows_have_length_one_or_nothing(text: str) -> None:
    _, values = Tfidf.fit(TEXTS, "char").row(text)
    assert np.linalg.norm(values) == pytest.approx(1, abs=1e-5) or not len(values)
