"""What the slot `dialogue_state` holds between messages: the dialogue's own state, and what the last message led to.

The slot is the truth of the turn: actions may be called twice for one message, and only the first call may speak.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SLOT = "dialogue_state"
SCHEMA = 1
REMEMBERED_IDS = 50
#: Conversations of the server's own probes: answered like any other, kept nowhere.
PROBE_PREFIX = "probe:"


@dataclass
class TurnState:
    """`dialogue`: the state of twitchwise.dialogue as a dictionary. `slots`, `requested_slot`, `check_open`: of message `message_id`."""

    dialogue: dict[str, Any] = field(default_factory=dict)
    message_id: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    requested_slot: str | None = None
    check_open: bool = False
    served: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able, with its schema's version."""
        return {
            "schema": SCHEMA,
            "dialogue": self.dialogue,
            "message_id": self.message_id,
            "slots": self.slots,
            "requested_slot": self.requested_slot,
            "check_open": self.check_open,
            "served": self.served[-REMEMBERED_IDS:],
        }

    @classmethod
    def from_dict(cls, raw: Any) -> TurnState:
        """The state in the slot; an empty one for None or for a schema that this version does not know."""
        if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
            return cls()
        return cls(
            dialogue=raw.get("dialogue") or {},
            message_id=raw.get("message_id"),
            slots=raw.get("slots") or {},
            requested_slot=raw.get("requested_slot"),
            check_open=bool(raw.get("check_open")),
            served=list(raw.get("served") or []),
        )
