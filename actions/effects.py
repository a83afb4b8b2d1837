"""What a turn asks for beside its words, carried out on the records: a copy of what is kept, and its deletion."""
from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from actions.service import Effect
from twitchwise.dialogue import Reply


def effects_on(recorder: Any) -> Mapping[str, Effect]:
    """The effects that a `twitchwise.records` recorder can carry out."""
    from twitchwise.records import privacy

    store = recorder.recorder

    async def export(conversation: str, _turn: Any) -> list[Reply]:
        data = await asyncio.to_thread(privacy.export, store.engine, store.keys, conversation)
        return [Reply(text="", card={"type": "data_export", "data": data})]

    async def delete(conversation: str, _turn: Any) -> list[Reply]:
        await asyncio.to_thread(privacy.delete_person, store.engine, store.keys, conversation, spool=store.spool)
        return []

    return {"export": export, "delete": delete}
