"""Shorter ways to what Rasa 3.6.21 works out for every message. `rasa_patches` puts them in place of the originals.

Each gives exactly what the original gives, or hands the case on to it: Rasa replays a conversation's events for every copy of a tracker and
for every prediction, and asks dask to order a graph that never changes.
"""
from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.constants import DEFAULT_SENDER_ID
from rasa.shared.core import events
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, TrackerActiveLoop

#: Events after which a tracker is what its own fields say. Others (reverting, restarting, pausing) go the original way.
PLAIN_EVENTS = frozenset({
    events.UserUttered, events.BotUttered, events.SlotSet, events.ActionExecuted, events.ActiveLoop, events.SessionStarted, events.AllSlotsReset,
    events.DefinePrevUserUtteredFeaturization, events.LoopInterrupted, events.ActionExecutionRejected, events.FollowupAction,
    events.EntitiesAdded,
})
#: Rasa's own featurizer of the rule policy looks at nothing but states.
_KEPT_STATES, _TEXT_RULES = "_twitchwise_states", "_twitchwise_text_rules"


def can_be_copied(tracker: DialogueStateTracker) -> bool:
    """Whether `copy_of` gives what replaying the tracker's events gives."""
    return type(tracker) is DialogueStateTracker and tracker._max_event_history is None and PLAIN_EVENTS.issuperset(map(type, tracker.events))


