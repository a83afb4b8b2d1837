from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.channels import safety_net


def test_an_emergency_gets_its_own_words_before_the_apology() -> None:
    answer = safety_net.safe_answer("I can't breathe", "UK")
    assert answer.level == "emergency" and "breathing_difficulty" in answer.red_flags
    assert "999" in answer.replies[0] and "911" not in answer.replies[0]
    assert "Sorry" in answer.replies[-1]


def test_thoughts_of_suicide_get_the_crisis_line() -> None:
    answer = safety_net.safe_answer("I want to kill myself", "UK")
    assert "116 123" in answer.replies[0]


def test_something_urgent_is_said_too() -> None:
    assert len(safety_net.safe_answer("I have started choking on my food and coughing when I drink").replies) == 2


def test_an_ordinary_message_gets_the_general_safe_words() -> None:
    (reply,) = safety_net.safe_answer("my eyelid twitches").replies
    assert "999" in reply and "112" in reply


def test_a_bodily_emergency_comes_before_the_crisis_line() -> None:
    first, second = safety_net.what_to_do(["suicidal_thoughts", "chest_pain"])
    assert "Chest pain" in first and "116 123" in second


@pytest.mark.parametrize("problem", ["empty", "not_text", "no_sender", "bad_request", "old_button", "cut"])
def test_every_problem_names_the_number(problem: str) -> None:
    assert "911" in safety_net.problem_text(problem, "US")


def test_flooding_with_an_emergency() -> None:
    assert len(safety_net.rate_limited("crushing chest pain")) == 2
    assert len(safety_net.rate_limited("")) == 1


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_never_raises_and_always_says_something(text: str) -> None:
    replies = safety_net.safe_answer(text).replies
    assert replies and all(replies)


def test_an_emergency_has_a_card_with_numbers_and_the_apology_has_none() -> None:
    answer = safety_net.safe_answer("I have crushing chest pain", "UK")
    first, *others = safety_net.messages(answer, "UK")
    assert first["text"] == answer.replies[0] and first["custom"]["flag"] == "chest_pain" and first["custom"]["kind"] == "emergency"
    assert first["custom"]["tel"][0]["tel"] == "999" and others and not any("custom" in each for each in others)


def test_thoughts_of_dying_have_a_card_with_the_line_that_listens() -> None:
    cards = [each["custom"] for each in safety_net.messages(safety_net.safe_answer("I want to kill myself", "UK"), "UK") if "custom" in each]
    assert "116123" in [link["tel"].replace(" ", "") for link in cards[0]["tel"]] and cards[0]["sms"]


@pytest.mark.parametrize("text", ["my calf twitches", "hello", ""])
def test_without_an_emergency_there_is_no_card(text: str) -> None:
    assert not any("custom" in each for each in safety_net.messages(safety_net.safe_answer(text)))


def test_the_words_come_without_cards_when_these_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError

    answer = safety_net.safe_answer("I have crushing chest pain")
    monkeypatch.setattr(safety_net, "_card", broken)
    assert [each["text"] for each in safety_net.messages(answer)] == list(answer.replies)
