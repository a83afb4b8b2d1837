"""Body functions: a word of trouble or of health decides."""
from __future__ import annotations

import pytest

from .build import asserted


@pytest.mark.parametrize(("text", "code", "assertion"), [
    ("my speech is off", "speech_difficulty", "present"),
    ("my speech is fine", "speech_difficulty", "absent"),
    ("trouble with swallowing", "swallowing_difficulty", "present"),
    ("no trouble with swallowing", "swallowing_difficulty", "absent"),
    ("swallowing has got worse", "swallowing_difficulty", "present"),
    ("no change in my speech", "speech_difficulty", "absent"),
    ("my grip is getting weaker", "weakness", "present"),
    ("grip normal", "weakness", "absent"),
    ("my breathing is normal", "breathing_difficulty", "absent"),
    ("my breathing is laboured", "breathing_difficulty", "present"),
    ("grip strength has not changed", "weakness", "absent"),
    ("walking is difficult", "weakness", "present"),
    ("my speech is not right", "speech_difficulty", "present"),
])
def test_trouble_or_health(text: str, code: str, assertion: str) -> None:
    assert asserted(text).get(code) == assertion


@pytest.mark.parametrize("text", ["I gave a speech at a wedding", "I was talking with my wife", "I swallowed a tablet", "walking the dog after work"])
def test_a_function_alone_tells_nothing(text: str) -> None:
    assert asserted(text) == {}


@pytest.mark.parametrize(("text", "present", "absent"), [
    ("speech fine, swallowing difficult", "swallowing_difficulty", "speech_difficulty"),
    ("my grip is weaker but my speech is normal", "weakness", "speech_difficulty"),
    ("breathing normal, walking is hard", "weakness", "breathing_difficulty"),
])
def test_the_nearer_word_decides(text: str, present: str, absent: str) -> None:
    said = asserted(text)
    assert said.get(present) == "present" and said.get(absent) == "absent"


def test_that_one_can_walk_says_little_and_that_one_walks_fine_much() -> None:
    assert "weakness" not in asserted("I can walk to the shop")
    assert asserted("I can walk perfectly well").get("weakness") == "absent"
