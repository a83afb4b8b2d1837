"""Updates to answers: in order within a chat, chats side by side but bounded, across crashes and processes.

The database holds what is to be done (store.py). When it is away, work goes through a store in memory instead: people get their
answers, and what was answered is written down as soon as the database is back.
"""
from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from twitchwise.channels.telegram.conversation import Conversations
from twitchwise.channels.telegram.replies import ApiCall
from twitchwise.channels.telegram.sending import Sender
from twitchwise.channels.telegram.store import LEASE_S, Chat, Store
from twitchwise.channels.telegram.updates import Update

logger = logging.getLogger(__name__)
SWEEP_S = 2.0
CLAIM_RETRY_S = 0.5
PURGE_S = 3600.0
REMEMBERED = 20_000
#: How long an update waits for the one before it, when they came through different connections.
SETTLE_S = 0.15


class Dispatcher:
    """Runs one worker for each chat that has something to do."""

    def __init__(self, store: Store, spare: Store, conversations: Conversations, sender: Sender, *, concurrency: int = 16) -> None:
        self.store, self.spare, self._conversations, self._sender = store, spare, conversations, sender
        self._seats = asyncio.Semaphore(concurrency)
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._held: dict[str, dict[int, Update]] = {}
        self._elsewhere: set[int] = set()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._keeper: asyncio.Task[None] | None = None
        self._closing = False

    # -- life

    async def start(self) -> None:
        """Take up what an earlier process left, and keep at it."""
        await asyncio.to_thread(self.spare.prepare)
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self, timeout: float = 10.0) -> None:
        """Let workers finish what they are at; the rest is in the store."""
        self._closing = True
        for timer in self._timers.values():
            timer.cancel()
        if self._keeper:
            self._keeper.cancel()
        if self._workers:
            await asyncio.wait(set(self._workers.values()), timeout=timeout)
        for task in list(self._workers.values()):
            task.cancel()
        await self._sender.close()

    async def _keep(self) -> None:
        """Every few seconds: what others left, leases, old rows."""
        prepared = False
        rounds = 0
        while True:
            try:
                if not prepared:
                    await asyncio.to_thread(self.store.prepare)
                    prepared = True
                if rounds % max(1, int(LEASE_S / 4 / SWEEP_S)) == 0:
                    await asyncio.to_thread(self.store.beat)
                if rounds % int(PURGE_S / SWEEP_S) == 0:
                    await asyncio.to_thread(self.store.purge)
                if self._elsewhere:
                    await self._catch_up()
                for record in await asyncio.to_thread(self.store.busy):
                    self.submit(record)
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.exception("Telegram's store cannot be reached; trying again")
            rounds += 1
            await asyncio.sleep(SWEEP_S)

    # -- taking updates in

    async def take(self, updates: Sequence[Update], next_offset: int | None = None) -> bool:
        """Take updates in. True when they are on disk; False when they are only in memory, because the database is away."""
        on_disk = True
        try:
            new = await asyncio.to_thread(self.store.accept, updates, next_offset)
        except Exception as error:
            logger.error("Telegram's updates cannot be stored (%s); they are answered from memory", type(error).__name__)
            on_disk = False
            new = [each for each in updates if each.update_id not in self._seen]
            await asyncio.to_thread(self.spare.accept, new)
            self._elsewhere.update(each.update_id for each in new)
        for each in updates:
            self._seen[each.update_id] = None
            self._seen.move_to_end(each.update_id)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        for each in new:
            record = self.store.chat_of(each.chat_id).record
            if on_disk:
                self._held.setdefault(record, {})[each.update_id] = each
            self.submit(record)
        return on_disk

    async def settle(self, updates: Sequence[Update]) -> None:
        """Give the update just before these a moment to come, when updates come through several connections."""
        first = min((each.update_id for each in updates), default=None)
        clock = asyncio.get_running_loop().time
        end = clock() + SETTLE_S
        while first is not None and self._seen and first - 1 not in self._seen and clock() < end:
            await asyncio.sleep(0.01)

    async def answered(self, updates: Sequence[Update], timeout: float) -> None:
        """Wait until these are answered, at most `timeout` seconds."""
        workers = {task for each in updates if (task := self._workers.get(self.store.chat_of(each.chat_id).record))}
        if workers:
            await asyncio.wait(workers, timeout=timeout)

    def submit(self, record: str) -> None:
        """See to a chat, now or once its worker is at its end."""
        if self._closing:
            return
        if record in self._workers:
            self._again.add(record)
            return
        timer = self._timers.pop(record, None)
        if timer:
            timer.cancel()
        task = asyncio.create_task(self._work(record))
        self._workers[record] = task
        task.add_done_callback(lambda _done: self._ended(record))

    def _ended(self, record: str) -> None:
        self._workers.pop(record, None)
        if record in self._again:
            self._again.discard(record)
            self.submit(record)

    def _later(self, record: str, seconds: float) -> None:
        if self._closing:
            return
        old = self._timers.pop(record, None)
        if old:
            old.cancel()

        def due() -> None:
            self._timers.pop(record, None)
            self.submit(record)

        self._timers[record] = asyncio.get_running_loop().call_later(seconds, due)

    # -- one chat

    async def _work(self, record: str) -> None:
        waits: list[float] = []
        try:
            if not await asyncio.to_thread(self.store.claim, record):
                waits.append(CLAIM_RETRY_S)  # another process is at it
            else:
                try:
                    waits.append(await self._drain(self.store, record) or 0)
                finally:
                    await asyncio.to_thread(self.store.release, record)
        except SQLAlchemyError as error:
            logger.error("Telegram's store failed (%s); a chat is served from memory", type(error).__name__)
            await self._rescue(record)
        except Exception:
            logger.exception("A chat's worker failed; it is tried again")
            waits.append(SWEEP_S)
        try:
            waits.append(await self._drain(self.spare, record) or 0)
        except Exception:
            logger.exception("A chat could not be served from memory")
        wait = min((each for each in waits if each > 0), default=0)
        if wait:
            self._later(record, wait)

    async def _drain(self, store: Store, record: str) -> float | None:
        """Answer what waits and send it. The seconds until sending should be tried again."""
        while True:
            if store is self.store and self._elsewhere:
                await self._catch_up()
            waiting = await asyncio.to_thread(store.next_update, record) if not self._closing else None
            if waiting is None:
                return await self._sender.flush(store, record)
            update = waiting.update
            chat = self.store.chat_of(update.chat_id)
            async with self._seats:
                state = await asyncio.to_thread(store.chat, record)
                served = await self._conversations.serve(waiting, chat, state, partial(self._late, chat))
            try:
                await asyncio.to_thread(store.finish, record, update.update_id, served.calls, served.chat)
            except SQLAlchemyError:
                # Answered, and not to be answered again: the words go out from memory.
                await asyncio.to_thread(self.spare.add_calls, record, served.calls)
                self._drop_held(record, update.update_id)
                self._elsewhere.add(update.update_id)
                raise
            self._drop_held(record, update.update_id)
            await self._sender.flush(store, record)

    def _drop_held(self, record: str, update_id: int) -> None:
        held = self._held.get(record)
        if held is not None:
            held.pop(update_id, None)
            if not held:
                del self._held[record]

    async def _rescue(self, record: str) -> None:
        """Move a chat's unanswered updates to memory."""
        held = [each for each in self._held.get(record, {}).values() if each.update_id not in self._elsewhere]
        await asyncio.to_thread(self.spare.accept, held)
        self._elsewhere.update(each.update_id for each in held)

    async def _catch_up(self) -> None:
        """Write down what was answered while the database was away."""
        ids = sorted(self._elsewhere)
        await asyncio.to_thread(self.store.mark_done, ids)
        self._elsewhere.difference_update(ids)

    async def _late(self, chat: Chat, calls: Sequence[ApiCall]) -> None:
        """What the assistant said after its time."""
        try:
            await asyncio.to_thread(self.store.add_calls, chat.record, list(calls))
        except SQLAlchemyError:
            await asyncio.to_thread(self.spare.add_calls, chat.record, list(calls))
        self.submit(chat.record)

    def state(self) -> dict[str, Any]:
        """Figures for health and metrics."""
        return {"chats_at_work": len(self._workers), "in_memory": len(self._elsewhere)}
