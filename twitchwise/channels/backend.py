"""The guard's backend on Rasa: an accepted message becomes a UserMessage, replies come back through an output channel."""
from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

from twitchwise.channels.guard import Accepted, Deliver
from twitchwise.channels.tokens import Button, buttons_of
from twitchwise.records.tracker_store import find_message, look_back

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
        said = UserMessage(
            text=message.text,
            output_channel=GuardedOutput(message.channel, send),
            sender_id=message.conversation,
            parse_data=message.parse_data,
            input_channel=message.channel,
            message_id=message.message_id,
            metadata=dict(message.metadata),
        )
        agent = self._agent()
        # What `Agent.handle_message` does, with a look at the conversation while nobody else works on it. The gate comes after the
        # conversation's queue, or the messages of one person would keep others from their places.
        async with agent.lock_store.lock(message.conversation):
            look = message.perhaps_known or (message.came_again is not None and await message.came_again())
            replies = await self._said_before(agent, message) if look else None
            if replies is None:
                async with message.gate.hold() if message.gate else contextlib.nullcontext():
                    await (_keep(agent, said, message) if message.unheard() else agent.processor.handle_message(said))
                return
        for reply in replies:
            await send(reply)

    async def _said_before(self, agent: Any, message: Accepted) -> list[dict[str, Any]] | None:
        """The replies that the conversation holds to this message; None when it does not hold the message."""
        tracker = await find_message(agent.tracker_store, message.conversation, message.message_id)
        return replies_to(tracker.events, message.message_id) if tracker else None

    async def buttons(self, conversation: str) -> list[Button]:
        tracker = await look_back(self._agent().tracker_store, conversation)
        return buttons_of(tracker.events) if tracker else []


async def _keep(agent: Any, said: UserMessage, message: Accepted) -> None:
    """Write a message into its conversation without a reply: the next turn takes up what it told (actions/turn.py). NLU and policies are
    most of a message's work, and whoever sends more than can be served would have them done for nobody."""
    said.parse_data = said.parse_data or message.reading()
    tracker = await agent.processor.log_message(said, should_save_tracker=False)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    await agent.processor.save_tracker(tracker)


def replies_to(events: Any, message_id: str) -> list[dict[str, Any]]:
    """What the bot said to the message with this id, as Rasa's output channel would have got it."""
    found: list[dict[str, Any]] = []
    inside = False
    for event in events:
        if isinstance(event, UserUttered):
            inside = event.message_id == message_id
        elif inside and isinstance(event, BotUttered):
            data = {name: value for name, value in (event.data or {}).items() if value}
            found.append({"text": event.text, **data})
    return found
