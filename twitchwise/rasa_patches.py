"""Changes to Rasa 3.6.21, each small, each with tests that it does what the original did and that the original is still there.

Nearly all save time and nothing else: Rasa checks the schema of action results anew on every result, walks all subclasses for every stored
event, replays a conversation for every copy and prediction, and tries every rule. Two change how it runs: messages are read in a thread, and
an action has a few seconds, not 300 (a lock lives 60 s, a person waits 10).
"""
from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Any

#: sha256 of the source of what is replaced, checked by the tests: a change in Rasa shows there.
ORIGINALS = {
    "rasa.core.actions.action:RemoteAction._validate_action_result": "f8cdb4be68123961",
    "rasa.core.actions.action:RemoteAction.action_response_format_spec": "091b74aa3738d126",
    "rasa.core.actions.action:RemoteAction.run": "ccabf6f1160d527a",
    "rasa.shared.core.events:Event.resolve_by_type": "b5cf570fa7f286c7",
    "rasa.shared.core.domain:Domain.is_empty": "884be90ef485f1d2",
    "rasa.shared.core.domain:Domain.as_dict": "5f555a0cf9b94bc5",
    "rasa.core.policies.rule_policy:RulePolicy._get_possible_keys": "2915fd81711e194c",
    "rasa.core.policies.rule_policy:RulePolicy._is_rule_applicable": "64a108b016b46e57",
    "rasa.core.policies.rule_policy:RulePolicy._does_rule_match_state": "d3109c1a97de319c",
    "rasa.core.policies.rule_policy:RulePolicy._rule_key_to_state": "b91b949bbccbff0b",
    "rasa.core.policies.rule_policy:RulePolicy._find_action_from_rules": "be6da6ee0f5429bd",
    "rasa.core.policies.policy:Policy._prediction_states": "ed9b82bed2f26ad7",
    "rasa.core.featurizers.tracker_featurizers:MaxHistoryTrackerFeaturizer.prediction_states": "451caf09a389e871",
    "rasa.shared.core.domain:Domain.states_for_tracker_history": "035111ce73ac90ba",
    "rasa.shared.core.trackers:DialogueStateTracker.__init__": "8f39eb22462aa62b",
    "rasa.shared.core.trackers:DialogueStateTracker._reset": "190858eaf560a0c0",
    "rasa.shared.core.trackers:DialogueStateTracker.init_copy": "429fcd2243b9e0e1",
    "rasa.shared.core.trackers:DialogueStateTracker.copy": "dfa48dca9f355ad1",
    "rasa.shared.core.trackers:DialogueStateTracker.travel_back_in_time": "09d16f28f007492f",
    "rasa.shared.core.trackers:DialogueStateTracker.generate_all_prior_trackers": "a1f6954347b52649",
    "rasa.shared.core.trackers:DialogueStateTracker.applied_events": "764d5065ea9997d6",
    "rasa.shared.core.trackers:DialogueStateTracker._undo_till_previous_loop_execution": "7ecfe12cccb39814",
    "rasa.shared.core.trackers:DialogueStateTracker._first_loop_execution_or_unhappy_path": "b67fe33e30d9b68c",
    "rasa.shared.core.trackers:DialogueStateTracker._is_within_unhappy_path": "56754b9201f1d363",
    "rasa.core.policies.rule_policy:RulePolicy._predict": "f5182d8a10639e14",
    "rasa.shared.core.trackers:DialogueStateTracker.current_state": "a9f1526ceddf7a28",
    "rasa.shared.core.trackers:DialogueStateTracker.update": "b55e6b1c724fa6e9",
    "rasa.core.actions.forms:FormAction._temporary_tracker": "381bc4b6e07fc205",
    "rasa.engine.runner.dask:DaskGraphRunner.run": "45f0f52f574f3aa9",
    "rasa.core.actions.action:ActionExtractSlots.run": "13487835d751b652",
    "rasa.core.actions.action:ActionExtractSlots._execute_validation_action": "3f1249f61cf252e0",
    "rasa.core.processor:MessageProcessor.parse_message": "b98d8e49b9f2c433",
    "rasa.core.processor:MessageProcessor._log_slots": "cfc60d6857d3466d",
}


def apply(*, action_timeout_s: float = 5.0) -> None:
    """Apply every patch; applying twice changes nothing more."""
    patch_action_validator()
    patch_event_classes()
    patch_parsing()
    patch_action_timeout(action_timeout_s)
    patch_empty_domain()
    patch_debug_copies()
    patch_rule_lookup()
    patch_rule_states()
    patch_tracker_copies()
    patch_loop_copies()
    patch_graph_runner()
    patch_slot_extraction()
    patch_slot_log()


def patch_action_validator() -> None:
    """Compile the schema of action results once, and try each event against the one branch that its kind can match."""
    from rasa.core.actions.action import RemoteAction

    from twitchwise.action_results import ResultValidator

    if getattr(RemoteAction._validate_action_result, "twitchwise", False):
        return

    @lru_cache(maxsize=1)
    def validator() -> ResultValidator:
        return ResultValidator(RemoteAction.action_response_format_spec())

    def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator().check(result)
        return True

    _validate_action_result.twitchwise = True  # type: ignore[attr-defined]
    RemoteAction._validate_action_result = _validate_action_result


