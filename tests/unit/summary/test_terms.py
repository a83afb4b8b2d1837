"""The clinical terms: complete, and SNOMED CT codes that can be codes."""
from __future__ import annotations

from pathlib import Path

import pytest

from twitchwise.summary import terms
from twitchwise.summary.terms import TermsError, load_terms
from twitchwise.triage.rules import known_facts
from twitchwise.vocabulary.codes import load_codes

#: Said of the conversation, not of the body.
SILENT = {"sudden_onset", "gradual_onset", "not_tried", "fear_als", "happening_now", "returned", "did_not_go_away"}
#: Verhoeff's check digit, which every SNOMED CT code ends with.
_D = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6), (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
      (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1), (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
      (8, 7, 6, 5, 9, 3, 2, 1, 0, 4), (9, 8, 7, 6, 5, 4, 3, 2, 1, 0))
_P = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2), (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
      (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1), (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8))


def verhoeff(code: str) -> bool:
    check = 0
    for at, digit in enumerate(reversed(code)):
        check = _D[check][_P[at % 8][int(digit)]]
    return check == 0


def test_every_code_has_a_term() -> None:
    book, codes = load_terms(), load_codes()
    assert set(book.findings) == set(codes.symptoms)
    assert set(book.triggers) == set(codes.triggers)
    assert set(book.red_flags) == set(codes.red_flags)
    assert set(book.places) == set(codes.region_of)
    assert set(book.urgency) == set(codes.levels)
    everything = set(book.findings) | set(book.signals) | set(book.triggers) | SILENT
    assert set(known_facts()) - everything == set()


def test_terms_are_words() -> None:
    book = load_terms()
    for part in (book.findings, book.signals, book.triggers, book.red_flags, book.places):
        assert all(each.term and "_" not in each.term for each in part.values())


def test_snomed_codes_are_possible_codes_and_each_stands_for_one_concept() -> None:
    book = load_terms()
    coded = [each for part in (book.findings, book.places) for each in part.values() if each.snomed]
    assert len(coded) > 40
    assert all(each.snomed.isdigit() and verhoeff(each.snomed) and each.display for each in coded if each.snomed)
    assert len({each.snomed for each in coded}) == len(coded)
    assert verhoeff("52101004") and not verhoeff("52101005")


def test_a_damaged_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(terms, "PATH", tmp_path / "terms.yml")
    load_terms.cache_clear()
    try:
        with pytest.raises(TermsError, match=r"terms\.yml.*Restore"):
            load_terms()
    finally:
        load_terms.cache_clear()
