"""The custom action of the stock assistant: as little as an action can do for a message (one slot read, two set, one answer with buttons).

Served by `rasa run actions`, called by stock Rasa over HTTP for every message.
"""
from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher


class ActionTurn(Action):
    """Answers every message."""

    def name(self) -> str:
        return "action_turn"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        seen = tracker.get_slot("symptoms_present") or []
        intent = (tracker.latest_message.get("intent") or {}).get("name") or "none"
        dispatcher.utter_message(
            text=f"I have noted that ({intent}). Is there any weakness?",
            buttons=[{"title": title, "payload": f"/{name}"} for title, name in (("Yes", "affirm"), ("No", "deny"), ("Not sure", "unsure"))],
        )
        return [SlotSet("symptoms_present", [*seen, intent][-5:]), SlotSet("faq_topic", intent)]
