"""What the rules leave unexplained is suggested by likeness, and judged by the same rules of assertion."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from twitchwise.understanding.findings import Finding
from twitchwise.understanding.paraphrase import Suggestion
from twitchwise.understanding.reader import Reader, load_reader


class Fixed:
    """Suggests one code for every sentence, and keeps what it was shown."""

    def __init__(self, code: str = "weakness", score: float = 0.7) -> None:
        self.code, self.score = code, score
        self.shown: list[str] = []

    def suggest(self, texts: Sequence[str]) -> list[list[Suggestion]]:
        self.shown += texts
        return [[Suggestion(self.code, self.score)] for _ in texts]


def reader(likeness: Fixed) -> Reader:
    return replace(load_reader(), likeness=likeness)


def symptoms(text: str, likeness: Fixed) -> dict[str, str | None]:
    return {item.code: item.assertion for item in reader(likeness).read(text).findings if item.kind == "symptom"}


STRANGE = "the marmalade lid has beaten its master"


def test_an_unexplained_sentence_is_suggested() -> None:
    likeness = Fixed()
    assert symptoms(STRANGE, likeness) == {"weakness": "present"}
    assert likeness.shown == [STRANGE]


def test_a_sentence_that_the_rules_explain_is_not_shown() -> None:
    likeness = Fixed()
    assert symptoms("My calf has been twitching for three weeks.", likeness) == {"twitching": "present"}
    assert likeness.shown == []


def test_a_denial_of_the_rules_stands() -> None:
    likeness = Fixed()
    assert symptoms("no weakness when I juggle porcelain elephants", likeness).get("weakness") == "absent"


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        (f"what if {STRANGE}", "hypothetical"),
        (f"I read that with ALS {STRANGE}", "hypothetical"),
        (f"maybe {STRANGE}", "possible"),
    ],
)
def test_fear_knowledge_and_doubt_hold_for_it_too(text: str, assertion: str) -> None:
    assert symptoms(text, Fixed())["weakness"] == assertion


def test_one_finding_for_each_code_with_its_score_as_evidence() -> None:
    found: list[Finding] = [
        item for item in reader(Fixed()).read(f"{STRANGE}. The porcelain elephants laugh at their keeper.").findings if item.code == "weakness"
    ]
    assert len(found) == 1
    assert "wordings 0.70" in found[0].evidence.rule


def test_the_number_of_sentences_shown_is_bounded() -> None:
    likeness = Fixed()
    reader(likeness).read(" ".join(f"Porcelain elephants juggle marmalade number {number}." for number in range(60)))
    assert 0 < len(likeness.shown) <= 8


@pytest.mark.parametrize("text", ["my grip rather wanders off to the hills", "some days my laces outwit my thumbs"])
def test_a_word_of_a_function_alone_explains_nothing(text: str) -> None:
    """'Grip' and 'laces' are only what is spoken of; what is said of them no phrase knows."""
    assert symptoms(text, Fixed())["weakness"] == "present"


def test_one_unexplained_word_will_do_with_an_inability() -> None:
    likeness = Fixed()
    assert symptoms("since the weekend I come not any more out of the chair", likeness)["weakness"] == "present"
    shown = Fixed()
    symptoms("I came out of the chair on Friday", shown)
    assert shown.shown == []


def test_a_shield_of_another_symptom_stops_no_suggestion() -> None:
    """'will not stay' is no agitation; that says nothing of strength."""
    text = "the forefoot merely slaps and it will not stay aloft"
    assert symptoms(text, Fixed())["weakness"] == "present"
    assert "agitation" not in symptoms(text, Fixed("agitation"))


def test_words_of_health_beside_it_ask_for_a_closer_likeness() -> None:
    sentence = f"appetite good, {STRANGE}"
    assert symptoms(sentence, Fixed(score=0.7)) == {"weakness": "present"}
    assert "weakness" not in symptoms(sentence, Fixed(score=0.46))


def test_what_opens_with_health_is_well() -> None:
    assert "incontinence" not in symptoms("Nothing wrong with my bladder, I arrive in good season", Fixed("incontinence", 0.8))


def test_an_inability_before_it_denies_no_likeness() -> None:
    sentence = "for like six weeks now I can't get the pushchair up into the van, my right arm just resigns halfway"
    assert symptoms(sentence, Fixed()).get("weakness") == "present"
