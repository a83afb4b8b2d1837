"""The staff's list: one row for each conversation that somebody should look at. Most urgent and oldest first."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Engine

from twitchwise.records.engine import unit
from twitchwise.records.models import CLOSED, ENDED, OPEN, TAKEN, Conversation, EscalationRow, HandOverRow

_MOST = 500


@dataclass(frozen=True)
class CaseView:
    """A conversation (its pseudonym) with something open. `open_escalations`: picked up by nobody yet; `staff`: who has it; `hand_over`:
    waiting | taken | None; `since`: when the oldest open thing came."""

    conversation: str
    channel: str | None
    urgency: int
    level: str
    since: datetime
    red_flags: tuple[str, ...]
    kinds: tuple[str, ...]
    open_escalations: int
    staff: tuple[str, ...]
    hand_over: str | None


def cases(engine: Engine) -> list[CaseView]:
    """Every case with an escalation that is not closed, or a hand-over that is not ended; most urgent first, then the oldest."""
    with unit(engine) as session:
        raised = session.scalars(
            select(EscalationRow).where(EscalationRow.state != CLOSED)
            .order_by(EscalationRow.urgency.desc(), EscalationRow.created_at).limit(_MOST)).all()
        overs = session.scalars(select(HandOverRow).where(HandOverRow.state != ENDED).order_by(HandOverRow.requested_at).limit(_MOST)).all()
        wanted = list(dict.fromkeys([*(row.conversation_id for row in raised), *(row.conversation_id for row in overs)]))
        known = {row.id: row for start in range(0, len(wanted), 400)
                 for row in session.scalars(select(Conversation).where(Conversation.id.in_(wanted[start:start + 400])))}
        over = {row.conversation_id: row for row in overs}
        made = [_case(known[each], [row for row in raised if row.conversation_id == each], over.get(each)) for each in wanted if each in known]
    return sorted(made, key=lambda case: (-case.urgency, case.since, case.conversation))


def _case(owner: Conversation, raised: list[EscalationRow], over: HandOverRow | None) -> CaseView:
    worst = max(raised, key=lambda row: row.urgency, default=None)
    moments = [row.created_at for row in raised] + ([over.requested_at] if over else [])
    return CaseView(
        conversation=owner.id, channel=owner.channel, urgency=worst.urgency if worst else 0,
        level=worst.level if worst else owner.level or "self_care", since=min(moments), red_flags=_once(flag for row in raised for flag in row.red_flags),
        kinds=_once([*(row.kind for row in raised), *(["person_asked"] if over is not None else [])]),
        open_escalations=sum(row.state == OPEN for row in raised),
        staff=_once(name for name in (over.staff if over and over.state == TAKEN else None, *(row.staff for row in raised)) if name),
        hand_over=over.state if over else None,
    )


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
