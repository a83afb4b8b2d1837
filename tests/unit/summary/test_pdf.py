"""The page: one, whatever the case; with every warning sign; without a code of ours; readable by machines as well."""
from __future__ import annotations

import re
import sys
import types

import pytest
from hypothesis import given, settings

from tests.unit.summary.build import Told, summary, told, words_of
from tests.unit.summary.cases import conversations, everything
from tests.unit.summary.test_build import TEACHER
from twitchwise.summary import Summary, pdf
from twitchwise.summary.pdf import Page, blocks_of
from twitchwise.vocabulary.codes import load_codes

_CODES = load_codes()
#: Our codes that are no words: nobody may meet one on a page.
INTERNAL = [code for code in (*_CODES.symptoms, *_CODES.triggers, *_CODES.red_flags, *_CODES.region_of, *_CODES.levels) if "_" in code]


@pytest.fixture(scope="module")
def page() -> Page:
    """A page to measure with: its fonts are loaded once."""
    return Page(summary(*TEACHER))


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", content))


def on_page(page: Page, made: Summary) -> str:
    density, fits = page.density_for(made)
    assert fits, "the page runs over"
    return words_of(blocks_of(made, density))


@settings(max_examples=25, deadline=None)
@given(messages=conversations)
def test_any_case_fits_on_one_page_with_every_warning_sign_and_no_code(page: Page, messages: list[Told]) -> None:
    made = summary(*messages)
    words = on_page(page, made)
    for flag in made.flags:
        assert flag.term in words and flag.why in words
    typed = {quote.text for row in (*made.found, *made.denied, *made.triggers) for quote in row.quotes} | {quote.text for quote in made.quotes}
    if not any("_" in text for text in typed):
        assert [code for code in INTERNAL if code in words] == []


@pytest.mark.parametrize("words", ["word " * 300, "**bold** __under__ --line-- [a](b) \\ 漢字 🙂🙂 \u202eabc ﷽ " * 8], ids=["long", "odd"])
def test_the_worst_case_fits_too(page: Page, words: str) -> None:
    made = summary(*everything(words))
    text = on_page(page, made)
    assert len(made.flags) >= 15 and all(flag.term in text for flag in made.flags)


@settings(max_examples=3, deadline=None)
@given(messages=conversations)
def test_any_case_becomes_a_file(messages: list[Told]) -> None:
    content = pdf.render(summary(*messages))
    assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF") and pages(content) == 1


def test_the_page_names_its_language_its_title_and_embeds_its_font() -> None:
    content = pdf.render(summary(*TEACHER))
    assert b"/Lang (en-GB)" in content and b"/DisplayDocTitle true" in content
    assert b"/Title" in content and b"/ToUnicode" in content and b"DejaVuSans" in content


@pytest.mark.parametrize(("country", "box"), [(None, (595, 841)), ("UK", (595, 841)), ("US", (612, 792)), ("CA", (612, 792))])
def test_the_paper_is_that_of_the_country(country: str | None, box: tuple[int, int]) -> None:
    found = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf.render(summary(*TEACHER, country=country)))
    assert found and (int(float(found[1])), int(float(found[2]))) == box


def test_without_the_fonts_it_is_set_in_the_core_fonts(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(pdf, "fonts", dict)
    content = pdf.render(summary(*TEACHER, told("my hand is weak 漢 ☂ … “so”", (TEACHER[1][1][0][0], "hand is weak"))))
    assert pages(content) == 1 and b"Helvetica" in content and "not installed" in caplog.text


def test_the_same_summary_makes_the_same_file() -> None:
    assert pdf.render(summary(*TEACHER)) == pdf.render(summary(*TEACHER))


def test_an_unfinished_check_says_so(page: Page) -> None:
    words = on_page(page, summary(*TEACHER[:1], complete=False))
    assert "The check was not finished" in words and "Not known" in words


def test_what_the_person_wrote_is_no_formatting(page: Page) -> None:
    assert "**" not in page.safe("a ** b **** c") and "__" not in page.safe("____") and "[" not in page.safe("[x](javascript:1)")
    assert page.safe("zo\u00eb \u0142 \u03b1") == "zo\u00eb \u0142 \u03b1" and page.safe("漢") == "□"


def test_the_fonts_are_found_in_a_server_that_keeps_their_package_out_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", types.ModuleType("matplotlib"))
    assert set(pdf.fonts()) == set(pdf.FILES)
