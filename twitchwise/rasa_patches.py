"""Changes to Rasa 3.6.21, each small, each with tests that it does what the original did and that the original is still there.

1. The validator of action results is compiled once (Rasa checks its schema against the metaschema on every result: 84 % of a message).
2. Event classes are looked up once a name (Rasa walks all subclasses for every stored event).
3. Reading a message is timed.
4. An action has a few seconds, not 300 (a lock lives 60 s, a person waits 10).
"""
from __future__ import annotations

import importlib
from collections.abc import Callable
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
}


def apply(*, action_timeout_s: float = 5.0) -> None:
    """Apply every patch; applying twice changes nothing more."""
    patch_action_validator()
    patch_event_classes()
    patch_parse_timing()
    patch_action_timeout(action_timeout_s)
    patch_empty_domain()
    patch_debug_copies()
    patch_rule_lookup()


def patch_action_validator() -> None:
    """Compile the schema of action results once, and try each event against the one branch that its kind can match."""
    from rasa.core.actions.action import RemoteAction

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


class ResultValidator:
    """Judges action results as the schema does. Its `oneOf` over 23 kinds of event is told apart by the constant of each kind, so
    an event can only match its own kind's branch; whatever that cannot decide goes through the whole schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        import jsonschema

        self._best_match = jsonschema.exceptions.best_match
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        self._whole = kind(schema)
        events = schema["properties"]["events"]
        item = {key: value for key, value in events["items"].items() if key != "oneOf"}
        branches = events["items"]["oneOf"]
        self._branches = {branch["properties"]["event"]["const"]: kind({**item, "allOf": [branch]}) for branch in branches}
        if len(self._branches) != len(branches):
            raise ValueError("Two kinds of event share a constant: the schema has changed.")
        around = {**schema["properties"], "events": {key: value for key, value in events.items() if key != "items"}}
        self._around = kind({**schema, "properties": around})

    def check(self, result: Any) -> None:
        """Raise jsonschema.ValidationError for a result that Rasa would refuse."""
        if self._is_plainly_valid(result):
            return
        error = self._best_match(self._whole.iter_errors(result))
        if error is not None:
            error.message += ". Failed to validate Action server response from API."
            raise error

    def _is_plainly_valid(self, result: Any) -> bool:
        if not self._around.is_valid(result):
            return False
        for event in result.get("events", ()):
            branch = self._branches.get(event.get("event")) if isinstance(event, dict) else None
            if branch is None or not branch.is_valid(event):
                return False
        return True


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


def patch_parse_timing() -> None:
    """Rasa's NLU is a stage of its own in metrics and traces; what it does stays as it is, so there is no original to watch."""
    from rasa.core.processor import MessageProcessor

    from twitchwise.metrics import timed

    if not hasattr(MessageProcessor.parse_message, "__wrapped__"):
        MessageProcessor.parse_message = timed("parse")(MessageProcessor.parse_message)


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


class RulesByIntent:
    """Rules by the intent that their last state asks for. A rule is only left out where Rasa would find that the intent differs."""

    def __init__(self, lookup: dict[str, str], states_of: Callable[[str], list[dict[str, Any]]]) -> None:
        self.lookup, self.count = lookup, len(lookup)
        self._any: dict[str, str] = {}
        self._by_intent: dict[str, dict[str, str]] = {}
        for key, action in lookup.items():
            states = states_of(key)
            last = states[-1] if states else {}
            intent = last.get("user", {}).get("intent")
            # Without a previous action Rasa does not look at the intent; "should not be set" is no name of one.
            named = isinstance(intent, str) and intent and intent != SHOULD_NOT_BE_SET and last.get("prev_action")
            (self._by_intent.setdefault(intent, {}) if named else self._any)[key] = action
        for rules in self._by_intent.values():
            rules.update(self._any)

    def fitting(self, state: dict[str, Any]) -> dict[str, str]:
        """The rules that can fit a conversation in this state."""
        return self._by_intent.get(state.get("user", {}).get("intent"), self._any)


#: Rasa's mark in rules for what must be unset.
SHOULD_NOT_BE_SET = "should_not_be_set"
