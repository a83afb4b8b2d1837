"""The safety policy: says an emergency's words before anything else, whatever the intent and whatever form is active.

It needs nothing but the message's entities and one slot: the words are Rasa's own, the slots are set with its prediction, so both
hold with the action process, the database and the network gone. Its predictions count as made without user input, because only
those beat an active form (ensemble.py), and it predicts a whole plan, one step a call, because otherwise the form asks again.
"""
from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData, confidence_scores_for
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_DEACTIVATE_LOOP_NAME, ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from twitchwise import metrics
from twitchwise.channels.safety_net import crisis_line, emergency_number
from twitchwise.policies.emergency import EMERGENCY, Emergency, find_emergency
from twitchwise.turn_message import message_of
from twitchwise.turn_state import SLOT, TurnState

logger = logging.getLogger(__name__)
PLAN_SLOT = "safety_plan"
TURN_ACTIONS = ("action_turn", "action_finish_check")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class SafetyPolicy(Policy):
    """Ahead of the RulePolicy. Nothing is learned."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above every policy of Rasa's."""
        return {"priority": 100}

    @staticmethod
    def supported_data() -> SupportedData:
        """It looks at no training data; rules are let through so that a model without stories can be trained."""
        return SupportedData.ML_AND_RULE_DATA

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> SafetyPolicy:
        """See the base class."""
        return cls(config, model_storage, resource, execution_context)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> SafetyPolicy:
        """See the base class; nothing was stored."""
        return cls(config, model_storage, resource, execution_context)

    def _create_featurizer(self) -> TrackerFeaturizer:
        return self._standard_featurizer()

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn."""
        return self._resource

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None = None, **kwargs: Any
    ) -> PolicyPrediction:
        """The next step of the emergency's plan, the end of a served turn, or nothing."""
        message, done = _this_turn(tracker)
        if message is None:
            return self._abstain(domain)
        if not done:
            with metrics.stage("triage"):
                emergency = self._emergency(message, tracker)
            if emergency is None:
                return self._abstain(domain)
            steps = _plan(emergency, tracker.active_loop_name is not None)
            return self._step(steps[0], domain, _slots(emergency, message, steps))
        plan = tracker.get_slot(PLAN_SLOT)
        if isinstance(plan, dict) and plan.get("message_id") == message.message_id and done[0] in plan["steps"]:
            return self._step(plan["steps"][min(len(done), len(plan["steps"]) - 1)], domain)
        if done[-1] in TURN_ACTIONS:
            # Every served turn ends here; without a rule (an intent of None) the fallback would serve it again and again.
            return self._step(ACTION_LISTEN_NAME, domain)
        return self._abstain(domain)

    @staticmethod
    def _emergency(message: UserUttered, tracker: DialogueStateTracker) -> Emergency | None:
        try:
            heard = message_of(
                {
                    "text": message.text, "intent": message.intent, "entities": message.entities, "message_id": message.message_id,
                    "metadata": message.metadata, "button": (message.parse_data or {}).get("button"),
                },
                now=datetime.now(timezone.utc),
            )
            return find_emergency(heard, TurnState.from_dict(tracker.get_slot(SLOT)), tracker.get_slot("red_flags") or [])
        except Exception:
            logger.exception("The safety policy could not read a message")
            return None

    def _step(self, action: str, domain: Domain, events: list[Event] | None = None) -> PolicyPrediction:
        return self._prediction(confidence_scores_for(action, 1.0, domain), events=events, is_no_user_prediction=True)

    def _abstain(self, domain: Domain) -> PolicyPrediction:
        return self._prediction(self._default_predictions(domain))


def _this_turn(tracker: DialogueStateTracker) -> tuple[UserUttered | None, list[str]]:
    """The latest message, and the actions executed since, listening left out."""
    done: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            done.reverse()
            return event, done
        if isinstance(event, ActionExecuted) and event.action_name:
            if event.action_name == ACTION_LISTEN_NAME:
                return None, []
            done.append(event.action_name)
    return None, []


def _plan(emergency: Emergency, in_form: bool) -> list[str]:
    """The words, the end of the form, the record (action_turn adds what to do, and cannot take anything away), then wait."""
    words = [name for name, said in (("utter_emergency", emergency.bodily), ("utter_crisis", emergency.crisis)) if said]
    return [*words, *([ACTION_DEACTIVATE_LOOP_NAME] if in_form else []), "action_turn", ACTION_LISTEN_NAME]


def _slots(emergency: Emergency, message: UserUttered, steps: list[str]) -> list[Event]:
    country = (message.metadata or {}).get("country")
    return [
        SlotSet("red_flags", list(emergency.red_flags)),
        SlotSet("triage_level", EMERGENCY),
        SlotSet("emergency_number", emergency_number(country)),
        SlotSet("crisis_line", crisis_line(country)),
        SlotSet(PLAN_SLOT, {"message_id": message.message_id, "steps": steps, "flags": list(emergency.new)}),
    ]