def patch_event_classes() -> None:
    """Look event classes up in a table; a name not in it goes the original way."""
    from rasa.shared.core import events
    from rasa.shared.utils.common import all_subclasses

    if getattr(events.Event.resolve_by_type, "twitchwise", False):
        return
    original = events.Event.resolve_by_type

    @lru_cache(maxsize=1)
    def table() -> dict[str, type[events.Event]]:
        classes: dict[str, type[events.Event]] = {}
        for each in all_subclasses(events.Event):
            classes.setdefault(each.type_name, each)
        return classes

    def resolve_by_type(type_name: str, default: Any = None) -> Any:
        return table().get(type_name) or original(type_name, default)

    resolve_by_type.twitchwise = True  # type: ignore[attr-defined]
    events.Event.resolve_by_type = staticmethod(resolve_by_type)


def patch_parsing() -> None:
    """Read messages in a thread: meanwhile the event loop serves others, also at the same time, as the sentence encoder and the large products
    of the classifier let go of the interpreter. Timed as a stage of its own."""
    from rasa.core.processor import MessageProcessor
    from rasa.shared.core.trackers import DialogueStateTracker

    from twitchwise.metrics import timed
    from twitchwise.rasa_shortcuts import in_reading_thread

    original = MessageProcessor.parse_message
    if hasattr(original, "__wrapped__"):
        return

    async def parse_message(
        self: MessageProcessor, message: Any, tracker: Any = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        if self.http_interpreter:
            return dict(await original(self, message, tracker, only_output_properties))
        if tracker is None:
            tracker = DialogueStateTracker.from_events(message.sender_id, [])
        found: dict[str, Any] = await in_reading_thread(self._parse_message_with_graph, message, tracker, only_output_properties)
        self._update_full_retrieval_intent(found)
        self._check_for_unseen_features(found)
        return found

    MessageProcessor.parse_message = timed("parse")(parse_message)


def patch_action_timeout(seconds: float) -> None:
    """How long an action may take. Rasa reads the constant of this module at each call."""
    from rasa.core.actions import action

    action.DEFAULT_REQUEST_TIMEOUT = seconds


def patch_empty_domain() -> None:
    """Compare with an empty domain that is made once."""
    from rasa.shared.core.domain import Domain

    if getattr(Domain.is_empty, "twitchwise", False):
        return

    @lru_cache(maxsize=1)
    def nothing() -> dict[str, Any]:
        empty: dict[str, Any] = Domain.empty().as_dict()
        return empty

    def is_empty(self: Domain) -> bool:
        return bool(self.as_dict() == nothing())

    is_empty.twitchwise = True  # type: ignore[attr-defined]
    Domain.is_empty = is_empty


#: Modules of Rasa in which `copy` serves nothing but debug lines (a test reads them).
COPY_FOR_DEBUG = ("rasa.core.processor", "rasa.core.policies.rule_policy", "rasa.core.actions.forms")


class _NoCopy:
    """In place of the module `copy` where copies are only made to be logged: a line is written, or left out, before anything changes."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


def patch_debug_copies() -> None:
    """Give debug lines the things themselves."""
    for name in COPY_FOR_DEBUG:
        importlib.import_module(name).copy = _NoCopy  # type: ignore[attr-defined]


def patch_rule_lookup() -> None:
    """Try only the rules that ask for no intent or for this one; each of them is judged by Rasa's own code."""
    from rasa.core.policies.rule_policy import RulePolicy

    from twitchwise.rasa_shortcuts import RulesByIntent

    original = RulePolicy._get_possible_keys
    if getattr(original, "twitchwise", False):
        return

    def _get_possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[dict[str, Any]]) -> set[str]:
        if not states:
            return original(self, lookup, states)
        index = self.__dict__.setdefault("_twitchwise_rules", {})
        known = index.get(id(lookup))
        if known is None or known.lookup is not lookup or known.count != len(lookup):
            known = index[id(lookup)] = RulesByIntent(lookup, RulePolicy._rule_key_to_state)
        return original(self, known.fitting(states[-1]), states)

    _get_possible_keys.twitchwise = True  # type: ignore[attr-defined]
    RulePolicy._get_possible_keys = _get_possible_keys


