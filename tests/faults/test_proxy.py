"""The proxy while its servers are slow: a message that comes now must still reach one. nginx is real, the servers are not."""
from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.faults.conftest import need
from twitchwise.cluster_parts import Proxy, Server, free_port

pytestmark = pytest.mark.servers
MOST_S = 120.0


class SlowServers:
    """Two servers that keep whoever says "slow" waiting for ever, and answer everybody else."""

    def __init__(self) -> None:
        self.ports = [free_port(), free_port()]
        self.heard: list[tuple[int, str]] = []
        self._runners: list[web.AppRunner] = []
        self._end = asyncio.Event()

    async def start(self) -> None:
        for number, port in enumerate(self.ports):
            app = web.Application()
            app.router.add_post("/webhooks/rest/webhook", self._handler(number))
            runner = web.AppRunner(app)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port, shutdown_timeout=0.1).start()
            self._runners.append(runner)

    def _handler(self, number: int) -> object:
        async def answer(request: web.Request) -> web.Response:
            text = (await request.json())["message"]
            self.heard.append((number, text))
            if text == "slow":
                await self._end.wait()
            return web.json_response([{"text": "ok"}])

        return answer

    async def stop(self) -> None:
        self._end.set()
        for runner in self._runners:
            await runner.cleanup()


@pytest.fixture
async def slow_servers() -> AsyncIterator[SlowServers]:
    made = SlowServers()
    await made.start()
    yield made
    await made.stop()


class HastyProxy(Proxy):
    """Waits two seconds for a server instead of eleven. Nothing below depends on who is quicker."""

    def _site(self, home: Path) -> str:
        text = super()._site(home)
        assert "proxy_read_timeout 11s;" in text
        return text.replace("proxy_read_timeout 11s;", "proxy_read_timeout 2s;")


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that nginx's worker, who is somebody else, can read."""
    made = Path(tempfile.mkdtemp(prefix="twitchwise-proxy-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


async def test_servers_that_were_slow_are_not_left_out(slow_servers: SlowServers, folder: Path) -> None:
    """Under overload both were, each for two seconds: the proxy then spoke its own words, and no server heard of 362 messages of 1,575."""
    need(("nginx", "nginx"))
    servers = [Server(number + 1, folder, port, {}) for number, port in enumerate(slow_servers.ports)]
    proxy = HastyProxy(folder, free_port(), "127.0.0.1", servers, [], free_port())
    proxy.start()
    try:
        while not await asyncio.to_thread(proxy.is_ready):
            assert proxy.alive, proxy.log.read_text(errors="replace")
            await asyncio.sleep(0.1)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=MOST_S)) as session:
            async def send(text: str, person: str) -> str:
                async with session.post(f"http://127.0.0.1:{proxy.port}/webhooks/rest/webhook", json={"message": text}, headers={
                        "X-Conversation": person}) as reply:
                    return (await reply.json(content_type=None))[0]["text"]

            # Each waits for one server, then for the other, and gets the proxy's words at last.
            slow = await asyncio.gather(*(send("slow", f"slow-{number}") for number in range(6)))
            assert all("Sorry" in words for words in slow)
            assert {number for number, text in slow_servers.heard if text == "slow"} == {0, 1}
            for number in range(20):
                await send(f"quick-{number}", f"quick-{number}")
            assert {text for _, text in slow_servers.heard} == {"slow", *(f"quick-{number}" for number in range(20))}
    finally:
        await asyncio.to_thread(proxy.stop)
