"""The small parts: hearing, topics, texts, state, words."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.build import Talk, kit
from twitchwise.dialogue import Button, DialogueState, Message, topics_of
from twitchwise.dialogue import texts as texts_module
from twitchwise.dialogue.draft import Draft, listed
from twitchwise.dialogue.intake import hear, plain, shape_of
from twitchwise.dialogue.texts import TextsError, load_texts
from twitchwise.dialogue.topics import asked_topics, reads_as_question
from twitchwise.triage import Person
from twitchwise.vocabulary.codes import load_codes


@pytest.mark.parametrize(("text", "shape"), [("", "empty"), (" \n", "empty"), ("🙂", "emoji"), ("?!", "signs"), ("a", "words"),
                                             ("12", "words")])
def test_the_shape_of_a_text(text: str, shape: str) -> None:
    assert shape_of(text) == shape


def test_plain_words() -> None:
    assert plain("  Start   OVER!! ") == "start over"
    assert plain("don’t know?") == "don't know"


@pytest.mark.parametrize("text", ["could it be coffee", "is it als", "why", "tell me about emg", "I wonder whether it is stress",
                                  "what now?", "wait what does bfs stand for", "ok so is it stress"])
def test_questions_with_and_without_a_mark(text: str) -> None:
    assert reads_as_question(text)


@pytest.mark.parametrize("text", ["too much coffee", "my calf twitches", "for three weeks", "no, nothing like that"])
def test_what_is_no_question(text: str) -> None:
    assert not reads_as_question(text)


def _asked(text: str, topics: tuple, *, intent: str = "", last: str | None = None, told: bool = False, in_check: bool = False):
    message = Message(text=text, intent=intent, intent_confidence=0.9, topics=topics)
    return asked_topics(message, {}, intent, text, last, ["and", "what about"], told=told, in_check=in_check)


def test_settled_topics_of_one_place_are_readings_and_of_two_are_questions() -> None:
    assert _asked("a?", (("emg", 0.9, 0, 2), ("mri", 0.5, 0, 2))).answered == ("emg",)
    assert _asked("a?", (("emg", 0.9, 0, 2), ("mri", 0.5, 0, 2))).offered == "mri"
    assert _asked("a? b?", (("emg", 0.9, 0, 2), ("mri", 0.5, 3, 5))).answered == ("emg", "mri")


def test_a_ranking_counts_only_where_it_is_clear() -> None:
    assert _asked("what about it", (("emg", 0.1),)).answered == ()
    assert _asked("my calf jumps", (("emg", 0.3),), intent="describe_symptoms").answered == ()
    assert _asked("does coffee do it?", (("cause_caffeine", 0.3),), intent="describe_symptoms").answered == ("cause_caffeine",)
    assert _asked("where is the station?", (("which_doctor", 0.3),), intent="out_of_scope").answered == ()


def test_a_follow_up_leans_on_the_last_topic() -> None:
    asked = _asked("and tea?", (), last="cause_caffeine")
    assert asked.answered == ("cause_caffeine",) and asked.leaning
    assert _asked("and tea?", ()).answered == ()


def test_an_answer_of_the_check_is_no_question() -> None:
    assert _asked("coffee and stress", (("cause_caffeine", 0.9, 0, 17),), told=True, in_check=True).answered == ()


def test_topics_from_entities() -> None:
    entities = [{"entity": "question", "value": "emg", "start": 1, "end": 5, "additional_info": {"confidence": 0.7}},
                {"entity": "symptom", "value": "weakness", "start": 0, "end": 1}]
    assert topics_of(entities) == [("emg", 0.7, 1, 5)]


def test_an_unclear_intent_says_nothing() -> None:
    state = DialogueState()
    assert hear(Message(text="hm hm", intent="thank", intent_confidence=0.2), state, load_texts()).intent == ""
    assert hear(Message(text="stop asking", intent="thank", intent_confidence=0.2), state, load_texts()).intent == "stop_check"
    assert hear(Message(text="pressed", payload={"intent": "start_over"}), state, load_texts()).intent == "start_over"


def test_the_state_goes_through_json_and_refuses_another_schema() -> None:
    talk = Talk()
    talk.say("hi", intent="greet")
    data = talk.state.to_dict()
    assert DialogueState.from_dict(data).to_dict() == data
    assert DialogueState.from_dict(None).to_dict() == DialogueState().to_dict()
    with pytest.raises(ValueError, match="schema 99"):
        DialogueState.from_dict({"schema": 99})


def test_buttons_leave_out_what_they_do_not_mean() -> None:
    assert Button.of("Yes", answer="yes", place=[], text=None).payload == '{"answer": "yes"}'


def test_lists_in_words() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")] == ["", "a", "a and b", "a, b or c"]


@pytest.mark.parametrize("country", ["UK", "US", "IE", "CA", "AU", "EU", None, "XX"])
def test_every_text_can_be_said_for_every_person_in_every_country(country: str | None) -> None:
    extra = dict.fromkeys(("said", "why", "means", "new", "old", "names", "advice", "duration", "date", "explain", "them_now", "hours"), "x")
    for person in (Person(), Person("child", "son", "he"), Person("adult", None, "they")):
        draft = Draft(kit(), country, 0, person)
        for key, variants in load_texts().said.items():
            for seed in range(len(variants)):
                draft.seed = seed
                text = draft.text(key, **extra)
                assert text and "{" not in text


def test_every_level_and_every_emergency_has_its_words() -> None:
    data = load_texts().data
    codes = load_codes()
    assert set(data["levels"]) == set(codes.levels) == set(data["next_topics"])
    assert set(data["watch"]) == {"neurologist", "urgent", "emergency"}
    for entry in data["levels"].values():
        assert {"title", "advice", "do", "colour", "icon"} <= set(entry)
    for topics in data["next_topics"].values():
        assert set(topics) <= set(codes.faq_topics)
    assert set(data["topic_triggers"]) <= set(codes.faq_topics) and set(data["topic_triggers"].values()) <= set(codes.triggers)


def test_no_text_promises_anything() -> None:
    for variants in load_texts().said.values():
        for text in variants:
            promises = ("nothing to worry", "you are fine", "it is harmless", "guarantee", "don't worry")
            assert not any(promise in text.lower() for promise in promises)


@pytest.mark.parametrize("content", ["texts: {a: ''}", "texts: {a: [1]}", "texts: {a: x}\ndata: {b: 1}\n---\n: :"])
def test_a_damaged_file_is_named(tmp_path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    (tmp_path / "bad.yml").write_text(content, encoding="utf-8")
    monkeypatch.setattr(texts_module, "HERE", tmp_path)
    load_texts.cache_clear()
    with pytest.raises(TextsError, match=r"bad\.yml"):
        load_texts()
    load_texts.cache_clear()


@given(st.text(max_size=300), st.sampled_from([None, "affirm", "deny", "start_over", "fear", "ask_emg", "no_such_intent"]), st.floats(0, 1))
def test_no_text_raises_and_each_gets_words(text: str, intent: str | None, confidence: float) -> None:
    assert Talk().say(text, intent=intent, confidence=confidence).replies
