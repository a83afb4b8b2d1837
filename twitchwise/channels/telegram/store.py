"""What must survive a crash: updates taken, messages still to be sent, each chat's keyboards. Synchronous; call it in a thread.

An update is taken once for ever (primary key). Its answer and its end are written in one transaction, so that after a crash it
is either answered anew (nothing was written) or its written messages are sent: never both.
"""
from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from twitchwise.channels.telegram import tables as t
from twitchwise.channels.telegram.ownership import is_dead, process_name
from twitchwise.channels.telegram.updates import Update
from twitchwise.records.engine import for_writing
from twitchwise.records.keys import Keys

logger = logging.getLogger(__name__)
LEASE_S = 20.0
#: Telegram keeps an update for 24 hours; a number seen longer ago cannot come again.
KEEP_UPDATES = timedelta(days=8)
#: After a week without updates Telegram begins with new numbers.
OFFSET_HOLDS = timedelta(days=6)
KEEP_CHATS = timedelta(days=90)
KEEP_OUTGOING = timedelta(hours=24)


@dataclass(frozen=True)
class Chat:
    """A chat and its names: Telegram's number (never stored in the clear), the conversation, the records' pseudonym of that."""

    chat_id: int
    conversation: str
    record: str


@dataclass(frozen=True)
class Waiting:
    """An update to be answered. `tries`: how often it was begun, this time included."""

    update: Update
    tries: int


@dataclass(frozen=True)
class Call:
    """A message to be sent: `method` and `params` of the Bot API, and what sending.py notes about it."""

    row: int
    attempts: int
    created_at: datetime
    next_at: datetime
    content: dict[str, Any]


