"""A hand-over in Telegram: through the guard one way, from another process than the one that fetches the other way."""
from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_bot import KEYS, SECRET, EchoAssistant, settings_for
from twitchwise.channels.guard import Accepted, Deliver, Guard
from twitchwise.channels.hand_over import HandOvers
from twitchwise.channels.telegram.assistant import GuardedAssistant
from twitchwise.channels.telegram.connector import Connector
from twitchwise.channels.tokens import Button, TokenSigner
from twitchwise.records import hand_over, migrate, staff
from twitchwise.records.engine import make_engine
from twitchwise.settings import load_settings

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


class Rasa:
    """Keeps quiet where somebody has taken over, but for an emergency."""

    async def handle(self, message: Accepted, send: Deliver) -> None:
        if "breathe" in message.text:
            await send({"text": "Call 999 now."})
        elif not message.metadata.get("handed_over"):
            await send({"text": f"echo: {message.text}"})

    async def buttons(self, conversation: str) -> list[Button]:
        return []


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database; tests/integration/telegram uses both kinds."""
    return f"sqlite:///{tmp_path / 'telegram.db'}"


async def test_words_pass_both_ways_and_the_assistant_keeps_quiet(telegram: FakeTelegram, url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    staff.create(engine, "ada", "hash", NOW, shown_as="Ada, nurse")
    overs = HandOvers(engine, KEYS, team="the care team", idle_minutes=10**8)
    settings = load_settings(signing_key="s" * 32)
    guard = Guard(settings, TokenSigner(settings.key()), overs)

    def connector(assistant: Any, hand_overs: HandOvers | None, **more: Any) -> Connector:
        return Connector(settings_for(telegram.url, **more), assistant, make_engine(url), KEYS, secret=SECRET, hand_overs=hand_overs)

    fetches = connector(GuardedAssistant(guard, Rasa()), None)
    # Does not fetch: its bot has a webhook. It carries all the same.
    carries = connector(EchoAssistant(), overs, webhook_url="https://clinic.example/webhooks/telegram/webhook")
    await fetches.start()
    await carries.start()
    try:
        await telegram.queue(telegram.message("hello", chat=7))
        await telegram.until(lambda: "echo: hello" in telegram.texts(7))
        conversation = fetches.store.chat_of(7).conversation
        over = hand_over.request(engine, KEYS, conversation, "telegram", NOW)
        hand_over.take_case(engine, KEYS, over.conversation, "ada", NOW, "You are now talking to Ada.")
        await telegram.until(lambda: "You are now talking to Ada." in telegram.texts(7))
        hand_over.answer(engine, KEYS, over.id, "ada", "Since when?", NOW)
        await telegram.until(lambda: "Ada, nurse:\nSince when?" in telegram.texts(7))

        await telegram.queue(telegram.message("since Monday", chat=7), telegram.message("I cannot breathe", chat=7))
        await telegram.until(lambda: "Call 999 now." in telegram.texts(7))
        said = [message.text for message in hand_over.messages(engine, KEYS, over.id) if message.sender == hand_over.PERSON]
        assert said == ["since Monday", "I cannot breathe"]
        assert [text for text in telegram.texts(7) if "since Monday" in text] == [], "nothing but the emergency is answered"

        hand_over.end(engine, over.id, "ada", NOW, KEYS, "Ada has left.")
        await telegram.until(lambda: "Ada has left." in telegram.texts(7))
        await telegram.queue(telegram.message("thank you", chat=7))
        await telegram.until(lambda: "echo: thank you" in telegram.texts(7))
        assert len(telegram.texts(7)) == len(set(telegram.texts(7))) == 6, "each once"
    finally:
        await fetches.stop()
        await carries.stop()
        engine.dispose()
