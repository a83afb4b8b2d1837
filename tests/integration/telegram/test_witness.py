"""The ordinary way, in both modes, against an emulator that is not ours."""
from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.support.telegram_bot import EchoAssistant, make_connector
from twitchwise.channels.telegram.connector import SECRET_HEADER, Connector

from .witness import SECRET, TOKEN, Witness, witness

pytestmark = pytest.mark.servers
BUTTON = "tw-" + "a" * 27


async def answers(text: str, deliver: Any) -> None:
    if text == "ask":
        await deliver({"text": "**Is it?** A & B", "buttons": [{"title": "Yes", "payload": BUTTON}]})
    elif text == "where":
        await deliver({"text": "Where is it?", "custom": {"asks_place": True}, "buttons": []})
    else:
        await deliver({"text": f"echo: {text}"})


@pytest.fixture(scope="module")
def emulator() -> Iterator[Witness]:
    with witness() as running:
        yield running


@pytest.fixture(params=["polling", "webhook"])
async def bot(request: pytest.FixtureRequest, emulator: Witness, tmp_path: Path) -> AsyncIterator[tuple[Connector, EchoAssistant]]:
    assistant = EchoAssistant(answers)
    hook = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{hook.getsockname()[1]}/webhook"
    connector = make_connector(emulator.url, assistant, tmp_path / "witness.db", token=TOKEN, secret=SECRET,
                               webhook_url=address if request.param == "webhook" else "")
    connector._secret = SECRET.encode()

    async def receive(call: web.Request) -> web.Response:
        if not connector.is_telegram(call.headers.get(SECRET_HEADER)):
            return web.Response(status=403)
        return web.Response(status=await connector.receive(await call.read()))

    app = web.Application()
    app.router.add_post("/webhook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, hook).start()
    await connector.api.call("setWebhook" if request.param == "webhook" else "deleteWebhook", {"url": address})
    await connector.start()
    yield connector, assistant
    await connector.stop()
    await runner.cleanup()


async def test_a_conversation(bot: tuple[Connector, EchoAssistant], emulator: Witness, request: pytest.FixtureRequest) -> None:
    connector, assistant = bot
    chat = 1 if "polling" in request.node.name else 2

    async def talks(send: Any, *given: Any) -> str:
        await asyncio.to_thread(send, *given, chat)
        (reply,) = await asyncio.to_thread(emulator.replies, 1, chat)
        return str(reply["text"])

    assert await talks(emulator.say, "my calf twitches") == "echo: my calf twitches"
    assert await talks(emulator.say, "/check my arm twitches") == "echo: my arm twitches"
    assert await talks(emulator.say, "/help") == "chosen: help"
    assert await talks(emulator.say, "ask") == "<b>Is it?</b> A &amp; B"
    assert await talks(emulator.press, BUTTON) == f"echo: {BUTTON}"
    assert await talks(emulator.say, "where") == "Where is it?"  # the emulator knows no pictures: words alone
    for data in ("p:leg", "p:calf", "p:calf:left"):
        known = len(connector.dispatcher._seen)
        await asyncio.to_thread(emulator.press, data, chat)
        while len(connector.dispatcher._seen) == known or connector.dispatcher.state()["chats_at_work"]:
            await asyncio.sleep(0.05)
    assert (await talks(emulator.press, "p:done")).endswith("chosen: Left calf")
    assert assistant.chosen[-1] == {"place": [["calf", "left"]]}
    assert assistant.pressed == [BUTTON]
