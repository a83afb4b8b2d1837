"""Whether an action's result is one that Rasa takes: its JSON schema, checked in some microseconds instead of milliseconds.

jsonschema interprets a schema anew for every value. Here the few words that Rasa's schema uses become functions, once; a result that they do
not find plainly valid goes through jsonschema, which has the last word and the message. (The library for this, fastjsonschema, is not among
Rasa's dependencies, and this schema needs a fraction of it.)
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]


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
        self._branches = {branch["properties"]["event"]["const"]: plain_check({**item, "allOf": [branch]}) for branch in branches}
        if len(self._branches) != len(branches):
            raise ValueError("Two kinds of event share a constant: the schema has changed.")
        around = {**schema["properties"], "events": {key: value for key, value in events.items() if key != "items"}}
        self._around = plain_check({**schema, "properties": around})

    def check(self, result: Any) -> None:
        """Raise jsonschema.ValidationError for a result that Rasa would refuse."""
        if self._is_plainly_valid(result):
            return
        error = self._best_match(self._whole.iter_errors(result))
        if error is not None:
            error.message += ". Failed to validate Action server response from API."
            raise error

    def _is_plainly_valid(self, result: Any) -> bool:
        if not self._around(result):
            return False
        for event in result.get("events", ()):
            branch = self._branches.get(event.get("event")) if isinstance(event, dict) else None
            if branch is None or not branch(event):
                return False
        return True


def plain_check(schema: dict[str, Any]) -> Check:
    """A function that is true only of what `schema` allows; for a schema with a word that it does not know, one that is never true."""
    makers: dict[str, Callable[[Any], Check]] = {"type": _type, "const": _const, "properties": _properties, "required": _required, "items": _items,
                                              "allOf": _all_of}
    if not isinstance(schema, dict) or not makers.keys() >= schema.keys():
        return lambda value: False
    checks = [makers[word](told) for word, told in schema.items()]
    return lambda value: all(check(value) for check in checks)


#: Booleans are no numbers in JSON, and 1.0 is no integer here: jsonschema may still take it.
_TYPES: dict[str, Check] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def _type(names: str | list[str]) -> Check:
    checks = [_TYPES[name] for name in ([names] if isinstance(names, str) else names) if name in _TYPES]
    return lambda value: any(check(value) for check in checks)


def _const(wanted: Any) -> Check:
    return lambda value: isinstance(value, str) and value == wanted


def _properties(schemas: dict[str, Any]) -> Check:
    checks = {name: plain_check(schema) for name, schema in schemas.items()}
    return lambda value: not isinstance(value, dict) or all(check(value[name]) for name, check in checks.items() if name in value)


def _required(names: list[str]) -> Check:
    return lambda value: not isinstance(value, dict) or all(name in value for name in names)


def _items(schema: dict[str, Any]) -> Check:
    check = plain_check(schema)
    return lambda value: not isinstance(value, list) or all(map(check, value))


def _all_of(schemas: list[dict[str, Any]]) -> Check:
    checks = [plain_check(schema) for schema in schemas]
    return lambda value: all(check(value) for check in checks)
