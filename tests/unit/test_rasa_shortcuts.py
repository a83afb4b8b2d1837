"""Each shorter way gives what Rasa's own gives, for conversations of every kind."""
from __future__ import annotations

import ast
import inspect
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.actions.action import ActionExtractSlots
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core import events
from rasa.shared.core import trackers as trackers_module
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from tests.unit.test_rasa_patches import RULE_KEYS, rule_key, rule_policy, rule_state
from twitchwise import rasa_shortcuts

ORIGINAL_PARSE = inspect.getattr_static(MessageProcessor, "parse_message")
ORIGINAL_COPY = DialogueStateTracker.copy
ORIGINAL_TEMPORARY = FormAction._temporary_tracker
ORIGINAL_APPLIED = DialogueStateTracker.applied_events
ORIGINAL_RULES = RulePolicy._find_action_from_rules
ORIGINAL_STATES = RulePolicy._prediction_states
ORIGINAL_RUN = DaskGraphRunner.run
ORIGINAL_EXTRACT = ActionExtractSlots.run

DOMAIN = Domain.from_dict({
    "version": "3.1", "intents": ["greet", "deny", "affirm", "bye"], "actions": ["action_a", "action_b"], "entities": ["place"],
    "slots": {
        "name": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]},
        "places": {"type": "list", "influence_conversation": False, "mappings": [{"type": "custom"}]},
        "mood": {"type": "categorical", "values": ["low", "high"], "initial_value": "low", "mappings": [{"type": "custom"}]},
    },
    "forms": {"a_form": {"required_slots": ["name"]}}, "responses": {"utter_bye": [{"text": "Bye."}]},
})


#: The same without a slot that states tell of, as in the project's own.
QUIET_DOMAIN = Domain.from_dict({**DOMAIN.as_dict(), "slots": {name: slot for name, slot in DOMAIN.as_dict()["slots"].items() if name != "mood"}})


@pytest.fixture(autouse=True)
def _originals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins and ends with Rasa as it was found."""
    monkeypatch.setattr(MessageProcessor, "parse_message", ORIGINAL_PARSE)
    monkeypatch.setattr(DialogueStateTracker, "copy", ORIGINAL_COPY)
    monkeypatch.setattr(DialogueStateTracker, "applied_events", ORIGINAL_APPLIED)
    monkeypatch.setattr(RulePolicy, "_find_action_from_rules", ORIGINAL_RULES)
    monkeypatch.setattr(FormAction, "_temporary_tracker", ORIGINAL_TEMPORARY)
    monkeypatch.setattr(RulePolicy, "_prediction_states", ORIGINAL_STATES)
    monkeypatch.setattr(DaskGraphRunner, "run", ORIGINAL_RUN)
    monkeypatch.setattr(ActionExtractSlots, "run", ORIGINAL_EXTRACT)


def user(intent: str) -> Event:
    return events.UserUttered("x", {"name": intent, "confidence": 1.0}, [{"entity": "place", "value": "arm"}])


KINDS = st.one_of(
    st.builds(user, st.sampled_from(["greet", "deny", "affirm", "bye"])),
    st.builds(events.ActionExecuted, st.sampled_from(["action_listen", "action_a", "action_b", "a_form", "action_session_start"])),
    st.builds(events.SlotSet, st.sampled_from(["name", "mood", "requested_slot"]), st.sampled_from([None, "low", "high", "name", {"a": 1}])),
    st.builds(events.SlotSet, st.just("places"), st.sampled_from([None, [], ["arm"], "arm"])),
    st.builds(events.ActiveLoop, st.sampled_from([None, "a_form"])),
    st.builds(events.LoopInterrupted, st.booleans()),
    st.builds(events.ActionExecutionRejected, st.sampled_from(["a_form", "action_a"])),
    st.builds(events.FollowupAction, st.sampled_from(["action_a", "action_listen"])),
    st.builds(events.BotUttered, st.just("hello")),
    st.builds(events.DefinePrevUserUtteredFeaturization, st.booleans()),
    st.builds(events.EntitiesAdded, st.just([{"entity": "place", "value": "leg"}])),
    st.builds(events.SessionStarted), st.builds(events.AllSlotsReset),
)
REVERTING = st.one_of(
    st.builds(events.ConversationPaused), st.builds(events.ConversationResumed), st.builds(events.Restarted),
    st.builds(events.UserUtteranceReverted), st.builds(events.ActionReverted))
CONVERSATIONS = st.lists(KINDS, max_size=25)


def tracker_of(told: list[Event]) -> DialogueStateTracker:
    tracker = DialogueStateTracker.from_events("somebody", told, DOMAIN.slots)
    tracker.model_id, tracker.assistant_id = "m", "a"
    return tracker


def facts(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Everything that a tracker holds."""
    held = {name: value for name, value in vars(tracker).items() if name not in ("slots", "events")}
    slots = {name: (type(slot), vars(slot)) for name, slot in tracker.slots.items()}
    return {**held, "slots": slots, "events": list(tracker.events), "state": tracker.current_state(EventVerbosity.ALL)}


