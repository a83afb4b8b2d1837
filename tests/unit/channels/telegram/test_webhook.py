"""The webhook on a real Sanic server, without Rasa: secret, status codes, doubles, disorder, hostile updates."""
from __future__ import annotations

import asyncio
import copy
import json
import logging
import random
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sanic import Sanic

from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_bot import SECRET, EchoAssistant, make_connector
from twitchwise.channels.telegram.connector import Connector
from twitchwise.channels.telegram.webhook import telegram_routes

_touched: list[bool] = []
ADDRESS = "https://example.org/webhooks/telegram/webhook"


@dataclass
class Hooked:
    url: str
    connector: Connector
    assistant: EchoAssistant


@pytest.fixture
def hook_database(tmp_path: Path) -> Path | str:
    """A file of SQLite; tests/hostile uses both databases."""
    return tmp_path / "hook.db"


@pytest.fixture
async def hooked(telegram: FakeTelegram, hook_database: Path | str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hooked]:
    # Sanic rewrites its own methods at the start of an application, which works once in a process.
    if _touched:
        monkeypatch.setattr("sanic.app.TouchUp.run", lambda app: None)
    _touched.append(True)
    assistant = EchoAssistant()
    connector = make_connector(telegram.url, assistant, hook_database, webhook_url=ADDRESS)
    app = Sanic(f"hook_{random.getrandbits(40)}", configure_logging=False)
    app.blueprint(telegram_routes(lambda _: connector), url_prefix="/webhooks/telegram")
    sock = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=sock, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    yield Hooked(f"http://127.0.0.1:{sock.getsockname()[1]}/webhooks/telegram/webhook", connector, assistant)
    await server.before_stop()
    server.close()
    await server.after_stop()


async def test_an_update_with_the_secret_is_answered(telegram: FakeTelegram, hooked: Hooked) -> None:
    assert await telegram.push(hooked.url, telegram.message("hello"), SECRET) == 200
    await telegram.until(lambda: telegram.texts() == ["echo: hello"])
    assert telegram.count("getUpdates") == 0 and telegram.count("setWebhook") == 0


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "é" * 10])
async def test_a_forged_update_gets_403_and_changes_nothing(telegram: FakeTelegram, hooked: Hooked, secret: str | None) -> None:
    assert await telegram.push(hooked.url, telegram.message("forged"), secret) == 403
    await asyncio.sleep(0.1)
    assert not hooked.assistant.said and not telegram.sent and hooked.connector.store.counts()["unanswered"] == 0
    with hooked.connector.store.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from telegram_updates").scalar() == 0


async def test_other_methods_and_bodies_give_no_server_error(telegram: FakeTelegram, hooked: Hooked) -> None:
    async with aiohttp.ClientSession() as session:
        for method in ("GET", "PUT", "DELETE"):
            async with session.request(method, hooked.url) as answer:
                assert answer.status == 405
    for body, status in ((b"", 400), (b"{", 400), (b"[" * 50_000, 400), (b"null", 200), (b"[]", 200), (b'{"update_id": "x"}', 200),
                         (b'{"update_id": 1e400}', 200), (b"\xff\xfe", 400), (b'{"update_id":' + b"9" * 5000 + b"}", 400),
                         (b'"' + b"x" * 1_100_000 + b'"', 413)):
        assert await telegram.push(hooked.url, body, SECRET) == status, body[:30]
    assert not telegram.sent


async def test_the_webhook_answers_at_once_while_the_assistant_thinks(telegram: FakeTelegram, hooked: Hooked) -> None:
    answered = asyncio.Event()

    async def slow(text: str, deliver: Any) -> None:
        await answered.wait()
        await deliver({"text": text})

    hooked.assistant.act = slow
    assert await telegram.push(hooked.url, telegram.message("think"), SECRET) == 200
    answered.set()
    await telegram.until(lambda: telegram.texts() == ["think"])


