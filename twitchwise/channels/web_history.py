"""What has been said in a web conversation, for a page that comes back: from the tracker, and from what only this process knows.

The tracker is the truth. Words of the guard (a failure, a limit) never reach it; they are kept in memory for a while, so that a reload
shows them too. When the conversation was deleted, they are dropped as well.
"""
from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

Item = dict[str, Any]
#: Items of one replay, newest last.
MOST_ITEMS = 300
MOST_CONVERSATIONS = 2000
MOST_EXTRAS = 40
EXTRA_LIFE_S = 6 * 3600


def bot_id(message_id: str, number: int) -> str:
    """The delivery id of the `number`-th reply to a message: the same when it is sent and when it is replayed."""
    return f"{message_id}.{number}"


def asks_for_places(buttons: Iterable[dict[str, Any]]) -> bool:
    """Whether these buttons (with the dialogue's own payloads) answer "where?", so that a body map helps."""
    places = 0
    for button in buttons:
        try:
            meaning = json.loads(button.get("payload") or "")
        except (TypeError, ValueError):
            continue
        places += bool(isinstance(meaning, dict) and meaning.get("place"))
    return places >= 3


def items_of(events: Iterable[Any]) -> list[Item]:
    """Every message of these Rasa events, oldest first. Buttons still hold the dialogue's payloads."""
    items: list[Item] = []
    message_id, number = "start", 0
    for event in events:
        kind = event.type_name
        if kind == "user":
            if not event.text or not event.message_id:
                continue
            message_id, number = str(event.message_id), 0
            items.append({"id": message_id, "role": "user", "text": event.text, "at": float(event.timestamp or 0)})
        elif kind == "bot":
            data = event.data or {}
            if event.text or data.get("custom"):
                item: Item = {"id": bot_id(message_id, number), "role": "bot", "text": event.text or "", "at": float(event.timestamp or 0)}
                item.update({key: data[key] for key in ("buttons", "custom") if data.get(key)})
                items.append(item)
            number += 1
        elif kind == "restart":
            items.clear()
    return items


def unheard_emergency(items: Iterable[Item]) -> str | None:
    """The flag of an emergency that only the safety net has answered, so that no slot knows it; None once the assistant said something."""
    for item in reversed(list(items)):
        if item["role"] != "bot":
            continue
        if not item.get("guard"):
            return None
        custom = item.get("custom")
        if isinstance(custom, dict) and custom.get("level") == "emergency":
            return str(custom.get("flag") or "")
    return None


class Extras:
    """Messages that only this process knows, by conversation."""

    def __init__(self, clock: Any = time.time) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, list[Item]] = OrderedDict()

    def add(self, conversation: str, item: Item) -> None:
        """Remember an item for a while."""
        kept = self._kept.setdefault(conversation, [])
        self._kept.move_to_end(conversation)
        kept.append(item)
        del kept[:-MOST_EXTRAS]
        while len(self._kept) > MOST_CONVERSATIONS:
            self._kept.popitem(last=False)

    def drop(self, conversation: str, ids: set[str] | None = None) -> None:
        """Forget these items of a conversation (None: all)."""
        kept = self._kept.get(conversation)
        if kept is None:
            return
        left = [] if ids is None else [item for item in kept if item["id"] not in ids]
        if left:
            self._kept[conversation] = left
        else:
            del self._kept[conversation]

    def drop_if_older(self, conversation: str, seconds: float) -> None:
        """Forget all of a conversation unless something was added within so many seconds."""
        kept = self._kept.get(conversation)
        if kept and kept[-1]["at"] < self._clock() - seconds:
            self.drop(conversation)

    def merged(self, conversation: str, items: list[Item]) -> list[Item]:
        """`items` with what only this process knows, in order of time; at most MOST_ITEMS."""
        known = {item["id"] for item in items}
        since = self._clock() - EXTRA_LIFE_S
        more = [item for item in self._kept.get(conversation, ()) if item["id"] not in known and item["at"] >= since]
        # The sort is stable: what the tracker holds keeps its own order.
        return sorted([*items, *more], key=lambda item: item["at"])[-MOST_ITEMS:]
