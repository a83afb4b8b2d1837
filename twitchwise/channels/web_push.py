"""Words of the staff to the pages that are open now. The staff page is another process, so its words come by way of the database.

The page drops what it has already, so the same may be sent twice; a page that was away reads everything when it comes back.
"""
from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from typing import Any

import socketio

from twitchwise.channels.hand_over import HandOvers

logger = logging.getLogger(__name__)
EVERY_S = 1.0
#: Taken back when nobody attends to it: looked at once in so many rounds.
IDLE_ROUNDS = 15
REMEMBERED = 5000


class Push:
    """One for a process. `watch` the conversations whose pages are here."""

    def __init__(self, server: socketio.AsyncServer, hand_overs: HandOvers) -> None:
        self._server, self._hand_overs = server, hand_overs
        self._watched: dict[str, str] = {}
        self._state: dict[str, dict[str, Any]] = {}
        self._sent: OrderedDict[int, None] = OrderedDict()
        self._task: asyncio.Task[None] | None = None

    def watch(self, conversation: str) -> None:
        """A page of this conversation is here, and was told everything just now."""
        record = self._hand_overs.keys.conversation(conversation)
        self._watched[record] = conversation
        self._state.pop(record, None)

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        rounds = 0
        while True:
            await asyncio.sleep(EVERY_S)
            rounds += 1
            try:
                if rounds % IDLE_ROUNDS == 0:
                    await self._hand_overs.end_idle()
                await self.look()
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.exception("The words of the staff could not be passed on; trying again")

    async def look(self) -> None:
        """Pass on what is new."""
        for record, conversation in list(self._watched.items()):
            if not any(True for _ in self._server.manager.get_participants("/", conversation)):
                del self._watched[record]
                self._state.pop(record, None)
        if not self._watched:
            return
        news = await self._hand_overs.news(list(self._watched))
        if news is None:
            return
        for record, over, message in news.messages:
            if message.id not in self._sent:
                await self._server.emit("staff_said", await self._hand_overs.item(over, message), room=self._watched[record])
                self._sent[message.id] = None
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)
        for record, conversation in self._watched.items():
            state = await self._hand_overs.shown_state(news.open.get(record))
            if self._state.get(record) != state:
                self._state[record] = state
                await self._server.emit("hand_over", state, room=conversation)
        await self._hand_overs.shown([message for _, _, message in news.messages])
