"""One message served: the only function behind every action. Safe to call twice for the same message."""
from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.service import Service, get_service
from twitchwise import metrics
from twitchwise.dialogue import DialogueState, Reply, Turn
from twitchwise.dialogue.model import DELETE, Message
from twitchwise.logging import about
from twitchwise.turn_message import message_of
from twitchwise.turn_state import PROBE_PREFIX, SLOT, TurnState

logger = logging.getLogger(__name__)
FORM = "check_form"
REQUESTED_SLOT = "requested_slot"
EMERGENCY_UTTERANCES = ("utter_emergency", "utter_crisis")
#: The contract's slots; whatever the dialogue does not name stays as it is.
SLOTS = (
    "body_locations", "duration_days", "symptoms_present", "symptoms_absent", "triggers", "red_flags", "triage_level", "faq_topic",
)
MOST_MISSED = 20
Events = list[dict[str, Any]]


async def serve_message(dispatcher: CollectingDispatcher, tracker: Tracker, *, in_form: bool, service: Service | None = None) -> Events:
    """Serve the tracker's latest message: say its replies, return its slots. The second call for a message only returns the slots."""
    # An action process of its own knows the conversation only from here.
    with about(tracker.sender_id), metrics.uncounted(tracker.sender_id.startswith(PROBE_PREFIX)):
        return await _serve(dispatcher, tracker, in_form, service or get_service())


async def _serve(dispatcher: CollectingDispatcher, tracker: Tracker, in_form: bool, service: Service) -> Events:
    stored = await _stored(tracker, service)
    latest = tracker.latest_message or {}
    message_id = str(latest.get("message_id") or "")
    if not message_id or message_id == stored.message_id:
        return _events(stored, tracker, in_form)

    state, channel = _dialogue(stored), tracker.get_latest_input_channel() or ""
    for missed in _missed(tracker, stored, message_id):
        # The action process was away when it came: what it told counts all the same, its words were said by the guard.
        try:
            told = message_of(missed, now=service.clock(), channel=channel, said=True)
            turn = _turn(service, state, told)
        except Exception:
            # A message that breaks the dialogue must not break every later one.
            logger.exception("A missed message could not be served")
            stored.served.append(str(missed["message_id"]))
            continue
        if DELETE in turn.effects:
            replies, failed = await service.carry_out(tracker.sender_id, turn)
            _say(dispatcher, [service.not_done(failed, told.country)] if failed else [*turn.replies, *replies])
            if failed:
                stored.served.append(told.message_id)
                continue
        else:
            await service.record(tracker.sender_id, told, turn)
        stored, state = _next(stored, turn, told.message_id), turn.state

    message = message_of(latest, now=service.clock(), channel=channel, said=_emergency_was_said(tracker))
    turn = _turn(service, state, message)
    replies, failed = await service.carry_out(tracker.sender_id, turn)
    if DELETE in failed:
        # Its words would say that all is gone. The conversation stays where it was, so that a second "yes" tries again.
        _say(dispatcher, [service.not_done(failed, message.country)])
        return _events(replace(stored, message_id=message_id, served=[*stored.served, message_id]), tracker, in_form)
    _say(dispatcher, [*turn.replies, *replies, *([service.not_done(failed, message.country)] if failed else [])])
    if DELETE not in turn.effects:
        await service.record(tracker.sender_id, message, turn)
    return _events(_next(stored, turn, message_id), tracker, in_form)


def _turn(service: Service, state: DialogueState, message: Message) -> Turn:
    level, misunderstood = state.level, state.misunderstood
    with metrics.stage("turn"):
        turn: Turn = service.serve(state, message, service.kit)
    metrics.turn_served(turn, level, misunderstood)
    return turn


def _say(dispatcher: CollectingDispatcher, replies: Iterable[Reply]) -> None:
    for reply in replies:
        dispatcher.utter_message(
            text=reply.text or None,
            buttons=[{"title": button.title, "payload": button.payload} for button in reply.buttons] or None,
            json_message=reply.card or None,
        )


async def _stored(tracker: Tracker, service: Service) -> TurnState:
    raw = tracker.get_slot(SLOT)
    if raw is None:
        # A new conversation, or a new session of an old one: its case is in the records.
        dialogue = await service.load_state(tracker.sender_id)
        return TurnState(dialogue=dialogue or {})
    return TurnState.from_dict(raw)


def _dialogue(stored: TurnState) -> DialogueState:
    try:
        return DialogueState.from_dict(stored.dialogue)
    except Exception:
        # Stored by another version, or damaged: better a new case than no answer.
        logger.exception("A stored state cannot be read; a new case begins")
        return DialogueState()


def _next(stored: TurnState, turn: Turn, message_id: str) -> TurnState:
    return TurnState(
        dialogue=turn.state.to_dict(),
        message_id=message_id,
        slots={name: turn.slots[name] for name in SLOTS if name in turn.slots},
        requested_slot=turn.requested_slot if turn.check_open else None,
        check_open=turn.check_open,
        served=[*stored.served, message_id],
    )


def _events(state: TurnState, tracker: Tracker, in_form: bool) -> Events:
    """The slots of a served message; the form is opened when the turn opened the check and none is active.

    The form becomes active by its event alone: to run it too would serve the message a second time and say nothing new.
    """
    # Only what differs: each event is stored, and read again with every later message.
    events = [SlotSet(name, value) for name, value in state.slots.items() if name not in tracker.slots or tracker.slots[name] != value]
    events.append(SlotSet(SLOT, state.to_dict()))
    events.append(SlotSet(REQUESTED_SLOT, state.requested_slot))
    if state.requested_slot and not in_form and not (tracker.active_loop or {}).get("name"):
        events.append(ActiveLoop(FORM))
    return events


def _missed(tracker: Tracker, stored: TurnState, message_id: str) -> list[dict[str, Any]]:
    """Messages of this session that no action served, oldest first: those after the last one served."""
    missed: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        if event.get("event") == "session_started" or len(missed) == MOST_MISSED:
            break
        if event.get("event") != "user":
            continue
        parse = {**(event.get("parse_data") or {}), "message_id": event.get("message_id"), "metadata": event.get("metadata") or {}}
        if parse["message_id"] == message_id:
            continue
        if parse["message_id"] in stored.served or not parse["message_id"]:
            break
        missed.append(parse)
    return missed[::-1]


def _emergency_was_said(tracker: Tracker) -> bool:
    """Whether the safety policy already said this message's emergency words."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") in EMERGENCY_UTTERANCES:
            return True
    return False
