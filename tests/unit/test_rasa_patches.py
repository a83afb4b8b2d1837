"""Each patch gives what the original gives, and Rasa underneath is still what it was written for."""
from __future__ import annotations

import ast
import copy
import hashlib
import importlib
import inspect
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.actions import action
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.policies import rule_policy as rule_policy_module
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import ExecutionContext
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.resource import Resource
from rasa.shared.core import constants, events, trackers
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from twitchwise import rasa_patches, rasa_shortcuts

#: What the patches replace, as it is before any test has run: tests of the whole assistant leave their patches in place.
PATCHED = tuple((owner, name, inspect.getattr_static(owner, name)) for owner, name in (
    (action.ActionExtractSlots, "run"), (DaskGraphRunner, "run"), (DialogueStateTracker, "copy"), (DialogueStateTracker, "applied_events"),
    (FormAction, "_temporary_tracker"), (MessageProcessor, "_log_slots"), (MessageProcessor, "parse_message"), (RulePolicy, "_prediction_states"),
    (RulePolicy, "_find_action_from_rules"), (trackers, "dataclasses"),
))
ORIGINAL_VALIDATE = RemoteAction._validate_action_result
ORIGINAL_RESOLVE = events.Event.resolve_by_type
ORIGINAL_IS_EMPTY = Domain.is_empty
ORIGINAL_KEYS = RulePolicy._get_possible_keys


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
    monkeypatch.setattr(Domain, "is_empty", ORIGINAL_IS_EMPTY)
    monkeypatch.setattr(RulePolicy, "_get_possible_keys", ORIGINAL_KEYS)
    for name in rasa_patches.COPY_FOR_DEBUG:
        monkeypatch.setattr(importlib.import_module(name), "copy", copy)
    for owner, name, original in PATCHED:
        monkeypatch.setattr(owner, name, original)


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
    once = RemoteAction._validate_action_result, events.Event.resolve_by_type, Domain.is_empty, RulePolicy._get_possible_keys
    rasa_patches.apply()
    assert (RemoteAction._validate_action_result, events.Event.resolve_by_type, Domain.is_empty, RulePolicy._get_possible_keys) == once


def domain_of(**more: Any) -> Domain:
    return Domain.from_dict({"version": "3.1", **more})


def test_an_empty_domain_is_told_as_before() -> None:
    domains = [Domain.empty(), domain_of(), domain_of(intents=["greet"]), domain_of(responses={"utter_x": [{"text": "x"}]})]
    before = [domain.is_empty() for domain in domains]
    assert True in before and False in before
    rasa_patches.patch_empty_domain()
    assert [domain.is_empty() for domain in domains] == before
    assert Domain.is_empty is not ORIGINAL_IS_EMPTY


@pytest.mark.parametrize("name", rasa_patches.COPY_FOR_DEBUG)
def test_copies_are_made_for_debug_lines_and_for_nothing_else(name: str) -> None:
    """Every use of `copy` in these modules stands inside a call of `structlogger.debug`."""
    tree = ast.parse(inspect.getsource(importlib.import_module(name)))
    logged = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "structlogger.debug"
              for inner in ast.walk(node)}
    uses = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "copy"]
    assert uses
    assert [ast.unparse(use) for use in uses if id(use) not in logged] == []
    assert {use.attr for use in uses} == {"deepcopy"}


def test_debug_lines_hold_what_they_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule policy's line about states says the same with and without the copy."""
    policy, tracker, domain = rule_policy(), tracker_of("greet"), RULE_DOMAIN
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr(rule_policy_module.structlogger, "debug", lambda event, **values: lines.append({"event": event, **values}))
    monkeypatch.setattr(rule_policy_module, "copy", copy)
    policy.predict_action_probabilities(tracker, domain)
    before = list(lines)
    lines.clear()
    for name in rasa_patches.COPY_FOR_DEBUG:
        monkeypatch.setattr(importlib.import_module(name), "copy", copy)
    rasa_patches.patch_debug_copies()
    policy.predict_action_probabilities(tracker, domain)
    assert lines == before and before


