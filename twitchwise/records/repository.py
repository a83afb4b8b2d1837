"""Conversations and escalations, read and worked on. One session for each call; frozen dataclasses come out."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from twitchwise.records.engine import unit
from twitchwise.records.keys import Keys
from twitchwise.records.models import (
    ACKNOWLEDGED,
    CLOSED,
    OPEN,
    AssessmentRow,
    AuditRow,
    Conversation,
    EscalationRow,
    FindingRow,
)
from twitchwise.records.views import (
    AssessmentView,
    AuditEntry,
    ConversationView,
    EscalationView,
    FindingView,
    assessment_view,
    audit_view,
    conversation_view,
    escalation_view,
    finding_view,
)


def conversation(engine: Engine, conversation_id: str) -> ConversationView | None:
    """A conversation by its pseudonym (`Keys.conversation`)."""
    with unit(engine) as session:
        row = session.get(Conversation, conversation_id)
        return conversation_view(row) if row else None


def findings(engine: Engine, conversation_id: str) -> list[FindingView]:
    """Everything understood in a conversation, oldest first."""
    with unit(engine) as session:
        rows = session.scalars(select(FindingRow).where(FindingRow.conversation_id == conversation_id).order_by(FindingRow.id))
        return [finding_view(row) for row in rows]


def assessments(engine: Engine, conversation_id: str) -> list[AssessmentView]:
    """Every assessment of a conversation, oldest first."""
    with unit(engine) as session:
        rows = session.scalars(select(AssessmentRow).where(AssessmentRow.conversation_id == conversation_id).order_by(AssessmentRow.id))
        return [assessment_view(row) for row in rows]


def escalation(engine: Engine, keys: Keys, escalation_id: str) -> EscalationView | None:
    """One escalation."""
    with unit(engine) as session:
        row = session.get(EscalationRow, escalation_id)
        return escalation_view(row, keys) if row else None


def escalations(engine: Engine, keys: Keys, *, state: str | None = None, conversation_id: str | None = None,
                limit: int = 200) -> list[EscalationView]:
    """Escalations, most urgent and oldest first; of one state or conversation where given."""
    query = select(EscalationRow).order_by(EscalationRow.urgency.desc(), EscalationRow.created_at, EscalationRow.id).limit(limit)
    if state is not None:
        query = query.where(EscalationRow.state == state)
    if conversation_id is not None:
        query = query.where(EscalationRow.conversation_id == conversation_id)
    with unit(engine) as session:
        return [escalation_view(row, keys) for row in session.scalars(query)]


def acknowledge(engine: Engine, escalation_id: str, staff: str, now: datetime) -> bool:
    """`staff` picks an open escalation up. False when somebody else was first (or it is gone): they are told, and do nothing."""
    with unit(engine, write=True) as session:
        taken = _change(session, escalation_id, OPEN, state=ACKNOWLEDGED, staff=staff, acknowledged_at=now)
        if taken:
            audit_in(session, staff, "acknowledge", now, escalation_id=escalation_id)
        return taken


def close(engine: Engine, escalation_id: str, staff: str, now: datetime) -> bool:
    """The escalation is done. False when it is not acknowledged, or done already."""
    with unit(engine, write=True) as session:
        closed = _change(session, escalation_id, ACKNOWLEDGED, state=CLOSED, closed_at=now)
        if closed:
            audit_in(session, staff, "close", now, escalation_id=escalation_id)
        return closed


def note(engine: Engine, keys: Keys, escalation_id: str, staff: str, text: str, now: datetime) -> bool:
    """Add a line to the note of an escalation. False when it is gone."""
    with unit(engine, write=True) as session:
        row = session.get(EscalationRow, escalation_id, with_for_update=True)
        if row is None:
            return False
        before = keys.open(row.note_sealed) + "\n" if row.note_sealed else ""
        row.note_sealed = keys.seal(f"{before}{now:%Y-%m-%d %H:%M} {staff}: {text}")
        audit_in(session, staff, "note", now, escalation_id=escalation_id)
        return True


def _change(session: Session, escalation_id: str, expected: str, **values: Any) -> bool:
    return bool(session.execute(
        update(EscalationRow).where(EscalationRow.id == escalation_id, EscalationRow.state == expected).values(**values)
        .execution_options(synchronize_session=False)
    ).rowcount)


def audit_in(session: Session, actor: str, action: str, now: datetime, *, conversation_id: str | None = None,
             escalation_id: str | None = None, detail: Mapping[str, Any] | None = None) -> None:
    """Add an entry to the audit log in a session that is open; the conversation is found by its escalation where not given."""
    if conversation_id is None and escalation_id is not None:
        conversation_id = session.execute(select(EscalationRow.conversation_id).where(EscalationRow.id == escalation_id)).scalar()
    session.add(AuditRow(at=now, actor=actor, action=action, conversation=conversation_id, escalation=escalation_id,
                         detail=dict(detail or {})))


def audit(engine: Engine, actor: str, action: str, now: datetime, *, conversation_id: str | None = None,
          escalation_id: str | None = None, detail: Mapping[str, Any] | None = None) -> None:
    """Say in the audit log who did what. `detail`: codes and numbers only."""
    with unit(engine, write=True) as session:
        audit_in(session, actor, action, now, conversation_id=conversation_id, escalation_id=escalation_id, detail=detail)


def audit_entries(engine: Engine, *, conversation_id: str | None = None, limit: int = 200) -> list[AuditEntry]:
    """The audit log, newest first."""
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if conversation_id is not None:
        query = query.where(AuditRow.conversation == conversation_id)
    with unit(engine) as session:
        return [audit_view(row) for row in session.scalars(query)]
