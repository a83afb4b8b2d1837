from __future__ import annotations

from typing import Any

from actions.effects import effects_on


class Records:
    def __init__(self) -> None:
        self.deleted: list[str] = []

    async def export(self, conversation: str) -> dict[str, Any]:
        return {"conversation": conversation}

    async def delete(self, conversation: str) -> None:
        self.deleted.append(conversation)


async def test_a_copy_comes_as_a_card() -> None:
    (reply,) = await effects_on(Records())["export"]("c1", None)
    assert reply.text == "" and reply.card == {"type": "data_export", "data": {"conversation": "c1"}}


async def test_deletion_says_nothing_of_its_own() -> None:
    records = Records()
    assert list(await effects_on(records)["delete"]("c1", None)) == []
    assert records.deleted == ["c1"]
