"""The queue of deliveries in the database: what is due, who holds it, what became of it.

Every change of hands is one short transaction. A worker claims a delivery by putting its own random lease on it; when it dies,
the lease runs out and another worker takes over; when it only was slow, its late result is refused.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from twitchwise.records.engine import unit
from twitchwise.records.models import DEAD, DELIVERED, DISPATCHED, PENDING, DeliveryRow, EscalationRow, OutboxRow

#: A next attempt farther away than this was set by a clock that was wrong then: it counts as due. Twice the longest pause, and a lease
#: counts for twice its time at most.
FARTHEST = timedelta(minutes=20)
DISPATCH_AT_ONCE = 100


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker holds until its lease runs out, with what the receiver is told."""

    delivery_id: int
    lease: str
    target: str
    attempts: int
    queued_at: datetime
    escalation_id: str
    conversation: str
    kind: str
    level: str
    red_flags: tuple[str, ...]
    said: tuple[str, ...]
    rules_version: str | None
    created_at: datetime

    @property
    def idempotency_key(self) -> str:
        """The same for every attempt, so that the receiver can drop a repetition."""
        return f"{self.escalation_id}-{self.target}"


@dataclass(frozen=True)
class QueueState:
    """`waiting`: escalations without any receiver configured; `oldest_pending`: when the longest waiting one was written."""

    waiting: int
    pending: int
    dead: int
    delivered: int
    oldest_pending: datetime | None


def dispatch(engine: Engine, targets: Sequence[str], now: datetime) -> int:
    """Turn outbox rows into one delivery for each target. Returns how many rows were dispatched. Without targets they wait."""
    if not targets:
        return 0
    try:
        with unit(engine, write=True) as session:
            rows = session.scalars(
                select(OutboxRow).where(OutboxRow.state == PENDING).order_by(OutboxRow.id).limit(DISPATCH_AT_ONCE)
                .with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                row.state = DISPATCHED
                session.add_all(
                    DeliveryRow(escalation_id=row.escalation_id, target=target, state=PENDING, attempts=0, next_at=now, created_at=now)
                    for target in targets
                )
            return len(rows)
    except IntegrityError:
        return 0    # the escalation was deleted, or another worker dispatched it; the next round sees which


def claim(engine: Engine, targets: Sequence[str], now: datetime, lease_for: timedelta, limit: int) -> list[Claim]:
    """Take up to `limit` due deliveries, most urgent and oldest first."""
    if not targets or limit < 1:
        return []
    lease = uuid4().hex
    free = or_(DeliveryRow.lease.is_(None), DeliveryRow.leased_until <= now, DeliveryRow.leased_until > now + 2 * lease_for)
    due = or_(DeliveryRow.next_at <= now, DeliveryRow.next_at > now + FARTHEST)
    with unit(engine, write=True) as session:
        rows = session.execute(
            select(DeliveryRow, EscalationRow).join(EscalationRow, EscalationRow.id == DeliveryRow.escalation_id)
            .where(DeliveryRow.state == PENDING, DeliveryRow.target.in_(tuple(targets)), due, free)
            .order_by(EscalationRow.urgency.desc(), DeliveryRow.id).limit(limit)
            .with_for_update(skip_locked=True, of=DeliveryRow)
        ).all()
        for delivery, _ in rows:
            delivery.lease, delivery.leased_until, delivery.attempts = lease, now + lease_for, delivery.attempts + 1
        return [_claim(delivery, escalation) for delivery, escalation in rows]


def _claim(delivery: DeliveryRow, escalation: EscalationRow) -> Claim:
    return Claim(
        delivery_id=delivery.id, lease=delivery.lease, target=delivery.target, attempts=delivery.attempts, queued_at=delivery.created_at,
        escalation_id=escalation.id, conversation=escalation.conversation_id, kind=escalation.kind, level=escalation.level,
        red_flags=tuple(escalation.red_flags), said=tuple(escalation.said), rules_version=escalation.rules_version,
        created_at=escalation.created_at,
    )


def delivered(engine: Engine, claim: Claim, now: datetime) -> bool:
    """The receiver has it. False when the lease was lost meanwhile (the receiver then sees it twice, with one key)."""
    return _finish(engine, claim, {"state": DELIVERED, "delivered_at": now, "last_error": None})


def failed(engine: Engine, claim: Claim, error: str, next_at: datetime | None) -> bool:
    """The receiver does not have it: try again at `next_at`, or give up with None."""
    return _finish(engine, claim, {"last_error": error[:64], **({"state": DEAD} if next_at is None else {"next_at": next_at})})


def _finish(engine: Engine, claim: Claim, values: dict[str, object]) -> bool:
    with unit(engine, write=True) as session:
        # Two workers that finish the two deliveries of one escalation wait here for each other, so that the later one sums up both.
        session.execute(select(EscalationRow.id).where(EscalationRow.id == claim.escalation_id).with_for_update())
        mine = and_(DeliveryRow.id == claim.delivery_id, DeliveryRow.lease == claim.lease, DeliveryRow.state == PENDING)
        done = session.execute(
            update(DeliveryRow).where(mine).values(lease=None, leased_until=None, **values).execution_options(synchronize_session=False)
        ).rowcount
        if done:
            _sum_up(session, claim.escalation_id)
        return bool(done)


def _sum_up(session: Session, escalation_id: str) -> None:
    states = set(session.scalars(select(DeliveryRow.state).where(DeliveryRow.escalation_id == escalation_id)))
    state = PENDING if PENDING in states else DEAD if DEAD in states else DELIVERED
    session.execute(
        update(EscalationRow).where(EscalationRow.id == escalation_id).values(delivery_state=state)
        .execution_options(synchronize_session=False)
    )


def requeue_dead(engine: Engine, now: datetime) -> int:
    """Try everything again that was given up (the operator repaired the receiver). Returns how many deliveries."""
    with unit(engine, write=True) as session:
        rows = session.scalars(select(DeliveryRow).where(DeliveryRow.state == DEAD).with_for_update()).all()
        for row in rows:
            row.state, row.attempts, row.next_at, row.created_at, row.last_error = PENDING, 0, now, now, None
        session.flush()
        for escalation_id in {row.escalation_id for row in rows}:
            _sum_up(session, escalation_id)
        return len(rows)


def queue_state(engine: Engine) -> QueueState:
    """For health and metrics."""
    with unit(engine) as session:
        counts: dict[str, int] = dict(session.execute(select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)).all())
        waiting = session.execute(select(func.count()).select_from(OutboxRow).where(OutboxRow.state == PENDING)).scalar_one()
        oldest = session.execute(select(func.min(DeliveryRow.created_at)).where(DeliveryRow.state == PENDING)).scalar()
        return QueueState(waiting, counts.get(PENDING, 0), counts.get(DEAD, 0), counts.get(DELIVERED, 0), oldest)
