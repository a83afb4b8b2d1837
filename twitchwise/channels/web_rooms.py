"""Socket.IO's rooms across processes: a reply reaches every page of a conversation, whichever server each of them is connected to."""
from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import socketio

logger = logging.getLogger(__name__)
CHANNEL = "twitchwise-web"
CONNECT_S = 1.0
RETRY_S = 2.0
#: Pages of this process have the reply before Redis is asked, so nobody waits for this.
PUBLISH_S = 1.0


class Rooms(socketio.AsyncRedisManager):
    """The library's manager, but for its way back: it pauses for up to a minute after Redis was away, here it is two seconds."""

    def __init__(self, url: str) -> None:
        super().__init__(url, channel=CHANNEL, redis_options={"socket_connect_timeout": CONNECT_S, "health_check_interval": 15})
        self._quiet = False

    async def _publish(self, data: Any) -> Any:
        try:
            return await asyncio.wait_for(super()._publish(data), PUBLISH_S)
        except asyncio.TimeoutError:
            self.connected = False
            return None

    async def _redis_listen_with_retries(self) -> AsyncIterator[Any]:
        while True:
            try:
                self._redis_connect()
                await self.pubsub.subscribe(self.channel)
                self._quiet = False
                async for message in self.pubsub.listen():
                    yield message
            except Exception as error:
                if not self._quiet:
                    logger.warning("Redis is away (%s); replies reach the pages of this process only", type(error).__name__)
                self._quiet = True
                await asyncio.sleep(RETRY_S)


def rooms_for(url: str | None) -> socketio.AsyncManager | None:
    """What the Socket.IO server is to be given; None for one process."""
    return Rooms(url) if url else None
