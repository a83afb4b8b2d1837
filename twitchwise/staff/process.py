"""The staff page beside the server: a process of its own, started again whenever it ends."""
from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from twitchwise.action_process import ActionProcess
from twitchwise.settings import Settings
from twitchwise.staff.server import page_url


class StaffProcess(ActionProcess):
    """`python -m twitchwise staff serve`."""

    what, setting = "staff page", "TWITCHWISE_STAFF_PORT"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.staff_port)
        host = settings.staff_host if settings.staff_host not in ("0.0.0.0", "::") else "127.0.0.1"
        self.command = ("staff", "serve")
        self.health = f"http://{f'[{host}]' if ':' in host else host}:{settings.staff_port}/health"


@contextlib.asynccontextmanager
async def staff_page_for(settings: Settings) -> AsyncIterator[str | None]:
    """The staff page for as long as the server runs, where it is on; its address, None where it is not. Raises StartError."""
    if settings.staff != "on":
        yield None
        return
    process = StaffProcess(settings)
    await process.start()
    try:
        yield page_url(settings)
    finally:
        await process.stop()
