"""One turn written in one transaction: the case's rows, and with an escalation its outbox row. Once for each message."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from twitchwise.records.engine import for_writing
from twitchwise.records.keys import Keys
from twitchwise.records.models import (
    OPEN,
    PENDING,
    AssessmentRow,
    Conversation,
    DeletionRow,
    EscalationRow,
    FindingRow,
    OutboxRow,
    Turn,
)
from twitchwise.records.turns import TurnRecord
from twitchwise.vocabulary.codes import load_codes

#: Longer than any turn, and than clocks of machines differ.
IN_FLIGHT = timedelta(minutes=2)


class Written(str, Enum):
    """What became of a turn."""

    NEW = "written"
    KNOWN = "known"          # the same message was recorded before
    DELETED = "deleted"      # the person had their data deleted since
    SPOOLED = "spooled"      # kept on disk, to be written later
    HELD = "held"            # kept in memory only


def write_turn(engine: Engine, keys: Keys, turn: TurnRecord, *, dry: bool = False, fresh: bool = False, state: str | None = None) -> Written:
    """Write `turn` unless its message is written already or its conversation was deleted after it; `dry`: take it back at the end;
    `fresh`: it was served just now, and did not wait anywhere; `state`: its state, where the turn has none. Raises SQLAlchemyError."""
    with for_writing(engine).begin() as connection:
        if deleted_since(connection, keys, turn.conversation, turn.moment, fresh=fresh):
            return Written.DELETED
        made = _statements(connection.dialect.name)
        owner = {"conversation_id": turn.conversation, "created_at": turn.moment}
        connection.execute(made["conversation"], {
            "id": turn.conversation, "channel": turn.channel, "created_at": turn.moment, "updated_at": turn.moment})
        # Nothing is inserted when the message was recorded before: by this process, by another one, or from the spool.
        turn_id = _insert_turn(connection, made, turn, owner)
        if turn_id is None:
            return Written.KNOWN
        _update_conversation(connection, keys, turn, state)
        _add_rows(connection, made, turn, {**owner, "turn_id": turn_id})
        if dry:
            connection.get_transaction().rollback()
        return Written.NEW


def deleted_since(connection: Connection, keys: Keys, conversation: str, moment: datetime, *, fresh: bool = False) -> bool:
    """Whether the conversation (its pseudonym) was deleted at or after `moment`. What is `fresh` cannot be older than a deletion by much
    more than a turn takes: then the clock was ahead when the person deleted, and what they say since must not be dropped."""
    last = connection.execute(_statements(connection.dialect.name)["deleted"], {"stone": keys.tombstone(conversation)}).scalar()
    return covers(last, moment, fresh=fresh)


def covers(last: datetime | None, moment: datetime, *, fresh: bool = False) -> bool:
    """Whether a deletion at `last` (None: there was none) covers what was said at `moment`; `fresh` as in `deleted_since`."""
    return last is not None and last >= moment and not (fresh and last - moment > IN_FLIGHT)


def _insert_turn(connection: Connection, made: dict[str, Any], turn: TurnRecord, owner: dict[str, Any]) -> int | None:
    """The row's id, None when the message is recorded already."""
    inserted = connection.execute(made["turn"], {**owner, "message": turn.message})
    if connection.dialect.name == "postgresql":
        return inserted.scalar()
    if inserted.rowcount == 0:
        return None
    return int(connection.execute(made["turn_id"], {"owner": turn.conversation, "known": turn.message}).scalar_one())


@lru_cache(maxsize=4)
def _statements(dialect: str) -> dict[str, Any]:
    """Building a statement costs more than running it, and every message waits for these."""
    upsert = postgresql.insert if dialect == "postgresql" else sqlite.insert    # each dialect has its own ON CONFLICT
    turn = upsert(Turn.__table__).on_conflict_do_nothing()
    turn = turn.returning(Turn.__table__.c.id) if dialect == "postgresql" else turn
    known = upsert(Conversation.__table__).on_conflict_do_nothing()
    return {
        "deleted": select(func.max(DeletionRow.at)).where(DeletionRow.tombstone == bindparam("stone")),
        "conversation": _as_text(known, dialect, ("id", "channel", "created_at", "updated_at")),
        "turn": _as_text(turn, dialect, ("conversation_id", "created_at", "message")),
        "turn_id": select(Turn.id).where(Turn.conversation_id == bindparam("owner"), Turn.message == bindparam("known")),
        "finding": insert(FindingRow.__table__),
        "assessment": insert(AssessmentRow.__table__),
        "escalation": insert(EscalationRow.__table__),
        "outbox": insert(OutboxRow.__table__),
    }


def _as_text(statement: Any, dialect: str, names: Sequence[str]) -> Any:
    """The statement as text with parameters of the same types. SQLAlchemy 1.4 keeps no compiled ON CONFLICT: it would be compiled for every
    message. A statement that needs other parameters than `names` stays as it is."""
    module = postgresql if dialect == "postgresql" else sqlite
    compiled = statement.compile(dialect=module.dialect(paramstyle="named"), column_keys=list(names))
    if set(compiled.binds) != set(names):
        return statement
    return text(compiled.string).bindparams(*(bindparam(name, type_=compiled.binds[name].type) for name in names))


@lru_cache(maxsize=16)
def _update(names: tuple[str, ...]) -> Any:
    """Set these columns of a conversation, to the parameters of their names with `new_` before them."""
    table = Conversation.__table__
    mine = table.c.id == bindparam("owner")
    return update(table).where(mine, table.c.updated_at <= bindparam("until")).values({name: bindparam(f"new_{name}") for name in names})


def _update_conversation(connection: Connection, keys: Keys, turn: TurnRecord, state: str | None) -> None:
    """A turn that waited on the spool must not undo what a later one said."""
    values: dict[str, object] = {"updated_at": turn.moment}
    if turn.channel:
        values["channel"] = turn.channel
    if turn.assessment:
        values.update(level=turn.assessment.level, rules_version=turn.assessment.rules_version)
    if turn.state or state:
        values["state_sealed"] = keys.seal(keys.open_always(turn.state) if turn.state else state or "")
    connection.execute(_update(tuple(values)), {
        "owner": turn.conversation, "until": turn.moment, **{f"new_{name}": value for name, value in values.items()}})


def _add_rows(connection: Connection, made: dict[str, Any], turn: TurnRecord, owner: dict[str, Any]) -> None:
    if turn.findings:
        connection.execute(made["finding"], [{**vars(finding), **owner} for finding in turn.findings])
    if turn.assessment:
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(turn.assessment).items()}
        connection.execute(made["assessment"], {**values, **owner})
    if turn.escalation:
        raised = turn.escalation
        connection.execute(made["escalation"], {
            "id": turn.escalation_id, "kind": raised.kind, "level": raised.level, "urgency": urgency(raised.level),
            "red_flags": list(raised.red_flags), "said": list(raised.said),
            "rules_version": turn.assessment.rules_version if turn.assessment else None,
            "delivery_state": PENDING, "state": OPEN, **owner,
            **({"address_sealed": turn.address} if turn.address else {}),
        })
        connection.execute(made["outbox"], {"escalation_id": turn.escalation_id, "state": PENDING, "created_at": turn.moment})


def urgency(level: str) -> int:
    """How urgent a level is, 0 for self care; an unknown level counts as the most urgent (doubt goes up)."""
    levels = load_codes().levels
    return levels.index(level) if level in levels else len(levels) - 1
