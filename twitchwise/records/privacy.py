"""A person's data: given out, deleted, kept for a limited time, and encrypted anew when keys change."""
from __future__ import annotations

import json
import logging
import sqlite3
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from twitchwise.channels.telegram import tables as telegram
from twitchwise.records import models as m
from twitchwise.records import tracker_events
from twitchwise.records.engine import for_writing, unit
from twitchwise.records.keys import Keys
from twitchwise.records.models import Base
from twitchwise.records.repository import assessments, conversation, escalations, findings
from twitchwise.records.spool import Spool
from twitchwise.records.views import hand_over_view, message_view

logger = logging.getLogger(__name__)

BY_PERSON, BY_RETENTION, BY_OPERATOR = "person", "retention", "operator"
RETENTION_DAYS = 90
AUDIT_DAYS = 365
_AT_ONCE = 500

_listeners: list[Any] = []


def on_delete(listener: Callable[[str], object]) -> None:
    """Call `listener` (a bound method) with the pseudonym of each conversation that this process deletes: it drops its copies."""
    _listeners.append(weakref.WeakMethod(listener))


def _tell(conversation_id: str) -> None:
    for reference in list(_listeners):
        listener = reference()
        if listener is None:
            _listeners.remove(reference)
            continue
        try:
            listener(conversation_id)
        except Exception as error:
            # The others must still hear of it; a copy that stays behind is refused by the tombstone when it is written.
            logger.error("A copy of a deleted conversation could not be dropped (%s)", type(error).__name__)


@dataclass(frozen=True)
class Deleted:
    """How many rows of each table, and files of the spool, were removed."""

    rows: dict[str, int]
    files: int

    @property
    def total(self) -> int:
        return sum(self.rows.values()) + self.files


def export(engine: Engine, keys: Keys, sender_id: str) -> dict[str, Any]:
    """Everything kept about a person, JSON-able. Raises SQLAlchemyError, ContentKeyError."""
    conversation_id = keys.conversation(sender_id)
    found = conversation(engine, conversation_id)
    with unit(engine) as session:
        state = session.execute(select(m.Conversation.state_sealed).where(m.Conversation.id == conversation_id)).scalar()
        overs = session.scalars(select(m.HandOverRow).where(m.HandOverRow.conversation_id == conversation_id)).all()
        given = [
            {**_plain(hand_over_view(row, keys)), "messages": [
                _plain(message_view(each, keys)) for each in
                session.scalars(select(m.HandOverMessageRow).where(m.HandOverMessageRow.hand_over_id == row.id)
                                .order_by(m.HandOverMessageRow.id))
            ]}
            for row in overs
        ]
        deliveries = session.execute(
            select(m.DeliveryRow.escalation_id, m.DeliveryRow.target, m.DeliveryRow.state, m.DeliveryRow.delivered_at)
            .join(m.EscalationRow, m.EscalationRow.id == m.DeliveryRow.escalation_id)
            .where(m.EscalationRow.conversation_id == conversation_id)
        ).all()
        served = session.scalars(select(m.Turn.created_at).where(m.Turn.conversation_id == conversation_id).order_by(m.Turn.created_at)).all()
    return {
        "conversation": _plain(found) if found else None,
        "state": json.loads(keys.open(state)) if state else None,
        "findings": [_plain(each) for each in findings(engine, conversation_id)],
        "assessments": [_plain(each) for each in assessments(engine, conversation_id)],
        "escalations": [_plain(each) for each in escalations(engine, keys, conversation_id=conversation_id, limit=100_000)],
        "deliveries": [{name: _value(value) for name, value in row._mapping.items()} for row in deliveries],
        "hand_overs": given,
        "messages": [json.loads(line) for line in tracker_events.load_all(engine, keys, conversation_id)],
        "served_at": [_value(each) for each in served],
        "telegram": _export_chat(engine, keys, conversation_id),
    }


def _export_chat(engine: Engine, keys: Keys, conversation_id: str) -> dict[str, Any] | None:
    """What the Telegram connector keeps: the chat's number and buttons, updates without an answer yet, messages not sent yet."""
    chats, updates, outgoing = telegram.chats, telegram.updates, telegram.outgoing
    with unit(engine) as session:
        chat = session.execute(select(chats).where(chats.c.conversation_id == conversation_id)).first()
        waiting = session.scalars(select(updates.c.work_sealed).where(updates.c.conversation_id == conversation_id)).all()
        unsent = session.scalars(select(outgoing.c.call_sealed).where(outgoing.c.conversation_id == conversation_id)).all()
    if chat is None and not waiting and not unsent:
        return None
    return {
        "chat": json.loads(keys.open_always(chat.chat_sealed)) if chat is not None and chat.chat_sealed else None,
        "seen_at": _value(chat.seen_at) if chat is not None else None,
        "updates": [json.loads(keys.open_always(each)) for each in waiting if each],
        "unsent": [json.loads(keys.open_always(each)) for each in unsent],
    }


