"""The actions that Rasa calls: outside the check, inside its form, and after it."""
from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import serve_message
from twitchwise.turn_state import SLOT, TurnState

logger = logging.getLogger(__name__)
Events = list[dict[str, Any]]


class ActionTurn(Action):
    """Serves a message when no form is active."""

    def name(self) -> str:
        return "action_turn"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """See `serve_message`."""
        return await serve_message(dispatcher, tracker, in_form=False)


class ValidateCheckForm(Action):
    """Serves a message while the check's form is active. Rasa also calls it when the form opens; then the message was served already."""

    def name(self) -> str:
        return "validate_check_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """See `serve_message`. Always holds a slot besides requested_slot, or Rasa rejects the form and drops its words."""
        return await serve_message(dispatcher, tracker, in_form=True)


class ActionFinishCheck(Action):
    """After the form. Rasa also runs this when the form broke (a dead action process reads as "done"): it gives no result of its own,
    so that no advice can rest on a check that never was."""

    def name(self) -> str:
        return "action_finish_check"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """No words and no slots: the result was said by the turn that ended the check."""
        state = TurnState.from_dict(tracker.get_slot(SLOT))
        if state.message_id != (tracker.latest_message or {}).get("message_id"):
            logger.warning("A check ended without a served message; no result is given")
        return []
