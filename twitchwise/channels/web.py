"""The web channel: Socket.IO for the chat page and the widget, the same over plain HTTP where that is blocked, and the page itself.

The stock Socket.IO channel never answers with session persistence (it does not await `enter_room`), trusts the conversation that the
client names, and has no history, acknowledgements, typing sign or limits; so this one is our own. web_desk.py does the work.

Events, browser to server: `session_request` {token?, country?, pending?}, `user_uttered` {message_id, text | button | places, again?}.
Both are acknowledged. Server to browser: `session_confirm`, `user_said`, `typing` {on}, `bot_uttered`, `state`; and where there is a
staff `hand_over` {state: none | waiting | taken, name} and `staff_said`.
"""
from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import socketio
from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from twitchwise.channels import safety_net
from twitchwise.channels.backend import RasaBackend
from twitchwise.channels.base import GuardedChannel
from twitchwise.channels.guard import Guard
from twitchwise.channels.rate import RateLimiter
from twitchwise.channels.summaries import add_summary_route, shared_links
from twitchwise.channels.web_desk import CHANNEL, Desk
from twitchwise.channels.web_origins import Origins
from twitchwise.channels.web_page import SAFE_HEADERS, Prepared, load_assets
from twitchwise.channels.web_push import Push
from twitchwise.channels.web_rooms import rooms_for
from twitchwise.channels.web_session import Session, SessionSigner
from twitchwise.settings import is_loopback

logger = logging.getLogger(__name__)
PREFIX = "/chat"
SOCKET_PATH = "chat/socket.io"
#: Paths that a browser on another site may reach only from an allowed origin.
GUARDED_PATHS = (PREFIX, "/webhooks/")
#: Nothing a page sends is larger than this (a message has at most 20,000 characters).
MOST_SOCKET_BYTES = 100_000
#: Conversations that one address may open or resume: many people can be behind one, and opening stores nothing.
SESSIONS_PER_S, SESSIONS_AT_ONCE = 1.0, 120
TOO_MANY_SESSIONS = (
    "Too many pages were opened from your network just now. Please wait a minute and reload this one. "
    "In an emergency do not wait for it: call your emergency number."
)


class WebBlueprint(Blueprint):
    """The page's routes, the Socket.IO endpoint, and the check of the origin for every route of ours."""

    def __init__(self, server: socketio.AsyncServer, origins: Origins) -> None:
        super().__init__("twitchwise_web")
        self.ctx.server, self.ctx.origins = server, origins

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        self.ctx.server.attach(app, SOCKET_PATH)
        origins: Origins = self.ctx.origins

        async def check(request: Request) -> HTTPResponse | None:
            if request.path.startswith(GUARDED_PATHS) and not origins.allows(request.headers.get("origin"), request.host):
                return response.json([{"text": _wrong_origin()}], status=403)
            return None

        async def allow(request: Request, answer: HTTPResponse) -> None:
            other = origins.other_site(request.headers.get("origin"), request.host)
            if other and request.path.startswith(GUARDED_PATHS):
                answer.headers["Access-Control-Allow-Origin"] = other
                answer.headers["Vary"] = "Origin"

        app.register_middleware(check, "request")
        app.register_middleware(allow, "response")
        super().register(app, options)


def _wrong_origin() -> str:
    return (
        "This web page may not use this assistant. Its operator can allow it with TWITCHWISE_ALLOWED_ORIGINS. "
        f"In an emergency call {safety_net.emergency_number()}."
    )


def address_of(request: Any) -> str | None:
    """Where a request came from, as far as the server knows it."""
    return (request.remote_addr or request.ip) if request is not None else None


def session_limit() -> Callable[[str | None], bool]:
    """Whether an address may open one more session now."""
    opened = RateLimiter(SESSIONS_PER_S, SESSIONS_AT_ONCE)
    # As for messages: from loopback a proxy or the project's own tools speak for many.
    return lambda address: address is None or is_loopback(address) or opened.allow(address)


class WebChannel(GuardedChannel):
    """The web page's channel."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def url_prefix(self) -> str:
        # Absolute: the page is not below /webhooks/.
        return PREFIX

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        guard = self.guard
        settings = guard.settings
        origins = Origins(settings.allowed_origins)
        server = make_server(origins, settings.redis_url)
        routes = WebBlueprint(server, origins)
        desks: dict[int, Desk] = {}

        def desk_of(app: Sanic) -> Desk:
            if id(app) not in desks:
                desks[id(app)] = make_desk(guard, app)
            return desks[id(app)]

        push = Push(server, guard.hand_overs) if guard.hand_overs else None
        may_open = session_limit()
        add_events(server, desk_of, guard, may_open, push)
        if push:
            add_push(routes, push)
        add_routes(routes, server, desk_of, load_assets(settings), may_open)
        add_summary_route(routes, shared_links(), lambda app: app.ctx.agent.tracker_store.retrieve_full_tracker, settings.country)
        return routes


def make_server(origins: Origins, redis_url: str | None = None) -> socketio.AsyncServer:
    """The Socket.IO server. Sleeping phones and lost networks are noticed within half a minute."""
    return socketio.AsyncServer(
        client_manager=rooms_for(redis_url),
        async_mode="sanic",
        cors_allowed_origins=lambda origin, environ: origins.allows(origin, environ.get("HTTP_HOST")),
        cors_credentials=False,
        max_http_buffer_size=MOST_SOCKET_BYTES,
        ping_interval=15,
        ping_timeout=10,
        # Loggers of ours: else both write to stderr by themselves, with a traceback that may quote what a client sent.
        logger=logging.getLogger("socketio"),
        engineio_logger=logging.getLogger("engineio"),
    )


def make_desk(guard: Guard, app: Sanic) -> Desk:
    """The desk on the agent that this application runs."""

    async def tracker(conversation: str) -> Any:
        return await app.ctx.agent.tracker_store.retrieve_full_tracker(conversation)

    sessions = SessionSigner(guard.settings.key(), guard.settings.session_hours)
    return Desk(guard, RasaBackend(lambda: app.ctx.agent), tracker, sessions)


def add_push(routes: Blueprint, push: Push) -> None:
    """Pass on the staff's words for as long as the server runs."""

    @routes.listener("after_server_start")
    async def start(*_: Any) -> None:
        push.start()

    @routes.listener("before_server_stop")
    async def stop(*_: Any) -> None:
        await push.stop()


