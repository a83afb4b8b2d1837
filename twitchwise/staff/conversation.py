"""What was said in a conversation, out of Rasa's events: shown where the operator allows it."""
from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy.engine import Engine

from twitchwise.records import tracker_events
from twitchwise.records.keys import Keys

MOST = 300


@dataclass(frozen=True)
class Said:
    """One message. `who`: person | assistant."""

    who: str
    text: str
    at: datetime


def conversation(engine: Engine, keys: Keys, case: str) -> list[Said]:
    """The newest messages of a conversation (its pseudonym), oldest first. Raises SQLAlchemyError, ContentKeyError."""
    found: list[Said] = []
    for line in tracker_events.load_all(engine, keys, case):
        event = json.loads(line)
        who = {"user": "person", "bot": "assistant"}.get(event.get("event"))
        text = event.get("text")
        if who and isinstance(text, str) and text and not (who == "person" and text == "/session_start"):
            found.append(Said(who, text, datetime.fromtimestamp(float(event.get("timestamp") or 0), timezone.utc)))
    return found[-MOST:]
