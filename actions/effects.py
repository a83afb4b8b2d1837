"""What a turn asks for beside its words, carried out on the records: a copy of what is kept, and its deletion."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.service import Effect
from twitchwise.dialogue import Reply
from twitchwise.dialogue.model import DELETE, EXPORT


def effects_on(recorder: Any) -> Mapping[str, Effect]:
    """The effects that a recorder of `twitchwise.records` can carry out."""

    async def export(conversation: str, _turn: Any) -> list[Reply]:
        return [Reply(text="", card={"type": "data_export", "data": await recorder.export(conversation)})]

    async def delete(conversation: str, _turn: Any) -> list[Reply]:
        await recorder.delete(conversation)
        return []

    return {EXPORT: export, DELETE: delete}