def copy_of(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """A duplicate, made from the tracker's fields instead of its events. Only for one that `can_be_copied`."""
    new: DialogueStateTracker = DialogueStateTracker.__new__(DialogueStateTracker)
    new._max_event_history = None
    new.events = deque(tracker.events)
    new.sender_id = tracker.sender_id or DEFAULT_SENDER_ID
    new.slots = {slot.name: _slot(slot) for slot in tracker.slots.values()}
    new.sender_source = None
    new.is_rule_tracker = tracker.is_rule_tracker
    new._paused = False
    new.followup_action = _followup(tracker)
    new.latest_action = tracker.latest_action
    new.latest_message = tracker.latest_message
    new.latest_bot_utterance = tracker.latest_bot_utterance
    loop = tracker.active_loop
    new.active_loop = TrackerActiveLoop(loop.name, loop.is_interrupted, loop.rejected, loop.trigger_message) if loop else None
    new.model_id = new.assistant_id = None
    return new


def _slot(slot: Slot) -> Slot:
    """What copy.copy gives, without its detour through pickle's protocol."""
    new: Slot = object.__new__(type(slot))
    new.__dict__.update(slot.__dict__)
    return new


def _followup(tracker: DialogueStateTracker) -> str | None:
    """The follow-up action that the events leave; the processor may have taken it off the tracker itself already."""
    for event in reversed(tracker.events):
        if isinstance(event, (events.ActionExecuted, events.UserUttered)):
            return None
        if isinstance(event, events.FollowupAction):
            name: str = event.action_name
            return name
        if isinstance(event, events.SessionStarted):
            break
    return str(ACTION_LISTEN_NAME)


def applied_events(tracker: DialogueStateTracker) -> list[Event]:
    """What `tracker.applied_events()` gives, of a conversation of plain events: they are told apart by their type, which costs a fraction of
    `isinstance` on Rasa's abstract classes."""
    told = tracker.events
    loops = {event.name for event in told if type(event) is events.ActiveLoop and event.name}
    applied: list[Event] = []
    for event in told:
        kind = type(event)
        if kind is events.SessionStarted:
            applied = []
        elif kind is ActionExecuted and event.action_name in loops and _ran_before(event.action_name, applied):
            _forget_since(event.action_name, applied)
        else:
            applied.append(event)
    return applied


def _ran_before(loop: str, applied: list[Event]) -> bool:
    """Whether the loop ran before and nothing else came between (Rasa: not its first execution, nor an unhappy path)."""
    later: str | None = None
    for event in reversed(applied):
        kind = type(event)
        if kind is ActionExecuted:
            if event.action_name == loop:
                return True
            later = event.action_name
        elif kind is events.UserUttered:
            if later is not None and later != loop:
                return False
        elif (kind is events.ActiveLoop and event.name is None) or (kind is events.ActionExecutionRejected and event.action_name == loop):
            return False
    return False


def _forget_since(loop: str, applied: list[Event]) -> None:
    """Drop the actions and messages since the loop's last execution; slots and the like stay."""
    at = next(number for number in range(len(applied) - 1, -1, -1) if type(applied[number]) is ActionExecuted and applied[number].action_name == loop)
    dropped = (ActionExecuted, events.UserUttered, events.DefinePrevUserUtteredFeaturization)
    applied[at + 1:] = [event for event in applied[at + 1:] if type(event) not in dropped]


def last_states(tracker: DialogueStateTracker, domain: Domain, count: int) -> list[dict[str, Any]]:
    """The last `count` of the states that `tracker.past_states(domain)` gives (all, when there are fewer). The events are replayed, but a
    state is only made where it is wanted."""
    if not can_be_copied(tracker):
        return list(tracker.past_states(domain)[-count:])
    applied = applied_events(tracker)
    skipped = sum(type(event) is ActionExecuted for event in applied) + 1 - count
    if any(slot.influence_conversation for slot in tracker.slots.values()):
        running = tracker.init_copy()
    else:
        # No state says anything of such slots, nor of what the assistant said.
        running = DialogueStateTracker(tracker.sender_id, (), is_rule_tracker=tracker.is_rule_tracker)
        applied = [event for event in applied if type(event) not in (events.SlotSet, events.BotUttered)]
    states = []
    for event in applied:
        if type(event) is ActionExecuted:
            if skipped <= 0:
                states.append(domain._clean_state(domain.get_active_state(running)))
            skipped -= 1
        running.update(event)
    states.append(domain._clean_state(domain.get_active_state(running)))
    return states


def needs_no_text(policy: RulePolicy) -> bool:
    """Whether no rule can fit right after a message that is known by its text alone: each that looks at what follows listening asks for an
    intent. Then the policy's first look, by text, finds nothing. Cached on the policy."""
    lookups = (policy.lookup["rules"], policy.lookup["rules_for_loop_unhappy_path"])
    known = policy.__dict__.get(_TEXT_RULES)
    sizes = tuple((id(lookup), len(lookup)) for lookup in lookups)
    if known is None or known[0] != sizes:
        known = policy.__dict__[_TEXT_RULES] = (sizes, not any(_fits_text(key) for lookup in lookups for key in lookup))
    return bool(known[1])


def _fits_text(key: str) -> bool:
    """Whether a rule may fit a last state of listening and a text without intent or entities. Rasa asks for what is set to be the same."""
    states = RulePolicy._rule_key_to_state(key)
    last = states[-1] if states else {}
    asked = last.get("user", {}).get("intent")
    if asked and asked != SHOULD_NOT_BE_SET:
        return not last.get("prev_action")
    action = last.get("prev_action", {}).get("action_name")
    return not (action and action not in (ACTION_LISTEN_NAME, SHOULD_NOT_BE_SET))


def longest_rule(policy: RulePolicy) -> int:
    """How many states the longest rule looks at. Rasa counts a rule as fitting at every state beyond its own."""
    lookups = (policy.lookup["rules"], policy.lookup["rules_for_loop_unhappy_path"])
    known = policy.__dict__.get(_KEPT_STATES)
    sizes = tuple((id(lookup), len(lookup)) for lookup in lookups)
    if known is None or known[0] != sizes:
        longest = max((len(RulePolicy._rule_key_to_state(key)) for lookup in lookups for key in lookup), default=1)
        known = policy.__dict__[_KEPT_STATES] = (sizes, max(1, longest))
    return int(known[1])


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


T = TypeVar("T")


@lru_cache(maxsize=1)
def _reading() -> ThreadPoolExecutor:
    # One thread: the components need not be prepared for two messages at once, and the interpreter would not run them at once anyway.
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")


async def in_reading_thread(work: Callable[..., T], *arguments: Any) -> T:
    """`work` off the event loop, after whatever is being read."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_reading(), lambda: context.run(work, *arguments))


class GraphPlan:
    """The nodes that some targets need, in an order in which each comes after what it needs."""

    def __init__(self, runner: DaskGraphRunner, targets: Sequence[str]) -> None:
        nodes = runner._graph_schema.minimal_graph_schema(list(targets)).nodes
        self.targets = tuple(targets)
        self.needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        self.order: list[str] = []
        for name in nodes:
            self._add(name, ())
        self.nodes: Mapping[str, Callable[..., Any]] = {name: runner._instantiated_nodes[name] for name in self.order}

    def _add(self, name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise GraphRunError("The graph of the model runs in a circle.")
        if name in self.needs and name not in self.order:
            for need in self.needs[name]:
                self._add(need, (*above, name))
            self.order.append(name)

    def run(self, inputs: Mapping[str, Any] | None) -> dict[str, Any]:
        """What the nodes make of the inputs, for each target. A need that nothing provides is given by its name, as dask does."""
        # Rasa refuses an input that looks like a node's name, because dask would take it for the node.
        graph: dict[str, Any] = dict.fromkeys(self.order)
        DaskGraphRunner._add_inputs_to_graph(dict(inputs) if inputs else None, graph)
        found: dict[str, Any] = {name: graph[name] for name in graph if name not in self.nodes}
        for name in self.order:
            found[name] = self.nodes[name](*(found.get(need, need) for need in self.needs[name]))
        return dict(found[target] for target in self.targets)


def extracts_nothing(domain: Domain) -> bool:
    """Whether no message can fill a slot by itself: every slot is set by actions only, and nothing validates what was extracted."""
    from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS

    return ACTION_VALIDATE_SLOT_MAPPINGS not in domain.user_actions and all(
        set(mapping) == {"type"} and mapping["type"] == "custom" for slot in domain.slots for mapping in slot.mappings)