@given(CONVERSATIONS, st.booleans())
def test_a_copy_holds_what_a_replay_gives(told: list[Event], cleared: bool) -> None:
    tracker = tracker_of(told)
    if cleared:
        tracker.clear_followup_action()
    assert rasa_shortcuts.can_be_copied(tracker)
    copied = rasa_shortcuts.copy_of(tracker)
    assert facts(copied) == facts(ORIGINAL_COPY(tracker))
    before = facts(tracker)
    for event in (events.SlotSet("name", "other"), events.ActiveLoop("a_form"), events.ActionExecutionRejected("a_form"), events.LoopInterrupted(True)):
        copied.update(event)
    assert facts(tracker) == before


@given(CONVERSATIONS, REVERTING, CONVERSATIONS)
def test_conversations_that_take_something_back_are_replayed(first: list[Event], taken_back: Event, then: list[Event]) -> None:
    assert not rasa_shortcuts.can_be_copied(tracker_of([*first, taken_back, *then]))


#: Loops that run again and again, are rejected and left, as a check does.
FORM_EVENTS = st.one_of(
    st.builds(user, st.just("deny")), st.builds(events.ActionExecuted, st.sampled_from(["a_form", "a_form", "action_listen", "action_a"])),
    st.builds(events.ActiveLoop, st.sampled_from(["a_form", "a_form", None])), st.builds(events.ActionExecutionRejected, st.just("a_form")),
    st.builds(events.SlotSet, st.just("name"), st.just("x")), st.builds(events.DefinePrevUserUtteredFeaturization, st.just(False)),
)


@given(st.one_of(CONVERSATIONS, st.lists(FORM_EVENTS, max_size=30)))
def test_the_same_events_count(told: list[Event]) -> None:
    tracker = tracker_of(told)
    assert [id(event) for event in rasa_shortcuts.applied_events(tracker)] == [id(event) for event in ORIGINAL_APPLIED(tracker)]


@given(CONVERSATIONS, st.integers(1, 6))
def test_the_last_states_are_those_of_all_states(told: list[Event], count: int) -> None:
    for domain in (DOMAIN, QUIET_DOMAIN):
        tracker = DialogueStateTracker.from_events("somebody", told, domain.slots)
        assert rasa_shortcuts.last_states(tracker, domain, count) == tracker.past_states(domain)[-count:]


