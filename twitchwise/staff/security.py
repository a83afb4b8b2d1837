"""What every request to the staff page passes: the size of its body, the headers of its answer, and who it is from.

Starlette and itsdangerous sign the session; there is no maintained CSRF library for Starlette 1, and the check is a few lines.
"""
from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy.engine import Engine
from starlette.datastructures import FormData, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twitchwise.records import staff
from twitchwise.records.views import StaffView

MOST_BODY_BYTES = 64_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: browsers would then send forms without their origin.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Wall:
    """Refuses bodies that are too large, and puts the headers on every answer. Pages are never kept by a browser or proxy."""

    def __init__(self, app: ASGIApp, secure: bool = False) -> None:
        self._app, self._secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > MOST_BODY_BYTES:
                raise HTTPException(413)
            return message

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["Cache-Control"] = headers.get("Cache-Control", "no-store")
                if self._secure:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        # No page has such an address, and PostgreSQL takes no text with a null character in it.
        if not scope["path"].isprintable():
            await PlainTextResponse("There is nothing here.", 404)(scope, receive, dressed)
            return
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not length.isdigit() or len(length) > 9 or int(length) > MOST_BODY_BYTES:
            await PlainTextResponse("That is too much at once.", 413)(scope, receive, dressed)
            return
        await self._app(scope, counted, dressed)


def session_key(key: bytes) -> str:
    """The key that signs sessions of the staff: of this use only."""
    return hmac.new(key, b"twitchwise staff session", hashlib.sha256).hexdigest()


def fingerprint(account: StaffView) -> str:
    """Changes with the password, so that a session does not outlive it."""
    return hashlib.sha256(f"{account.name}\n{account.password_hash}".encode()).hexdigest()[:24]


def begin(request: Request, account: StaffView, now: datetime) -> None:
    """Start a session anew: nothing of the one before the login stays, its CSRF token neither."""
    request.session.clear()
    request.session.update(name=account.name, mark=fingerprint(account), at=now.timestamp(), csrf=secrets.token_urlsafe(24))


def who(engine: Engine, session: dict[str, Any], minutes: int, now: datetime | None = None) -> StaffView | None:
    """The account behind a session; None when it ended, or when the account was shut out, signed out, or got another password."""
    now = now or datetime.now(timezone.utc)
    name, at = session.get("name"), session.get("at")
    if not isinstance(name, str) or not isinstance(at, (int, float)):
        return None
    begun = datetime.fromtimestamp(at, timezone.utc)
    account = staff.by_name(engine, name)
    if account is None or not account.active or not hmac.compare_digest(fingerprint(account), str(session.get("mark"))):
        return None
    if now - begun > timedelta(minutes=minutes) or (account.sessions_from is not None and begun < account.sessions_from):
        return None
    return account


def csrf_token(request: Request) -> str:
    """The token for the forms of this session."""
    if "csrf" not in request.session:
        request.session["csrf"] = secrets.token_urlsafe(24)
    return str(request.session["csrf"])


async def checked_form(request: Request, origins: frozenset[str]) -> FormData:
    """A form that this page sent. Raises HTTPException 403 for any other (another origin, without the session's token), 415 for what is no
    form of this page's kind."""
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() not in origins:
        raise HTTPException(403, "This form was sent by another page.")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "This form was sent by another page.")
    # Only what a form without files sends. The parser of the other kind decodes its fields as the client says, in ways that fail.
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    form = await request.form()
    given, expected = form.get("csrf"), request.session.get("csrf")
    if not isinstance(given, str) or not isinstance(expected, str) or not hmac.compare_digest(given.encode(), expected.encode()):
        raise HTTPException(403, "This form is too old. Go back, reload the page, and send it again.")
    return form


def field(form: FormData, name: str) -> str:
    """A field of one line, without blanks around it; empty where it is missing or holds what nobody types into one (a null character, which
    PostgreSQL does not take, or a line break)."""
    given = form.get(name)
    text = given.strip() if isinstance(given, str) else ""
    return text if text.isprintable() else ""
