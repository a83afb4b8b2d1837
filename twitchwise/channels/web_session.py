"""Sessions of the web page: the server names the conversation and signs the name. Pure; nothing is stored.

A token reads `tws1.<session id>.<expires, epoch seconds>.<HMAC>`. Whoever holds it can use that one conversation until it expires;
nobody can name a conversation without it.
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any

PREFIX = "tws1"
CONVERSATION_PREFIX = "web:"
_SHAPE = re.compile(r"^tws1\.([0-9a-f]{32})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$")


@dataclass(frozen=True)
class Session:
    """One person's conversation in a browser. `expires`: epoch seconds."""

    id: str
    expires: int

    @property
    def conversation(self) -> str:
        """The conversation's name inside the server. REST cannot address names with this prefix."""
        return CONVERSATION_PREFIX + self.id


class SessionSigner:
    """Makes and checks the session tokens of one deployment."""

    def __init__(self, key: bytes, hours: int) -> None:
        if len(key) < 16:
            raise ValueError("The signing key needs at least 16 bytes.")
        # Keys are separated by use: a button's signature is never a session's.
        self._key = hmac.new(key, b"twitchwise web session", hashlib.sha256).digest()
        self._seconds = hours * 3600

    def new(self, now: float) -> Session:
        """A session for somebody new."""
        return Session(secrets.token_hex(16), int(now) + self._seconds)

    def renewed(self, session: Session, now: float) -> Session:
        """The same conversation, its life counted from now."""
        return Session(session.id, int(now) + self._seconds)

    def token(self, session: Session) -> str:
        """The token to hand to the browser."""
        return f"{PREFIX}.{session.id}.{session.expires}.{self._signature(session)}"

    def check(self, token: Any, now: float) -> Session | None:
        """The session behind a token; None when it is forged, damaged or expired."""
        match = _SHAPE.match(token) if isinstance(token, str) else None
        if match is None:
            return None
        session = Session(match[1], int(match[2]))
        if not hmac.compare_digest(self._signature(session), match[3]) or session.expires < now:
            return None
        return session

    def _signature(self, session: Session) -> str:
        content = f"{PREFIX}.{session.id}.{session.expires}".encode()
        return base64.urlsafe_b64encode(hmac.new(self._key, content, hashlib.sha256).digest()).decode().rstrip("=")