def patch_rule_states() -> None:
    """Make only as many states of a conversation as the longest rule looks at, and none for texts where no rule is about a text."""
    from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.shared.core.constants import ACTION_LISTEN_NAME

    from twitchwise.rasa_shortcuts import last_states, longest_rule, needs_no_text

    original = RulePolicy._prediction_states
    if getattr(original, "twitchwise", False):
        return

    def _prediction_states(
        self: RulePolicy, tracker: Any, domain: Any, use_text_for_last_user_input: bool = False, rule_only_data: Any = None
    ) -> list[dict[str, Any]]:
        featurizer = self.featurizer
        if type(self) is not RulePolicy or type(featurizer) is not MaxHistoryTrackerFeaturizer or featurizer.max_history is not None:
            return list(original(self, tracker, domain, use_text_for_last_user_input, rule_only_data))
        states = last_states(tracker, domain, longest_rule(self))
        featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    by_rules = RulePolicy._find_action_from_rules

    def _find_action_from_rules(self: RulePolicy, tracker: Any, domain: Any, use_text_for_last_user_input: bool) -> tuple[Any, Any, bool]:
        listened = tracker.latest_action_name == ACTION_LISTEN_NAME
        if use_text_for_last_user_input and listened and type(self) is RulePolicy and needs_no_text(self):
            return None, None, False
        found: tuple[Any, Any, bool] = by_rules(self, tracker, domain, use_text_for_last_user_input)
        return found

    _prediction_states.twitchwise = True  # type: ignore[attr-defined]
    RulePolicy._prediction_states, RulePolicy._find_action_from_rules = _prediction_states, _find_action_from_rules


def patch_tracker_copies() -> None:
    """Copy a tracker's fields where its events would be replayed."""
    from rasa.core.actions.forms import FormAction
    from rasa.shared.core.constants import REQUESTED_SLOT
    from rasa.shared.core.events import ActionExecuted, SlotSet
    from rasa.shared.core.trackers import DialogueStateTracker

    from twitchwise import rasa_shortcuts
    from twitchwise.rasa_shortcuts import can_be_copied, copy_of

    if getattr(DialogueStateTracker.copy, "twitchwise", False):
        return
    replayed, from_events, applied = DialogueStateTracker.copy, FormAction._temporary_tracker, DialogueStateTracker.applied_events

    def copy(self: DialogueStateTracker) -> DialogueStateTracker:
        return copy_of(self) if can_be_copied(self) else replayed(self)

    def _temporary_tracker(self: FormAction, current_tracker: Any, additional_events: Any, domain: Any) -> DialogueStateTracker:
        same_slots = list(current_tracker.slots) == [slot.name for slot in domain.slots]
        if not can_be_copied(current_tracker) or current_tracker.is_rule_tracker or not same_slots:
            return from_events(self, current_tracker, additional_events, domain)
        tracker = copy_of(current_tracker)
        added = [SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker)), ActionExecuted(self.name()), *additional_events]
        for event in added:
            tracker.update(event)
        return tracker

    def applied_events(self: DialogueStateTracker) -> list[Any]:
        return rasa_shortcuts.applied_events(self) if can_be_copied(self) else applied(self)

    copy.twitchwise = True  # type: ignore[attr-defined]
    DialogueStateTracker.copy, FormAction._temporary_tracker = copy, _temporary_tracker
    DialogueStateTracker.applied_events = applied_events


class _Shallow:
    """In place of the module `dataclasses` where it only makes a dictionary of the open loop: the message that opened it is not copied, as
    none of the messages beside it is."""

    @staticmethod
    def asdict(value: Any) -> dict[str, Any]:
        return dict(vars(value))


def patch_loop_copies() -> None:
    """Do not copy the message that opened a form each time an action is told of the conversation."""
    from rasa.shared.core import trackers

    trackers.dataclasses = _Shallow


def patch_graph_runner() -> None:
    """Run the nodes of the model in an order that is worked out once."""
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    from twitchwise.rasa_shortcuts import GraphPlan

    if getattr(DaskGraphRunner.run, "twitchwise", False):
        return

    def run(self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        plans = self.__dict__.setdefault("_twitchwise_plans", {})
        if wanted not in plans:
            plans[wanted] = GraphPlan(self, wanted)
        try:
            return dict(plans[wanted].run(inputs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error

    run.twitchwise = True  # type: ignore[attr-defined]
    DaskGraphRunner.run = run


def patch_slot_extraction() -> None:
    """Do not go through all slots for each message when none of them can be filled by one."""
    from rasa.core.actions.action import ActionExtractSlots

    from twitchwise.rasa_shortcuts import extracts_nothing

    original = ActionExtractSlots.run
    if getattr(original, "twitchwise", False):
        return

    async def run(self: ActionExtractSlots, output_channel: Any, nlg: Any, tracker: Any, domain: Any) -> list[Any]:
        if "_twitchwise_extracts_nothing" not in domain.__dict__:
            domain.__dict__["_twitchwise_extracts_nothing"] = extracts_nothing(domain)
        return [] if domain.__dict__["_twitchwise_extracts_nothing"] else list(await original(self, output_channel, nlg, tracker, domain))

    run.twitchwise = True  # type: ignore[attr-defined]
    ActionExtractSlots.run = run


def patch_slot_log() -> None:
    """Do not write all slots out for a debug line that is never logged: `twitchwise.logging` keeps Rasa on INFO at most."""
    from rasa.core.processor import MessageProcessor

    MessageProcessor._log_slots = staticmethod(lambda tracker: None)
