"""The trace that content editors look at."""
from __future__ import annotations

from pathlib import Path

import pytest

from twitchwise import cli
from twitchwise.understanding import trace as tracing
from twitchwise.understanding.lexicon import LexiconError
from twitchwise.understanding.trace import as_page, as_text, trace

from .build import reader

TEXT = "No weakness, but my left calf has been twitching for 3 weeks. My speech was on leg day."


def test_each_finding_tells_how_it_came_about() -> None:
    steps = {step.finding.code or step.finding.iso: step for step in trace(TEXT, reader()).steps}
    weakness = steps["weakness"]
    assert (weakness.said, weakness.words, weakness.cue, weakness.rule) == ("absent", "weakness", "no", "negation")
    assert weakness.phrase.endswith("[weakness/named]") and weakness.clause.startswith("no weakness")
    assert steps["P3W"].said == "course" and ("days", "21") in steps["P3W"].lines()
    assert ("side", "left") in steps["calf"].lines() and steps["calf"].phrase.endswith("[calf/words]")


def test_what_matched_and_stands_for_nothing_is_told() -> None:
    passed = trace(TEXT, reader()).passed_over
    assert any("'leg day' is an idiom" in line for line in passed)
    assert any("'speech' tells nothing without a word of trouble" in line for line in passed)


def test_a_likeness_is_passed_over() -> None:
    assert any("likeness" in line and "caffeine" in line for line in trace("my heart pounds like I had ten coffees", reader()).passed_over)


def test_as_text() -> None:
    text = as_text(trace(TEXT, reader()))
    assert "symptom weakness = absent" in text and "duration P3W = course" in text and "Passed over:" in text
    assert as_text(trace("hello", reader())) == "Nothing was understood."


@pytest.mark.parametrize("text", [TEXT, "hello", "", "<b>weak</b> & numb", "numb 🙂 calf\n\n- tremor", "can't BREATHE"])
def test_the_page_holds_the_sentence_and_is_safe(text: str) -> None:
    traced = trace(text, reader())
    page = as_page(traced, reader())
    assert page.startswith("<!DOCTYPE html>") and '<meta charset="utf-8">' in page and page.rstrip().endswith("</html>")
    assert "<b>" not in page
    for step in traced.steps:
        assert (step.finding.iso or step.finding.code) in page


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["trace", "my grip is weak", "--html", "page.html"]) == 0
    assert "symptom weakness = present" in capsys.readouterr().out
    assert "weakness present" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_command_without_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["trace", "  "]) == 1
    assert "no sentence" in capsys.readouterr().err


def test_the_command_with_a_page_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["trace", "weak", "--html", str(tmp_path / "none" / "page.html")]) == 1
    assert "cannot write the page" in capsys.readouterr().err


def test_a_damaged_vocabulary_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise LexiconError("tremor.yml: tremor/words: unknown phrase")

    monkeypatch.setattr(tracing, "load_reader", damaged)
    assert cli.main(["trace", "weak"]) == 1
    error = capsys.readouterr().err
    assert error == "twitchwise: the vocabulary is damaged. tremor.yml: tremor/words: unknown phrase\n"