def _plain(view: Any) -> dict[str, Any]:
    return {name: _value(value) for name, value in vars(view).items() if name != "lease"}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def delete_person(engine: Engine, keys: Keys, sender_id: str, *, spool: Spool | None = None, reason: str = BY_PERSON,
                  now: datetime | None = None) -> Deleted:
    """Delete everything kept about a person: rows, Rasa's events, the spool, copies in this process's memory. What remains is that
    something was deleted, and a hash that says so to late copies. Raises SQLAlchemyError."""
    return _delete(engine, keys, [keys.conversation(sender_id)], spool, reason, now or datetime.now(timezone.utc))


def _delete(engine: Engine, keys: Keys, conversations: list[str], spool: Spool | None, reason: str, now: datetime) -> Deleted:
    rows: dict[str, int] = {}
    files = 0
    with for_writing(engine).begin() as connection:
        for conversation_id in conversations:
            counted = {**_delete_rows(connection, conversation_id), **_delete_chat(connection, conversation_id, now)}
            connection.execute(m.DeletionRow.__table__.insert(), {
                "tombstone": keys.tombstone(conversation_id), "reason": reason, "at": now, "rows": counted})
            for name, count in counted.items():
                rows[name] = rows.get(name, 0) + count
    for conversation_id in conversations:
        # After the rows: whoever empties the spool in between finds the tombstone.
        files += spool.delete(conversation_id) if spool else 0
        _tell(conversation_id)
    _wipe(engine)
    return Deleted(rows, files)


def _owned() -> tuple[Table, ...]:
    """Tables with a conversation's rows, children first."""
    return tuple(table for table in reversed(Base.metadata.sorted_tables) if "conversation_id" in table.c)


def _delete_rows(connection: Connection, conversation_id: str) -> dict[str, int]:
    escalation_ids = select(m.EscalationRow.id).where(m.EscalationRow.conversation_id == conversation_id)
    hand_over_ids = select(m.HandOverRow.id).where(m.HandOverRow.conversation_id == conversation_id)
    counted = {}
    for model, condition in (
        (m.OutboxRow, m.OutboxRow.escalation_id.in_(escalation_ids)),
        (m.DeliveryRow, m.DeliveryRow.escalation_id.in_(escalation_ids)),
        (m.HandOverMessageRow, m.HandOverMessageRow.hand_over_id.in_(hand_over_ids)),
    ):
        counted[model.__tablename__] = connection.execute(delete(model.__table__).where(condition)).rowcount
    # Who of the staff did something stays; for whom goes.
    log = m.AuditRow.__table__
    connection.execute(update(log).where(log.c.conversation == conversation_id).values(conversation=None, escalation=None))
    for table in _owned():
        counted[table.name] = connection.execute(delete(table).where(table.c.conversation_id == conversation_id)).rowcount
    counted["conversations"] = connection.execute(
        delete(m.Conversation.__table__).where(m.Conversation.__table__.c.id == conversation_id)).rowcount
    return {name: count for name, count in counted.items() if count}


def _delete_chat(connection: Connection, conversation_id: str, now: datetime) -> dict[str, int]:
    """What Telegram keeps of a person. A chat that a process is just answering only loses its content: the answer ("your data is being
    deleted") is still to be sent, and that process, or its successor, removes the row after it."""
    chats, updates, outgoing = telegram.chats, telegram.updates, telegram.outgoing
    here = chats.c.conversation_id == conversation_id
    answered = connection.execute(
        update(chats).where(here, chats.c.owner.is_not(None), chats.c.owned_until > now).values(chat_sealed=None, forget=True)).rowcount
    if answered:
        return {chats.name: answered}
    counted = {
        chats.name: connection.execute(delete(chats).where(here)).rowcount,
        outgoing.name: connection.execute(delete(outgoing).where(outgoing.c.conversation_id == conversation_id)).rowcount,
        # The number stays: Telegram may bring the same update again.
        updates.name: connection.execute(update(updates).where(updates.c.conversation_id == conversation_id)
                                         .values(conversation_id=None, work_sealed=None)).rowcount,
    }
    return {name: count for name, count in counted.items() if count}


