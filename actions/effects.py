"""What a turn asks for beside its words, carried out on the records: a copy of what is kept, and its deletion."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.service import Effect
from twitchwise.dialogue import Reply
from twitchwise.dialogue.draft import listed
from twitchwise.dialogue.model import DELETE, EXPORT, HAND_OVER
from twitchwise.turn_state import PROBE_PREFIX

#: What the tables hold, for the person who asked for its deletion.
_KEPT = (
    (("tracker_events",), "the messages of this chat"),
    (("findings", "turns", "conversations"), "what you told me about your health"),
    (("assessments",), "the advice that I gave"),
    (("escalations", "outbox", "deliveries"), "the note to the care team"),
    (("hand_overs", "hand_over_messages"), "what was written with the care team"),
    (("telegram_chats", "telegram_updates", "telegram_outgoing"), "what I kept of this Telegram chat"),
)


def what_was_deleted(rows: Mapping[str, int]) -> str:
    """The sentence that names what is gone, from the numbers of deleted rows of each table."""
    names = [name for tables, name in _KEPT if any(rows.get(table) for table in tables)]
    if not names:
        return "There was nothing else in my records."
    said = f"I have deleted {listed(names)}."
    if rows.get("deliveries"):
        said += " If the care team was told of an emergency, they may still have their own note of it."
    return said


def effects_on(recorder: Any, *, staff: bool = False) -> Mapping[str, Effect]:
    """The effects that a recorder of `twitchwise.records` can carry out. `staff`: there is somebody to hand a conversation over to."""

    async def export(conversation: str, _turn: Any) -> list[Reply]:
        return [Reply(text="", card={"type": "data_export", "data": await recorder.export(conversation)})]

    async def delete(conversation: str, _turn: Any) -> list[Reply]:
        # The card tells a page that still shows the old words to forget them as well.
        return [Reply(text=what_was_deleted((await recorder.delete(conversation)).rows), card={"type": "deleted"})]

    async def ask_for_a_person(conversation: str, _turn: Any) -> list[Reply]:
        if not conversation.startswith(PROBE_PREFIX):
            await recorder.ask_for_a_person(conversation)
        return []

    return {EXPORT: export, DELETE: delete, **({HAND_OVER: ask_for_a_person} if staff else {})}
