# ruff: noqa: F811 (the fixtures of the connector's own tests)
"""Telegram's webhook: hypothesis makes updates in the shape of the published schema and out of shape, with and without the secret. On both
databases."""
from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.hostile.conftest import OFTEN, VERY_OFTEN
from tests.integration.records.conftest import empty_postgres, url  # noqa: F401 (fixtures)
from tests.support.telegram_bot import SECRET
from tests.unit.channels.telegram.conftest import telegram  # noqa: F401 (a fixture)
from tests.unit.channels.telegram.test_webhook import Hooked, hooked  # noqa: F401 (a fixture)
from twitchwise.channels.telegram.connector import SECRET_HEADER
from twitchwise.records import migrate

ANY = st.none() | st.booleans() | st.integers(-2**70, 2**70) | st.floats() | st.text(max_size=40) | st.lists(st.integers(), max_size=3) | \
    st.dictionaries(st.text(max_size=8), st.integers(), max_size=3)
CHAT = st.fixed_dictionaries({"id": st.integers(1, 9), "type": st.sampled_from(["private", "private", "group", "supergroup", "channel"])})
PERSON = st.fixed_dictionaries({"id": st.integers(1, 9), "is_bot": st.booleans(), "first_name": st.text(max_size=8)})
TEXT = st.text(max_size=80) | st.sampled_from(["/start", "/delete", "/check my calf", "/restart@bot", "tw-" + "A" * 27, "\ud83d", "x" * 4096])
MESSAGE = st.fixed_dictionaries({"message_id": st.integers(1, 99), "date": st.integers(0, 2**31), "chat": CHAT}, optional={
    "from": PERSON, "text": TEXT, "caption": TEXT, "photo": st.just([{"file_id": "a", "width": 1}]), "voice": ANY, "sticker": ANY,
    "location": ANY, "contact": ANY, "entities": ANY, "media_group_id": ANY, "edit_date": ANY, "reply_markup": ANY, "new_chat_members": ANY})
PRESS = st.fixed_dictionaries({"id": st.text(max_size=20), "from": PERSON}, optional={
    "data": TEXT | st.sampled_from(["p:leg", "p:calf:left", "p:done", "p:nowhere"]), "message": MESSAGE | ANY, "inline_message_id": ANY})
KINDS = {"message": MESSAGE, "edited_message": MESSAGE, "callback_query": PRESS, "channel_post": MESSAGE, "my_chat_member": ANY,
         "inline_query": ANY, "poll": ANY}
#: Numbers that no update has. Bodies are made as text, so that they may be of any size.
ODD_NUMBERS = (None, True, -1, -2**70, 2**53, 2**63, 2**70, 1.5, "7", "\x00", [], {})


@pytest.fixture
def hook_database(url: str) -> str:
    migrate(url)
    return url


@st.composite
def updates(draw: Any) -> Any:
    """An update as Telegram sends it, or one with a part of it replaced, missing or doubled."""
    kind = draw(st.sampled_from(list(KINDS)))
    update: dict[str, Any] = {kind: draw(KINDS[kind])}
    if draw(st.booleans()) and isinstance(update[kind], dict) and update[kind]:
        name = draw(st.sampled_from(sorted(update[kind])))
        if draw(st.booleans()):
            update[kind][name] = draw(ANY)
        else:
            del update[kind][name]
    if draw(st.integers(0, 9)) == 0:
        return draw(ANY)
    return update


async def attack(hooked: Hooked, count: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("twitchwise.channels.telegram.dispatch.SETTLE_S", 0.0)
    caplog.set_level("ERROR")
    made: list[tuple[Any, bool]] = []

    @settings(max_examples=count, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(update=updates(), forged=st.integers(0, 4).map(lambda value: value == 0))
    def gather(update: Any, forged: bool) -> None:
        made.append((update, forged))

    await asyncio.to_thread(gather)
    assert len(made) == count
    async with aiohttp.ClientSession() as session:
        for number, (update, forged) in enumerate(made):
            if isinstance(update, dict) and number % 20:
                update["update_id"] = 10_000 + number
            elif isinstance(update, dict) and number % 40:
                update["update_id"] = ODD_NUMBERS[number // 40 % len(ODD_NUMBERS)]
            headers = {} if forged else {SECRET_HEADER: SECRET}
            if forged and number % 2:
                headers = {SECRET_HEADER: SECRET[:-1] + "x"}
            before = list(hooked.assistant.said), len(hooked.assistant.chosen)
            async with session.post(hooked.url, data=json.dumps(update).encode(), headers=headers) as answer:
                assert answer.status == 403 if forged else answer.status in (200, 400), (answer.status, update)
            if forged and not hooked.connector.dispatcher._workers:
                assert before == (hooked.assistant.said, len(hooked.assistant.chosen)), "a forged update did something"
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


async def test_five_hundred_updates(hooked: Hooked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    await attack(hooked, OFTEN, monkeypatch, caplog)


@pytest.mark.faults
@pytest.mark.timeout(3600)
async def test_ten_thousand_updates(hooked: Hooked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    await attack(hooked, VERY_OFTEN, monkeypatch, caplog)
