"""What answers: an interface that the connector speaks to, and the real one behind the guard. Knows no Rasa."""
from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from twitchwise.channels.guard import Accepted, Backend, Deliver, Guard, Incoming
from twitchwise.channels.tokens import Button

CHANNEL = "telegram"
#: A reply whose buttons are places of the body; it is shown as the two-step keyboard with the picture.
ASKS_PLACE = "asks_place"


class Assistant(Protocol):
    """Answers one message with any number of replies ({"text", "buttons", "custom"})."""

    async def say(self, conversation: str, text: str, message_id: str, deliver: Deliver, *, pressed: bool = False) -> None:
        """Typed words, or (`pressed`) the token of a button."""

    async def choose(self, conversation: str, title: str, meaning: dict[str, Any], message_id: str, deliver: Deliver) -> None:
        """Something chosen from a keyboard or menu of the channel's own: {"place": [[code, side], ...]} or {"intent": ...}."""

    async def recall(self, conversation: str, message_id: str) -> list[dict[str, Any]]:
        """What was already answered to this message by a process that ended before it could be sent."""


class GuardedAssistant:
    """The assistant behind the guard. `recorded(conversation, message_id)`: raw replies in the tracker, for `recall`."""

    def __init__(
        self, guard: Guard, backend: Backend, recorded: Callable[[str, str], Awaitable[list[dict[str, Any]]]] | None = None
    ) -> None:
        self._guard, self._backend, self._recorded = guard, backend, recorded

    async def say(self, conversation: str, text: str, message_id: str, deliver: Deliver, *, pressed: bool = False) -> None:
        """See Assistant."""
        incoming = Incoming(CHANNEL, conversation, text, message_id=message_id, pressed=pressed)
        await self._guard.serve(incoming, _Marking(self._backend), deliver, late=True)

    async def choose(self, conversation: str, title: str, meaning: dict[str, Any], message_id: str, deliver: Deliver) -> None:
        """See Assistant. A press like any other: a button of this conversation, and its token."""
        button = Button(title, json.dumps(meaning, sort_keys=True))
        token = self._guard.signer.issue(conversation, button.payload)
        incoming = Incoming(CHANNEL, conversation, token, message_id=message_id, pressed=True)
        await self._guard.serve(incoming, _Marking(self._backend, [button]), deliver, late=True)

    async def recall(self, conversation: str, message_id: str) -> list[dict[str, Any]]:
        """See Assistant."""
        if self._recorded is None:
            return []
        accepted = self._guard._accepted(Incoming(CHANNEL, conversation, "", message_id=message_id), "")
        return [
            self._guard._outgoing(conversation, _marked(message))
            for message in await self._recorded(conversation, accepted.message_id)
        ]


class _Marking:
    """A backend that marks the question for a place (its payloads are tokens later) and knows a few buttons more."""

    def __init__(self, backend: Backend, more: list[Button] | None = None) -> None:
        self._backend, self._more = backend, more or []

    async def handle(self, message: Accepted, send: Deliver) -> None:
        async def marking(reply: dict[str, Any]) -> None:
            await send(_marked(reply))

        await self._backend.handle(message, marking)

    async def buttons(self, conversation: str) -> list[Button]:
        if self._more:
            return self._more
        return await self._backend.buttons(conversation)


def _marked(reply: dict[str, Any]) -> dict[str, Any]:
    places = 0
    for button in reply.get("buttons") or []:
        try:
            places += bool(json.loads(button["payload"]).get("place"))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    if places < 2:
        return reply
    custom = reply.get("custom")
    return {**reply, "custom": {**(custom if isinstance(custom, dict) else {}), ASKS_PLACE: True}}
