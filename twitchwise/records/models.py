"""The tables. Only this package sees these classes: everybody else gets frozen dataclasses (`views.py`).

Whatever belongs to a person hangs on `conversations` and goes with it, save `tracker_events`, which Rasa may write first.
Columns hold codes, numbers and moments; text that a person wrote stands in columns named `*_sealed` only (`keys.py`).
"""
from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import declarative_base

from twitchwise.records.columns import BigId, UtcDateTime

#: Constraints get predictable names, so that a later migration can address them on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s",
}
metadata = MetaData(naming_convention=NAMING)
Base: Any = declarative_base(metadata=metadata)

#: States of an escalation: picked up by nobody yet, by a named person, or done.
OPEN, ACKNOWLEDGED, CLOSED = "open", "acknowledged", "closed"
#: States of a delivery, of an outbox row and, summed up, of an escalation's `delivery_state`.
PENDING, DELIVERED, DEAD = "pending", "delivered", "dead"
DISPATCHED = "dispatched"
#: States of a hand-over.
WAITING, TAKEN, ENDED = "waiting", "taken", "ended"


def _conversation(unique: bool = False) -> Column:
    return Column(String(32), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=not unique, unique=unique)


class Conversation(Base):
    """One person on one channel. `id`: a keyed hash of the sender id; `state_sealed`: the dialogue's state after the last turn."""

    __tablename__ = "conversations"
    id = Column(String(32), primary_key=True)
    channel = Column(String(32))
    level = Column(String(32))
    rules_version = Column(String(64))
    state_sealed = Column(Text)
    created_at = Column(UtcDateTime, nullable=False)
    updated_at = Column(UtcDateTime, nullable=False, index=True)


class Turn(Base):
    """One message that was served. `message` is a keyed hash of its id: the same message is recorded once."""

    __tablename__ = "turns"
    id = Column(BigId, primary_key=True, autoincrement=True)
    conversation_id = _conversation()
    message = Column(String(32), nullable=False)
    created_at = Column(UtcDateTime, nullable=False, index=True)
    __table_args__ = (UniqueConstraint("conversation_id", "message"),)


class FindingRow(Base):
    """One thing understood from one message."""

    __tablename__ = "findings"
    id = Column(BigId, primary_key=True, autoincrement=True)
    turn_id = Column(BigId, ForeignKey("turns.id", ondelete="CASCADE"), nullable=False, index=True)
    conversation_id = _conversation()
    kind = Column(String(32), nullable=False)
    code = Column(String(64), nullable=False)
    assertion = Column(String(16))
    onset = Column(String(16))
    laterality = Column(String(16))
    role = Column(String(16))
    days = Column(Float)
    created_at = Column(UtcDateTime, nullable=False)


class AssessmentRow(Base):
    """What triage made of the case after one message, and by which version of the rules."""

    __tablename__ = "assessments"
    id = Column(BigId, primary_key=True, autoincrement=True)
    turn_id = Column(BigId, ForeignKey("turns.id", ondelete="CASCADE"), nullable=False, unique=True)
    conversation_id = _conversation()
    level = Column(String(32), nullable=False)
    red_flags = Column(JSON, nullable=False)
    amber = Column(JSON, nullable=False)
    rules = Column(JSON, nullable=False)
    rules_version = Column(String(64), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)


class EscalationRow(Base):
    """Somebody should look at this. `said`: what the person told, in codes; `urgency`: 4 emergency ... 0 self care; `address_sealed`:
    where the channel reaches the person, so that the staff can take over; kept only where there is a staff page."""

    __tablename__ = "escalations"
    id = Column(String(32), primary_key=True)
    turn_id = Column(BigId, ForeignKey("turns.id", ondelete="CASCADE"), nullable=False, unique=True)
    conversation_id = _conversation()
    kind = Column(String(32), nullable=False)
    level = Column(String(32), nullable=False)
    urgency = Column(Integer, nullable=False)
    red_flags = Column(JSON, nullable=False)
    said = Column(JSON, nullable=False)
    rules_version = Column(String(64))
    created_at = Column(UtcDateTime, nullable=False, index=True)
    delivery_state = Column(String(16), nullable=False)
    state = Column(String(16), nullable=False)
    staff = Column(String(64))
    acknowledged_at = Column(UtcDateTime)
    closed_at = Column(UtcDateTime)
    note_sealed = Column(Text)
    address_sealed = Column(Text)
    __table_args__ = (Index("ix_escalations_queue", "state", "urgency", "created_at"),)


