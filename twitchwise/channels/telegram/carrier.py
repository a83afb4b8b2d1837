"""Words of the staff to Telegram. Any process that serves the bot may carry them, also one that does not fetch its messages.

At least once: a process that ends between handing a message to the store and noting so leaves it to the next one.
"""
from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone

from twitchwise.channels.hand_over import HandOvers
from twitchwise.records import hand_over

logger = logging.getLogger(__name__)
CHANNEL = "telegram"
EVERY_S = 1.0
IDLE_ROUNDS = 15


class Carrier:
    """`send(conversation, text)`: puts a message on its way; False when the chat is not known (any more)."""

    def __init__(self, hand_overs: HandOvers, send: Callable[[str, str], Awaitable[bool]]) -> None:
        self._hand_overs, self._send = hand_overs, send

    async def run(self) -> None:
        """Carry until cancelled."""
        rounds = 0
        while True:
            rounds += 1
            try:
                if rounds % IDLE_ROUNDS == 0:
                    await self._hand_overs.end_idle()
                await self.carry()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                logger.error("The words of the staff could not be carried to Telegram (%s); trying again", type(error).__name__)
            await asyncio.sleep(EVERY_S)

    async def carry(self) -> int:
        """Carry what waits; how many messages were put on their way."""
        engine, keys, count = self._hand_overs.engine, self._hand_overs.keys, 0
        claimed = await asyncio.to_thread(hand_over.claim_messages, engine, keys, CHANNEL, datetime.now(timezone.utc))
        for over, message in claimed:
            text = message.text
            if message.sender == hand_over.STAFF:
                text = f"{await self._hand_overs.name_of(over.staff)}:\n{text}"
            if not over.address or not await self._send(over.address, text):
                logger.warning("A message of the staff cannot be carried: the chat is not known any more")
                continue
            await asyncio.to_thread(hand_over.carried, engine, message, datetime.now(timezone.utc))
            count += 1
        return count
