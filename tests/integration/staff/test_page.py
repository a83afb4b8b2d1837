"""The list and the cases: who sees what, who has what, and what is written down. On both databases."""
from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.records.test_staff import race
from tests.integration.staff.conftest import Browser, now
from twitchwise.records import hand_over, privacy, repository, staff, tracker_events
from twitchwise.records.tracker_events import Batch, EventLine

PERSON = "web:" + "a" * 32


def cases(browser: Browser) -> list[str]:
    return re.findall(r'data-case="(\w+)"', browser.get("/").text)


def test_most_urgent_and_oldest_first(browse: Any, raise_one: Any, engine: Any, keys: Any) -> None:
    start = now() - timedelta(hours=1)
    for sender, level, minute in (("web:1", "see_gp", 0), ("web:2", "emergency", 9), ("web:3", "emergency", 5), ("web:4", "urgent", 1)):
        raise_one(sender, level, at=start + timedelta(minutes=minute))
    hand_over.request(engine, keys, "telegram:5", "telegram", start - timedelta(hours=2))
    wanted = [keys.conversation(name) for name in ("web:3", "web:2", "web:4", "web:1", "telegram:5")]
    assert cases(browse("ada")) == wanted


def test_a_case_shows_findings_rules_and_who_did_what(browse: Any, raise_one: Any) -> None:
    case, escalation = raise_one()
    ada = browse("ada")
    text = ada.get(f"/case/{case}").text
    assert "Trouble breathing" in text and "vvvvvvvvvvvv" in text and "nobody has picked it up" in text
    assert "has not allowed the staff to read it" in text and "conversation=1" not in text
    assert ada.deed(case, "acknowledge", escalation=escalation) == "You have picked this up."
    ada.deed(case, "note", escalation=escalation, text="called <b>her</b>")
    assert "called &lt;b&gt;her&lt;/b&gt;" in ada.get(f"/case/{case}").text
    assert ada.deed(case, "close", escalation=escalation) == "Closed."
    assert cases(ada) == []


def test_everything_is_in_the_audit_log(browse: Any, raise_one: Any, engine: Any) -> None:
    case, escalation = raise_one()
    ada = browse("ada")
    ada.get("/")
    ada.get(f"/case/{case}")
    ada.deed(case, "acknowledge", escalation=escalation)
    ada.deed(case, "take")
    ada.deed(case, "answer", text="secret words")
    ada.deed(case, "hand-back")
    ada.deed(case, "note", escalation=escalation, text="secret words")
    ada.deed(case, "close", escalation=escalation)
    ada.post("/logout", "/")
    log = repository.audit_entries(engine)
    assert {entry.action for entry in log} >= {
        "sign_in", "see_list", "see_case", "acknowledge", "take_over", "answer", "end_hand_over", "note", "close", "sign_out"}
    assert {entry.actor for entry in log} == {"ada"} and "secret" not in json.dumps([entry.detail for entry in log])
    assert {entry.conversation for entry in log if entry.action in ("see_case", "take_over", "answer", "note")} == {case}


def test_two_pick_the_same_case_up_one_gets_it_the_other_is_told(browse: Any, raise_one: Any, engine: Any, keys: Any) -> None:
    case, escalation = raise_one()
    browsers = {name: browse(name) for name in ("ada", "bob")}
    tokens = {name: browser.token(f"/case/{case}") for name, browser in browsers.items()}
    said: dict[str, str] = {}

    def work(name: str) -> None:
        who = ("ada", "bob")[int(name[-1]) % 2]
        if name[-1] in "01":
            said[who] = browsers[who].client.post(f"/case/{case}/acknowledge", data={"csrf": tokens[who], "escalation": escalation}).text

    race(work)
    winner = repository.escalation(engine, keys, escalation).staff
    loser = "bob" if winner == "ada" else "ada"
    assert "You have picked this up." in said[winner] and f"{winner} was first and has picked this up." in said[loser]
    assert f"{winner} has picked this up, so only {winner} can close it." in browsers[loser].deed(case, "close", escalation=escalation)
    assert repository.escalation(engine, keys, escalation).state == "acknowledged"


def test_two_take_over_at_once_one_gets_it_the_other_is_told(browse: Any, raise_one: Any, engine: Any, keys: Any) -> None:
    case, _ = raise_one()
    results = race(lambda name: hand_over.take_case(engine, keys, case, name, now(), "hello"))
    winners = [name for name, got in results if got]
    assert len(winners) == 1
    (over,) = hand_over.of_case(engine, keys, case)
    assert (over.state, over.staff, over.address) == ("taken", winners[0], PERSON)
    assert [message.text for message in hand_over.messages(engine, keys, over.id)] == ["hello"]
    late = browse("late")
    assert late.deed(case, "take") == f"{winners[0]} was first and talks to this person now."
    assert late.deed(case, "answer", text="me too").startswith("Not sent")
    assert late.deed(case, "hand-back") == "You do not have this conversation (any more)."
    assert hand_over.of_case(engine, keys, case)[0].staff == winners[0]


