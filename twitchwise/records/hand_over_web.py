"""What a page needs of hand-overs: a page is reached by whichever process holds its connection, so nothing is claimed here."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.engine import Engine

from twitchwise.records.engine import unit
from twitchwise.records.hand_over import PERSON, _forget_address
from twitchwise.records.keys import Keys
from twitchwise.records.models import ENDED, HandOverMessageRow, HandOverRow
from twitchwise.records.views import HandOverMessage, HandOverView, hand_over_view, message_view

_AT_ONCE = 400


@dataclass(frozen=True)
class News:
    """`open`: the hand-over that waits or was taken, by conversation; `messages`: what the person may not have seen, oldest first."""

    open: dict[str, HandOverView]
    messages: list[tuple[str, HandOverView, HandOverMessage]]


def news(engine: Engine, keys: Keys, conversations: Sequence[str], since: datetime) -> News:
    """What pages that show these conversations (pseudonyms) should know: messages that no page showed yet, or written at or after `since`."""
    found = News({}, [])
    for start in range(0, len(conversations), _AT_ONCE):
        some = list(conversations[start:start + _AT_ONCE])
        with unit(engine) as session:
            for row in session.scalars(select(HandOverRow).where(HandOverRow.conversation_id.in_(some), HandOverRow.state != ENDED)):
                found.open[row.conversation_id] = hand_over_view(row, keys)
            fresh = or_(HandOverMessageRow.carried_at.is_(None), HandOverMessageRow.created_at >= since)
            rows = session.execute(
                select(HandOverMessageRow, HandOverRow).join(HandOverRow, HandOverRow.id == HandOverMessageRow.hand_over_id)
                .where(HandOverRow.conversation_id.in_(some), HandOverMessageRow.sender != PERSON, fresh).order_by(HandOverMessageRow.id))
            found.messages.extend((owner.conversation_id, hand_over_view(owner, keys), message_view(row, keys)) for row, owner in rows)
    return found


def past(engine: Engine, keys: Keys, conversation: str) -> tuple[HandOverView | None, list[tuple[HandOverView, HandOverMessage]]]:
    """The open hand-over of a conversation (its pseudonym), and everything that staff and notices said in it, oldest first."""
    with unit(engine) as session:
        rows = session.execute(
            select(HandOverMessageRow, HandOverRow).join(HandOverRow, HandOverRow.id == HandOverMessageRow.hand_over_id)
            .where(HandOverRow.conversation_id == conversation, HandOverMessageRow.sender != PERSON).order_by(HandOverMessageRow.id)).all()
        row = session.scalars(select(HandOverRow).where(
            HandOverRow.conversation_id == conversation, HandOverRow.state != ENDED).limit(1)).first()
        return (hand_over_view(row, keys) if row else None), [(hand_over_view(owner, keys), message_view(each, keys)) for each, owner in rows]


def shown(engine: Engine, messages: Collection[HandOverMessage], now: datetime) -> None:
    """A page showed these messages."""
    fresh = {message.id: message.hand_over_id for message in messages if message.carried_at is None}
    if not fresh:
        return
    with unit(engine, write=True) as session:
        session.execute(
            update(HandOverMessageRow).where(HandOverMessageRow.id.in_(sorted(fresh)), HandOverMessageRow.carried_at.is_(None))
            .values(carried_at=now, lease=None, leased_until=None).execution_options(synchronize_session=False))
        for hand_over_id in set(fresh.values()):
            _forget_address(session, hand_over_id)
