"""What the web page can ask for, whatever carries it (Socket.IO or plain HTTP): open or resume a conversation, send a message.

A message carries an id that the browser made. It is served once, however often it comes: while it is being served, afterwards, and after
a restart of the server (the tracker knows it). The acknowledgement comes when the answer is complete and stored.
"""
from __future__ import annotations

import asyncio
import contextlib
import contextvars
import json
import logging
import re
import time
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from twitchwise.channels import safety_net
from twitchwise.channels.guard import Accepted, Backend, Deliver, Guard, Incoming, stable_id
from twitchwise.channels.hand_over import is_mark
from twitchwise.channels.summaries import SummaryLinks
from twitchwise.channels.text import clean
from twitchwise.channels.tokens import Button
from twitchwise.channels.web_history import Extras, Item, asks_for_places, bot_id, items_of, unheard_emergency
from twitchwise.channels.web_session import Session, SessionSigner
from twitchwise.vocabulary.codes import load_codes

logger = logging.getLogger(__name__)
CHANNEL = "web"
#: Where links to a summary lead, from the server's own address.
SUMMARIES = "/chat/summary"
#: The card of the reply that tells of a deletion (actions/effects.py).
DELETED = "deleted"
FAILED_JUST_NOW_S = 600.0
MOST_PLACES = 12
MOST_PENDING = 50
MOST_REMEMBERED = 2000
SIDES = ("left", "right", "both")
_MESSAGE_ID = re.compile(r"^[A-Za-z0-9_-]{8,64}$")
#: Number of the reply within its turn while it is being delivered; None for the guard's own words.
_number: contextvars.ContextVar[tuple[str, int, bool] | None] = contextvars.ContextVar("twitchwise_web_reply", default=None)

#: Sends one event to every page of the conversation.
Emit = Callable[[str, dict[str, Any]], Awaitable[None]]
#: What the menu of the page offers: a title, and what pressing it means.
MENU = (
    ("Start over", {"intent": "start_over"}),
    ("Talk to a person", {"intent": "talk_to_human"}),
    ("Delete my data", {"intent": "delete_my_data"}),
)


class BadRequest(ValueError):
    """The page sent something that cannot be served. The message is for the person."""


def menu_buttons() -> list[Button]:
    """The menu as buttons of the conversation."""
    return [Button(title, json.dumps(meaning, sort_keys=True)) for title, meaning in MENU]


def places_button(raw: Any) -> Button:
    """The places chosen on the body map as a button: [["calf", "left"], ["eyelid", null]]. Raises BadRequest."""
    codes = load_codes()
    places: list[list[str | None]] = []
    for entry in raw if isinstance(raw, list) else ():
        code, side = entry if isinstance(entry, list) and len(entry) == 2 else (None, None)
        if not isinstance(code, str) or code not in codes.region_of or (side is not None and side not in SIDES):
            raise BadRequest("That place is not one I know. Please type where it is.")
        if [code, side] not in places:
            places.append([code, side])
    if not 0 < len(places) <= MOST_PLACES:
        raise BadRequest(f"Please choose between one and {MOST_PLACES} places.")
    return Button(places_in_words(places), json.dumps({"intent": "describe_symptoms", "place": places}, sort_keys=True))


def places_in_words(places: list[list[str | None]]) -> str:
    """'Left calf, right eyelid, whole body'."""
    words = [f"{'both sides: ' if side == 'both' else side + ' ' if side else ''}{str(code).replace('_', ' ')}" for code, side in places]
    return ", ".join(words).capitalize()


class _WebBackend:
    """The backend with the menu's and the body map's buttons, and with each reply numbered."""

    def __init__(self, inner: Backend, extra: list[Button]) -> None:
        self._inner, self._extra = inner, extra

    async def handle(self, message: Accepted, send: Deliver) -> None:
        count = 0

        async def numbered(reply: dict[str, Any]) -> None:
            nonlocal count
            mark = _number.set((message.message_id, count, asks_for_places(reply.get("buttons") or [])))
            count += 1
            try:
                await send(reply)
            finally:
                _number.reset(mark)

        await self._inner.handle(message, numbered)

    async def buttons(self, conversation: str) -> list[Button]:
        return [*self._extra, *menu_buttons(), *await self._inner.buttons(conversation)]


