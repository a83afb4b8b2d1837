from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.turn import serve_message
from twitchwise.dialogue import DialogueState, Message
from twitchwise.turn_state import SLOT, TurnState

from .build import FakeRecorder, fake_serve, service, symptom, tracker, user


def slots_in(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def opened(events: list[dict[str, Any]]) -> list[str]:
    return [event["name"] for event in events if event["event"] == "active_loop"]


async def test_a_message_is_served_and_its_slots_returned() -> None:
    dispatcher, recorder = CollectingDispatcher(), FakeRecorder()
    events = await serve_message(dispatcher, tracker(user("weak", "m1")), in_form=False, service=service(recorder))
    assert [message["text"] for message in dispatcher.messages] == ["said weak"]
    assert dispatcher.messages[0]["buttons"] == [{"title": "Yes", "payload": '{"answer": "yes"}'}]
    slots = slots_in(events)
    assert slots["red_flags"] == ["weakness"] and slots["requested_slot"] is None and "unknown" not in slots
    assert recorder.turns == [("c1", "m1")] and not opened(events)


async def test_the_second_call_says_nothing_and_changes_no_slot() -> None:
    recorder = FakeRecorder()
    first = await serve_message(CollectingDispatcher(), tracker(user("twitch", "m1")), in_form=False, service=service(recorder))
    dispatcher = CollectingDispatcher()
    again = tracker(user("twitch", "m1"), slots=slots_in(first))
    second = await serve_message(dispatcher, again, in_form=True, service=service(recorder))
    assert dispatcher.messages == [] and {**slots_in(first), **slots_in(second)} == slots_in(first) and len(recorder.turns) == 1
    # Never nothing at all: Rasa takes a form that sets no slot but the requested one for rejected, and drops its words.
    assert "dialogue_state" in slots_in(second)


async def test_only_slots_that_differ_are_set() -> None:
    known = {"red_flags": ["weakness"], "triage_level": "see_gp", "body_locations": ["calf"]}
    events = await serve_message(CollectingDispatcher(), tracker(user("weak", "m1"), slots=known), in_form=False, service=service(FakeRecorder()))
    assert "red_flags" not in slots_in(events) and {**known, **slots_in(events)}["red_flags"] == ["weakness"]


async def test_the_form_opens_with_the_check_only_when_none_is_active() -> None:
    events = await serve_message(CollectingDispatcher(), tracker(user("twitch", "m1")), in_form=False, service=service())
    assert opened(events) == ["check_form"] and slots_in(events)["requested_slot"] == "breathing"
    inside = tracker(user("twitch", "m1"), loop="check_form")
    assert not opened(await serve_message(CollectingDispatcher(), inside, in_form=True, service=service()))


async def test_a_slot_besides_the_requested_one_is_always_returned() -> None:
    events = await serve_message(CollectingDispatcher(), tracker(user("done", "m1"), loop="check_form"), in_form=True, service=service())
    assert slots_in(events)["requested_slot"] is None
    assert set(slots_in(events)) - {"requested_slot"}


async def test_missed_messages_count_and_their_words_are_not_said_again() -> None:
    recorder, dispatcher = FakeRecorder(), CollectingDispatcher()
    state = TurnState(message_id="m1", served=["m1"])
    conversation = tracker(user("hello", "m1"), user("twitch", "m2"), user("boom", "m3"), user("weak", "m4"), slots={SLOT: state.to_dict()})
    events = await serve_message(dispatcher, conversation, in_form=False, service=service(recorder))
    assert [message["text"] for message in dispatcher.messages] == ["said weak"]
    assert [message_id for _, message_id in recorder.turns] == ["m2", "m4"]
    kept = TurnState.from_dict(slots_in(events)[SLOT])
    assert kept.served == ["m1", "m2", "m3", "m4"]
    assert kept.requested_slot == "breathing"


async def test_what_an_earlier_session_missed_is_not_served_now() -> None:
    dispatcher, recorder = CollectingDispatcher(), FakeRecorder()
    conversation = tracker(user("twitch", "m0"), {"event": "session_started"}, user("weak", "m1"))
    await serve_message(dispatcher, conversation, in_form=False, service=service(recorder))
    assert recorder.turns == [("c1", "m1")]


async def test_a_broken_database_never_reaches_the_reply() -> None:
    dispatcher = CollectingDispatcher()
    events = await serve_message(dispatcher, tracker(user("weak", "m1")), in_form=False, service=service(FakeRecorder(broken=True)))
    assert dispatcher.messages and slots_in(events)["red_flags"] == ["weakness"]


async def test_a_new_session_goes_on_with_the_recorded_case() -> None:
    recorder = FakeRecorder(state=DialogueState(question="swallowing", turns=7).to_dict())
    events = await serve_message(CollectingDispatcher(), tracker(user("back", "m1")), in_form=False, service=service(recorder))
    assert slots_in(events)["requested_slot"] == "swallowing" and opened(events) == ["check_form"]
    assert TurnState.from_dict(slots_in(events)[SLOT]).dialogue["turns"] == 8


async def test_a_state_of_another_version_begins_anew_instead_of_failing() -> None:
    state = TurnState(dialogue={"schema": 999}, message_id="m0", served=["m0"])
    conversation = tracker(user("weak", "m1"), slots={SLOT: state.to_dict()})
    dispatcher = CollectingDispatcher()
    await serve_message(dispatcher, conversation, in_form=False, service=service())
    assert dispatcher.messages


async def test_what_the_dialogue_is_told() -> None:
    seen: list[Message] = []

    def watch(state: DialogueState, message: Message, kit: Any) -> Any:
        seen.append(message)
        return fake_serve(state, message, kit)

    intent = {"name": "ask_is_it_als", "confidence": 0.7}
    question = {"entity": "question", "value": "is_it_als", "start": 0, "end": 10, "additional_info": {"confidence": 0.6}}
    entities = [symptom("weakness", "weak"), question]
    event = user("is it ALS?", "m1", intent=intent, entities=entities, button={"answer": "yes"})
    event["metadata"] = {"country": "UK"}
    watched = service()
    watched.serve = watch
    await serve_message(CollectingDispatcher(), tracker(event), in_form=False, service=watched)
    (message,) = seen
    assert (message.intent, message.intent_confidence, message.message_id) == ("ask_is_it_als", 0.7, "m1")
    assert list(message.topics) == [("is_it_als", 0.6, 0, 10)]
    assert [finding.code for finding in message.findings] == ["weakness"]
    assert (message.country, message.channel, message.payload) == ("UK", "rest", {"answer": "yes"})


async def test_emergency_words_already_said_are_known() -> None:
    dispatcher = CollectingDispatcher()
    conversation = tracker(user("weak", "m1"), {"event": "action", "name": "utter_emergency"})
    await serve_message(dispatcher, conversation, in_form=False, service=service())
    assert dispatcher.messages[0]["text"] == "again weak"


async def test_effects_are_carried_out_and_a_deleted_turn_is_not_recorded() -> None:
    done: list[str] = []

    async def delete(conversation: str, _turn: Any) -> list[Any]:
        done.append(conversation)
        return []

    recorder = FakeRecorder()
    await serve_message(
        CollectingDispatcher(), tracker(user("delete", "m1")), in_form=False, service=service(recorder, effects={"delete": delete})
    )
    assert done == ["c1"] and recorder.turns == []


async def test_a_deletion_that_fails_is_said_and_changes_nothing() -> None:
    tried: list[str] = []

    async def delete(conversation: str, _turn: Any) -> list[Any]:
        tried.append(conversation)
        if len(tried) == 1:
            raise OSError("away")
        return []

    recorder = FakeRecorder()
    served = service(recorder, effects={"delete": delete})
    before = slots_in(await serve_message(CollectingDispatcher(), tracker(user("twitch", "m1")), in_form=False, service=served))
    dispatcher = CollectingDispatcher()
    events = await serve_message(dispatcher, tracker(user("delete", "m2"), slots=before), in_form=True, service=served)
    (said,) = dispatcher.messages
    assert "could not delete" in said["text"] and "emergency" in said["text"], "the words of success are not said"
    after = slots_in(events)
    assert after[SLOT]["dialogue"] == before[SLOT]["dialogue"] and after["requested_slot"] == "breathing"
    assert recorder.turns == [("c1", "m1")]
    dispatcher = CollectingDispatcher()
    await serve_message(dispatcher, tracker(user("delete", "m3"), slots=after), in_form=True, service=served)
    assert [message["text"] for message in dispatcher.messages] == ["said delete"] and tried == ["c1", "c1"]


async def test_a_deletion_that_nothing_carries_out_is_not_claimed() -> None:
    dispatcher = CollectingDispatcher()
    await serve_message(dispatcher, tracker(user("delete", "m1")), in_form=False, service=service())
    assert [("could not delete" in message["text"]) for message in dispatcher.messages] == [True]


async def test_a_missed_deletion_is_carried_out_and_not_recorded() -> None:
    done: list[str] = []

    async def delete(conversation: str, _turn: Any) -> list[Any]:
        done.append(conversation)
        return []

    recorder = FakeRecorder()
    conversation = tracker(user("delete", "m1"), user("hello", "m2"))
    await serve_message(CollectingDispatcher(), conversation, in_form=False, service=service(recorder, effects={"delete": delete}))
    assert done == ["c1"] and recorder.turns == [("c1", "m2")]
