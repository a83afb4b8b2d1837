"""The guard's backend on Rasa: an accepted message becomes a UserMessage, replies come back through an output channel."""
from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from twitchwise.channels.guard import Accepted, Deliver
from twitchwise.channels.tokens import Button, buttons_of

logger = logging.getLogger(__name__)


class GuardedOutput(OutputChannel):
    """Hands each of Rasa's replies, whole, to the guard."""

    def __init__(self, channel: str, send: Deliver) -> None:
        self._channel, self._send = channel, send

    def name(self) -> str:  # Rasa asks the instance, so a channel's own responses can be written
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        await self._send(message)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self._send({"text": text, **kwargs})


class RasaBackend:
    """Serves accepted messages with the agent that `agent()` gives at that moment (a new model may be swapped in)."""

    def __init__(self, agent: Callable[[], Any]) -> None:
        self._agent = agent

    async def handle(self, message: Accepted, send: Deliver) -> None:
        await self._agent().handle_message(
            UserMessage(
                text=message.text,
                output_channel=GuardedOutput(message.channel, send),
                sender_id=message.conversation,
                parse_data=message.parse_data,
                input_channel=message.channel,
                message_id=message.message_id,
                metadata=dict(message.metadata),
            )
        )

    async def buttons(self, conversation: str) -> list[Button]:
        tracker = await self._agent().tracker_store.retrieve(conversation)
        return buttons_of(tracker.events) if tracker else []
