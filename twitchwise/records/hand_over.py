"""A person of the staff takes over: who waits, who has whom, and the messages between them."""
from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, aliased

from twitchwise.records.engine import unit
from twitchwise.records.keys import Keys
from twitchwise.records.models import (
    ACKNOWLEDGED,
    ENDED,
    OPEN,
    TAKEN,
    WAITING,
    Conversation,
    EscalationRow,
    HandOverMessageRow,
    HandOverRow,
)
from twitchwise.records.repository import audit_in
from twitchwise.records.views import HandOverMessage, HandOverView, hand_over_view, message_view

PERSON, STAFF = "person", "staff"
#: Says to the person who has come or gone; carried like a message of the staff.
NOTICE = "notice"
#: Who ends a hand-over when nobody of the staff does.
BY_PERSON, BY_CLOCK = "person", "clock"


def request(engine: Engine, keys: Keys, sender_id: str, channel: str, now: datetime, escalation_id: str | None = None) -> HandOverView:
    """Somebody should take over this conversation. The hand-over that is open already, where there is one."""
    conversation_id = keys.conversation(sender_id)
    with unit(engine, write=True) as session:
        upsert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        session.execute(upsert(Conversation.__table__).on_conflict_do_nothing(),
                        {"id": conversation_id, "channel": channel, "created_at": now, "updated_at": now})
        # The conversation's row is the lock: two requests at once make one hand-over.
        session.execute(select(Conversation.id).where(Conversation.id == conversation_id).with_for_update())
        row = _open_one(session, conversation_id)
        if row is None:
            row = HandOverRow(id=uuid4().hex, conversation_id=conversation_id, escalation_id=escalation_id, state=WAITING, channel=channel,
                              address_sealed=keys.seal_always(sender_id), requested_at=now)
            session.add(row)
        elif escalation_id:
            row.escalation_id = escalation_id
        session.flush()
        return hand_over_view(row, keys)


def take_case(engine: Engine, keys: Keys, conversation_id: str, staff: str, now: datetime, notice: str = "") -> HandOverView | None:
    """`staff` takes over a conversation (its pseudonym), asked for or not, and with it what is open of its escalations. None when somebody
    else has it, or when it is not known (any more) where the person is reached. `notice`: what the person is told."""
    with unit(engine, write=True) as session:
        # The conversation's row is the lock: of two who take over at once the second one finds the first one's row.
        known = session.execute(select(Conversation.id, Conversation.channel).where(Conversation.id == conversation_id).with_for_update()).first()
        row = _open_one(session, conversation_id) if known else None
        if known is None or (row is not None and row.state == TAKEN):
            return None
        if row is None:
            row = _from_escalation(session, conversation_id, known.channel, now)
            if row is None:
                return None
        row.state, row.staff, row.taken_at = TAKEN, staff, now
        session.flush()
        session.execute(
            update(EscalationRow).where(EscalationRow.conversation_id == conversation_id, EscalationRow.state == OPEN)
            .values(state=ACKNOWLEDGED, staff=staff, acknowledged_at=now).execution_options(synchronize_session=False))
        _notify(session, keys, row.id, notice, now)
        audit_in(session, staff, "take_over", now, conversation_id=conversation_id, escalation_id=row.escalation_id)
        return hand_over_view(row, keys)


def can_reach(engine: Engine, conversation_id: str) -> bool:
    """Whether it is known where the person of a conversation (its pseudonym) is reached, so that somebody can take over unasked."""
    with unit(engine) as session:
        return session.execute(select(EscalationRow.id).where(
            EscalationRow.conversation_id == conversation_id, EscalationRow.address_sealed.is_not(None)).limit(1)).first() is not None


def _from_escalation(session: Session, conversation_id: str, channel: str | None, now: datetime) -> HandOverRow | None:
    """A hand-over that nobody asked for, reached through the newest escalation that says where."""
    raised = session.scalars(
        select(EscalationRow).where(EscalationRow.conversation_id == conversation_id, EscalationRow.address_sealed.is_not(None))
        .order_by(EscalationRow.created_at.desc()).limit(1)
    ).first()
    if raised is None:
        return None
    row = HandOverRow(id=uuid4().hex, conversation_id=conversation_id, escalation_id=raised.id, state=WAITING, channel=channel,
                      address_sealed=raised.address_sealed, requested_at=now)
    session.add(row)
    return row


def _notify(session: Session, keys: Keys, hand_over_id: str, notice: str, now: datetime) -> None:
    if notice:
        session.add(HandOverMessageRow(hand_over_id=hand_over_id, sender=NOTICE, text_sealed=keys.seal(notice), created_at=now))
        session.flush()


