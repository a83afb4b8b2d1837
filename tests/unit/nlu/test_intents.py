from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.nlu import intents as intents_module
from twitchwise.nlu.encoder import Encoder
from twitchwise.nlu.intents import IntentReader, Reading

PHRASES = [
    *((f"can {drink} make muscles {move}", "ask_cause_caffeine") for drink in ("coffee", "tea", "cola") for move in ("twitch", "jump")),
    *((f"which {who} should I see about {what}", "ask_which_doctor") for who in ("doctor", "specialist") for what in ("this", "it")),
    *((f"my {place} has been twitching for {time}", "describe_symptoms") for place in ("calf", "thumb") for time in ("a week", "3 days")),
    *((f"how do I {verb} a {thing}", "out_of_scope") for verb in ("bake", "repair", "buy") for thing in ("cake", "bicycle", "house")),
    *((hello, "greet") for hello in ("hello", "hi there", "good morning", "hey")),
    *((noise, "gibberish") for noise in ("asdf qwer", "zzzz xx", "jkl jkl")),
]


@pytest.fixture(scope="module")
def reader(encoder: Encoder) -> IntentReader:
    return IntentReader.train(encoder, PHRASES)


def test_reads_intent_and_topic(reader: IntentReader) -> None:
    reading = reader.read("does a lot of coffee make my muscles jump?")
    assert reading.intent == "ask_cause_caffeine"
    assert [topic.code for topic in reading.topics] == ["cause_caffeine"]
    assert reading.confidence == max(confidence for _, confidence in reading.ranking)


def test_ranking_holds_every_intent_once_and_falls(reader: IntentReader) -> None:
    ranking = reader.read("hello").ranking
    assert sorted(name for name, _ in ranking) == sorted({intent for _, intent in PHRASES})
    assert [confidence for _, confidence in ranking] == sorted((confidence for _, confidence in ranking), reverse=True)


def test_out_of_scope_has_no_topic(reader: IntentReader) -> None:
    reading = reader.read("how do I repair a cake?")
    assert reading.intent == "out_of_scope"
    assert reading.topics == ()


def test_question_inside_a_story(reader: IntentReader) -> None:
    text = "my thumb has been twitching for 9 days and it will not stop. can espresso make muscles jump?"
    reading = reader.read(text)
    assert [text[topic.start : topic.end] for topic in reading.topics] == ["can espresso make muscles jump?"]


@pytest.mark.parametrize("text", ["", "  ", "?!", "\U0001f642\U0001f642", "\ud800"])
def test_nothing_said_is_gibberish(reader: IntentReader, text: str) -> None:
    reading = reader.read(text)
    assert (reading.intent, reading.topics) == ("gibberish", ())
    assert len(reading.ranking) == len({intent for _, intent in PHRASES})


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=60)
def test_never_raises_and_an_ask_intent_has_a_topic(reader: IntentReader, text: str) -> None:
    reading = reader.read(text)
    assert 0 <= reading.confidence <= 1
    assert reading.topics or not reading.intent.startswith("ask_")


def test_short_answers_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same reading comes again, longer messages are read each time, and memory is bounded."""
    reader = IntentReader(None, None)  # type: ignore[arg-type]
    asked: list[str] = []

    def read(text: str) -> Reading:
        asked.append(text)
        return Reading(((text, 1.0),), ())

    monkeypatch.setattr(reader, "_read", read)
    monkeypatch.setattr(intents_module, "KEPT", 3)
    long = "x" * (intents_module.SHORT + 1)
    for text in ("no", "yes", "no", "No", long, long):
        assert reader.read(text).intent == text
    assert asked == ["no", "yes", "No", long, long]
    for number in range(10):
        reader.read(str(number))
        assert len(reader._short) <= 3
