"""Button tokens: an HMAC of conversation and payload, so that a press can be neither forged nor used elsewhere.

No table is needed: a pressed token is compared with those of the buttons in the conversation's own bot events.
44 bytes at most, which fits Telegram's limit of 64.
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

PREFIX = "tw-"
_SHAPE = re.compile(r"^tw-[A-Za-z0-9_-]{27}$")


@dataclass(frozen=True)
class Button:
    """A button as the assistant made it: what is shown, and what a press means (a JSON object as text)."""

    title: str
    payload: str


class TokenSigner:
    """Makes and resolves the tokens of one deployment."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("The signing key needs at least 16 bytes.")
        # Keys are separated by use: a web session's signature is never a button's.
        self._key = hmac.new(key, b"twitchwise button token", hashlib.sha256).digest()

    def issue(self, conversation: str, payload: str) -> str:
        """The token for `payload` in `conversation`: stable, so the same button always has the same token."""
        parts = json.dumps([conversation, payload]).encode()
        return PREFIX + base64.urlsafe_b64encode(hmac.new(self._key, parts, hashlib.sha256).digest()[:20]).decode().rstrip("=")

    def resolve(self, token: str, conversation: str, buttons: Iterable[Button]) -> Button | None:
        """The button of this conversation that `token` was issued for, None when there is none."""
        for button in buttons:
            if hmac.compare_digest(self.issue(conversation, button.payload), token):
                return button
        return None


def looks_like_token(text: Any) -> bool:
    """Whether a text has the shape of a token. Nobody types that by chance."""
    return isinstance(text, str) and bool(_SHAPE.match(text))


def buttons_of(events: Iterable[Any]) -> list[Button]:
    """Buttons in the bot's utterances, newest first. `events` are Rasa events or their dictionaries."""
    found: list[Button] = []
    for event in events:
        data = event.get("data") if isinstance(event, dict) else getattr(event, "data", None)
        for button in (data or {}).get("buttons") or []:
            payload = button.get("payload")
            if isinstance(payload, str) and payload:
                found.append(Button(str(button.get("title") or ""), payload))
    found.reverse()
    return found
