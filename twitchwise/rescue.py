"""An emergency whose action failed: the safety policy has said its words, but nobody would be told until the person writes again.

So the server itself records the escalation, under the message's own id: when the action is back and serves the message after all, it finds
it recorded, and nobody is told twice.
"""
from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from twitchwise.policies.emergency import EMERGENCY
from twitchwise.turn_state import PROBE_PREFIX

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _recorder() -> Any:
    from twitchwise.records import open_recorder

    return open_recorder()


def emergency_in(call: Mapping[str, Any]) -> SimpleNamespace | None:
    """What to record of a call of an action that failed: `conversation`, `message_id`, `channel`, `flags`, `new_flags`. None when the call's
    message brought no new emergency."""
    tracker = call.get("tracker") or {}
    slots, message = tracker.get("slots") or {}, tracker.get("latest_message") or {}
    plan, conversation = slots.get("safety_plan"), str(tracker.get("sender_id") or "")
    message_id = message.get("message_id")
    if not isinstance(plan, dict) or not message_id or plan.get("message_id") != message_id or conversation.startswith(PROBE_PREFIX):
        return None
    return SimpleNamespace(conversation=conversation, message_id=str(message_id), channel=tracker.get("latest_input_channel"),
                           flags=tuple(slots.get("red_flags") or ()), new_flags=tuple(plan.get("flags") or ()))


async def record_emergency(call: Mapping[str, Any]) -> None:
    """Record the escalation of a call that failed. Never raises: the person's words do not depend on it."""
    try:
        found = emergency_in(call)
        if found is None:
            return
        from twitchwise.records.turns import Escalation

        flags = found.flags or found.new_flags
        await asyncio.to_thread(
            _recorder().recorder.record_turn, found.conversation, found.message_id, (),
            {"level": EMERGENCY, "red_flags": flags, "rules_version": "unknown"}, Escalation(EMERGENCY, flags), channel=found.channel,
        )
    except Exception:
        logger.exception("The escalation of a failed action could not be recorded")