async def test_doubles_are_answered_once_and_disorder_is_put_right(
    telegram: FakeTelegram, hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twitchwise.channels.telegram.dispatch.SETTLE_S", 60.0)
    assert hooked.connector.dispatcher._seen == {}, "the first of all waits for nobody"
    await telegram.push(hooked.url, telegram.message("first"), SECRET)
    await telegram.until(lambda: telegram.sent)
    second, third = telegram.message("second"), telegram.message("third")
    await asyncio.gather(*(telegram.push(hooked.url, update, SECRET) for update in (third, third, second, third, second)))
    await telegram.until(lambda: len(telegram.sent) == 3)
    await asyncio.sleep(0.2)
    assert telegram.texts() == ["echo: first", "echo: second", "echo: third"]


#: Updates in the shape of the published schema, to be mutated.
PERSON = {"id": 7, "is_bot": False, "first_name": "Pat", "language_code": "en"}
CHAT = {"id": 7, "type": "private", "first_name": "Pat"}
MESSAGE = {"message_id": 5, "date": 1, "chat": CHAT, "from": PERSON, "text": "my calf twitches",
           "entities": [{"type": "bold", "offset": 0, "length": 2}]}
SEEDS: list[dict[str, Any]] = [
    {"message": MESSAGE}, {"edited_message": {**MESSAGE, "edit_date": 2}},
    {"message": {**MESSAGE, "text": "/start@bot x"}},
    {"message": {"message_id": 6, "date": 1, "chat": CHAT, "from": PERSON, "photo": [{"file_id": "a", "width": 1}], "caption": "look"}},
    {"message": {"message_id": 6, "date": 1, "chat": CHAT, "from": PERSON, "voice": {"file_id": "a", "duration": 3}}},
    {"message": {**MESSAGE, "chat": {"id": -3, "type": "supergroup", "title": "g"}}},
    {"callback_query": {"id": "9", "from": PERSON, "data": "tw-" + "a" * 27, "chat_instance": "1", "message": {
        **MESSAGE, "reply_markup": {"inline_keyboard": [[{"text": "Yes", "callback_data": "tw-" + "a" * 27}]]}}}},
    {"callback_query": {"id": "9", "from": PERSON, "data": "p:calf:left", "message": {"message_id": 5, "date": 0, "chat": CHAT}}},
    {"callback_query": {"id": "9", "from": PERSON, "inline_message_id": "x", "game_short_name": "y"}},
    {"channel_post": MESSAGE}, {"my_chat_member": {"chat": CHAT, "from": PERSON, "new_chat_member": {"status": "kicked"}}},
    {"inline_query": {"id": "1", "from": PERSON, "query": ""}}, {"poll": {"id": "1"}}, {},
]
VALUES: list[Any] = [
    None, True, 0, -1, 2**31, 2**63, 2**70, 1.5, float("inf"), "", " ", "x" * 5000, "\ud800", "\x00", "💪🏽" * 300, "\u202eabc",
    [], [[]], {}, {"id": 1}, [{"text": None}], "p:", "p:done", "p:leg", "p:arm:", "p:calf:up", "p:nowhere", "tw-" + "b" * 27,
    "/delete", "<b>&amp;",
]
KEYS = ["text", "data", "chat", "photo", "caption", "from", "message_id", "id", "media_group_id"]


def mutated(rng: random.Random, number: int) -> dict[str, Any]:
    """A seed with some values replaced, removed, doubled or added."""
    update = {"update_id": number, **copy.deepcopy(rng.choice(SEEDS))}
    for _ in range(rng.randrange(4)):
        node: Any = update
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            keys = [key for key in keys if not (node is update and key == "update_id" and rng.random() < 0.9)]
            if not keys:
                break
            key = rng.choice(keys)
            if isinstance(node[key], (dict, list)) and node[key] and rng.random() < 0.7:
                node = node[key]
                continue
            action = rng.randrange(4)
            if action == 0:
                del node[key]
            elif action == 1 and isinstance(node, dict):
                node[rng.choice(KEYS)] = rng.choice(VALUES)
            else:
                node[key] = rng.choice(VALUES)
            break
    return update


async def fuzz(telegram: FakeTelegram, hooked: Hooked, caplog: pytest.LogCaptureFixture, count: int) -> None:
    """No 5xx, no traceback, and the bot still answers after it."""
    rng = random.Random(20261122)
    with caplog.at_level(logging.WARNING):
        for start in range(0, count, 20):
            bodies = [json.dumps(mutated(rng, 10_000 + start + each)).encode() for each in range(20)]
            statuses = await asyncio.gather(*(telegram.push(hooked.url, body, SECRET) for body in bodies))
            assert set(statuses) == {200}
            await telegram.until(lambda: hooked.connector.store.counts()["unanswered"] == 0, 30)
    # Telegram refuses chats that do not exist; our fake takes any, so only real failures of ours would be logged.
    assert [record.getMessage() for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR] == []
    telegram.next_update_id = 900_000
    await telegram.push(hooked.url, telegram.message("still there?", chat=4711), SECRET)
    await telegram.until(lambda: telegram.texts(4711) == ["echo: still there?"], 60)


async def test_five_hundred_mutated_updates(
    telegram: FakeTelegram, hooked: Hooked, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twitchwise.channels.telegram.sending.MOST_PER_S", 10_000.0)
    await fuzz(telegram, hooked, caplog, 500)


@pytest.mark.faults
async def test_five_thousand_mutated_updates(
    telegram: FakeTelegram, hooked: Hooked, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twitchwise.channels.telegram.sending.MOST_PER_S", 10_000.0)
    await fuzz(telegram, hooked, caplog, 5000)


