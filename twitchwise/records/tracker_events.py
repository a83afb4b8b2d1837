"""The events of Rasa's conversations in the database: appended, read, deleted. Knows their JSON, not Rasa.

Positions count from 0 in each conversation and are unique, so that two writers never mix their events up: the second one's
go behind the first one's. A batch (one save) carries a name of its own, so that it can be written again after an answer of
the database was lost, and stands there once.
"""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from twitchwise.records.engine import for_reading, for_writing
from twitchwise.records.keys import Keys
from twitchwise.records.models import DeletionRow, TrackerEventRow, Turn
from twitchwise.records.writing import covers

SESSION_STARTED, SLOT, LOOP, ACTION, USER = "session_started", "slot", "active_loop", "action", "user"
_FORGETTING = ("reset_slots", "restart")
_LISTEN = "action_listen"
#: Set at the end of each served message.
STATE_SLOT = "dialogue_state"
#: How often a writer makes room for others that write the same conversation at the same moment.
_TRIES = 20

TABLE = TrackerEventRow.__table__


@dataclass(frozen=True)
class EventLine:
    """One event: what is searched by, and the event itself as JSON."""

    type_name: str
    name: str | None
    timestamp: float
    data: str

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> EventLine:
        """From an event's dictionary (`Event.as_dict`)."""
        type_name = str(event.get("event"))
        name = (event.get("parse_data") or {}).get("intent", {}).get("name") if type_name == USER else event.get("name")
        return cls(type_name, str(name)[:255] if name else None, float(event.get("timestamp") or 0.0),
                   json.dumps(event, default=_plain, separators=(",", ":")))


def _plain(value: Any) -> Any:
    """Numbers of NumPy and the like, as classifiers leave them in a message."""
    return value.item() if hasattr(value, "item") else str(value)


@dataclass(frozen=True)
class Batch:
    """The new events of one save. `since`: when the first of them happened; a later deletion of the conversation covers them all."""

    name: str
    events: tuple[EventLine, ...]

    @property
    def since(self) -> datetime:
        return datetime.fromtimestamp(self.events[0].timestamp, timezone.utc)


@lru_cache(maxsize=1)
def _statements() -> dict[str, Any]:
    mine = TABLE.c.conversation_id == bindparam("conversation")
    backwards = select(TABLE.c.position, TABLE.c.session, TABLE.c.type_name, TABLE.c.name, TABLE.c.data_sealed).where(mine)
    remembered = TABLE.c.type_name.in_((SLOT, LOOP, SESSION_STARTED, *_FORGETTING))
    return {
        "last": select(TABLE.c.position, TABLE.c.session, TABLE.c.type_name, TABLE.c.timestamp).where(mine)
        .order_by(TABLE.c.position.desc()).limit(1),
        # In one statement, of one moment: a batch that is not seen written here collides later, for the position is not seen either.
        "place": select(
            select(TABLE.c.position).where(mine).order_by(TABLE.c.position.desc()).limit(1).scalar_subquery().label("position"),
            select(TABLE.c.session).where(mine).order_by(TABLE.c.position.desc()).limit(1).scalar_subquery().label("session"),
            exists().where(mine, TABLE.c.batch == bindparam("batch")).label("written"),
            select(func.max(DeletionRow.at)).where(DeletionRow.tombstone == bindparam("stone")).scalar_subquery().label("deleted"),
        ),
        "insert": insert(TABLE),
        "tail": backwards.order_by(TABLE.c.position.desc()).limit(bindparam("limit")),
        "all": backwards.order_by(TABLE.c.position),
        "latest": select(TABLE.c.type_name, TABLE.c.name, func.max(TABLE.c.position)).where(
            mine, TABLE.c.session == bindparam("session"), remembered, TABLE.c.position < bindparam("cut"),
        ).group_by(TABLE.c.type_name, TABLE.c.name),
        "some": select(TABLE.c.data_sealed).where(mine, TABLE.c.position.in_(bindparam("wanted", expanding=True))).order_by(TABLE.c.position),
        "any": select(exists().where(mine)),
    }


def append(engine: Engine, keys: Keys, conversation: str, batch: Batch, fresh: bool = False) -> bool:
    """Write a batch behind what is there, once. False when the conversation was deleted after it; `fresh`: it did not wait anywhere.
    Raises SQLAlchemyError."""
    for attempt in range(_TRIES):
        try:
            with for_writing(engine).begin() as connection:
                return _append(connection, keys, conversation, batch, fresh)
        except IntegrityError:
            # Another writer took these positions in the same moment.
            if attempt == _TRIES - 1:
                raise
    return False


