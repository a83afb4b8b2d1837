"""Summaries for a doctor on their way to the person: a signed link that expires, and the file, made when it is asked for.

Nothing is stored: the reply of the assistant only says that a summary was asked for (a card of the kind `summary`), a channel adds links or
sends a file, and the file is made out of the conversation as it is then. The link is a Fernet token: encrypted, so that an address in
somebody's history names no conversation, and signed with a key of its own."""
from __future__ import annotations

import asyncio
import base64
import functools
import hashlib
import hmac
import html
import json
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sanic import response
from sanic.response import HTTPResponse

from twitchwise.channels import safety_net
from twitchwise.channels.rate import RateLimiter
from twitchwise.turn_state import SLOT, TurnState

logger = logging.getLogger(__name__)
KIND = "summary"
#: How long a link works (seconds). Asking again gives a new one.
LINK_LIFE_S = 3600
#: Format -> what it is called for a person, its type, the end of its name.
FORMATS = {
    "pdf": ("One page to print or show (PDF)", "application/pdf", "pdf"),
    "fhir": ("For the clinic's computer (FHIR)", "application/fhir+json", "fhir.json"),
}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
Tracker = Callable[[str], Awaitable[Any]]


@dataclass(frozen=True)
class Document:
    """A file as it leaves."""

    name: str
    mime: str
    content: bytes


class SummaryLinks:
    """Makes and checks the links of one deployment."""

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        if len(key) < 16:
            raise ValueError("The signing key needs at least 16 bytes.")
        # Keys are separated by use: a link's signature is never a session's or a button's.
        self._box = Fernet(base64.urlsafe_b64encode(hmac.new(key, b"twitchwise summary link", hashlib.sha256).digest()))
        self._clock = clock

    def token(self, conversation: str, form: str) -> str:
        """The token of a link to the summary of a conversation, in one format."""
        return self._box.encrypt_at_time(json.dumps([conversation, form]).encode(), int(self._clock())).decode()

    def open(self, token: str) -> tuple[str, str] | None:
        """Conversation and format behind a token; None when it is forged, damaged or too old."""
        try:
            conversation, form = json.loads(self._box.decrypt_at_time(token.encode(), LINK_LIFE_S, int(self._clock())))
        except (InvalidToken, ValueError, TypeError):
            return None
        return (conversation, form) if form in FORMATS and isinstance(conversation, str) else None

    def dressed(self, message: dict[str, Any], conversation: str, prefix: str) -> dict[str, Any]:
        """`message` with links below `prefix`, where it is a summary; any other message as it is."""
        card = message.get("custom")
        if not isinstance(card, dict) or card.get("kind") != KIND:
            return message
        downloads = [{"format": form, "title": title, "mime": mime, "href": f"{prefix}/{self.token(conversation, form)}"}
                     for form, (title, mime, _) in FORMATS.items()]
        return {**message, "custom": {**card, "downloads": downloads, "expires_in": LINK_LIFE_S}}


class NothingToSay(LookupError):
    """The conversation holds no case: it was deleted, started over, or never began."""


#: One at a time: setting a page takes a second of processor time, and people who chat come first. The thread starts with the first page.
_maker = ThreadPoolExecutor(1, thread_name_prefix="summary")


async def make(tracker: Any, form: str, now: datetime | None = None) -> Document:
    """The file for a conversation's tracker, made in a thread. Raises NothingToSay."""
    if tracker is None:
        raise NothingToSay("no conversation")
    events, state = list(tracker.events), tracker.get_slot(SLOT)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_maker, _made, events, state, form, now or datetime.now(timezone.utc))


def _made(events: list[Any], slot: Any, form: str, now: datetime) -> Document:
    from twitchwise.dialogue import DialogueState
    from twitchwise.dialogue.state import DONE, EMERGENCY
    from twitchwise.summary import build, messages_of
    from twitchwise.triage import assess

    state = DialogueState.from_dict(TurnState.from_dict(slot).dialogue)
    if state.case.is_empty:
        raise NothingToSay("no case")
    summary = build(state.case, assess(state.case), messages_of(events), level=state.level, complete=state.phase in (DONE, EMERGENCY),
                    made_at=now, country=_country(events))
    _, mime, end = FORMATS[form]
    # Slow to import, and only needed here.
    if form == "pdf":
        from twitchwise.summary import pdf

        content = pdf.render(summary)
    else:
        from twitchwise.summary import fhir

        content = fhir.render(summary)
    return Document(f"twitching-summary-{now:%Y-%m-%d}.{end}", mime, content)


def _country(events: list[Any]) -> str | None:
    for event in reversed(events):
        country = (getattr(event, "metadata", None) or {}).get("country")
        if isinstance(country, str):
            return country
    return None


class SummaryDesk:
    """Answers a request for a summary: the file, or a small page that says why there is none."""

    def __init__(self, links: SummaryLinks, country: str | None = None) -> None:
        self._links, self._country = links, country
        self._asked = RateLimiter(rate=0.1, burst=10)

    async def answer(self, token: str, tracker: Tracker) -> HTTPResponse:
        """The answer to a link's token. `tracker` reads a conversation's whole tracker."""
        known = self._links.open(token)
        if known is None:
            return self._problem(410, "This link has expired. Please go back to the chat and ask for the summary again.")
        conversation, form = known
        if not self._asked.allow(conversation):
            return self._problem(429, "That was asked for many times just now. Please try again in a minute.")
        try:
            document = await make(await tracker(conversation), form)
        except NothingToSay:
            return self._problem(404, "There is nothing to put into a summary any more. Please tell me about the twitching first.")
        except Exception:
            logger.exception("A summary could not be made")
            return self._problem(503, "Sorry, the summary could not be made just now. Please try again in a few minutes.")
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{document.name}"'}
        return response.raw(document.content, headers=headers, content_type=document.mime)

    def _problem(self, status: int, words: str) -> HTTPResponse:
        number = html.escape(safety_net.emergency_number(self._country))
        page = ('<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
                f"<title>No summary</title></head><body><p>{html.escape(words)}</p><p>In an emergency call {number}.</p></body></html>")
        return response.html(page, status=status, headers=HEADERS)


def add_summary_route(routes: Any, links: SummaryLinks, tracker_of: Callable[[Any], Tracker], country: str | None = None) -> None:
    """GET /summary/<token> on a channel's blueprint. `tracker_of`: the application -> how to read a conversation's whole tracker."""
    desk = SummaryDesk(links, country)

    @routes.route("/summary/<token:str>", methods=["GET"], name="summary")
    async def summary(request: Any, token: str) -> HTTPResponse:
        return await desk.answer(token, tracker_of(request.app))


@functools.lru_cache(maxsize=1)
def shared_links() -> SummaryLinks:
    """The links of this process, on the same signing key as everything else."""
    from twitchwise.channels.base import shared_guard

    return SummaryLinks(shared_guard().settings.key())
