"""What the channels know of hand-overs: whether a person of the staff has taken over, and the words between them. Never blocks a turn.

When the database cannot say, nobody has taken over: the assistant answers, because silence would be worse.
"""
from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from twitchwise.records import hand_over, hand_over_web, staff
from twitchwise.records.errors import ContentKeyError
from twitchwise.records.keys import Keys
from twitchwise.records.models import TAKEN
from twitchwise.records.views import HandOverMessage, HandOverView

logger = logging.getLogger(__name__)
LOOKUP_S = 4.0
#: Something kept in memory for a page that lost its connection is sent again for so long.
RECENT = timedelta(seconds=60)
#: What a channel gets in place of a reply while a person has taken over.
KIND = "hand_over"
GONE_QUIET = (
    "Nobody from {team} has written for a while, so I, the assistant, answer again. You can ask for a person once more. "
    "If it cannot wait, do not wait for us: in an emergency call {emergency}."
)
READ_BY_A_PERSON = (
    "A person from {team} reads what you write; the assistant keeps quiet. Their answer comes with the reply to your next message. "
    "In an emergency do not wait for it: call {emergency}."
)
PERSON_LEFT = "You have gone back to the assistant, a computer program."
T = TypeVar("T")


def mark() -> dict[str, Any]:
    """The reply without words that says: a person reads this, the assistant keeps quiet."""
    return {"custom": {"kind": KIND, "state": TAKEN}}


def is_mark(reply: dict[str, Any]) -> bool:
    """Whether a reply is that mark."""
    custom = reply.get("custom")
    return not reply.get("text") and isinstance(custom, dict) and custom.get("kind") == KIND


