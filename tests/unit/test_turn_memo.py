"""A message is worked out once for the same state, and anew whenever anything differs."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from twitchwise import dialogue, turn_memo
from twitchwise.dialogue import DialogueState, Message, load_kit
from twitchwise.dialogue.model import Kit
from twitchwise.understanding.findings import LOCATION, SYMPTOM, Finding

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
MESSAGE = Message(text="my calf twitches", intent="describe_symptoms", intent_confidence=0.9, message_id="m1", now=NOW,
                  findings=[Finding(SYMPTOM, "twitching", 9, 16, assertion="present"), Finding(LOCATION, "calf", 3, 7, role="site")])


@pytest.fixture(scope="module")
def kit() -> Kit:
    return load_kit()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Message]]:
    """The messages that the dialogue itself was asked for."""
    made: list[Message] = []
    original = dialogue.serve

    def counted(state: DialogueState, message: Message, kit: Kit) -> dialogue.Turn:
        made.append(message)
        return original(state, message, kit)

    monkeypatch.setattr(dialogue, "serve", counted)
    turn_memo._served.clear()
    yield made
    turn_memo._served.clear()


def test_the_second_call_gets_the_turn_of_the_first(kit: Kit, calls: list[Message]) -> None:
    first = turn_memo.serve(DialogueState(), MESSAGE, kit)
    later = replace(MESSAGE, now=NOW + timedelta(milliseconds=30), channel="rest", findings=list(MESSAGE.findings))
    assert turn_memo.serve(DialogueState.from_dict({}), later, kit) is first
    assert len(calls) == 1
    # Once: a third call is not expected, and nothing is kept for it.
    turn_memo.serve(DialogueState(), MESSAGE, kit)
    assert len(calls) == 2


@pytest.mark.parametrize("change", [
    {"text": "my leg twitches"}, {"intent": "greet"}, {"emergency_said": True}, {"findings": []}, {"country": "UK"}, {"message_id": "m2"},
    {"now": NOW + timedelta(minutes=1)}, {"payload": {"answer": "yes"}}, {"topics": [("is_it_als", 0.9)]}, {"handed_over": True},
])
def test_another_message_is_served_anew(kit: Kit, calls: list[Message], change: dict[str, object]) -> None:
    turn_memo.serve(DialogueState(), MESSAGE, kit)
    other = replace(MESSAGE, **change)  # type: ignore[arg-type]
    assert turn_memo.serve(DialogueState(), other, kit).replies == dialogue.serve(DialogueState(), other, kit).replies
    assert len(calls) == 3


def test_another_state_is_served_anew(kit: Kit, calls: list[Message]) -> None:
    turn_memo.serve(DialogueState(), MESSAGE, kit)
    turn_memo.serve(DialogueState(stopped=True), MESSAGE, kit)
    assert len(calls) == 2


def test_another_staff_is_served_anew(kit: Kit, calls: list[Message]) -> None:
    turn_memo.serve(DialogueState(), MESSAGE, kit)
    turn_memo.serve(DialogueState(), MESSAGE, replace(kit, extra={"staff": None}))
    assert len(calls) == 2


def test_a_state_that_changed_since_is_another_one(kit: Kit, calls: list[Message]) -> None:
    state = DialogueState()
    turn_memo.serve(state, MESSAGE, kit)
    state.fears += 1
    turn_memo.serve(state, MESSAGE, kit)
    assert len(calls) == 2


def test_only_so_many_are_remembered(kit: Kit, calls: list[Message]) -> None:
    for number in range(turn_memo.REMEMBERED + 5):
        turn_memo.serve(DialogueState(), replace(MESSAGE, message_id=f"m{number}"), kit)
    assert len(turn_memo._served) == turn_memo.REMEMBERED


def test_a_message_without_an_id_is_never_remembered(kit: Kit, calls: list[Message]) -> None:
    for _ in range(2):
        turn_memo.serve(DialogueState(), replace(MESSAGE, message_id=""), kit)
    assert len(calls) == 2
