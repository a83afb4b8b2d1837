"""The REST channel: POST /webhooks/rest/webhook with {"sender", "message"}, answered by a list of messages. Always HTTP 200."""
from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from twitchwise.channels import safety_net
from twitchwise.channels.base import GuardedChannel
from twitchwise.channels.guard import RESERVED_PREFIXES, Incoming
from twitchwise.channels.summaries import add_summary_route, shared_links

CHANNEL = "rest"
#: Where links to a summary lead, from the server's own address.
SUMMARIES = "/webhooks/rest/summary"
MAX_SENDER_CHARS = 256
MAX_MESSAGE_ID_CHARS = 128


def sender_of(body: Any) -> str | None:
    """The sender a request names, None when it names none that can have a conversation of its own."""
    sender = body.get("sender") if isinstance(body, dict) else None
    if isinstance(sender, int) and not isinstance(sender, bool):
        sender = str(sender)
    if not isinstance(sender, str) or not sender.strip() or len(sender) > MAX_SENDER_CHARS:
        return None
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in sender):
        return None
    # Conversations of the web page and of Telegram must not be reachable by naming them here.
    return None if sender.startswith(RESERVED_PREFIXES) else sender


def message_id_of(body: dict[str, Any], request_id: str | None = None) -> str | None:
    """The client's own id of the message, for a safe second delivery; else the one that our proxy gave the request."""
    value = body.get("message_id", request_id)
    return value if isinstance(value, str) and 0 < len(value) <= MAX_MESSAGE_ID_CHARS else None


class RestChannel(GuardedChannel):
    """Rasa's REST channel by name and address, behind the guard."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        guard = self.guard
        routes = Blueprint("twitchwise_rest")
        links = shared_links()
        add_summary_route(routes, links, lambda app: app.ctx.agent.tracker_store.retrieve_full_tracker, guard.settings.country)

        @routes.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = request.json
            except Exception:  # Sanic's InvalidUsage; a body that is no JSON still gets words
                body = None
            country = guard.settings.country
            if not isinstance(body, dict):
                return response.json([{"text": safety_net.problem_text("bad_request", country)}])
            sender = sender_of(body)
            if sender is None:
                return response.json([{"text": safety_net.problem_text("no_sender", country)}])
            incoming = Incoming(
                channel=CHANNEL,
                conversation=sender,
                text=body.get("message"),
                message_id=message_id_of(body, request.headers.get("x-twitchwise-request")),
                address=request.remote_addr or request.ip,
                metadata=body.get("metadata"),
            )
            messages = await guard.collect(incoming, self.backend(request.app))
            if guard.hand_overs:
                messages = await guard.hand_overs.with_answers(sender, messages)
            return response.json([{"recipient_id": sender, **links.dressed(message, sender, SUMMARIES)} for message in messages])

        return routes