def _append(connection: Connection, keys: Keys, conversation: str, batch: Batch, fresh: bool) -> bool:
    made = _statements()
    last = connection.execute(
        made["place"], {"conversation": conversation, "batch": batch.name, "stone": keys.tombstone(conversation)}).one()
    if last.written:
        return True
    if covers(last.deleted, batch.since, fresh=fresh):
        return False
    position, session = (0, 0) if last.position is None else (last.position + 1, last.session)
    rows = []
    for event in batch.events:
        if event.type_name == SESSION_STARTED and position > 0:
            session += 1
        rows.append({
            "conversation_id": conversation, "position": position, "session": session, "batch": batch.name, "type_name": event.type_name,
            "name": event.name, "timestamp": event.timestamp, "data_sealed": keys.seal(event.data),
        })
        position += 1
    connection.execute(made["insert"], rows)
    return True


def load_session(engine: Engine, keys: Keys, conversation: str, limit: int, longest: int = 0) -> list[str]:
    """The current session's events as JSON, oldest first, at most about `limit`: of a longer session the last turns, and before
    them what they rest on (the start of the session, the latest value of each slot, the open form). Where the last `limit` events hold
    no served turn (the actions were away), up to `longest`. Raises SQLAlchemyError, ContentKeyError."""
    made = _statements()
    with for_reading(engine).connect() as connection:
        rows = connection.execute(made["tail"], {"conversation": conversation, "limit": limit + 1}).all()
        if len(rows) > limit and longest > limit and not any(row.type_name == SLOT and row.name == STATE_SLOT for row in rows):
            limit = longest
            rows = connection.execute(made["tail"], {"conversation": conversation, "limit": limit + 1}).all()
        if not rows:
            return []
        session = rows[0].session
        tail = [row for row in reversed(rows) if row.session == session]
        if len(tail) <= limit:
            return [keys.open(row.data_sealed) for row in tail]
        tail = tail[1:]
        cut = next((number for number, row in enumerate(tail) if row.type_name == ACTION and row.name == _LISTEN), 0)
        tail = tail[cut:]
        before = _what_they_rest_on(connection, conversation, session, tail[0].position)
        return [keys.open(sealed) for sealed in (*before, *(row.data_sealed for row in tail))]


def _what_they_rest_on(connection: Connection, conversation: str, session: int, cut: int) -> list[str]:
    latest = connection.execute(_statements()["latest"], {"conversation": conversation, "session": session, "cut": cut}).all()
    forgotten = max((position for kind, _, position in latest if kind in _FORGETTING), default=-1)
    wanted = [position for kind, _, position in latest if kind == SESSION_STARTED or (kind == SLOT and position > forgotten)]
    loop = max(((position, name) for kind, name, position in latest if kind == LOOP and position > forgotten), default=None)
    if loop is not None and loop[1]:
        wanted.append(loop[0])
    rows = connection.execute(_statements()["some"], {"conversation": conversation, "wanted": wanted})
    return [row.data_sealed for row in rows]


def load_all(engine: Engine, keys: Keys, conversation: str) -> list[str]:
    """Every event of a conversation as JSON, oldest first. Raises SQLAlchemyError, ContentKeyError."""
    with for_reading(engine).connect() as connection:
        return [keys.open(row.data_sealed) for row in connection.execute(_statements()["all"], {"conversation": conversation})]


def stored_prefix(engine: Engine, conversation: str, events: Sequence[tuple[str, float]]) -> int:
    """How many of `events` (type, timestamp) are stored: of a tracker that was copied, or made anew, and not loaded."""
    with for_reading(engine).connect() as connection:
        last = connection.execute(_statements()["last"], {"conversation": conversation}).first()
    known = (last.type_name, last.timestamp) if last else None
    return next((number for number in range(len(events), 0, -1) if events[number - 1] == known), 0)


def is_known(engine: Engine, conversation: str) -> bool:
    """Whether anything is stored of a conversation."""
    with for_reading(engine).connect() as connection:
        return bool(connection.execute(_statements()["any"], {"conversation": conversation}).scalar())


def has_turn(engine: Engine, conversation: str, message: str) -> bool:
    """Whether a turn is recorded; `message`: the keyed hash of its id."""
    with for_reading(engine).connect() as connection:
        return bool(connection.execute(select(exists().where(Turn.conversation_id == conversation, Turn.message == message))).scalar())


def conversations(engine: Engine) -> list[str]:
    """The pseudonyms of all conversations that have events."""
    with for_reading(engine).connect() as connection:
        return [name for (name,) in connection.execute(select(TABLE.c.conversation_id).distinct())]


def delete_conversation(connection: Connection, conversation: str) -> int:
    """Remove a conversation's events in a transaction that is open. Returns how many."""
    return int(connection.execute(delete(TABLE).where(TABLE.c.conversation_id == conversation)).rowcount)


def prune(connection: Connection, before: datetime) -> int:
    """Remove events older than `before` in a transaction that is open. Returns how many."""
    return int(connection.execute(delete(TABLE).where(TABLE.c.timestamp < before.timestamp())).rowcount)