@given(CONVERSATIONS, st.lists(KINDS, max_size=3))
def test_a_forms_tracker_holds_what_it_held(told: list[Event], added: list[Event]) -> None:
    from twitchwise import rasa_patches

    tracker, form = tracker_of(told), FormAction("a_form", None)
    before = facts(ORIGINAL_TEMPORARY(form, tracker, added, DOMAIN))
    try:
        rasa_patches.patch_tracker_copies()
        after = facts(form._temporary_tracker(tracker, added, DOMAIN))
    finally:
        DialogueStateTracker.copy, FormAction._temporary_tracker = ORIGINAL_COPY, ORIGINAL_TEMPORARY
        DialogueStateTracker.applied_events = ORIGINAL_APPLIED
    for each in (before, after):
        # Two events of the form's own are made for each tracker, in another moment.
        each["state"].pop("latest_event_time")
        for event in each["state"]["events"]:
            event.pop("timestamp")
    assert after == before


@given(CONVERSATIONS, st.lists(st.sampled_from(sorted(RULE_KEYS)), unique=True), st.booleans())
def test_rules_predict_as_before(told: list[Event], keys: list[str], listening: bool) -> None:
    from twitchwise import rasa_patches

    policy, tracker = rule_policy(), tracker_of([events.ActionExecuted("action_listen"), *told, *([user("deny")] if listening else [])])
    policy.lookup = {"rules": {key: RULE_KEYS[key] for key in keys}, "rules_for_loop_unhappy_path": {}, "rules_not_in_stories": keys[::2]}
    before = policy.predict_action_probabilities(tracker, DOMAIN)
    try:
        rasa_patches.patch_rule_states()
        assert policy.predict_action_probabilities(tracker, DOMAIN) == before
        after = policy.predict_action_probabilities(tracker, DOMAIN)
        assert (after.hide_rule_turn, after.events) == (before.hide_rule_turn, before.events)
    finally:
        RulePolicy._prediction_states, RulePolicy._find_action_from_rules = ORIGINAL_STATES, ORIGINAL_RULES


def test_texts_are_looked_at_where_a_rule_may_be_about_them() -> None:
    policy = rule_policy()
    about_intents = {rule_key(rule_state("action_listen", "greet")): "action_a", rule_key(rule_state("a_form", None, "should_not_be_set")): "action_b"}
    policy.lookup = {"rules": about_intents, "rules_for_loop_unhappy_path": {}, "rules_not_in_stories": []}
    assert rasa_shortcuts.needs_no_text(policy)
    text_rule = rule_key({"prev_action": {"action_name": "action_listen"}, "user": {"text": "hi"}})
    for more in (rule_key(rule_state("action_listen", "should_not_be_set")), text_rule, rule_key(rule_state("action_listen"))):
        for lookup in ("rules", "rules_for_loop_unhappy_path"):
            policy.lookup = {"rules": dict(about_intents), "rules_for_loop_unhappy_path": {}, "rules_not_in_stories": []}
            policy.lookup[lookup][more] = "action_a"
            assert not rasa_shortcuts.needs_no_text(policy)


class Adds(GraphComponent):
    """A component that says what it was given."""

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: Any, resource: Any, execution_context: Any, **_: Any) -> Adds:
        return cls()

    def add(self, **given: Any) -> str:
        if given.get("fails"):
            raise RuntimeError("broken")
        return "+".join(f"{name}={value}" for name, value in sorted(given.items()))


def runner(**needs: dict[str, str]) -> DaskGraphRunner:
    nodes = {name: SchemaNode(needs=need, uses=Adds, constructor_name="create", fn="add", config={}, eager=True, is_target=name == "last")  # type: ignore[arg-type]
             for name, need in needs.items()}
    return DaskGraphRunner(GraphSchema(nodes), None, ExecutionContext(GraphSchema(nodes)))  # type: ignore[arg-type]


NEEDS = {"last": {"a": "left", "b": "right"}, "left": {"text": "__message__"}, "right": {"text": "__message__", "more": "left"}, "other": {"x": "__message__"}}