RULE_DOMAIN = Domain.from_dict({
    "version": "3.1", "intents": ["greet", "deny", "affirm", "bye"], "actions": ["action_a", "action_b"],
    "slots": {"name": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}},
    "forms": {"a_form": {"required_slots": ["name"]}}, "responses": {"utter_bye": [{"text": "Bye."}]},
})


def rule_key(*states: dict[str, Any]) -> str:
    return json.dumps(list(states))


def rule_state(action: str | None = None, intent: str | None = None, loop: str | None = None) -> dict[str, Any]:
    state: dict[str, Any] = {}
    if action:
        state["prev_action"] = {"action_name": action}
    if intent:
        state["user"] = {"intent": intent}
    if loop:
        state["active_loop"] = {"name": loop}
    return state


RULE_KEYS = {
    rule_key(rule_state("action_listen", "greet")): "action_a",
    rule_key(rule_state("action_listen", "deny")): "action_b",
    rule_key(rule_state("action_listen", "greet"), rule_state("action_a", "greet")): "action_listen",
    rule_key(rule_state(intent="bye")): "utter_bye",
    rule_key(rule_state("a_form", None, "should_not_be_set")): "action_a",
    rule_key(rule_state("action_listen", "should_not_be_set")): "action_b",
    rule_key(rule_state("action_listen", "affirm", "a_form")): "a_form",
    rule_key({}): "action_listen",
}


def rule_policy() -> RulePolicy:
    """A policy with these rules, as a loaded model has them."""
    policy = RulePolicy(RulePolicy.get_default_config(), None, Resource("rules"), ExecutionContext(None))  # type: ignore[arg-type]
    policy.lookup = {"rules": dict(RULE_KEYS), "rules_for_loop_unhappy_path": dict(RULE_KEYS), "rules_not_in_stories": []}
    return policy


def tracker_of(intent: str) -> DialogueStateTracker:
    told = [events.ActionExecuted("action_listen"), events.UserUttered("x", {"name": intent, "confidence": 1.0})]
    return DialogueStateTracker.from_events("somebody", told, RULE_DOMAIN.slots)


STATES = st.lists(
    st.builds(rule_state, st.sampled_from([None, "action_listen", "action_a", "a_form"]), st.sampled_from([None, "greet", "deny", "affirm", "bye"]),
              st.sampled_from([None, "a_form"])),
    max_size=4)


@given(STATES, st.lists(st.sampled_from(sorted(RULE_KEYS)), unique=True))
def test_the_same_rules_fit_as_before(states: list[dict[str, Any]], keys: list[str]) -> None:
    policy, lookup = rule_policy(), {key: RULE_KEYS[key] for key in keys}
    before = ORIGINAL_KEYS(policy, lookup, states)
    RulePolicy._get_possible_keys = ORIGINAL_KEYS
    try:
        rasa_patches.patch_rule_lookup()
        assert policy._get_possible_keys(lookup, states) == before
        # The table is made once for each set of rules; a set that grew gets a new one.
        lookup[rule_key(rule_state("action_listen", "bye"))] = "utter_bye"
        assert policy._get_possible_keys(lookup, states) == ORIGINAL_KEYS(policy, lookup, states)
    finally:
        RulePolicy._get_possible_keys = ORIGINAL_KEYS


def test_rules_of_other_intents_are_left_out() -> None:
    by_intent = rasa_shortcuts.RulesByIntent(RULE_KEYS, RulePolicy._rule_key_to_state)
    fitting = by_intent.fitting(rule_state("action_listen", "deny"))
    assert rule_key(rule_state("action_listen", "greet")) not in fitting
    assert len(fitting) < len(RULE_KEYS)
    assert rasa_shortcuts.SHOULD_NOT_BE_SET == constants.SHOULD_NOT_BE_SET


@pytest.mark.parametrize("intent", ["greet", "deny", "affirm", "bye"])
def test_predictions_are_as_before(intent: str) -> None:
    before = rule_policy().predict_action_probabilities(tracker_of(intent), RULE_DOMAIN)
    rasa_patches.apply()
    after = rule_policy().predict_action_probabilities(tracker_of(intent), RULE_DOMAIN)
    assert after == before
