"""One really started server for this folder, and a fake Bot API for each test at the address that the server knows."""
from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.integration.telegram.live import PORT, SECRET
from tests.running import Server, start_server
from tests.support.fake_telegram import TOKEN, FakeTelegram


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that begins while Telegram cannot be reached: it must start all the same."""
    server = start_server(
        tmp_path_factory.mktemp("telegram"), TWITCHWISE_TELEGRAM_TOKEN=TOKEN, TWITCHWISE_TELEGRAM_API_URL=f"http://127.0.0.1:{PORT}",
        TWITCHWISE_TELEGRAM_SECRET=SECRET, TWITCHWISE_TELEGRAM_BACKOFF_MOST_S="1", TWITCHWISE_TELEGRAM_POLL_TIMEOUT_S="2",
    )
    yield server
    server.stop()


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(PORT) as fake:
        # One bot for all tests: like Telegram's, its numbers only rise. A press below a message that is older than the newest answered one does nothing.
        fake.next_update_id = fake.next_message_id = int(time.monotonic() * 1000)
        yield fake