def test_take_over_answer_and_hand_back(browse: Any, raise_one: Any, engine: Any, keys: Any) -> None:
    case, escalation = raise_one()
    ada = browse("ada", shown_as="Ada, nurse")
    assert "You have taken over" in ada.deed(case, "take")
    assert repository.escalation(engine, keys, escalation).staff == "ada", "what was open is picked up with it"
    ada.deed(case, "answer", text="How are you?")
    over = hand_over.of_case(engine, keys, case)[0]
    hand_over.add_message(engine, keys, over.id, hand_over.PERSON, "<i>better</i>", now(), "id-1")
    hand_over.add_message(engine, keys, over.id, hand_over.PERSON, "<i>better</i>", now(), "id-1")
    assert "&lt;i&gt;better&lt;/i&gt;" in ada.get(f"/case/{case}").text
    news = ada.get(f"/case/{case}/news?after=0").json()
    assert [line["who"] for line in news["messages"]] == ["notice", "staff", "person"]
    assert "Ada, nurse" in news["messages"][0]["text"] and "999" in news["messages"][0]["text"]
    assert "The assistant answers again" in ada.deed(case, "hand-back")
    assert [each.state for each in hand_over.of_case(engine, keys, case)] == ["ended"]
    assert ada.deed(case, "answer", text="late").startswith("Not sent")
    assert hand_over.messages(engine, keys, over.id)[-1].text.startswith("Ada, nurse has left")


def test_the_conversation_is_shown_only_where_it_is_allowed(browse: Any, raise_one: Any, engine: Any, keys: Any, settings: Any) -> None:
    case, _ = raise_one()
    event = EventLine.of({"event": "user", "timestamp": now().timestamp(), "text": "my secret words"})
    tracker_events.append(engine, keys, case, Batch("b" * 32, (event,)))
    ada = browse("ada")
    assert "my secret words" not in ada.get(f"/case/{case}?conversation=1").text
    settings.staff_sees_conversation = True
    assert "my secret words" not in ada.get(f"/case/{case}").text
    assert "my secret words" in ada.get(f"/case/{case}?conversation=1").text
    assert "see_conversation" in {entry.action for entry in repository.audit_entries(engine, conversation_id=case)}


def test_a_deleted_case_is_gone(browse: Any, raise_one: Any, engine: Any, keys: Any) -> None:
    case, _ = raise_one()
    ada = browse("ada")
    ada.deed(case, "take")
    privacy.delete_person(engine, keys, PERSON)
    assert ada.get(f"/case/{case}").status_code == 404 and ada.get(f"/case/{case}/news").json() == {"gone": True}
    assert ada.post(f"/case/{case}/take", "/").status_code == 404 and cases(ada) == []


def test_an_escalation_of_another_case_is_not_reached(browse: Any, raise_one: Any, engine: Any, keys: Any) -> None:
    case, _ = raise_one()
    _, other = raise_one("web:other")
    ada = browse("ada")
    assert ada.post(f"/case/{case}/acknowledge", f"/case/{case}", escalation=other).status_code == 404
    assert repository.escalation(engine, keys, other).state == "open"


def test_who_writes_nothing_for_long_gives_the_conversation_back(raise_one: Any, engine: Any, keys: Any) -> None:
    case, _ = raise_one()
    start = now()
    over = hand_over.take_case(engine, keys, case, "ada", start, "here I am")
    hand_over.answer(engine, keys, over.id, "ada", "hello", start + timedelta(minutes=10))
    assert hand_over.end_idle(engine, keys, start + timedelta(minutes=9), start + timedelta(minutes=24), "gone") == 0
    assert hand_over.end_idle(engine, keys, start + timedelta(minutes=11), start + timedelta(minutes=26), "gone") == 1
    assert hand_over.messages(engine, keys, over.id)[-1].text == "gone"
    assert repository.audit_entries(engine, conversation_id=case)[0].actor == "clock"


@pytest.mark.parametrize("table", ["audit-row", "escalation-row", "hand-over-row", "delivery-row", "staff-row"])
def test_tables_are_for_admins_and_hold_no_words_and_no_hashes(browse: Any, raise_one: Any, engine: Any, keys: Any, table: str) -> None:
    case, escalation = raise_one()
    bob = browse("bob")
    bob.deed(case, "acknowledge", escalation=escalation)
    bob.deed(case, "note", escalation=escalation, text="secret words")
    assert bob.get(f"/records/{table}/list").status_code == 403
    answer = browse("root", staff.ADMIN).get(f"/records/{table}/list")
    assert answer.status_code == 200 and "secret" not in answer.text and "argon2" not in answer.text
    for path in (f"/records/{table}/create", f"/records/{table}/edit/1", f"/records/{table}/details/1", f"/records/{table}/export/csv"):
        assert browse("root", staff.ADMIN).get(path).status_code in (403, 404), path
    assert browse().get(f"/records/{table}/list", follow_redirects=False).headers["location"] == "/login"
