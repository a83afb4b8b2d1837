"""While a person of the staff has taken over: quiet, but never deaf."""
from __future__ import annotations

from datetime import datetime, timezone

import pytest

from twitchwise.dialogue import DialogueState, Message, Turn, load_kit, serve
from twitchwise.dialogue.model import DELETE, EXPORT, HAND_OVER
from twitchwise.staff.hours import parse_hours
from twitchwise.understanding.reader import load_reader

MONDAY = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


def say(state: DialogueState, text: str, intent: str = "describe_symptoms", *, over: bool = True, now: datetime = MONDAY, **kit: object) -> Turn:
    findings = load_reader().read(text).findings
    message = Message(text=text, intent=intent, intent_confidence=0.9, findings=findings, message_id=f"m{state.turns}", now=now, handed_over=over)
    return serve(state, message, load_kit(**kit))


def in_check() -> DialogueState:
    state = say(DialogueState(), "my calf has been twitching for a week", over=False).state
    assert state.question
    return state


@pytest.mark.parametrize(("text", "intent"), [("yes", "affirm"), ("no", "deny"), ("what is ALS?", "ask_als"), ("thank you", "thank"), ("?!", "")])
def test_it_keeps_quiet_and_takes_nothing_for_an_answer(text: str, intent: str) -> None:
    before = in_check()
    turn = say(before, text, intent)
    assert turn.replies == () and not turn.check_open and turn.requested_slot is None and turn.escalate is None
    assert turn.slots["symptoms_absent"] == [] and turn.slots["red_flags"] == []


def test_what_is_told_belongs_to_the_case() -> None:
    turn = say(in_check(), "my eyelid twitches too")
    assert turn.replies == () and "eyelid" in turn.slots["body_locations"]


def test_a_sign_that_can_wait_is_noted_and_raised_without_a_word() -> None:
    turn = say(in_check(), "I have been losing strength in my hand for weeks")
    assert turn.replies == () and turn.escalate and turn.slots["triage_level"] == "neurologist"


def test_an_emergency_has_its_words_and_is_raised_each_time_it_is_told() -> None:
    turn = say(in_check(), "I can hardly breathe")
    assert "999" in turn.replies[0].text and turn.slots["triage_level"] == "emergency"
    assert turn.escalate and turn.escalate.new_flags == ("breathing_difficulty",)
    again = say(turn.state, "I really can hardly breathe")
    assert again.replies and again.escalate and again.escalate.new_flags == ("breathing_difficulty",)
    assert say(again.state, "thank you for asking", "thank").replies == ()


def test_the_persons_data_stay_theirs() -> None:
    asked = say(in_check(), "delete my data", "delete_my_data")
    assert asked.replies
    assert DELETE in say(asked.state, "yes", "affirm").effects
    asked = say(in_check(), "export my data", "export_my_data")
    assert asked.replies
    assert EXPORT in (asked.effects or say(asked.state, "yes", "affirm").effects)


def test_the_same_message_twice_says_nothing_twice() -> None:
    turn = say(in_check(), "I can hardly breathe")
    again = serve(turn.state, Message(text="I can hardly breathe", message_id=turn.state.served[-1], now=MONDAY, handed_over=True), load_kit())
    assert again.replies == () and again.escalate is None


@pytest.mark.parametrize(("hours", "now", "words"), [
    ("Mon-Fri 09:00-17:00", MONDAY, "When somebody takes over"), ("Mon-Fri 09:00-17:00", MONDAY.replace(hour=20), "nobody is there now"),
    ("", MONDAY, "cannot say when"),
])
def test_asking_for_a_person_says_honestly_who_is_there(hours: str, now: datetime, words: str) -> None:
    turn = say(DialogueState(), "can I talk to a person", "talk_to_human", over=False, now=now, staff=parse_hours(hours))
    text = "\n".join(reply.text for reply in turn.replies)
    assert words in text and "999" in text and turn.effects == (HAND_OVER,)
    assert ("Monday to Friday from 09:00 to 17:00" in text) == (words == "nobody is there now")


def test_without_a_staff_nobody_is_promised() -> None:
    turn = say(DialogueState(), "can I talk to a person", "talk_to_human", over=False)
    assert "cannot connect you" in turn.replies[0].text and turn.effects == ()
