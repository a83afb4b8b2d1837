from __future__ import annotations

import numpy as np
import pytest

from twitchwise.nlu.topics import Thresholds, Topic, decide, units

INTENTS = ["ask_coffee", "ask_doctor", "describe_symptoms", "out_of_scope"]


def _topics(text: str, rows: list[list[float]], nearest: float = 0.9) -> list[Topic]:
    parts = units(text)
    assert len(parts) == len(rows), [part.text for part in parts]
    return decide(parts, np.array(rows, np.float32), np.full(len(rows), nearest), INTENTS, 15.0)


def test_one_question_is_one_unit() -> None:
    assert [(unit.text, unit.whole) for unit in units(" could it be coffee? ")] == [(" could it be coffee? ", True)]


def test_a_question_that_names_nothing_takes_the_sentence_before_along() -> None:
    whole, question = units("I cook a lot. I drink ten coffees a day. Could that be it?")
    assert whole.whole
    assert question.leans
    assert question.text == "I drink ten coffees a day. Could that be it?"
    assert question.span.text == "Could that be it?"


def test_a_sure_question_has_its_topic() -> None:
    (topic,) = _topics("could it be coffee?", [[0.8, 0.1, 0.0, 0.0]])
    assert (topic.code, topic.start, topic.end) == ("coffee", 0, 19)
    assert topic.confidence > 0.9


@pytest.mark.parametrize("row", [[0.1, 0.05, 0, 0], [0.4, 0.1, 0, 0.5]], ids=["weak", "out of scope is stronger"])
def test_refused(row: list[float]) -> None:
    assert _topics("could it be coffee?", [row]) == []


def test_far_from_every_training_phrase_is_refused() -> None:
    assert _topics("could it be coffee?", [[0.8, 0.1, 0, 0]], nearest=Thresholds().nearest - 0.01) == []


def test_a_report_does_not_stand_against_its_question() -> None:
    (topic,) = _topics("my leg jumps a lot these days, could it be coffee?", [[0.2, 0, 0.8, 0], [0.7, 0, 0.1, 0]])
    assert topic.code == "coffee"
    assert topic.start == 31


def test_a_report_without_a_question_has_no_topic() -> None:
    assert _topics("my leg jumps after coffee", [[0.5, 0, 0.4, 0]]) != []  # short: it names a topic
    assert _topics("my leg jumps after coffee and then it stops for the day", [[0.5, 0, 0.4, 0]]) == []


def test_two_questions_have_two_places() -> None:
    found = _topics("could it be coffee? which doctor do I see?", [[0.5, 0.5, 0, 0], [0.8, 0, 0, 0], [0, 0.8, 0, 0]])
    assert {topic.code for topic in found} == {"coffee", "doctor"}
    assert len({topic.start for topic in found}) == 2


def test_close_readings_share_a_place() -> None:
    found = _topics("could it be coffee?", [[0.5, 0.4, 0, 0]])
    assert [topic.code for topic in found] == ["coffee", "doctor"]
    assert len({(topic.start, topic.end) for topic in found}) == 1


def test_out_of_scope_refuses_the_question_that_leans_on_it() -> None:
    assert _topics("My dog snores all night. What can he do about it?", [[0.1, 0, 0, 0.8], [0.9, 0, 0, 0]]) == []


def test_no_topics_among_the_intents() -> None:
    assert decide(units("why?"), np.ones((1, 2)), np.ones(1), ["greet", "out_of_scope"], 10.0) == []
