"""A message that only the safety net answered, because too many waited, counts in the conversation all the same."""
from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.integration.rasa.conftest import Bot
from twitchwise.channels.gate import Gate


def overrun(bot: Bot, yes: bool) -> None:
    """The first one at the gate has waited for too long."""
    gate = Gate()
    bot.guard.gate = SimpleNamespace(is_overrun=yes, hold=gate.hold)      # type: ignore[assignment]


@pytest.mark.parametrize("before", [[], ["hello", "my eyelid twitches"]])
async def test_what_was_told_meanwhile_counts_in_the_next_turn(bot: Bot, before: list[str]) -> None:
    for text in before:
        await bot.say(text)
    overrun(bot, True)
    assert "Sorry, something went wrong" in await bot.say("my left calf has been twitching for three days")
    await bot.guard.finish(60)
    overrun(bot, False)
    assert "Sorry, something went wrong" not in await bot.say("it is still twitching")
    slots = await bot.slots()
    assert "calf" in str(slots["body_locations"]) and slots["duration_days"] == 3
    # Every message stands there once, in its order, each with its end.
    events = (await bot.tracker()).events
    told = [event.text for event in events if event.type_name == "user"]
    assert told == [*before, "my left calf has been twitching for three days", "it is still twitching"]


async def test_an_emergency_meanwhile_has_its_words_and_is_not_forgotten(bot: Bot) -> None:
    await bot.say("my eyelid twitches")
    overrun(bot, True)
    assert "999" in await bot.say("now I have crushing chest pain")
    await bot.guard.finish(60)
    overrun(bot, False)
    await bot.say("thank you")
    slots = await bot.slots()
    assert slots["triage_level"] == "emergency" and "chest_pain" in slots["red_flags"]
