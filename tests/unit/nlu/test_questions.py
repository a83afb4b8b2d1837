from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.nlu.questions import MAX_QUESTIONS, is_question, questions, sentences


@pytest.mark.parametrize(("text", "expected"), [
    ("my leg jumps. could it be the tea?", ["could it be the tea?"]),
    ("my leg jumps, is it the tea", ["is it the tea"]),
    ("my calf goes 4.5 times a minute, is that the coffee?", ["is that the coffee?"]),
    ("which doctor, and what tests will he do?", ["which doctor", "and what tests will he do?"]),
    ("what should I eat and how much should I drink", ["what should I eat", "how much should I drink"]),
    ("is it normal\nwhat about magnesium", ["is it normal", "what about magnesium"]),
    ("and tea?", ["and tea?"]),
    ("or stress", ["or stress"]),
    ("hi, so does magnesium help", ["so does magnesium help"]),
    ("Dr. Smith says BFS, is that bad?", ["is that bad?"]),
    ("from what does it come", ["from what does it come"]),
    ("tell me about ALS", ["tell me about ALS"]),
])
def test_questions_are_found(text: str, expected: list[str]) -> None:
    assert [span.text for span in questions(text)] == expected


@pytest.mark.parametrize("text", [
    "my calf has been twitching for three weeks",
    "I can't grip a pen any more",
    "can hardly walk",
    "have weakness in my hands",
    "is getting worse every day",
    "when I lie down my leg jumps",
    "there is a dent where the muscle was",
    "did Murph yesterday",
    "no weakness, no numbness",
    "What I have forgotten to say, my arm is thin",
    "",
    "?!",
])
def test_reports_are_no_questions(text: str) -> None:
    assert questions(text) == []


def test_at_most_three() -> None:
    assert len(questions("is it tea? " * 30)) == MAX_QUESTIONS


def test_sentences_keep_numbers_and_titles_whole() -> None:
    assert [span.text for span in sentences("It was 4.5 mm. Dr. Lee saw it! ok")] == ["It was 4.5 mm.", "Dr. Lee saw it!", "ok"]


@given(st.text(max_size=400))
def test_spans_are_where_they_say(text: str) -> None:
    for span in [*sentences(text), *questions(text)]:
        assert text[span.start : span.end] == span.text
        assert span.text.strip() == span.text != ""


@given(st.text(max_size=100))
def test_a_question_mark_makes_a_question(text: str) -> None:
    assert is_question(f"{text}?")


@pytest.mark.parametrize("part", ["!", " ", "so ", ", ", "is it, ", "?a", "- ", "and ", "what if ", "a", ". ", "and so "])
def test_cost_grows_with_length_and_not_faster(part: str) -> None:
    """2,000 characters of anything take a few milliseconds; the bound leaves room for a busy machine."""
    text = (part * 2000)[:2000]
    start = time.perf_counter()
    questions(text)
    assert time.perf_counter() - start < 0.2
