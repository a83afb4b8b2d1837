"""Where the actions run: in the server's process, in one that the launcher starts and restarts, or somewhere else already."""
from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator
from typing import Any

from twitchwise import metrics
from twitchwise.settings import ROOT, Settings

logger = logging.getLogger(__name__)
RESTART_AFTER_S = 1.0
START_TIMEOUT_S = 60.0


@contextlib.asynccontextmanager
async def actions_for(settings: Settings) -> AsyncIterator[Any]:
    """The endpoint config that Rasa calls, for as long as the server runs."""
    if settings.actions == "in-process":
        from actions.service import warm_up
        from twitchwise.inprocess_actions import InProcessActions

        endpoint = InProcessActions(timeout_s=settings.action_timeout_s)
        await warm_up()
        yield endpoint
        return
    if settings.actions != "http":
        yield _endpoint(settings.actions)
        return
    process = ActionProcess(settings.actions_port)
    await process.start()
    try:
        yield _endpoint(process.url)
    finally:
        await process.stop()


def _endpoint(url: str) -> Any:
    """Rasa's client of an action server; its requests also carry the present trace."""
    from rasa.utils.endpoints import EndpointConfig

    from twitchwise import tracing
    from twitchwise.rescue import record_emergency

    class Traced(EndpointConfig):
        async def request(self, *arguments: Any, **more: Any) -> Any:
            try:
                return await super().request(*arguments, **{**more, "headers": {**more.get("headers", {}), **tracing.headers()}})
            except Exception:
                await record_emergency(more.get("json") or {})
                raise

    return Traced(url=url, enable_selective_domain=True)


class ActionProcess:
    """`python -m twitchwise actions` on loopback, started again whenever it ends. Another command of ours where a subclass names it."""

    what, setting = "action process", "TWITCHWISE_ACTIONS_PORT"

    def __init__(self, port: int) -> None:
        self.port = port
        self.command: tuple[str, ...] = ("actions", "--port", str(port))
        self.health = f"http://127.0.0.1:{port}/health"
        self.url = f"http://127.0.0.1:{port}/webhook"
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it and wait until it answers. Raises StartError when it does not."""
        from twitchwise.serve import StartError

        await self._spawn()
        if not await self._answers():
            await self._end()
            raise StartError(f"The {self.what} did not start on port {self.port}. End what uses it, or set {self.setting}.")
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End it for good."""
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await self._end()

    async def _spawn(self) -> None:
        # The pipe to its standard input is how it notices that we are gone, however we went.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "twitchwise", *self.command, "--follow-parent",
            cwd=ROOT, stdin=asyncio.subprocess.PIPE, start_new_session=True,
        )

    async def _end(self) -> None:
        process = self._process
        if process and process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 5)
            except asyncio.TimeoutError:
                process.kill()
                await process.wait()

    async def _answers(self) -> bool:
        import aiohttp

        loop = asyncio.get_running_loop()
        end = loop.time() + START_TIMEOUT_S
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            while loop.time() < end and self._process and self._process.returncode is None:
                with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                    async with session.get(self.health) as answer:
                        if answer.status == 200:
                            return True
                await asyncio.sleep(0.1)
        return False

    async def _keep(self) -> None:
        while True:
            assert self._process is not None
            code = await self._process.wait()
            logger.error("The %s ended (code %s); it is started again", self.what, code)
            metrics.process_ended(self._process.pid)
            await asyncio.sleep(RESTART_AFTER_S)
            await self._spawn()
