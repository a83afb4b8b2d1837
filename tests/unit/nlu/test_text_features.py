from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from twitchwise.nlu.text_features import Tfidf, normalise

TEXTS = ["does coffee do this?", "and tea?", "my calf  twitches, I am 40", "it's the coffee", "a", "", "tea tea tea"]


@pytest.mark.parametrize(("kind", "analyzer", "ranges"), [("char", "char_wb", (2, 4)), ("word", "word", (1, 2))])
def test_same_as_sklearn(kind: str, analyzer: str, ranges: tuple[int, int]) -> None:
    peer = TfidfVectorizer(analyzer=analyzer, ngram_range=ranges, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    expected = peer.fit_transform(TEXTS).toarray()
    ours = Tfidf.fit(TEXTS, kind)
    assert ours.terms == sorted(peer.vocabulary_)
    assert ours.matrix(TEXTS).toarray() == pytest.approx(expected, abs=1e-6)


def test_rare_terms_are_left_out() -> None:
    assert Tfidf.fit(["a b", "a c"], "word", min_texts=2).terms == ["a"]


def test_unknown_text_is_an_empty_row() -> None:
    indices, values = Tfidf.fit(["tea"], "word").row("coffee")
    assert len(indices) == len(values) == 0


def test_curly_quotes_and_case_change_nothing() -> None:
    assert normalise("It’s ME") == normalise("it's me")


@given(st.text(max_size=200))
def test_rows_have_length_one_or_nothing(text: str) -> None:
    _, values = Tfidf.fit(TEXTS, "char").row(text)
    assert np.linalg.norm(values) == pytest.approx(1, abs=1e-5) or not len(values)