class Store:
    """The store of one bot in one process."""

    def __init__(self, engine: Engine, keys: Keys, bot: str, *, owner: str | None = None) -> None:
        self.engine, self.keys, self.bot = engine, keys, bot
        self.owner = owner or process_name()
        # SQLite has one writer; waiting here is fairer than in its busy handler, and an in-memory database has one connection.
        self._lock: contextlib.AbstractContextManager[Any] = (
            threading.RLock() if engine.dialect.name == "sqlite" else contextlib.nullcontext()
        )

    @contextlib.contextmanager
    def _begin(self) -> Any:
        with self._lock, for_writing(self.engine).begin() as connection:
            yield connection

    def prepare(self) -> None:
        """Make the tables that are missing."""
        with self._lock:
            t.metadata.create_all(self.engine, checkfirst=True)

    def chat_of(self, chat_id: int) -> Chat:
        """The names of a chat."""
        conversation = f"telegram:{self.keys.conversation(f'telegram:{self.bot}:{chat_id}')}"
        return Chat(chat_id, conversation, self.keys.conversation(conversation))

    # -- updates

    def accept(self, updates: Sequence[Update], next_offset: int | None = None) -> list[Update]:
        """Take updates in; returns those that are new. Nothing is confirmed to Telegram before this returned."""
        now = _now()
        new: list[Update] = []
        with self._begin() as connection:
            for each in updates:
                chat = self.chat_of(each.chat_id)
                taken = connection.execute(self._insert(t.updates).values(
                    bot=self.bot, update_id=each.update_id, conversation_id=chat.record, received_at=now,
                    work_sealed=self._seal(each.to_dict()), tries=0,
                ).on_conflict_do_nothing())
                if taken.rowcount:
                    new.append(each)
                    connection.execute(self._insert(t.chats).values(
                        conversation_id=chat.record, bot=self.bot, seen_at=now, chat_sealed=self._seal({"chat_id": each.chat_id}),
                    ).on_conflict_do_nothing())
            if next_offset is not None:
                self._ensure_bot(connection)
                connection.execute(update(t.bots).where(t.bots.c.bot == self.bot).values(next_offset=next_offset, offset_at=now))
        return new

    def mark_done(self, update_ids: Iterable[int]) -> None:
        """Updates that were answered without this store (it was away)."""
        with self._begin() as connection:
            for update_id in update_ids:
                connection.execute(self._insert(t.updates).values(
                    bot=self.bot, update_id=update_id, received_at=_now(), tries=1).on_conflict_do_nothing())
                connection.execute(self._finished(update_id))

    def next_update(self, record: str) -> Waiting | None:
        """The oldest update of a conversation that has no answer yet."""
        with self._begin() as connection:
            for row in connection.execute(
                select(t.updates).where(t.updates.c.bot == self.bot, t.updates.c.conversation_id == record)
                .order_by(t.updates.c.update_id).limit(100)
            ).all():
                try:
                    found = Update.from_dict(self._open(row.work_sealed))
                except Exception:
                    logger.exception("A stored update cannot be read (was the signing key changed?); it is dropped")
                    connection.execute(self._finished(row.update_id))
                    continue
                connection.execute(update(t.updates).where(t.updates.c.bot == self.bot, t.updates.c.update_id == row.update_id)
                                   .values(tries=row.tries + 1))
                return Waiting(found, row.tries + 1)
        return None

    def finish(self, record: str, update_id: int, calls: Sequence[dict[str, Any]], chat: dict[str, Any] | None = None) -> None:
        """The update is answered: keep the messages to be sent and the chat's new state, drop what it said. One transaction."""
        with self._begin() as connection:
            self._add(connection, record, calls)
            if chat is not None:
                self._save_chat(connection, record, chat)
            connection.execute(self._finished(update_id))

    def _finished(self, update_id: int) -> Any:
        return (update(t.updates).where(t.updates.c.bot == self.bot, t.updates.c.update_id == update_id)
                .values(work_sealed=None, conversation_id=None))

    # -- messages to be sent

    def add_calls(self, record: str, calls: Sequence[dict[str, Any]]) -> None:
        """Messages that came outside of an update's answer."""
        with self._begin() as connection:
            self._add(connection, record, calls)

    def _add(self, connection: Connection, record: str, calls: Sequence[dict[str, Any]]) -> None:
        now = _now()
        for content in calls:
            connection.execute(t.outgoing.insert().values(
                bot=self.bot, conversation_id=record, call_sealed=self._seal(content), created_at=now, next_at=now, attempts=0))

    def next_call(self, record: str) -> Call | None:
        """The oldest message to be sent in a conversation, due or not."""
        with self._begin() as connection:
            for row in connection.execute(
                select(t.outgoing).where(t.outgoing.c.bot == self.bot, t.outgoing.c.conversation_id == record)
                .order_by(t.outgoing.c.id).limit(20)
            ).all():
                try:
                    return Call(row.id, row.attempts, row.created_at, row.next_at, self._open(row.call_sealed))
                except Exception:
                    logger.exception("A stored message cannot be read (was the signing key changed?); it is dropped")
                    connection.execute(delete(t.outgoing).where(t.outgoing.c.id == row.id))
        return None

    def sent(self, record: str, call: Call, *, keyboard: int | None = None) -> None:
        """The message went out (or never can). `keyboard`: the number it got, when it has buttons."""
        with self._begin() as connection:
            connection.execute(delete(t.outgoing).where(t.outgoing.c.id == call.row))
            if keyboard is not None:
                chat = self._chat(connection, record)
                if chat:
                    chat["live"] = [*chat.get("live", []), keyboard][-8:]
                    self._save_chat(connection, record, chat)

    def defer(self, call: Call, seconds: float) -> None:
        """The message could not be sent; not again before `seconds` have passed."""
        with self._begin() as connection:
            connection.execute(update(t.outgoing).where(t.outgoing.c.id == call.row)
                               .values(attempts=call.attempts + 1, next_at=_now() + timedelta(seconds=seconds)))

    def drop_calls(self, record: str) -> int:
        """Nothing can be sent in this conversation any more: forget what was waiting."""
        with self._begin() as connection:
            return int(connection.execute(
                delete(t.outgoing).where(t.outgoing.c.bot == self.bot, t.outgoing.c.conversation_id == record)).rowcount)

    # -- chats

    def chat(self, record: str) -> dict[str, Any]:
        """A chat's state: chat_id, live (numbers of messages with usable buttons), spent (the highest
        number whose buttons are used up), picking (places chosen so far). Empty when it is not known."""
        with self._lock, self.engine.begin() as connection:
            return self._chat(connection, record)

    def _chat(self, connection: Connection, record: str) -> dict[str, Any]:
        sealed = connection.execute(select(t.chats.c.chat_sealed).where(t.chats.c.conversation_id == record)).scalar()
        try:
            return self._open(sealed) if sealed else {}
        except Exception:
            logger.exception("A stored chat cannot be read (was the signing key changed?); it begins anew")
            return {}

    def _save_chat(self, connection: Connection, record: str, chat: dict[str, Any]) -> None:
        # Only what is there is changed: a chat that was deleted meanwhile stays deleted.
        connection.execute(update(t.chats).where(t.chats.c.conversation_id == record, t.chats.c.forget.is_(False))
                           .values(chat_sealed=self._seal(chat), seen_at=_now()))

    def forget(self, record: str) -> None:
        """Drop all that is kept of a chat, except what is just being answered."""
        with self._begin() as connection:
            connection.execute(update(t.chats).where(t.chats.c.conversation_id == record).values(chat_sealed=None, forget=True))

    def busy(self) -> list[str]:
        """Conversations with an update to answer or a message due."""
        with self._lock, self.engine.begin() as connection:
            waiting = connection.execute(select(t.updates.c.conversation_id).distinct().where(
                t.updates.c.bot == self.bot, t.updates.c.conversation_id.is_not(None))).scalars()
            due = connection.execute(select(t.outgoing.c.conversation_id).distinct().where(
                t.outgoing.c.bot == self.bot, t.outgoing.c.next_at <= _now())).scalars()
            return list(dict.fromkeys([*waiting, *due]))

    # -- who works on what

    def claim(self, record: str) -> bool:
        """Make this process the only one that answers this conversation, for a while."""
        where = t.chats.c.conversation_id == record
        with self._begin() as connection:
            row = connection.execute(select(t.chats.c.owner).where(where)).first()
            if row is None:
                connection.execute(self._insert(t.chats).values(
                    conversation_id=record, bot=self.bot, seen_at=_now()).on_conflict_do_nothing())
            return self._claim(connection, t.chats, where, row.owner if row else None)

    def release(self, record: str) -> None:
        """Let others answer this conversation; what was to be forgotten goes now."""
        mine = (t.chats.c.conversation_id == record) & (t.chats.c.owner == self.owner)
        with self._begin() as connection:
            connection.execute(delete(t.chats).where(mine, or_(t.chats.c.forget.is_(True), t.chats.c.chat_sealed.is_(None))))
            connection.execute(update(t.chats).where(mine).values(owner=None, owned_until=None))

    def beat(self) -> None:
        """Hold on to what this process has claimed."""
        with self._begin() as connection:
            for table in (t.chats, t.bots):
                connection.execute(update(table).where(table.c.owner == self.owner).values(owned_until=_until()))

    def lead(self) -> bool:
        """Whether this process is the one that fetches updates; becomes it when nobody is."""
        where = t.bots.c.bot == self.bot
        with self._begin() as connection:
            self._ensure_bot(connection)
            return self._claim(connection, t.bots, where, connection.execute(select(t.bots.c.owner).where(where)).scalar())

    def step_down(self) -> None:
        """Let another process fetch."""
        with self._begin() as connection:
            connection.execute(update(t.bots).where(t.bots.c.owner == self.owner).values(owner=None, owned_until=None))

    def _claim(self, connection: Connection, table: Any, where: Any, owner: str | None) -> bool:
        free = [table.c.owner.is_(None), table.c.owner == self.owner, table.c.owned_until < _now()]
        if owner and is_dead(owner, self.owner):
            free.append(table.c.owner == owner)
        return bool(connection.execute(update(table).where(where, or_(*free)).values(owner=self.owner, owned_until=_until())).rowcount)

    def offset(self) -> int | None:
        """Where fetching goes on, None to take whatever Telegram still has (doubles are known by their number)."""
        with self._lock, self.engine.begin() as connection:
            row = connection.execute(select(t.bots).where(t.bots.c.bot == self.bot)).first()
        if row is None or row.next_offset is None or row.offset_at < _now() - OFFSET_HOLDS:
            return None
        return int(row.next_offset)

    # -- housekeeping

    def purge(self) -> None:
        """Remove what is no longer needed."""
        now = _now()
        with self._begin() as connection:
            connection.execute(delete(t.updates).where(t.updates.c.conversation_id.is_(None), t.updates.c.received_at < now - KEEP_UPDATES))
            connection.execute(delete(t.outgoing).where(t.outgoing.c.created_at < now - KEEP_OUTGOING))
            connection.execute(delete(t.chats).where(
                or_(t.chats.c.seen_at < now - KEEP_CHATS, t.chats.c.forget.is_(True)),
                or_(t.chats.c.owner.is_(None), t.chats.c.owned_until < now)))

    def counts(self) -> dict[str, int]:
        """How many updates wait for an answer, and how many messages to be sent."""
        with self._lock, self.engine.begin() as connection:
            waiting = connection.execute(select(func.count()).select_from(t.updates).where(
                t.updates.c.bot == self.bot, t.updates.c.conversation_id.is_not(None))).scalar()
            unsent = connection.execute(select(func.count()).select_from(t.outgoing).where(t.outgoing.c.bot == self.bot)).scalar()
        return {"unanswered": int(waiting or 0), "unsent": int(unsent or 0)}

    def _ensure_bot(self, connection: Connection) -> None:
        connection.execute(self._insert(t.bots).values(bot=self.bot).on_conflict_do_nothing())

    def _insert(self, table: Any) -> Any:
        return (postgresql if self.engine.dialect.name == "postgresql" else sqlite).insert(table)

    def _seal(self, content: dict[str, Any]) -> str:
        return self.keys.seal_always(json.dumps(content, separators=(",", ":")))

    def _open(self, sealed: str) -> dict[str, Any]:
        return dict(json.loads(self.keys.open_always(sealed)))


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _until() -> datetime:
    return _now() + timedelta(seconds=LEASE_S)