class OutboxRow(Base):
    """Written with the escalation in one transaction; the worker turns it into one delivery for each configured receiver."""

    __tablename__ = "outbox"
    id = Column(BigId, primary_key=True, autoincrement=True)
    escalation_id = Column(String(32), ForeignKey("escalations.id", ondelete="CASCADE"), nullable=False, unique=True)
    state = Column(String(16), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    __table_args__ = (Index("ix_outbox_queue", "state", "id"),)


class DeliveryRow(Base):
    """One escalation on its way to one receiver. A worker holds it while `lease` is its own and `leased_until` lies ahead."""

    __tablename__ = "deliveries"
    id = Column(BigId, primary_key=True, autoincrement=True)
    escalation_id = Column(String(32), ForeignKey("escalations.id", ondelete="CASCADE"), nullable=False, index=True)
    target = Column(String(16), nullable=False)
    state = Column(String(16), nullable=False)
    attempts = Column(Integer, nullable=False)
    next_at = Column(UtcDateTime, nullable=False)
    lease = Column(String(32))
    leased_until = Column(UtcDateTime)
    last_error = Column(String(64))
    created_at = Column(UtcDateTime, nullable=False)
    delivered_at = Column(UtcDateTime)
    __table_args__ = (UniqueConstraint("escalation_id", "target"), Index("ix_deliveries_queue", "state", "next_at"))


class HandOverRow(Base):
    """A person of the staff is asked for, or has taken over. `address_sealed`: where the channel reaches the person."""

    __tablename__ = "hand_overs"
    id = Column(String(32), primary_key=True)
    conversation_id = _conversation()
    escalation_id = Column(String(32), ForeignKey("escalations.id", ondelete="SET NULL"), index=True)
    state = Column(String(16), nullable=False, index=True)
    channel = Column(String(32))
    address_sealed = Column(Text)
    staff = Column(String(64))
    requested_at = Column(UtcDateTime, nullable=False)
    taken_at = Column(UtcDateTime)
    ended_at = Column(UtcDateTime)


class HandOverMessageRow(Base):
    """One message between the person and the staff. `sender`: person | staff | notice (who has come or gone, said to the person);
    `carried_at`: when the channel delivered it; `message`: a keyed hash of a person's message id, so that it stands there once."""

    __tablename__ = "hand_over_messages"
    id = Column(BigId, primary_key=True, autoincrement=True)
    hand_over_id = Column(String(32), ForeignKey("hand_overs.id", ondelete="CASCADE"), nullable=False, index=True)
    sender = Column(String(16), nullable=False)
    text_sealed = Column(Text, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    lease = Column(String(32))
    leased_until = Column(UtcDateTime)
    carried_at = Column(UtcDateTime)
    message = Column(String(32))
    __table_args__ = (Index("ix_hand_over_messages_known", "hand_over_id", "message", unique=True),)


class StaffRow(Base):
    """Who may work on escalations. Only a password's hash is kept. `shown_as`: the name that people see; `sessions_from`: what was signed
    in before it is signed out."""

    __tablename__ = "staff_users"
    id = Column(BigId, primary_key=True, autoincrement=True)
    name = Column(String(64), nullable=False, unique=True)
    password_hash = Column(String(255), nullable=False)
    role = Column(String(16), nullable=False)
    active = Column(Boolean, nullable=False)
    failed_logins = Column(Integer, nullable=False)
    locked_until = Column(UtcDateTime)
    created_at = Column(UtcDateTime, nullable=False)
    last_login_at = Column(UtcDateTime)
    shown_as = Column(String(64))
    sessions_from = Column(UtcDateTime)


class AuditRow(Base):
    """Who saw and did what. `conversation` is emptied when the conversation is deleted."""

    __tablename__ = "audit_log"
    id = Column(BigId, primary_key=True, autoincrement=True)
    at = Column(UtcDateTime, nullable=False, index=True)
    actor = Column(String(64), nullable=False)
    action = Column(String(64), nullable=False)
    conversation = Column(String(32), index=True)
    escalation = Column(String(32))
    detail = Column(JSON, nullable=False)


class DeletionRow(Base):
    """That something was deleted. `tombstone` keeps late copies (spool, another process) from being written again."""

    __tablename__ = "deletions"
    id = Column(BigId, primary_key=True, autoincrement=True)
    tombstone = Column(String(32), index=True)
    reason = Column(String(16), nullable=False)
    at = Column(UtcDateTime, nullable=False, index=True)
    rows = Column(JSON, nullable=False)


class TrackerEventRow(Base):
    """One event of a conversation in Rasa. `position` counts from 0 in a conversation, `session` from 0; `batch`: one save."""

    __tablename__ = "tracker_events"
    id = Column(BigId, primary_key=True, autoincrement=True)
    conversation_id = Column(String(32), nullable=False)
    position = Column(Integer, nullable=False)
    session = Column(Integer, nullable=False)
    batch = Column(String(32), nullable=False)
    type_name = Column(String(64), nullable=False)
    name = Column(String(255))
    timestamp = Column(Float, nullable=False, index=True)
    data_sealed = Column(Text, nullable=False)
    __table_args__ = (
        UniqueConstraint("conversation_id", "position"),
        Index("ix_tracker_events_latest", "conversation_id", "session", "type_name", "name", "position"),
        Index("ix_tracker_events_batch", "conversation_id", "batch"),
    )
