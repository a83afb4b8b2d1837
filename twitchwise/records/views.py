"""What leaves this package: frozen dataclasses, no row of a session."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from twitchwise.records.keys import Keys
from twitchwise.records.models import (
    AssessmentRow,
    AuditRow,
    Conversation,
    EscalationRow,
    FindingRow,
    HandOverMessageRow,
    HandOverRow,
    StaffRow,
)


@dataclass(frozen=True)
class ConversationView:
    """One conversation. `id` is its pseudonym."""

    id: str
    channel: str | None
    level: str | None
    rules_version: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class FindingView:
    """One recorded finding."""

    kind: str
    code: str
    assertion: str | None
    onset: str | None
    laterality: str | None
    role: str | None
    days: float | None
    created_at: datetime


@dataclass(frozen=True)
class AssessmentView:
    """One recorded assessment."""

    level: str
    red_flags: tuple[str, ...]
    amber: tuple[str, ...]
    rules: tuple[str, ...]
    rules_version: str
    created_at: datetime


@dataclass(frozen=True)
class EscalationView:
    """One escalation. `state`: open | acknowledged | closed; `delivery_state`: pending | delivered | dead."""

    id: str
    conversation: str
    kind: str
    level: str
    urgency: int
    red_flags: tuple[str, ...]
    said: tuple[str, ...]
    rules_version: str | None
    created_at: datetime
    delivery_state: str
    state: str
    staff: str | None
    acknowledged_at: datetime | None
    closed_at: datetime | None
    note: str | None


@dataclass(frozen=True)
class HandOverView:
    """One hand-over. `address`: the sender id on its channel; `state`: waiting | taken | ended."""

    id: str
    conversation: str
    escalation_id: str | None
    state: str
    channel: str | None
    address: str | None
    staff: str | None
    requested_at: datetime
    taken_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class HandOverMessage:
    """One message between a person and the staff. `sender`: person | staff | notice; `lease` is set for a message to be carried."""

    id: int
    hand_over_id: str
    sender: str
    text: str
    created_at: datetime
    carried_at: datetime | None
    lease: str | None = None


@dataclass(frozen=True)
class StaffView:
    """One account of the staff."""

    name: str
    password_hash: str
    role: str
    active: bool
    failed_logins: int
    locked_until: datetime | None
    last_login_at: datetime | None
    shown_as: str | None = None
    sessions_from: datetime | None = None


@dataclass(frozen=True)
class AuditEntry:
    """Who did what, when."""

    at: datetime
    actor: str
    action: str
    conversation: str | None
    escalation: str | None
    detail: dict[str, Any] = field(default_factory=dict)


def conversation_view(row: Conversation) -> ConversationView:
    return ConversationView(row.id, row.channel, row.level, row.rules_version, row.created_at, row.updated_at)


def finding_view(row: FindingRow) -> FindingView:
    return FindingView(row.kind, row.code, row.assertion, row.onset, row.laterality, row.role, row.days, row.created_at)


def assessment_view(row: AssessmentRow) -> AssessmentView:
    return AssessmentView(row.level, tuple(row.red_flags), tuple(row.amber), tuple(row.rules), row.rules_version, row.created_at)


def escalation_view(row: EscalationRow, keys: Keys) -> EscalationView:
    return EscalationView(
        row.id, row.conversation_id, row.kind, row.level, row.urgency, tuple(row.red_flags), tuple(row.said), row.rules_version,
        row.created_at, row.delivery_state, row.state, row.staff, row.acknowledged_at, row.closed_at,
        keys.open(row.note_sealed) if row.note_sealed else None,
    )


def hand_over_view(row: HandOverRow, keys: Keys) -> HandOverView:
    return HandOverView(
        row.id, row.conversation_id, row.escalation_id, row.state, row.channel,
        keys.open_always(row.address_sealed) if row.address_sealed else None, row.staff, row.requested_at, row.taken_at, row.ended_at,
    )


def message_view(row: HandOverMessageRow, keys: Keys) -> HandOverMessage:
    return HandOverMessage(row.id, row.hand_over_id, row.sender, keys.open(row.text_sealed), row.created_at, row.carried_at, row.lease)


def staff_view(row: StaffRow) -> StaffView:
    return StaffView(row.name, row.password_hash, row.role, row.active, row.failed_logins, row.locked_until, row.last_login_at,
                     row.shown_as, row.sessions_from)


def audit_view(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.at, row.actor, row.action, row.conversation, row.escalation, dict(row.detail))
