"""The quick check says yes only where jsonschema does, and yes to what actions really return."""
from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.actions.action import RemoteAction
from rasa_sdk.events import ActiveLoop, SlotSet

from twitchwise.action_results import ResultValidator, plain_check

SCHEMA = RemoteAction.action_response_format_spec()
KINDS = [branch["properties"]["event"]["const"] for branch in SCHEMA["properties"]["events"]["items"]["oneOf"]]
VALUES = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=4)),
                      lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)), max_leaves=5)
NAMES = ["name", "value", "timestamp", "metadata", "text", "parse_data", "entities", "confidence", "hide_rule_turn", "policy", "input_channel"]
EVENTS = st.builds(lambda kind, more: {"event": kind, **more}, st.sampled_from([*KINDS, "nonsense"]),
                   st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5))
RESULTS = st.one_of(VALUES, st.fixed_dictionaries({"events": st.lists(st.one_of(EVENTS, VALUES), max_size=3)}, optional={"responses": VALUES}))
VALIDATOR = ResultValidator(SCHEMA)


def accepts(result: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(result))


@given(RESULTS)
def test_results_are_judged_as_by_the_schema(result: Any) -> None:
    if VALIDATOR._is_plainly_valid(result):
        assert accepts(result)
    if accepts(result):
        VALIDATOR.check(result)
    else:
        with pytest.raises(jsonschema.ValidationError):
            VALIDATOR.check(result)


def test_what_actions_return_takes_the_quick_way() -> None:
    events = [SlotSet("dialogue_state", {"a": [1, None, {"b": True}]}), SlotSet("requested_slot", None), ActiveLoop("check_form")]
    assert VALIDATOR._is_plainly_valid({"events": events, "responses": [{"text": "Hello", "buttons": []}]})


def test_an_unknown_word_of_a_schema_is_left_to_jsonschema() -> None:
    assert plain_check({"type": "string"})("x")
    assert not plain_check({"type": "string", "pattern": "x"})("x")
    assert not plain_check({"properties": {"a": {"oneOf": []}}})({"a": 1})
