"""The recorder as the actions use it: off the event loop, taking the dialogue's own objects."""
from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from twitchwise.dialogue.model import HAND_OVER
from twitchwise.records import hand_over, privacy
from twitchwise.records.engine import shared_engine
from twitchwise.records.keys import Keys, as_keys
from twitchwise.records.recorder import Recorded, Recorder
from twitchwise.records.turns import PERSON_ASKED, _get

#: Channels whose conversations begin with their name; every other sender id is REST's.
_CHANNELS = ("web", "telegram")


class TurnRecorder:
    """Records what `twitchwise.dialogue.serve` returned for a message."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    async def record_turn(self, conversation: str, message: Any, turn: Any) -> Recorded:
        """Write the turn; once for each message id. `message`: the dialogue's Message, or a mapping with its fields."""
        state = turn.state if isinstance(turn.state, Mapping) else turn.state.to_dict()
        return await asyncio.to_thread(
            self.recorder.record_turn, conversation, _get(message, "message_id"), _get(message, "findings") or (), _assessment(turn),
            _escalation(turn), _get(message, "now"), channel=_get(message, "channel") or None, state=state,
        )

    async def load_state(self, conversation: str) -> dict[str, Any] | None:
        """The dialogue's state at the end of the last recorded turn, None when there is none."""
        return await asyncio.to_thread(self.recorder.load_state, conversation)

    async def export(self, conversation: str) -> dict[str, Any]:
        """Everything kept about the person, JSON-able. Raises SQLAlchemyError while the database is away."""
        return await asyncio.to_thread(privacy.export, self.recorder.engine, self.recorder.keys, conversation)

    async def delete(self, conversation: str) -> privacy.Deleted:
        """Delete everything kept about the person; what Rasa still saves of this turn is dropped as well. Do not record this turn.
        Raises SQLAlchemyError while the database is away: nothing is deleted then, and the person must be told so."""
        return await asyncio.to_thread(
            privacy.delete_person, self.recorder.engine, self.recorder.keys, conversation, spool=self.recorder.spool)

    async def ask_for_a_person(self, conversation: str) -> None:
        """Somebody of the staff should take over. Raises SQLAlchemyError while the database is away."""
        kind, separator, _ = conversation.partition(":")
        channel = kind if separator and kind in _CHANNELS else "rest"
        now = datetime.now(timezone.utc)
        await asyncio.to_thread(hand_over.request, self.recorder.engine, self.recorder.keys, conversation, channel, now)

    async def warm_up(self) -> bool:
        """Call once at the start, after migrating: the first person need not wait for it. False while the database is away."""
        return await asyncio.to_thread(self.recorder.warm_up)


def _assessment(turn: Any) -> Any:
    """The level that the person was told, with the rules behind it and their version; None before there is one."""
    slots, found = turn.slots or {}, getattr(turn, "assessment", None)
    level = slots.get("triage_level")
    if not level:
        return None
    return {
        "level": level, "red_flags": slots.get("red_flags") or (), "amber": _get(found, "amber") or (),
        "reasons": _get(found, "reasons") or (), "rules_version": _get(found, "rules_version") or "unknown",
    }


def _escalation(turn: Any) -> Any:
    """The turn's escalation; asking for a person is one too."""
    if turn.escalate is not None or HAND_OVER not in (getattr(turn, "effects", None) or ()):
        return turn.escalate
    return {"kind": PERSON_ASKED, "level": (turn.slots or {}).get("triage_level") or "self_care"}


def open_recorder(url: str | None = None, key: Keys | bytes | str | None = None, *, spool: Path | str | None = None,
                  keep_addresses: bool = False) -> TurnRecorder:
    """The recorder of this process on its shared engine. What is not given comes from the settings. Opens no connection."""
    if url is None or key is None or spool is None:
        from twitchwise.settings import Settings

        settings = Settings.parse_obj({})
        url = url or settings.database_url
        key = key if key is not None else settings.key()
        spool = spool or settings.var_dir / "spool"
    return TurnRecorder(Recorder(shared_engine(url), as_keys(key), spool=spool, keep_addresses=keep_addresses))