def add_events(server: socketio.AsyncServer, desk_of: Callable[[Sanic], Desk], guard: Guard, may_open: Callable[[str | None], bool],
               push: Push | None = None) -> None:
    """The Socket.IO events. A socket belongs to the session that its token named, whatever its later messages say."""
    opened = RateLimiter(rate=0.5, burst=20)

    @server.event
    async def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        request = environ["sanic.request"]
        async with server.session(sid) as kept:
            kept["app"], kept["address"] = request.app, address_of(request)

    @server.event
    async def session_request(sid: str, data: Any = None) -> dict[str, Any]:
        kept = await server.get_session(sid)
        if not opened.allow(sid):
            return {"error": "Too many requests from this page. Please wait a minute and reload it."}
        if not may_open(kept.get("address")):
            return {"error": TOO_MANY_SESSIONS}
        session, shown = await desk_of(kept["app"]).open(data)
        old: Session | None = kept.get("session")
        if old is not None and old.conversation != session.conversation:
            await server.leave_room(sid, old.conversation)
        async with server.session(sid) as changed:
            changed["session"] = session
        # To be awaited, since python-socketio 5.10.
        await server.enter_room(sid, session.conversation)
        if push:
            push.watch(session.conversation)
        await server.emit("session_confirm", shown, to=sid)
        return {"ok": True}

    @server.event
    async def user_uttered(sid: str, data: Any = None) -> dict[str, Any]:
        kept = await server.get_session(sid)
        session: Session | None = kept.get("session")
        if session is None or session.expires < time.time():
            return {"ok": False, "session": False, "error": "The conversation has expired. Please reload the page."}

        async def emit(event: str, payload: dict[str, Any]) -> None:
            await server.emit(event, payload, room=session.conversation, skip_sid=sid if event == "user_said" else None)

        return await desk_of(kept["app"]).receive(session, data, emit, kept.get("address"))


def add_routes(
    routes: Blueprint, server: socketio.AsyncServer, desk_of: Callable[[Sanic], Desk], assets: dict[str, Prepared],
    may_open: Callable[[str | None], bool],
) -> None:
    """The page, its files, and the desk over plain HTTP."""

    def serve(path: str, prepared: Prepared) -> Callable[[Request], Awaitable[HTTPResponse]]:
        async def handler(request: Request) -> HTTPResponse:
            headers = {**SAFE_HEADERS, **prepared.asset.headers, "ETag": prepared.tag, "Vary": "Accept-Encoding"}
            if request.headers.get("if-none-match") == prepared.tag:
                return response.raw(b"", status=304, headers=headers)
            body = prepared.asset.body
            if "gzip" in request.headers.get("accept-encoding", ""):
                headers["Content-Encoding"], body = "gzip", prepared.zipped
            return response.raw(body, headers=headers, content_type=prepared.asset.content_type)

        handler.__name__ = f"asset_{path or 'page'}".replace(".", "_")
        return handler

    for path, prepared in assets.items():
        routes.add_route(serve(path, prepared), f"/{path}" if path else "/", methods=["GET", "HEAD"], strict_slashes=False)

    def body_of(request: Request) -> dict[str, Any]:
        try:
            body = request.json
        except Exception:  # Sanic's InvalidUsage; what is no JSON is treated as an empty request
            body = None
        return body if isinstance(body, dict) else {}

    @routes.route("/session", methods=["POST"])
    async def session(request: Request) -> HTTPResponse:
        if not may_open(address_of(request)):
            return response.json({"error": TOO_MANY_SESSIONS}, status=429, headers={"Cache-Control": "no-store", "Retry-After": "60"})
        _, shown = await desk_of(request.app).open(body_of(request))
        return response.json(shown, headers={"Cache-Control": "no-store"})

    @routes.route("/message", methods=["POST"])
    async def message(request: Request) -> HTTPResponse:
        body = body_of(request)
        desk = desk_of(request.app)
        known = desk.sessions.check(body.get("token"), time.time())
        if known is None:
            error = "The conversation has expired. Please reload the page."
            return response.json({"ack": {"ok": False, "session": False, "error": error}, "events": []})
        events: list[dict[str, Any]] = []

        async def emit(event: str, payload: dict[str, Any]) -> None:
            if event != "user_said":
                events.append({"event": event, "data": payload})
            await server.emit(event, payload, room=known.conversation)

        ack = await desk.receive(known, body, emit, address_of(request))
        return response.json({"ack": ack, "events": events}, headers={"Cache-Control": "no-store"})

    @routes.route("/session", methods=["OPTIONS"], name="session_options")
    @routes.route("/message", methods=["OPTIONS"], name="message_options")
    async def options(_: Request) -> HTTPResponse:
        headers = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "content-type", "Access-Control-Max-Age": "600"}
        return response.raw(b"", status=204, headers=headers)