def _wipe(engine: Engine) -> None:
    """SQLite keeps old pages in its log until a checkpoint: make one, so that nothing deleted is left in the files."""
    if engine.dialect.name != "sqlite":
        return
    try:
        # Outside of any transaction, and without changing how the pooled connection begins the next one.
        connection = engine.raw_connection()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        finally:
            connection.close()
    except (SQLAlchemyError, sqlite3.Error):
        logger.info("The log of the database could not be emptied now; the next checkpoint does it")


def retention(engine: Engine, keys: Keys, days: int = RETENTION_DAYS, *, spool: Spool | None = None, now: datetime | None = None,
              audit_days: int = AUDIT_DAYS) -> Deleted:
    """Delete what is older than `days`: whole conversations that have been quiet for so long, and of the others what is older.
    Run it once a day. Raises ValueError for less than one day, SQLAlchemyError."""
    if days < 1:
        raise ValueError("Retention needs at least one day.")
    now = now or datetime.now(timezone.utc)
    before = now - timedelta(days=days)
    rows: dict[str, int] = {}
    files = 0
    while quiet := _quiet(engine, before):
        done = _delete(engine, keys, quiet, spool, BY_RETENTION, now)
        files += done.files
        for name, count in done.rows.items():
            rows[name] = rows.get(name, 0) + count
    with for_writing(engine).begin() as connection:
        for name, count in _older_rows(connection, before, now - timedelta(days=audit_days)):
            rows[name] = rows.get(name, 0) + count
    if spool:
        spool.tidy(days * 86400.0)
    _wipe(engine)
    return Deleted({name: count for name, count in rows.items() if count}, files)


def _quiet(engine: Engine, before: datetime) -> list[str]:
    """Conversations that nothing was heard of since `before`, in the records or by Rasa."""
    events = tracker_events.TABLE
    last = func.max(events.c.timestamp)
    lively = select(events.c.conversation_id).group_by(events.c.conversation_id).having(last >= before.timestamp())
    with unit(engine) as session:
        known = session.scalars(
            select(m.Conversation.id).where(m.Conversation.updated_at < before, m.Conversation.id.not_in(lively)).limit(_AT_ONCE)
        ).all()
        # Rasa's events of a conversation that was never recorded.
        only_events = session.scalars(
            select(events.c.conversation_id).where(events.c.conversation_id.not_in(select(m.Conversation.id)))
            .group_by(events.c.conversation_id).having(last < before.timestamp()).limit(_AT_ONCE)
        ).all()
    return [*known, *only_events]


def _older_rows(connection: Connection, before: datetime, audit_before: datetime) -> Iterable[tuple[str, int]]:
    yield "turns", connection.execute(delete(m.Turn.__table__).where(m.Turn.__table__.c.created_at < before)).rowcount
    yield "tracker_events", tracker_events.prune(connection, before)
    ended = m.HandOverRow.__table__
    yield "hand_overs", connection.execute(delete(ended).where(ended.c.state == m.ENDED, ended.c.ended_at < before)).rowcount
    log = m.AuditRow.__table__
    yield "audit_log", connection.execute(delete(log).where(log.c.at < audit_before)).rowcount
    # Copies that late no longer exist: the hash has done its work.
    stones = m.DeletionRow.__table__
    connection.execute(update(stones).where(stones.c.at < before, stones.c.tombstone.is_not(None)).values(tombstone=None))


def rotate(engine: Engine, keys: Keys) -> int:
    """Encrypt every stored text with the newest content key (also what was stored before any was set). Returns how many texts.
    Can be stopped and started again at any time. Raises SQLAlchemyError, ContentKeyError."""
    changed = 0
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if column.name.endswith("_sealed") and column.name != "address_sealed":
                changed += _rotate_column(engine, keys, table, column.name)
    _wipe(engine)
    return changed


def _rotate_column(engine: Engine, keys: Keys, table: Table, name: str) -> int:
    key, column, changed, last = next(iter(table.primary_key.columns)), table.c[name], 0, None
    while True:
        page = select(key, column).where(column.is_not(None)).order_by(key).limit(_AT_ONCE)
        with for_writing(engine).begin() as connection:
            found = connection.execute(page if last is None else page.where(key > last)).all()
            for identity, stored in found:
                # Only where it is still what was read: a note may be added meanwhile, under the newest key already.
                connection.execute(update(table).where(key == identity, column == stored).values({name: keys.reseal(stored)}))
        if not found:
            return changed
        changed, last = changed + len(found), found[-1][0]
