from __future__ import annotations

from typing import Any

from actions.effects import _KEPT, effects_on, what_was_deleted
from twitchwise.records.models import Base
from twitchwise.records.privacy import Deleted


class Records:
    def __init__(self) -> None:
        self.deleted: list[str] = []

    async def export(self, conversation: str) -> dict[str, Any]:
        return {"conversation": conversation}

    async def delete(self, conversation: str) -> Deleted:
        self.deleted.append(conversation)
        return Deleted({"tracker_events": 7, "conversations": 1, "telegram_chats": 1}, 0)


async def test_a_copy_comes_as_a_card() -> None:
    (reply,) = await effects_on(Records())["export"]("c1", None)
    assert reply.text == "" and reply.card == {"type": "data_export", "data": {"conversation": "c1"}}


async def test_deletion_says_what_was_deleted() -> None:
    records = Records()
    (reply,) = await effects_on(records)["delete"]("c1", None)
    assert records.deleted == ["c1"]
    assert reply.text == ("I have deleted the messages of this chat, what you told me about your health and "
                          "what I kept of this Telegram chat.")


def test_nothing_is_claimed_that_was_not_there() -> None:
    assert what_was_deleted({}) == "There was nothing else in my records."
    assert "care team" in what_was_deleted({"escalations": 1}) and "own note" not in what_was_deleted({"escalations": 1})
    assert "own note" in what_was_deleted({"escalations": 1, "deliveries": 1})


def test_every_table_of_a_person_has_words() -> None:
    named = {table for tables, _ in _KEPT for table in tables}
    owned = {table.name for table in Base.metadata.sorted_tables if "conversation_id" in table.c}
    assert owned <= named
