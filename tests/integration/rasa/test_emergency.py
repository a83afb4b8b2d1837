"""Traps 1 and 2: the safety policy beats an active form, and its words and slots need no action."""
from __future__ import annotations

import pytest

from .conftest import DEAD, FAILING, HANGING, REJECTING, Bot


async def in_the_check(bot: Bot) -> None:
    await bot.say("my calf has been twitching for 3 days")
    assert await bot.in_check()


async def test_emergency_in_the_first_message(bot: Bot) -> None:
    replies = await bot.replies("I have crushing chest pain")
    assert "Please call" in replies[0]["text"] and "999" in replies[0]["text"]
    slots = await bot.slots()
    assert slots["red_flags"] == ["chest_pain"] and slots["triage_level"] == "emergency"
    assert slots["requested_slot"] is None
    assert await bot.actions_of_last_turn() == ["utter_emergency", "action_turn", "action_listen"]


async def test_emergency_in_the_middle_of_the_form(bot: Bot) -> None:
    await in_the_check(bot)
    replies = await bot.replies("I can't breathe")
    assert "Please call" in replies[0]["text"]
    assert await bot.actions_of_last_turn() == ["utter_emergency", "action_deactivate_loop", "action_turn", "action_listen"]
    assert not await bot.in_check()
    assert (await bot.slots())["triage_level"] == "emergency"


async def test_a_bare_yes_to_the_first_question_of_the_form(bot: Bot) -> None:
    await in_the_check(bot)
    assert (await bot.slots())["requested_slot"] == "breathing"
    replies = await bot.replies("yes")
    assert "Please call" in replies[0]["text"]
    assert "breathing_difficulty" in (await bot.slots())["red_flags"]


@pytest.mark.parametrize("mode", [DEAD, FAILING, REJECTING])
async def test_words_and_slots_without_actions(bot: Bot, mode: str) -> None:
    await in_the_check(bot)
    bot.actions.mode = mode
    replies = await bot.replies("I can't breathe")
    assert "Please call" in replies[0]["text"]
    slots = await bot.slots()
    assert slots["red_flags"] == ["breathing_difficulty"] and slots["triage_level"] == "emergency"
    assert not await bot.in_check()


async def test_words_come_when_an_action_hangs(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT", 0.2)
    await in_the_check(bot)
    bot.actions.mode = HANGING
    replies = await bot.replies("I can't breathe")
    assert "Please call" in replies[0]["text"] and not await bot.in_check()


async def test_what_the_dead_action_missed_is_recorded_once_it_is_back(bot: Bot) -> None:
    bot.actions.mode = DEAD
    await bot.say("I have chest pain")
    assert bot.recorder.turns == []
    bot.actions.mode = "ok"
    await bot.say("I am scared")
    assert len(bot.recorder.turns) == 2
    assert "chest_pain" in (await bot.slots())["red_flags"]


async def test_thoughts_of_suicide_get_the_crisis_line(bot: Bot) -> None:
    replies = await bot.replies("if it is ALS I will kill myself")
    assert "116 123" in replies[0]["text"] and "988" in replies[0]["text"]
    assert (await bot.actions_of_last_turn())[0] == "utter_crisis"


async def test_two_emergencies_in_one_message_are_both_answered(bot: Bot) -> None:
    await bot.say("I have chest pain and I want to kill myself")
    assert (await bot.actions_of_last_turn())[:2] == ["utter_emergency", "utter_crisis"]


async def test_the_second_emergency_is_said_too_and_the_first_not_again(bot: Bot) -> None:
    await bot.say("I have chest pain")
    await bot.say("I still have chest pain")
    assert "utter_emergency" not in await bot.actions_of_last_turn()
    await bot.say("and now I can't breathe")
    assert (await bot.actions_of_last_turn())[0] == "utter_emergency"
    assert set((await bot.slots())["red_flags"]) >= {"chest_pain", "breathing_difficulty"}


async def test_the_number_is_that_of_the_country(bot: Bot) -> None:
    words = await bot.say("I have chest pain", metadata={"country": "US"})
    assert "911" in words and "999" not in words


async def test_a_typed_command_still_holds_its_emergency(bot: Bot) -> None:
    words = await bot.say('/greet{"a": 1} I have chest pain')
    assert "Please call" in words and (await bot.slots())["triage_level"] == "emergency"
