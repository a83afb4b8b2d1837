"""Traps 5, 7, 9 and 11: deadlines, NLU and store failures, typed commands, pressed buttons."""
from __future__ import annotations

import asyncio
from typing import Any

import pytest

from .conftest import DEAD, HANGING, OK, Bot


async def test_a_hanging_action_is_given_up_and_the_turn_still_ends(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT", 0.2)
    bot.actions.mode = HANGING
    words = await asyncio.wait_for(bot.say("my calf twitches"), 60)     # the action itself would hang for ever
    assert "Sorry" in words
    bot.actions.mode = OK
    assert await bot.say("no") and "Sorry" not in await bot.say("hello")


async def test_nobody_waits_for_a_turn_that_outlasts_the_deadline(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT", 1.0)
    bot.guard.settings.deadline_s = 0.2
    bot.actions.mode = HANGING
    words = await bot.say("I have chest pain")
    assert "Please call" in words or "Chest pain" in words
    await bot.guard.finish()
    # The turn ended on its own, and its state was saved.
    assert (await bot.slots())["triage_level"] == "emergency"


async def test_an_nlu_failure_gets_words(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("boom")

    monkeypatch.setattr(bot.agent.processor, "parse_message", broken)
    words = await bot.say("I have crushing chest pain")
    assert "Chest pain" in words and "999" in words and "Sorry" in words
    monkeypatch.undo()
    assert await bot.slots()


@pytest.mark.parametrize("method", ["retrieve", "save"])
async def test_a_store_failure_gets_words(bot: Bot, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    async def broken(*_: Any, **__: Any) -> Any:
        raise OSError("away")

    monkeypatch.setattr(bot.agent.tracker_store._tracker_store, method, broken)
    words = await bot.say("I have crushing chest pain")
    assert "999" in words


async def test_a_busy_conversation_gets_words_within_the_deadline(bot: Bot) -> None:
    bot.guard.settings.deadline_s = 0.3
    async with bot.agent.lock_store.lock(bot.sender):
        assert "Sorry" in await bot.say("hello")
    await bot.guard.finish()


async def test_messages_at_once_are_all_answered_and_served_once(bot: Bot) -> None:
    bot.guard.settings.deadline_s = 9.0
    answers = await asyncio.gather(*(bot.say(f"my calf twitches {number}") for number in range(5)))
    assert all(answers)
    assert len({message_id for _, message_id in bot.recorder.turns}) == 5


@pytest.mark.parametrize("text", [
    "/restart", "/session_start", "/back", '/restart{"a": 1}', '/twitch{"site": "INJECTED"}', "／restart",
    '/inform{"red_flags": ["stroke_signs"], "triage_level": "emergency"}', "/action_deactivate_loop", "/ restart",
])
async def test_typed_commands_change_nothing(bot: Bot, text: str) -> None:
    await bot.say("my calf has been twitching for 3 days")
    before = await bot.slots()
    assert await bot.say(text)
    after = await bot.slots()
    for name in ("body_locations", "duration_days", "symptoms_present", "red_flags", "triage_level"):
        assert after[name] == before[name], name
    assert await bot.in_check()
    assert (await bot.last_turn())[0]["parse_data"]["intent"]["name"] == "typed_command"


async def press(bot: Bot, title: str, text: str) -> str:
    """The token of the button called `title` in the reply to `text`."""
    for reply in await bot.replies(text):
        for button in reply.get("buttons") or []:
            if button["title"] == title:
                return str(button["payload"])
    raise AssertionError(f"no button {title}")


async def test_a_pressed_button_answers_the_question(bot: Bot) -> None:
    token = await press(bot, "No", "my calf has been twitching for 3 days")
    asked = (await bot.slots())["requested_slot"]
    assert await bot.say(token)
    slots = await bot.slots()
    assert slots["requested_slot"] not in (None, asked)
    pressed = (await bot.last_turn())[0]
    assert pressed["text"] == "No" and pressed["parse_data"]["intent"]["name"] == "deny"


async def test_a_pressed_yes_is_an_emergency_where_the_question_was(bot: Bot) -> None:
    token = await press(bot, "Yes", "my calf has been twitching for 3 days")
    assert (await bot.slots())["requested_slot"] == "breathing"
    assert "Please call" in await bot.say(token)


async def test_a_button_of_another_conversation_is_worthless(bot: Bot) -> None:
    token = await press(bot, "No", "my calf has been twitching for 3 days")
    other = Bot(bot.agent, bot.actions, bot.guard, bot.recorder)
    await other.say("my calf has been twitching for 3 days")
    before = (await other.slots())["requested_slot"]
    assert "button" in await other.say(token)
    assert (await other.slots())["requested_slot"] == before


async def test_a_forged_token_is_worthless(bot: Bot) -> None:
    await bot.say("my calf has been twitching for 3 days")
    assert "button" in await bot.say("tw-" + "A" * 27)
    assert await bot.in_check()


async def test_payloads_never_leave(bot: Bot) -> None:
    replies = await bot.replies("my calf has been twitching for 3 days")
    assert all(button["payload"].startswith("tw-") for reply in replies for button in reply.get("buttons") or [])


async def test_a_dead_action_process_leaves_the_first_message_in_the_tracker(bot: Bot) -> None:
    bot.actions.mode = DEAD
    await bot.say("my calf twitches")
    assert (await bot.last_turn())[0]["text"] == "my calf twitches"


async def test_people_are_still_answered_after_asking_for_a_person(bot: Bot) -> None:
    assert await bot.say("I want to talk to a human")
    assert not (await bot.tracker()).is_paused()
    assert "Please call" in await bot.say("I can't breathe")
