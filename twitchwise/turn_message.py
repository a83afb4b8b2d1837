"""The dialogue's message out of what Rasa made of a text. The actions and the safety policy read a message by this, so that both hear the same."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from twitchwise.dialogue import Message
from twitchwise.dialogue.topics import topics_of
from twitchwise.understanding.findings import findings_of

#: In a message's metadata: a person of the staff has taken over. Only the guard puts it there.
HANDED_OVER = "handed_over"


def message_of(parsed: Mapping[str, Any], *, now: datetime, channel: str = "", said: bool = False) -> Message:
    """`parsed`: Rasa's parse data with message_id, metadata and, for a pressed button, `button`; `said`: its emergency words were said."""
    intent = parsed.get("intent") or {}
    entities = parsed.get("entities") or []
    return Message(
        text=str(parsed.get("text") or ""),
        intent=intent.get("name"),
        intent_confidence=float(intent.get("confidence") or 0.0),
        # The classifier has settled which questions there are; its ranking of intents would bring back what it refused.
        topics=topics_of(entities),
        findings=findings_of(entities),
        message_id=str(parsed.get("message_id") or ""),
        now=now,
        channel=channel,
        country=(parsed.get("metadata") or {}).get("country"),
        emergency_said=said,
        payload=parsed.get("button"),
        handed_over=bool((parsed.get("metadata") or {}).get(HANDED_OVER)),
    )
