"""Each patch gives what the original gives, and Rasa underneath is still what it was written for."""
from __future__ import annotations

import hashlib
import importlib
import inspect
from typing import Any

import jsonschema
import pytest
from rasa.core.actions import action
from rasa.core.actions.action import RemoteAction
from rasa.shared.core import events
from rasa.shared.utils.common import all_subclasses

from twitchwise import rasa_patches

ORIGINAL_VALIDATE = RemoteAction._validate_action_result
ORIGINAL_RESOLVE = events.Event.resolve_by_type


def source_of(name: str) -> str:
    module, _, path = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = inspect.getattr_static(found, part)
    return inspect.getsource(getattr(found, "__func__", found))


@pytest.fixture(autouse=True)
def _originals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins and ends with Rasa as it was found."""
    monkeypatch.setattr(RemoteAction, "_validate_action_result", ORIGINAL_VALIDATE)
    monkeypatch.setattr(events.Event, "resolve_by_type", staticmethod(ORIGINAL_RESOLVE))
    monkeypatch.setattr(action, "DEFAULT_REQUEST_TIMEOUT", action.DEFAULT_REQUEST_TIMEOUT)


@pytest.mark.parametrize("name", sorted(rasa_patches.ORIGINALS))
def test_rasa_is_what_the_patch_was_written_for(name: str) -> None:
    digest = hashlib.sha256(source_of(name).encode()).hexdigest()[:16]
    assert digest == rasa_patches.ORIGINALS[name], f"{name} changed in Rasa: read it again, then mend the patch and this hash."


RESULTS = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": None}], "responses": [{"text": "x"}]},
    {"events": [{"event": "followup", "name": "check_form", "timestamp": None}]},
    {},
    {"events": [{"event": "slot"}], "responses": []},
    {"events": [{"event": "nonsense"}], "responses": []},
    {"events": "x", "responses": []},
    {"events": [], "responses": ["x"]},
    {"events": ["x"]},
    {"events": [{"name": "a"}]},
    {"events": [{"event": None}]},
    {"events": [{"event": "bot", "timestamp": "soon"}]},
    {"events": [{"event": "slot", "name": 3, "value": 1}]},
    {"events": [{"event": "session_started", "timestamp": 1.5}, {"event": "user", "text": 3}]},
    {"events": [{"event": "user", "text": "x", "parse_data": {"intent": {"name": None}}}]},
    {"events": [{"event": "active_loop", "name": None}, {"event": "entities", "entities": [{"entity": "a"}]}]},
    [],
    None,
]


@pytest.mark.parametrize("result", RESULTS, ids=[str(number) for number in range(len(RESULTS))])
def test_results_are_judged_as_before(result: dict[str, Any]) -> None:
    def verdict(remote: RemoteAction) -> Any:
        try:
            return remote._validate_action_result(result)
        except jsonschema.ValidationError as error:
            return list(error.absolute_path)

    remote = RemoteAction("action_turn", None)
    before = verdict(remote)
    rasa_patches.patch_action_validator()
    assert verdict(remote) == before


def test_every_event_class_is_found_as_before() -> None:
    names = {each.type_name for each in all_subclasses(events.Event) if isinstance(each.type_name, str)}
    before = {name: events.Event.resolve_by_type(name) for name in names}
    rasa_patches.patch_event_classes()
    assert {name: events.Event.resolve_by_type(name) for name in names} == before
    assert len(names) > 15


def test_unknown_event_names_go_the_original_way() -> None:
    rasa_patches.patch_event_classes()
    assert events.Event.resolve_by_type("topic") is None
    assert events.Event.resolve_by_type("unheard_of", events.SlotSet) is events.SlotSet
    with pytest.raises(ValueError, match="unheard_of"):
        events.Event.resolve_by_type("unheard_of")


def test_actions_have_seconds_not_minutes() -> None:
    rasa_patches.apply(action_timeout_s=5.0)
    assert action.DEFAULT_REQUEST_TIMEOUT == 5.0


def test_applying_twice_changes_nothing_more() -> None:
    rasa_patches.apply()
    once = RemoteAction._validate_action_result, events.Event.resolve_by_type
    rasa_patches.apply()
    assert (RemoteAction._validate_action_result, events.Event.resolve_by_type) == once
