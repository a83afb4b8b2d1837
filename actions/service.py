"""What the actions work with: the dialogue, its kit, and the recorder. Made at the first message, replaceable in tests."""
from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any, Protocol

from twitchwise import metrics
from twitchwise.dialogue.model import DELETE, HAND_OVER
from twitchwise.settings import load_settings
from twitchwise.turn_state import PROBE_PREFIX

logger = logging.getLogger(__name__)
#: Longer than this the database is down as far as the person is concerned; the reply goes without it.
RECORD_TIMEOUT_S = 2.0
#: The person waits for a copy or a deletion; still below the time that an action has.
EFFECT_TIMEOUT_S = 4.0


#: Carries out one effect of a turn for a conversation; may return further replies.
Effect = Callable[[str, Any], Awaitable[Sequence[Any]]]


class Recorder(Protocol):
    """Where turns and escalations are kept (twitchwise.records)."""

    async def record_turn(self, conversation: str, message: Any, turn: Any) -> None:
        """Write the case and, if the turn has one, its escalation; once for each message id."""

    async def load_state(self, conversation: str) -> dict[str, Any] | None:
        """The dialogue's state at the end of the last recorded turn, None when there is none."""


class NoRecorder:
    """Keeps nothing: for tests, and when records cannot be opened."""

    async def record_turn(self, conversation: str, message: Any, turn: Any) -> None:
        """Nothing."""

    async def load_state(self, conversation: str) -> dict[str, Any] | None:
        """Nothing is known."""
        return None


@dataclass
class Service:
    """The pure turn service with what it needs from outside."""

    serve: Callable[[Any, Any, Any], Any]
    kit: Any
    recorder: Recorder
    effects: Mapping[str, Effect] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc)

    async def record(self, conversation: str, message: Any, turn: Any) -> None:
        """Record a turn; a failure is logged and never reaches the reply."""
        if conversation.startswith(PROBE_PREFIX):
            return
        try:
            with metrics.stage("database"):
                await asyncio.wait_for(self.recorder.record_turn(conversation, message, turn), RECORD_TIMEOUT_S)
        except Exception:
            logger.exception("A turn could not be recorded")

    async def carry_out(self, conversation: str, turn: Any) -> tuple[list[Any], list[str]]:
        """Do what the turn asks for beside its words (summary, export, delete, hand over): further replies, and the effects that failed."""
        replies: list[Any] = []
        failed: list[str] = []
        for effect in turn.effects:
            handler = self.effects.get(effect)
            if handler is None:
                logger.error("Nothing carries out %s", effect)
                failed.append(effect)
                continue
            try:
                replies.extend(await asyncio.wait_for(handler(conversation, turn), EFFECT_TIMEOUT_S))
            except Exception:
                logger.exception("%s could not be carried out", effect)
                failed.append(effect)
        return replies, failed

    def not_done(self, failed: Sequence[str], country: str | None) -> Any:
        """What is said when an effect failed. Nothing is claimed that did not happen."""
        from twitchwise.dialogue import Reply

        if DELETE not in failed:
            return Reply(text="Sorry, that did not work just now, as my records cannot be reached. Please ask me again in a few minutes.")
        number = self.kit.answers.numbers(country).emergency_text if self.kit else "your emergency number"
        return Reply(text="Sorry, I could not delete your data just now, as my records cannot be reached. What you told me may still be there. "
                          f"Please ask me again in a few minutes. In an emergency call {number}.")

    async def load_state(self, conversation: str) -> dict[str, Any] | None:
        """The recorded state of a conversation, None when there is none or it cannot be read."""
        if conversation.startswith(PROBE_PREFIX):
            return None
        try:
            with metrics.stage("database"):
                return await asyncio.wait_for(self.recorder.load_state(conversation), RECORD_TIMEOUT_S)
        except Exception:
            logger.exception("The state of a conversation could not be loaded")
            return None


@lru_cache(maxsize=1)
def _default() -> Service:
    from twitchwise.dialogue import load_kit
    from twitchwise.turn_memo import serve

    recorder, effects = _open_records()
    # A staff is spoken of only where it can be reached.
    extra = {"staff": load_settings().opening_hours()} if HAND_OVER in effects else {}
    return Service(serve=serve, kit=load_kit(**extra), recorder=recorder, effects=effects)


def _open_records() -> tuple[Recorder, Mapping[str, Effect]]:
    try:
        from actions.effects import effects_on
        from twitchwise.records import open_recorder

        settings = load_settings()
        recorder = open_recorder(settings.database_url, keep_addresses=settings.has_staff)
        return recorder, effects_on(recorder, staff=settings.has_staff)
    except Exception:
        logger.exception("Records cannot be opened; turns are served without them")
        return NoRecorder(), {}


async def warm_up() -> None:
    """Load the dialogue and touch the records, so that the first person need not wait for it."""
    touch = getattr(get_service().recorder, "warm_up", None)
    if touch is not None:
        try:
            await asyncio.wait_for(touch(), RECORD_TIMEOUT_S)
        except Exception:
            logger.exception("The records could not be warmed up")


_current: Service | None = None


def get_service() -> Service:
    """The service of this process."""
    return _current or _default()


def set_service(service: Service | None) -> None:
    """Use another service (tests), or the default again with None."""
    global _current
    _current = service