class Desk:
    """Serves web conversations. `backend` does the turns, `tracker` gives a conversation's whole tracker (None when there is none)."""

    def __init__(
        self, guard: Guard, backend: Backend, tracker: Callable[[str], Awaitable[Any]], sessions: SessionSigner,
        clock: Callable[[], float] = time.time, links: SummaryLinks | None = None,
    ) -> None:  # fmt: skip
        self.guard, self.backend, self.sessions = guard, backend, sessions
        self._links = links or SummaryLinks(guard.settings.key(), clock)
        self._tracker, self._clock = tracker, clock
        self.extras = Extras(clock)
        self._served: OrderedDict[tuple[str, str], asyncio.Future[dict[str, Any]]] = OrderedDict()

    # -- opening and resuming

    async def open(self, data: Any) -> tuple[Session, dict[str, Any]]:
        """A session for a page: the one its token names, else a new one. With all that the page needs to show it."""
        data = data if isinstance(data, dict) else {}
        now = self._clock()
        known = self.sessions.check(data.get("token"), now)
        session = self.sessions.renewed(known, now) if known else self.sessions.new(now)
        country = _country(data) or self.guard.settings.country
        items, state = await self._remembered(session.conversation) if known else ([], {})
        over = await self._with_a_person(session.conversation, items if known else None)
        return session, {
            "token": self.sessions.token(session),
            "expires": session.expires,
            "resumed": known is not None,
            "lost": known is None and bool(data.get("token")),
            "history": items,
            "state": state,
            "hand_over": over,
            "known": self._known_ids(session, data.get("pending"), items),
            "menu": [
                {"title": each.title, "payload": self.guard.signer.issue(session.conversation, each.payload)} for each in menu_buttons()
            ],
            "country": country,
            "limit": self.guard.settings.max_message_chars,
        }

    async def _with_a_person(self, conversation: str, items: list[Item] | None) -> dict[str, Any] | None:
        """Who answers now; the staff's words are put among `items`. None where there is no staff."""
        hand_overs = self.guard.hand_overs
        if hand_overs is None:
            return None
        if items is None:
            return await hand_overs.shown_state(None)
        over, said = await hand_overs.past(conversation)
        items += [await hand_overs.item(*each) for each in said]
        items.sort(key=lambda item: item["at"])
        return await hand_overs.shown_state(over)

    def _known_ids(self, session: Session, pending: Any, items: list[Item]) -> dict[str, str]:
        """Of the page's unsent messages those that had arrived: the page's id to ours."""
        stored = {item["id"] for item in items}
        ids = [each for each in pending[:MOST_PENDING] if isinstance(each, str)] if isinstance(pending, list) else []
        known = {each: stable_id(CHANNEL, session.conversation, each) for each in ids if _MESSAGE_ID.match(each)}
        return {each: ours for each, ours in known.items() if ours in stored}

    async def _remembered(self, conversation: str) -> tuple[list[Item], dict[str, Any]]:
        try:
            tracker = await self._tracker(conversation)
        except Exception:
            # The page is shown all the same; a missing past must not keep anyone from asking for help.
            logger.exception("A conversation's history could not be read")
            tracker = None
        items = items_of(tracker.events) if tracker else []
        if tracker and not items and not any(key[0] == conversation and not task.done() for key, task in self._served.items()):
            # Nothing stored and nothing under way: the conversation was deleted, perhaps by another process; or its first message has just
            # failed, and then the words of the safety net are all that the person has.
            self.extras.drop_if_older(conversation, FAILED_JUST_NOW_S)
        items = self.extras.merged(conversation, items)
        last_user = max((number for number, item in enumerate(items) if item["role"] == "user"), default=-1)
        shown = []
        for number, item in enumerate(items):
            item = self._links.dressed(dict(item), conversation, SUMMARIES)
            buttons = item.pop("buttons", None)
            if buttons and number > last_user:
                item["places"] = item.get("places") or asks_for_places(buttons)
                item["buttons"] = [self._shown_button(conversation, each) for each in buttons]
            shown.append(item)
        return shown, _state_of(tracker, items)

    def _shown_button(self, conversation: str, button: dict[str, Any]) -> dict[str, str]:
        payload = str(button.get("payload") or "")
        token = payload if payload.startswith("tw-") else self.guard.signer.issue(conversation, payload)
        return {"title": str(button.get("title") or ""), "payload": token}

    # -- one message

    async def receive(self, session: Session, data: Any, emit: Emit, address: str | None = None) -> dict[str, Any]:
        """Serve one message; the acknowledgement {"ok", "id"}, or {"ok": False, "error"} for the person. Never raises."""
        data = data if isinstance(data, dict) else {}
        message_id = data.get("message_id")
        if not isinstance(message_id, str) or not _MESSAGE_ID.match(message_id):
            return {"ok": False, "error": "The page sent a message without an id. Please reload the page."}
        key = (session.conversation, message_id)
        ours = stable_id(CHANNEL, session.conversation, message_id)
        running = self._served.get(key)
        if running is not None:
            return {**await asyncio.shield(running), "again": True}
        self._served[key] = future = asyncio.get_running_loop().create_future()
        while len(self._served) > MOST_REMEMBERED:
            self._served.popitem(last=False)
        answer: dict[str, Any] = {"ok": True, "id": ours}
        try:
            if data.get("again") and await self._is_stored(session.conversation, ours):
                return {**answer, "again": True}
            await self._serve(session, data, ours, emit, address)
        except BadRequest as error:
            answer = {"ok": False, "error": str(error)}
        except Exception:
            logger.exception("A web message could not be served")
            words = safety_net.fixed_text("general_safe_words", _country(data) or self.guard.settings.country)
            answer = {"ok": False, "error": words}
        finally:
            if not future.done():
                future.set_result(answer)
        if not answer["ok"]:
            self._served.pop(key, None)
        return answer

    async def _serve(self, session: Session, data: dict[str, Any], ours: str, emit: Emit, address: str | None) -> None:
        conversation, message_id = session.conversation, data["message_id"]
        text, pressed, extra = data.get("text"), False, []
        shown: Any = text
        if data.get("places") is not None:
            button = places_button(data["places"])
            extra = [button]
            text, pressed, shown = self.guard.signer.issue(conversation, button.payload), True, button.title
        elif data.get("button") is not None:
            text, pressed, shown = data["button"], True, data.get("title")
        cleaned = clean(shown, self.guard.settings.max_message_chars)
        said: Item = {"id": ours, "role": "user", "text": cleaned.text or "…", "at": self._clock()}
        self.extras.add(conversation, said)
        await emit("user_said", {**said, "message_id": message_id})
        await emit("typing", {"on": True})
        incoming = Incoming(CHANNEL, conversation, text, message_id, address, {"country": _country(data)}, pressed)

        async def deliver(message: dict[str, Any]) -> None:
            if is_mark(message):
                return      # the page says already who answers
            number = _number.get()
            item: Item = {"role": "bot", "at": self._clock(), "reply_to": ours,
                          **self._links.dressed(message, conversation, SUMMARIES)}
            if number is None:
                item.update(id=f"guard.{uuid.uuid4().hex}", guard=True)
            else:
                item.update(id=bot_id(number[0], number[1]), places=number[2])
            if (message.get("custom") or {}).get("type") == DELETED:
                self.extras.drop(conversation)
            else:
                self.extras.add(conversation, {key: value for key, value in item.items() if key != "reply_to"})
            await emit("bot_uttered", item)

        try:
            await self.guard.serve(incoming, _WebBackend(self.backend, extra), deliver, late=True)
        finally:
            await emit("typing", {"on": False})
        with contextlib.suppress(Exception):
            tracker = await self._tracker(conversation)
            stored = {item["id"] for item in items_of(tracker.events)} if tracker else set()
            self.extras.drop(conversation, stored)
            await emit("state", _state_of(tracker, self.extras.merged(conversation, items_of(tracker.events) if tracker else [])))
            if self.guard.hand_overs:
                await emit("hand_over", await self.guard.hand_overs.state(conversation))

    async def _is_stored(self, conversation: str, ours: str) -> bool:
        try:
            tracker = await self._tracker(conversation)
        except Exception:
            logger.exception("A conversation could not be read; the message is served")
            return False
        return any(getattr(event, "message_id", None) == ours for event in (tracker.events if tracker else ()))


def _country(data: dict[str, Any]) -> str | None:
    value = data.get("country")
    return value.upper() if isinstance(value, str) and re.match(r"^[A-Za-z]{2}$", value) else None


def _state_of(tracker: Any, items: list[Item]) -> dict[str, Any]:
    """What the page may know of the case: the level, whether anything was flagged, the open question. Codes only."""
    flag = unheard_emergency(items)
    if flag is not None:
        return {"level": "emergency", "escalated": True, "crisis": flag == safety_net.CRISIS_FLAG, "question": None}
    if tracker is None:
        return {}
    flags = tracker.get_slot("red_flags") or []
    return {
        "level": tracker.get_slot("triage_level"),
        "escalated": bool(flags),
        "crisis": safety_net.CRISIS_FLAG in flags,
        "question": tracker.get_slot("requested_slot"),
    }
