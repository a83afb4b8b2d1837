"""Pages of one conversation at two servers: the session, the buttons and the replies of one are good at the other."""
from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
import socketio

from tests.faults.conftest import Running, until

pytestmark = pytest.mark.servers


class Page:
    """One open page: a Socket.IO client that keeps what it is told."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=True, reconnection_delay=0.2, reconnection_delay_max=1)
        self.heard: list[dict[str, Any]] = []
        self.confirmed: dict[str, Any] = {}
        self.client.on("bot_uttered", self._hear)
        self.client.on("session_confirm", self._confirm)

    async def _hear(self, item: dict[str, Any]) -> None:
        self.heard.append(item)

    async def _confirm(self, shown: dict[str, Any]) -> None:
        self.confirmed = shown

    async def open(self, url: str, token: str | None = None) -> None:
        # Straight to one server: long polling must always reach the same. The library's WebSockets need a newer aiohttp than Rasa allows.
        await self.client.connect(url, socketio_path="/chat/socket.io", transports=["polling"], wait_timeout=60)
        await self.client.call("session_request", {"token": token} if token else {}, timeout=60)
        await until(lambda: bool(self.confirmed), "the session")

    async def say(self, message_id: str, **what: Any) -> dict[str, Any]:
        return dict(await self.client.call("user_uttered", {"message_id": message_id, **what}, timeout=60))

    def texts(self) -> list[str]:
        return [item.get("text", "") for item in self.heard]


@pytest.fixture
async def pages(running: Running) -> Any:
    first, second = Page(), Page()
    await first.open(running.cluster.servers[0].url)
    await second.open(running.cluster.servers[1].url, first.confirmed["token"])
    yield first, second
    for page in (first, second):
        await page.client.disconnect()


async def heard(page: Page, condition: Callable[[list[str]], bool]) -> None:
    await until(lambda: condition(page.texts()), "the reply")


async def test_a_reply_reaches_the_page_at_the_other_server(pages: tuple[Page, Page]) -> None:
    first, second = pages
    assert second.confirmed["resumed"]
    assert (await first.say("message-one", text="I have crushing chest pain"))["ok"]
    await heard(second, lambda texts: any("999" in text for text in texts))
    assert [item["id"] for item in second.heard] == [item["id"] for item in first.heard]


async def test_a_button_of_one_server_is_pressed_at_the_other(pages: tuple[Page, Page]) -> None:
    first, second = pages
    await first.say("message-one", text="my left calf has been twitching for three days")
    await heard(second, lambda texts: bool(second.heard) and any(item.get("buttons") for item in second.heard))
    button = next(item for item in reversed(second.heard) if item.get("buttons"))["buttons"][-1]
    count = len(first.heard)
    assert (await second.say("message-two", button=button["payload"], title=button["title"]))["ok"]
    await heard(first, lambda texts: len(first.heard) > count)
    assert not any("button" in text and "old" in text for text in first.texts())


async def test_a_page_finds_its_past_at_the_other_server_and_one_message_is_served_once(running: Running, pages: tuple[Page, Page]) -> None:
    first, second = pages
    assert (await first.say("message-one", text="is it als?"))["ok"]
    assert (await second.say("message-one", text="is it als?"))["ok"]      # its connection broke, it tries again at the other one
    async with aiohttp.ClientSession() as session, session.post(
        f"{running.cluster.url}/chat/session", json={"token": first.confirmed["token"]}
    ) as answer:
        shown = await answer.json()
    assert [item["text"] for item in shown["history"] if item["role"] == "user"] == ["is it als?"]


async def test_redis_away_costs_the_page_nothing_and_the_rooms_come_back(running: Running, pages: tuple[Page, Page]) -> None:
    first, second = pages
    running.cluster.redis.stop()
    try:
        assert (await first.say("message-one", text="is it als?"))["ok"]
        assert first.heard
    finally:
        running.cluster.redis.start()
    number = 0

    async def arrives() -> bool:
        nonlocal number
        number += 1
        await first.say(f"message-again-{number}", text="hello")
        await asyncio.sleep(0.5)
        return bool(second.heard)

    for _ in range(60):
        if await arrives():
            return
    pytest.fail("the pages of the other server are not told any more")