def take(engine: Engine, keys: Keys, hand_over_id: str, staff: str, now: datetime) -> HandOverView | None:
    """`staff` takes over. None when somebody else was first, or it is over: they are told so."""
    with unit(engine, write=True) as session:
        taken = session.execute(
            update(HandOverRow).where(HandOverRow.id == hand_over_id, HandOverRow.state == WAITING)
            .values(state=TAKEN, staff=staff, taken_at=now).execution_options(synchronize_session=False)
        ).rowcount
        if not taken:
            return None
        row = session.get(HandOverRow, hand_over_id)
        audit_in(session, staff, "take_over", now, conversation_id=row.conversation_id, escalation_id=row.escalation_id)
        return hand_over_view(row, keys)


def end(engine: Engine, hand_over_id: str, actor: str, now: datetime, keys: Keys | None = None, notice: str = "",
        idle_since: datetime | None = None) -> bool:
    """The assistant answers again. The address is forgotten as soon as the last message is carried. False when it is over already, or
    when somebody of the staff has written at or after `idle_since`. `notice` (needs `keys`): what the person is told."""
    with unit(engine, write=True) as session:
        row = session.get(HandOverRow, hand_over_id, with_for_update=True)
        if row is None or row.state == ENDED or (idle_since is not None and _last_word(session, row) >= idle_since):
            return False
        if keys is not None and row.state == TAKEN:
            _notify(session, keys, hand_over_id, notice, now)
        row.state, row.ended_at = ENDED, now
        _forget_address(session, hand_over_id)
        audit_in(session, actor, "end_hand_over", now, conversation_id=row.conversation_id, escalation_id=row.escalation_id)
        return True


def _last_word(session: Session, row: HandOverRow) -> datetime:
    """When the staff was heard of last."""
    said = session.execute(select(func.max(HandOverMessageRow.created_at)).where(
        HandOverMessageRow.hand_over_id == row.id, HandOverMessageRow.sender == STAFF)).scalar()
    return max(each for each in (said, row.taken_at, row.requested_at) if each is not None)


def end_idle(engine: Engine, keys: Keys, idle_since: datetime, now: datetime, notice: str) -> int:
    """Give back to the assistant what was taken over by somebody who wrote nothing since: nobody waits for a person who is not there."""
    candidates = [each for each in hand_overs(engine, keys, TAKEN) if each.taken_at is None or each.taken_at < idle_since]
    return sum(end(engine, each.id, BY_CLOCK, now, keys, notice, idle_since) for each in candidates)


def open_hand_over(engine: Engine, keys: Keys, sender_id: str) -> HandOverView | None:
    """The hand-over of a conversation that waits or was taken, None when the assistant answers."""
    with unit(engine) as session:
        row = _open_one(session, keys.conversation(sender_id))
        return hand_over_view(row, keys) if row else None


def of_case(engine: Engine, keys: Keys, conversation_id: str) -> list[HandOverView]:
    """Every hand-over of a conversation (its pseudonym), oldest first."""
    with unit(engine) as session:
        rows = session.scalars(
            select(HandOverRow).where(HandOverRow.conversation_id == conversation_id).order_by(HandOverRow.requested_at, HandOverRow.id))
        return [hand_over_view(row, keys) for row in rows]


def hand_over(engine: Engine, keys: Keys, hand_over_id: str) -> HandOverView | None:
    """One hand-over."""
    with unit(engine) as session:
        row = session.get(HandOverRow, hand_over_id)
        return hand_over_view(row, keys) if row else None


def hand_overs(engine: Engine, keys: Keys, state: str = WAITING, limit: int = 200) -> list[HandOverView]:
    """Hand-overs of one state, longest waiting first."""
    with unit(engine) as session:
        rows = session.scalars(select(HandOverRow).where(HandOverRow.state == state).order_by(HandOverRow.requested_at).limit(limit))
        return [hand_over_view(row, keys) for row in rows]


def _open_one(session: Session, conversation_id: str) -> HandOverRow | None:
    return session.scalars(
        select(HandOverRow).where(HandOverRow.conversation_id == conversation_id, HandOverRow.state.in_((WAITING, TAKEN)))
        .order_by(HandOverRow.requested_at).limit(1)
    ).first()


def add_message(engine: Engine, keys: Keys, hand_over_id: str, sender: str, text: str, now: datetime,
                message_id: str | None = None) -> HandOverMessage:
    """Keep a message between person and staff; with a `message_id` once, however often it comes. One of the staff waits until the channel
    carried it."""
    if sender not in (PERSON, STAFF):
        raise ValueError('The sender of a message is "person" or "staff".')
    known = keys.message(hand_over_id, message_id) if message_id else None
    with unit(engine, write=True) as session:
        # The hand-over's row is the lock: the same message at once, by two processes, is kept once.
        session.execute(select(HandOverRow.id).where(HandOverRow.id == hand_over_id).with_for_update())
        before = session.scalars(select(HandOverMessageRow).where(
            HandOverMessageRow.hand_over_id == hand_over_id, HandOverMessageRow.message == known)).first() if known else None
        if before is not None:
            return message_view(before, keys)
        row = HandOverMessageRow(hand_over_id=hand_over_id, sender=sender, text_sealed=keys.seal(text), created_at=now,
                                 carried_at=now if sender == PERSON else None, message=known)
        session.add(row)
        session.flush()
        return message_view(row, keys)