@pytest.mark.parametrize("targets", [None, ["last"], ["right"], ["left", "other"]])
def test_a_graph_gives_what_dask_gives(targets: list[str] | None) -> None:
    from twitchwise import rasa_patches

    inputs = {"__message__": "hello"}
    graph = runner(**NEEDS)
    before = graph.run(inputs, targets)
    rasa_patches.patch_graph_runner()
    assert graph.run(inputs, targets) == before == graph.run(inputs, targets)


def test_a_graph_fails_as_with_dask() -> None:
    from twitchwise import rasa_patches

    def failures(graph: DaskGraphRunner) -> list[type[BaseException]]:
        found = []
        for inputs in ({"__message__": "x", "right": "left"}, {}, None):
            with pytest.raises(Exception) as caught:
                graph.run(inputs, ["last"])
            found.append(caught.type)
        return found

    before = failures(runner(**NEEDS))
    assert GraphRunError in before
    rasa_patches.patch_graph_runner()
    assert failures(runner(**NEEDS)) == before


async def test_a_message_is_read_in_a_thread_and_as_before() -> None:
    from twitchwise import rasa_patches

    where = []

    class Reads(MessageProcessor):
        def __init__(self) -> None:
            self.http_interpreter, self.domain = None, DOMAIN

        def _parse_message_with_graph(self, message: UserMessage, tracker: DialogueStateTracker, only_output_properties: bool = True) -> dict[str, Any]:
            where.append(threading.current_thread().name)
            return {"text": message.text, "intent": {"name": "greet"}, "entities": [], "from": tracker.sender_id}

    said = UserMessage("hello", sender_id="somebody")
    before = await Reads().parse_message(said)
    rasa_patches.patch_parsing()
    assert await Reads().parse_message(said) == before
    assert where[0] == threading.current_thread().name != where[1]


def test_an_open_form_is_told_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    from twitchwise import rasa_patches

    monkeypatch.setattr(trackers_module, "dataclasses", trackers_module.dataclasses)
    tracker = tracker_of([user("deny"), events.ActiveLoop("a_form"), events.LoopInterrupted(True)])
    before = tracker.current_state(EventVerbosity.ALL)
    rasa_patches.patch_loop_copies()
    assert tracker.current_state(EventVerbosity.ALL) == before
    assert before["active_loop"]["trigger_message"]


def test_dataclasses_are_used_for_nothing_else() -> None:
    """In the module of trackers: to make the class of the open loop, which is done, and to tell of it."""
    tree = ast.parse(inspect.getsource(trackers_module))
    uses = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "dataclasses"]
    assert sorted(uses) == ["dataclasses.asdict", "dataclasses.dataclass"]


async def test_nothing_is_extracted_where_nothing_was() -> None:
    from twitchwise import rasa_patches

    rasa_patches.patch_slot_extraction()
    tracker = tracker_of([user("greet")])
    assert rasa_shortcuts.extracts_nothing(DOMAIN)
    extract = ActionExtractSlots(None)
    assert await extract.run(OutputChannel(), None, tracker, DOMAIN) == await ORIGINAL_EXTRACT(extract, OutputChannel(), None, tracker, DOMAIN) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [
    {"slots": {"name": {"type": "any", "mappings": [{"type": "from_text"}]}}},
    {"slots": {"name": {"type": "any", "mappings": [{"type": "custom", "action": "action_a"}]}}, "actions": ["action_a"]},
    {"actions": ["action_validate_slot_mappings"]},
])
async def test_slots_that_a_message_can_fill_are_filled(change: dict[str, Any]) -> None:
    from twitchwise import rasa_patches

    domain = Domain.from_dict({"version": "3.1", "intents": ["greet"], **change})
    assert not rasa_shortcuts.extracts_nothing(domain)
    rasa_patches.patch_slot_extraction()
    if "from_text" in str(change):
        tracker = DialogueStateTracker.from_events("somebody", [user("greet")], domain.slots)
        assert await ActionExtractSlots(None).run(OutputChannel(), None, tracker, domain) == [events.SlotSet("name", "x")]  # type: ignore[arg-type]
