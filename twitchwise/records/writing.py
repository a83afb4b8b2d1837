"""One turn written in one transaction: the case's rows, and with an escalation its outbox row. Once for each message."""
from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from twitchwise.records.engine import unit
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


class Written(str, Enum):
    """What became of a turn."""

    NEW = "written"
    KNOWN = "known"          # the same message was recorded before
    DELETED = "deleted"      # the person had their data deleted since
    SPOOLED = "spooled"      # kept on disk, to be written later
    HELD = "held"            # kept in memory only


def write_turn(engine: Engine, keys: Keys, turn: TurnRecord) -> Written:
    """Write `turn` unless its message is written already or its conversation was deleted after it. Raises SQLAlchemyError."""
    with unit(engine, write=True) as session:
        if deleted_since(session, keys, turn.conversation, turn.moment):
            return Written.DELETED
        _add_conversation(session, turn)
        turn_id = _add_turn(session, turn)
        if turn_id is None:
            return Written.KNOWN
        _update_conversation(session, keys, turn)
        _add_rows(session, turn, turn_id)
        return Written.NEW


def deleted_since(session: Session, keys: Keys, conversation: str, moment: datetime) -> bool:
    """Whether the conversation (its pseudonym) was deleted at or after `moment`."""
    last = session.execute(select(func.max(DeletionRow.at)).where(DeletionRow.tombstone == keys.tombstone(conversation))).scalar()
    return last is not None and last >= moment


def _insert(session: Session, model: type) -> postgresql.Insert:
    """An INSERT that can be told what to do on a conflict: each dialect has its own."""
    made = postgresql.insert(model) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(model)
    return made


def _add_conversation(session: Session, turn: TurnRecord) -> None:
    session.execute(
        _insert(session, Conversation)
        .values(id=turn.conversation, channel=turn.channel, created_at=turn.moment, updated_at=turn.moment)
        .on_conflict_do_nothing()
    )


def _add_turn(session: Session, turn: TurnRecord) -> int | None:
    """The new row's id, None when the message was recorded before (by this process, another one, or from the spool)."""
    added = session.execute(
        _insert(session, Turn)
        .values(conversation_id=turn.conversation, message=turn.message, created_at=turn.moment)
        .on_conflict_do_nothing()
    )
    if added.rowcount == 0:
        return None
    return int(session.execute(select(Turn.id).where(Turn.conversation_id == turn.conversation, Turn.message == turn.message)).scalar_one())


def _update_conversation(session: Session, keys: Keys, turn: TurnRecord) -> None:
    """A turn that waited on the spool must not undo what a later one said."""
    values: dict[str, object] = {"updated_at": turn.moment}
    if turn.channel:
        values["channel"] = turn.channel
    if turn.assessment:
        values.update(level=turn.assessment.level, rules_version=turn.assessment.rules_version)
    if turn.state:
        values["state_sealed"] = keys.seal(keys.open_always(turn.state))
    session.execute(
        update(Conversation).where(Conversation.id == turn.conversation, Conversation.updated_at <= turn.moment).values(**values)
        .execution_options(synchronize_session=False)
    )


def _add_rows(session: Session, turn: TurnRecord, turn_id: int) -> None:
    owner = {"turn_id": turn_id, "conversation_id": turn.conversation, "created_at": turn.moment}
    session.add_all(FindingRow(**vars(finding), **owner) for finding in turn.findings)
    if turn.assessment:
        made = turn.assessment
        session.add(AssessmentRow(
            level=made.level, red_flags=list(made.red_flags), amber=list(made.amber), rules=list(made.rules),
            rules_version=made.rules_version, **owner,
        ))
    if turn.escalation:
        raised = turn.escalation
        session.add(EscalationRow(
            id=turn.escalation_id, kind=raised.kind, level=raised.level, urgency=urgency(raised.level), red_flags=list(raised.red_flags),
            said=list(raised.said), rules_version=turn.assessment.rules_version if turn.assessment else None,
            delivery_state=PENDING, state=OPEN, **owner,
        ))
        session.flush()
        session.add(OutboxRow(escalation_id=turn.escalation_id, state=PENDING, created_at=turn.moment))


def urgency(level: str) -> int:
    """How urgent a level is, 0 for self care; an unknown level counts as the most urgent (doubt goes up)."""
    levels = load_codes().levels
    return levels.index(level) if level in levels else len(levels) - 1
