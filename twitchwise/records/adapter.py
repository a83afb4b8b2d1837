"""The recorder as the actions use it: off the event loop, taking the dialogue's own objects."""
from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twitchwise.records.engine import shared_engine
from twitchwise.records.keys import Keys, as_keys
from twitchwise.records.recorder import Recorded, Recorder
from twitchwise.records.turns import _get


class TurnRecorder:
    """Records what `twitchwise.dialogue.serve` returned for a message."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    async def record_turn(self, conversation: str, message: Any, turn: Any) -> Recorded:
        """Write the turn; once for each message id. `message`: the dialogue's Message, or a mapping with its fields."""
        slots = turn.slots or {}
        assessment = getattr(turn, "assessment", None)
        if assessment is None and slots.get("triage_level"):
            assessment = {"level": slots["triage_level"], "red_flags": slots.get("red_flags") or (),
                          "rules_version": slots.get("rules_version") or "unknown"}
        state = turn.state if isinstance(turn.state, Mapping) else turn.state.to_dict()
        return await asyncio.to_thread(
            self.recorder.record_turn, conversation, _get(message, "message_id"), _get(message, "findings") or (), assessment,
            turn.escalate, _get(message, "now"), channel=_get(message, "channel") or None, state=state,
        )

    async def load_state(self, conversation: str) -> dict[str, Any] | None:
        """The dialogue's state at the end of the last recorded turn, None when there is none."""
        return await asyncio.to_thread(self.recorder.load_state, conversation)


def open_recorder(url: str | None = None, key: Keys | bytes | str | None = None, *, spool: Path | str | None = None) -> TurnRecorder:
    """The recorder of this process on its shared engine. Without `key`, the signing key of the settings is used. Opens no connection."""
    if key is None:
        from twitchwise.settings import Settings

        key = Settings().key()
    return TurnRecorder(Recorder(shared_engine(url), as_keys(key), spool=spool))
