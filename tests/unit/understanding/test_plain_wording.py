"""Kinds of wording that unseen sets got wrong, told in sentences of our own with near-opposites (plain_wording.yml)."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from twitchwise.triage.update import assess_findings

from .build import asserted, counting, course, findings, sites

CASES: dict[str, list[tuple[str, Any]]] = yaml.safe_load(Path(__file__).with_name("plain_wording.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("sentence", "expected"), CASES["asserted"])
def test_what_is_said_of_each_symptom(sentence: str, expected: dict[str, str | None]) -> None:
    found = asserted(sentence)
    assert {code: found.get(code) for code in expected} == expected


@pytest.mark.parametrize(("sentence", "code"), CASES["unread"])
def test_what_only_looks_alike_is_not_read(sentence: str, code: str) -> None:
    assert code not in asserted(sentence)


@pytest.mark.parametrize(("sentence", "code"), CASES["counts"])
def test_what_is_told_counts(sentence: str, code: str) -> None:
    assert code in counting(sentence)


@pytest.mark.parametrize(("sentence", "code"), CASES["not_there"])
def test_what_is_not_told_does_not_count(sentence: str, code: str) -> None:
    assert code not in counting(sentence) | {each.code for each in findings(sentence, "signal")}


@pytest.mark.parametrize(("sentence", "days"), CASES["days"])
def test_how_long(sentence: str, days: float | None) -> None:
    assert course(sentence) == days


@pytest.mark.parametrize(("sentence", "places"), CASES["places"])
def test_where(sentence: str, places: list[str]) -> None:
    assert sorted(sites(sentence)) == places


@pytest.mark.parametrize(("sentence", "flags"), CASES["flags"])
def test_which_red_flags(sentence: str, flags: list[str]) -> None:
    assert sorted(assess_findings(findings(sentence)).red_flags) == flags
