"""Changes to Rasa 3.6.21, each small, each with tests that it does what the original did and that the original is still there.

1. The validator of action results is compiled once (Rasa checks its schema against the metaschema on every result: 84 % of a message).
2. Event classes are looked up once a name (Rasa walks all subclasses for every stored event).
3. Reading a message is timed.
4. An action has a few seconds, not 300 (a lock lives 60 s, a person waits 10).
"""
from __future__ import annotations

from functools import lru_cache
from typing import Any

#: sha256 of the source of what is replaced, checked by the tests: a change in Rasa shows there.
ORIGINALS = {
    "rasa.core.actions.action:RemoteAction._validate_action_result": "f8cdb4be68123961",
    "rasa.core.actions.action:RemoteAction.action_response_format_spec": "091b74aa3738d126",
    "rasa.core.actions.action:RemoteAction.run": "ccabf6f1160d527a",
    "rasa.shared.core.events:Event.resolve_by_type": "b5cf570fa7f286c7",
}


def apply(*, action_timeout_s: float = 5.0) -> None:
    """Apply every patch; applying twice changes nothing more."""
    patch_action_validator()
    patch_event_classes()
    patch_parse_timing()
    patch_action_timeout(action_timeout_s)


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