def messages(engine: Engine, keys: Keys, hand_over_id: str, after: int = 0) -> list[HandOverMessage]:
    """Messages of a hand-over with an id above `after`, oldest first."""
    with unit(engine) as session:
        rows = session.scalars(
            select(HandOverMessageRow).where(HandOverMessageRow.hand_over_id == hand_over_id, HandOverMessageRow.id > after)
            .order_by(HandOverMessageRow.id)
        )
        return [message_view(row, keys) for row in rows]


def answer(engine: Engine, keys: Keys, hand_over_id: str, staff: str, text: str, now: datetime) -> HandOverMessage | None:
    """A message of `staff` to the person. None when this person of the staff does not have the conversation (any more)."""
    with unit(engine, write=True) as session:
        row = session.get(HandOverRow, hand_over_id, with_for_update=True)
        if row is None or row.state != TAKEN or row.staff != staff:
            return None
        message = HandOverMessageRow(hand_over_id=hand_over_id, sender=STAFF, text_sealed=keys.seal(text), created_at=now)
        session.add(message)
        session.flush()
        audit_in(session, staff, "answer", now, conversation_id=row.conversation_id, escalation_id=row.escalation_id)
        return message_view(message, keys)


def claim_messages(engine: Engine, keys: Keys, channel: str, now: datetime, lease_s: float = 30.0,
                   limit: int = 20) -> list[tuple[HandOverView, HandOverMessage]]:
    """What a channel should carry to people now, oldest first; other processes leave it alone for `lease_s`. A message that another process
    has on its hands, or died with, holds up the later ones of its hand-over: words arrive in the order in which they were written."""
    lease, earlier = uuid4().hex, aliased(HandOverMessageRow)
    waits = (HandOverMessageRow.sender != PERSON, HandOverMessageRow.carried_at.is_(None),
             or_(HandOverMessageRow.lease.is_(None), HandOverMessageRow.leased_until <= now))
    held_up = select(earlier.id).where(
        earlier.hand_over_id == HandOverMessageRow.hand_over_id, earlier.id < HandOverMessageRow.id, earlier.sender != PERSON,
        earlier.carried_at.is_(None), earlier.leased_until > now)
    with unit(engine, write=True) as session:
        # The hand-over's row is the lock, and the messages are looked at only behind it: who waited for nothing may have seen an older state,
        # in which a message that somebody has just claimed was still free.
        owners = {row.id: row for row in session.scalars(
            select(HandOverRow).where(
                HandOverRow.channel == channel, HandOverRow.address_sealed.is_not(None),
                select(HandOverMessageRow.id).where(HandOverMessageRow.hand_over_id == HandOverRow.id, *waits).exists())
            .order_by(HandOverRow.requested_at).limit(limit).with_for_update(skip_locked=True))}
        rows = session.scalars(
            select(HandOverMessageRow).where(HandOverMessageRow.hand_over_id.in_(list(owners)), *waits, ~held_up.exists())
            .order_by(HandOverMessageRow.id).limit(limit)).all()
        for row in rows:
            row.lease, row.leased_until = lease, now + timedelta(seconds=lease_s)
        return [(hand_over_view(owners[row.hand_over_id], keys), message_view(row, keys)) for row in rows]


def _forget_address(session: Session, hand_over_id: str) -> None:
    """Of a hand-over that is over and has nothing left to carry."""
    left = select(HandOverMessageRow.id).where(
        HandOverMessageRow.hand_over_id == hand_over_id, HandOverMessageRow.sender != PERSON, HandOverMessageRow.carried_at.is_(None))
    session.flush()
    session.execute(
        update(HandOverRow).where(HandOverRow.id == hand_over_id, HandOverRow.state == ENDED, ~left.exists())
        .values(address_sealed=None).execution_options(synchronize_session=False)
    )


def carried(engine: Engine, message: HandOverMessage, now: datetime) -> bool:
    """The channel delivered a claimed message. False when another process took it over meanwhile."""
    with unit(engine, write=True) as session:
        done = session.execute(
            update(HandOverMessageRow).where(HandOverMessageRow.id == message.id, HandOverMessageRow.lease == message.lease)
            .values(carried_at=now, lease=None, leased_until=None).execution_options(synchronize_session=False)
        ).rowcount
        if done:
            _forget_address(session, message.hand_over_id)
        return bool(done)
