"""Traps 3, 4, 8, 10 and 14: no turn is deleted, a broken form gives no result, no message is served twice, sessions end softly."""
from __future__ import annotations

import pytest

from .conftest import DEAD, FAILING, OK, REJECTING, Bot

RESULT = ("see_gp", "self_care", "neurologist", "urgent")
CONVERSATION = [
    "hello", "my calf has been twitching for 3 days", "no", "is it ALS?", "qwertz uiop asdf", "no", "stop asking", "what is a twitch?", "",
    "/restart", "start over", "my eyelid twitches", "thanks", "what did you find", "bye",
]


async def test_no_turn_is_ever_reverted_or_left_open(bot: Bot) -> None:
    for text in CONVERSATION:
        assert await bot.say(text), text
        kinds = [event.as_dict()["event"] for event in (await bot.tracker()).events]
        assert not {"rewind", "undo", "restart", "pause"} & set(kinds), text
        assert (await bot.tracker()).latest_action_name == "action_listen", text


async def test_a_message_without_an_intent_is_served_once(bot: Bot) -> None:
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

    output = CollectingOutputChannel()
    parse = {"text": "x", "intent": {"name": None, "confidence": 0.0}, "entities": []}
    await bot.agent.handle_message(UserMessage("x", output, bot.sender, parse_data=parse))
    assert output.messages
    assert await bot.actions_of_last_turn() == ["action_turn", "action_listen"]


async def test_opening_the_form_says_the_question_once(bot: Bot) -> None:
    await bot.say("my calf has been twitching for 3 days")
    assert await bot.actions_of_last_turn() == ["action_turn", "action_listen"]
    assert bot.actions.calls == ["action_turn"]
    texts = [event["text"] for event in await bot.last_turn() if event["event"] == "bot"]
    assert len(texts) == len(set(texts)) and len(bot.recorder.turns) == 1


async def test_each_message_is_recorded_once(bot: Bot) -> None:
    for text in ("my calf has been twitching for 3 days", "no", "no", "can coffee do this?", "no"):
        await bot.say(text)
    ids = [message_id for _, message_id in bot.recorder.turns]
    assert len(ids) == len(set(ids)) == 5


async def test_the_whole_check_ends_with_a_result(bot: Bot) -> None:
    await bot.say("my calf has been twitching for 3 days")
    for _ in range(40):
        if not await bot.in_check():
            break
        assert await bot.say("no")
    assert not await bot.in_check()
    assert (await bot.slots())["triage_level"] in RESULT
    assert "action_finish_check" in await bot.actions_of_last_turn()


@pytest.mark.parametrize("mode", [DEAD, FAILING, REJECTING])
async def test_broken_before_the_check(bot: Bot, mode: str) -> None:
    bot.actions.mode = mode
    words = await bot.say("my calf has been twitching for 3 days")
    assert "Sorry" in words and "999" in words
    slots = await bot.slots()
    assert slots["triage_level"] is None and not slots["red_flags"] and not await bot.in_check()


@pytest.mark.parametrize("mode", [DEAD, FAILING, REJECTING])
async def test_a_form_that_breaks_when_it_opens_gives_no_result(bot: Bot, mode: str) -> None:
    """Rasa takes a form whose validation fails at activation for done, and runs what comes after it."""
    from rasa.core.channels.channel import CollectingOutputChannel

    await bot.say("hello")
    bot.actions.mode, bot.actions.only = mode, "validate_check_form"
    output = CollectingOutputChannel()
    await bot.agent.execute_action(bot.sender, "check_form", output, None, 1.0)
    await bot.agent.execute_action(bot.sender, "action_finish_check", output, None, 1.0)
    assert output.messages == []
    slots = await bot.slots()
    assert slots["triage_level"] is None and slots["requested_slot"] is None


async def test_validating_a_served_message_again_says_nothing(bot: Bot) -> None:
    """Rasa calls the form's validation at activation and again on each question: only the first call for a message may speak."""
    from rasa.core.channels.channel import CollectingOutputChannel

    await bot.say("my calf has been twitching for 3 days")
    before, output = await bot.slots(), CollectingOutputChannel()
    await bot.agent.execute_action(bot.sender, "check_form", output, None, 1.0)
    assert output.messages == [] and len(bot.recorder.turns) == 1
    after = await bot.slots()
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("mode", [DEAD, FAILING])
async def test_broken_during_the_check_and_back(bot: Bot, mode: str) -> None:
    await bot.say("my calf has been twitching for 3 days")
    asked = (await bot.slots())["requested_slot"]
    bot.actions.mode = mode
    words = await bot.say("no, but my speech is slurred")
    assert "Sorry" in words and "999" in words
    assert (await bot.slots())["triage_level"] is None
    bot.actions.mode = OK
    await bot.say("no")
    slots = await bot.slots()
    # What was told in between counts.
    assert "speech_difficulty" in slots["red_flags"] or "stroke_signs" in slots["red_flags"]
    assert slots["requested_slot"] != asked


async def test_broken_at_the_end_of_the_check(bot: Bot) -> None:
    await bot.say("my calf has been twitching for 3 days")
    before = None
    for _ in range(40):
        if not await bot.in_check():
            break
        before = await bot.slots()
        bot.actions.mode, bot.actions.only = DEAD, "action_finish_check"
        await bot.say("no")
    assert before is not None and before["triage_level"] is None
    assert (await bot.slots())["triage_level"] in RESULT


async def test_dead_at_the_last_answer_gives_no_result(bot: Bot) -> None:
    await bot.say("my calf has been twitching for 3 days")
    bot.actions.mode = DEAD
    for _ in range(30):
        assert "Sorry" in await bot.say("no")
    assert (await bot.slots())["triage_level"] is None
    bot.actions.mode = OK
    assert await bot.say("no")


async def test_an_expired_session_goes_on_with_its_case(bot: Bot) -> None:
    await bot.say("my calf has been twitching for 3 days")
    asked, tracker = (await bot.slots())["requested_slot"], await bot.tracker()
    bot.recorder.state = (await bot.slots())["dialogue_state"]["dialogue"]
    for event in tracker.events:
        event.timestamp -= 5 * 3600
    store = bot.agent.tracker_store
    await store.save(tracker)
    assert await bot.say("no")
    full = await store.retrieve_full_tracker(bot.sender)
    assert [event.as_dict()["event"] for event in full.events].count("session_started") == 2
    assert asked and await bot.in_check()