class HandOvers:
    """One for a process, shared by its channels."""

    def __init__(self, engine: Engine, keys: Keys, *, team: str, idle_minutes: int, country: str | None = None,
                 clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc)) -> None:
        self.engine, self.keys, self.team = engine, keys, team
        self._idle, self._country, self._clock = timedelta(minutes=idle_minutes), country, clock

    async def take_in(self, conversation: str, text: str, message_id: str) -> HandOverView | None:
        """Keep a person's message for whoever of the staff has taken over, once for its id; None when nobody has, and the assistant
        answers."""

        def keep() -> HandOverView | None:
            over = hand_over.open_hand_over(self.engine, self.keys, conversation)
            if over is None or over.state != TAKEN:
                return None
            # The look-up is made anew at the end of the idle time, so that nobody writes to somebody who has left.
            if self._end_idle():
                over = hand_over.open_hand_over(self.engine, self.keys, conversation)
                if over is None or over.state != TAKEN:
                    return None
            hand_over.add_message(self.engine, self.keys, over.id, hand_over.PERSON, text, self._clock(), message_id)
            return over

        return await self._ask(keep, None)

    async def leave(self, conversation: str) -> None:
        """The person goes back to the assistant."""

        def end() -> None:
            over = hand_over.open_hand_over(self.engine, self.keys, conversation)
            if over is not None and over.state == TAKEN:
                hand_over.end(self.engine, over.id, hand_over.BY_PERSON, self._clock(), self.keys, PERSON_LEFT)

        await self._ask(end, None)

    async def end_idle(self) -> int:
        """Take back what nobody of the staff attends to. Returns how many."""
        return await self._ask(self._end_idle, 0)

    def _end_idle(self) -> int:
        from twitchwise.channels.safety_net import emergency_number

        now = self._clock()
        notice = GONE_QUIET.format(team=self.team, emergency=emergency_number(self._country))
        return hand_over.end_idle(self.engine, self.keys, now - self._idle, now, notice)

    async def past(self, conversation: str) -> tuple[HandOverView | None, list[tuple[HandOverView, HandOverMessage]]]:
        """The open hand-over of a conversation and all that the staff said in it; they count as shown."""

        def read() -> tuple[HandOverView | None, list[tuple[HandOverView, HandOverMessage]]]:
            over, said = hand_over_web.past(self.engine, self.keys, self.keys.conversation(conversation))
            hand_over_web.shown(self.engine, [message for _, message in said], self._clock())
            return over, said

        return await self._ask(read, (None, []))

    async def item(self, over: HandOverView, message: HandOverMessage) -> dict[str, Any]:
        """A message of the staff, or a notice, as the page shows it."""
        name = await self.name_of(over.staff) if message.sender == hand_over.STAFF else ""
        role = "staff" if message.sender == hand_over.STAFF else "notice"
        return {"id": f"{role}.{message.id}", "role": role, "text": message.text, "name": name, "at": message.created_at.timestamp()}

    async def state(self, conversation: str) -> dict[str, Any]:
        """Who answers in a conversation now, for the page."""
        return await self.shown_state(await self._ask(lambda: hand_over.open_hand_over(self.engine, self.keys, conversation), None))

    async def shown_state(self, over: HandOverView | None) -> dict[str, Any]:
        """Who answers now, for the page: none (the assistant), waiting or taken, and the name of the person."""
        if over is None:
            return {"state": "none", "team": self.team}
        taken = over.state == TAKEN
        return {"state": over.state, "team": self.team, **({"name": await self.name_of(over.staff)} if taken else {})}

    async def name_of(self, login: str | None) -> str:
        """The name that people see; never the name that somebody logs in with."""
        found = await self._ask(lambda: staff.by_name(self.engine, login), None) if login else None
        return (found.shown_as if found else None) or f"A person from {self.team}"

    async def news(self, records: Sequence[str]) -> hand_over_web.News | None:
        """What pages on these conversations (pseudonyms) should know; None when the database cannot say."""
        return await self._ask(lambda: hand_over_web.news(self.engine, self.keys, records, self._clock() - RECENT), None)

    async def shown(self, messages: Sequence[HandOverMessage]) -> None:
        """A page showed these messages."""
        await self._ask(lambda: hand_over_web.shown(self.engine, messages, self._clock()), None)

    async def collect(self, conversation: str) -> list[tuple[HandOverView, HandOverMessage]]:
        """What waits for a person whom only an answer reaches (REST): each message once."""

        def take() -> list[tuple[HandOverView, HandOverMessage]]:
            _, said = hand_over_web.past(self.engine, self.keys, self.keys.conversation(conversation))
            found = [(over, message) for over, message in said if message.carried_at is None]
            hand_over_web.shown(self.engine, [message for _, message in found], self._clock())
            return found

        return await self._ask(take, [])

    async def with_answers(self, conversation: str, replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The replies of a channel that only answers requests, with what the staff wrote since the last one; and never none at all."""
        from twitchwise.channels.safety_net import emergency_number

        told: list[dict[str, Any]] = []
        for over, message in await self.collect(conversation):
            item = await self.item(over, message)
            words = f"**{item['name']}**: {item['text']}" if item["name"] else item["text"]
            told.append({"text": words, "custom": {"kind": KIND, "role": item["role"], "name": item["name"]}})
        quiet = READ_BY_A_PERSON.format(team=self.team, emergency=emergency_number(self._country))
        return told + [{"text": quiet, **reply} if is_mark(reply) else reply for reply in replies]

    async def _ask(self, work: Callable[[], T], otherwise: T) -> T:
        try:
            return await asyncio.wait_for(asyncio.to_thread(work), LOOKUP_S)
        except (SQLAlchemyError, ContentKeyError, asyncio.TimeoutError) as error:
            logger.warning("The hand-overs could not be looked up (%s); the assistant goes on", type(error).__name__)
            return otherwise


def hand_overs_for(settings: Any) -> HandOvers | None:
    """The hand-overs of this process; None where there is no staff."""
    if not settings.has_staff:
        return None
    from twitchwise.records.engine import shared_engine
    from twitchwise.records.keys import as_keys

    return HandOvers(shared_engine(settings.database_url), as_keys(settings.key()), team=settings.staff_team,
                     idle_minutes=settings.staff_idle_minutes, country=settings.country)
