"""Rasa's event broker on RabbitMQ, where one is configured. In endpoints.yml:

    event_broker:
      type: twitchwise.records.event_broker.ConfiguredBroker

Rasa's own one connects before the server starts (and holds it up for minutes while RabbitMQ is away), keeps what could not be sent
without a bound, and does not ask whether it arrived. Here events wait in a bounded queue and leave in order, each confirmed.
"""
from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import zlib
from collections import deque
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

logger = logging.getLogger(__name__)
QUEUE = "twitchwise_events"
#: About an hour at one message a second; then the oldest make room. Bytes and not events: how long they are is up to those who write.
LIMIT_BYTES = 16_000_000
#: Of a bytes object and its place in the queue.
OVERHEAD = 48
CONNECT_S = 3.0
CONFIRM_S = 5.0
RETRY_S = 2.0
LAST_S = 3.0


class ConfiguredBroker(EventBroker):
    """Publishes to a durable queue (`queue` in endpoints.yml). At least once: an event whose confirmation was lost is sent again."""

    def __init__(self, url: str, queue: str = QUEUE, *, limit_bytes: int = LIMIT_BYTES, retry_s: float = RETRY_S) -> None:
        self.url, self.queue, self.limit_bytes, self.retry_s = url, queue, limit_bytes, retry_s
        self.waiting: deque[bytes] = deque()      # compressed: a broker may be away for long
        self.waiting_bytes = self.dropped = 0
        self._filled = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._away = False

    @classmethod
    async def from_endpoint_config(cls, broker_config: EndpointConfig | None, event_loop: Any = None) -> ConfiguredBroker | None:
        """None where no broker is configured."""
        from twitchwise.settings import Settings

        secret = Settings.parse_obj({}).broker_url
        given: dict[str, Any] = broker_config.kwargs if broker_config else {}
        url = (broker_config.url if broker_config else None) or (secret.get_secret_value() if secret else None)
        return cls(url, str(given.get("queue", QUEUE)), limit_bytes=int(given.get("limit_bytes", LIMIT_BYTES))) if url else None

    def publish(self, event: dict[str, Any]) -> None:
        """Hand an event over. Never waits and never fails."""
        body = zlib.compress(json.dumps(event, default=str, separators=(",", ":")).encode(), 1)
        self.waiting.append(body)
        self.waiting_bytes += len(body) + OVERHEAD
        while self.waiting_bytes > self.limit_bytes:
            self._first_left()
            self.dropped += 1
            if self.dropped % 1000 == 1:
                logger.error("The event broker is away for too long: %d events were dropped so far", self.dropped)
        self._filled.set()
        if self._worker is None or self._worker.done():
            self._worker = asyncio.get_running_loop().create_task(self._send_for_ever())

    def _first_left(self) -> None:
        self.waiting_bytes -= len(self.waiting.popleft()) + OVERHEAD

    def is_ready(self) -> bool:
        """Whether the last attempt reached the broker."""
        return not self._away

    async def _send_for_ever(self) -> None:
        while True:
            try:
                await self._send()
            except Exception as error:
                # The address holds a password: it is never shown.
                logger.log(logging.DEBUG if self._away else logging.ERROR, "The event broker is away (%s); events wait", type(error).__name__)
                self._away = True
            await asyncio.sleep(self.retry_s)

    async def _send(self) -> None:
        import aio_pika

        connection = await asyncio.wait_for(aio_pika.connect(self.url), CONNECT_S)
        async with connection:
            channel = await connection.channel(publisher_confirms=True)
            await channel.declare_queue(self.queue, durable=True)
            self._away = False
            while True:
                while self.waiting:
                    body = self.waiting[0]
                    message = aio_pika.Message(zlib.decompress(body), content_type="application/json", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                    await asyncio.wait_for(channel.default_exchange.publish(message, self.queue), CONFIRM_S)
                    # Another event may have been dropped from the front meanwhile.
                    if self.waiting and self.waiting[0] is body:
                        self._first_left()
                self._filled.clear()
                await self._filled.wait()

    async def close(self) -> None:
        """Send what waits, as far as that goes quickly."""
        if self._worker is None:
            return
        end = asyncio.get_running_loop().time() + (0.0 if self._away else LAST_S)
        while self.waiting and not self._away and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.05)
        if self.waiting:
            logger.error("%d events did not reach the event broker", len(self.waiting))
        self._worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._worker
