"""Escalations and hand-overs worked on by several people, and their accounts."""
from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone

import pytest

from tests.integration.records.conftest import everything
from twitchwise.records import hand_over, repository, staff
from twitchwise.records.recorder import Recorder
from twitchwise.records.turns import Escalation

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def recorder(engine, keys, tmp_path):
    made = Recorder(engine, keys, spool=tmp_path / "spool")
    yield made
    made.close()


def race(work) -> list:
    """What `work` returned to each of six people at once."""
    results: list = []
    start = threading.Barrier(6)

    def run(name: str) -> None:
        start.wait()
        results.append((name, work(name)))

    threads = [threading.Thread(target=run, args=(f"staff {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    return results


def test_most_urgent_and_oldest_first(recorder, engine, keys):
    for name, level, minute in (("a", "see_gp", 0), ("b", "emergency", 2), ("c", "emergency", 1), ("d", "self_care", 0)):
        recorder.record_turn(name, "m", [], None, Escalation(level), NOW + timedelta(minutes=minute))
    listed = [each.conversation for each in repository.escalations(engine, keys, state="open")]
    assert listed == [keys.conversation(name) for name in ("c", "b", "a", "d")]


def test_an_unknown_level_counts_as_the_most_urgent(recorder, engine, keys):
    recorder.record_turn("a", "m", [], None, Escalation("emergency"), NOW)
    recorder.record_turn("b", "m", [], None, Escalation("something new"), NOW)
    assert {each.urgency for each in repository.escalations(engine, keys)} == {4}


def test_two_people_pick_up_the_same_escalation_and_one_gets_it(recorder, engine, keys):
    done = recorder.record_turn("someone", "m", [], None, Escalation("emergency"), NOW)
    results = race(lambda name: repository.acknowledge(engine, done.escalation_id, name, NOW))
    winners = [name for name, got in results if got]
    assert len(winners) == 1
    view = repository.escalation(engine, keys, done.escalation_id)
    assert (view.state, view.staff) == ("acknowledged", winners[0])
    assert [(entry.actor, entry.action) for entry in repository.audit_entries(engine)] == [(winners[0], "acknowledge")]


def test_note_and_close(recorder, engine, keys):
    done = recorder.record_turn("someone", "m", [], None, Escalation("emergency"), NOW)
    assert repository.close(engine, done.escalation_id, "ada", NOW) is False
    repository.acknowledge(engine, done.escalation_id, "ada", NOW)
    assert repository.note(engine, keys, done.escalation_id, "ada", "called", NOW)
    assert repository.note(engine, keys, done.escalation_id, "bob", "called again", NOW + timedelta(hours=1))
    assert repository.close(engine, done.escalation_id, "ada", NOW) is True
    view = repository.escalation(engine, keys, done.escalation_id)
    assert view.note == "2026-03-01 12:00 ada: called\n2026-03-01 13:00 bob: called again"
    assert view.closed_at == NOW
    assert repository.note(engine, keys, "nothing", "ada", "x", NOW) is False
    log = repository.audit_entries(engine, conversation_id=keys.conversation("someone"))
    assert [entry.action for entry in log] == ["close", "note", "note", "acknowledge"]


def test_a_hand_over_from_request_to_end(recorder, engine, keys):
    over = hand_over.request(engine, keys, "web:someone", "web", NOW)
    assert hand_over.request(engine, keys, "web:someone", "web", NOW).id == over.id
    assert [each.id for each in hand_over.hand_overs(engine, keys)] == [over.id]
    winners = [got for _, got in race(lambda name: hand_over.take(engine, keys, over.id, name, NOW)) if got]
    assert len(winners) == 1
    assert hand_over.open_hand_over(engine, keys, "web:someone").staff == winners[0].staff
    assert hand_over.open_hand_over(engine, keys, "another") is None

    hand_over.add_message(engine, keys, over.id, hand_over.PERSON, "are you there?", NOW)
    mine = hand_over.add_message(engine, keys, over.id, hand_over.STAFF, "yes", NOW)
    assert hand_over.claim_messages(engine, keys, "telegram", NOW) == []
    ((owner, message),) = hand_over.claim_messages(engine, keys, "web", NOW)
    assert (owner.address, message.text) == ("web:someone", "yes")
    assert hand_over.claim_messages(engine, keys, "web", NOW) == []
    assert hand_over.end(engine, over.id, "ada", NOW) is True
    assert hand_over.hand_over(engine, keys, over.id).address == "web:someone"     # the last word is still on its way
    ((_, again),) = hand_over.claim_messages(engine, keys, "web", NOW + timedelta(seconds=31))
    assert hand_over.carried(engine, message, NOW) is False
    assert hand_over.carried(engine, again, NOW) is True
    assert hand_over.hand_over(engine, keys, over.id).address is None
    assert hand_over.end(engine, over.id, "ada", NOW) is False
    assert hand_over.open_hand_over(engine, keys, "web:someone") is None
    assert [each.text for each in hand_over.messages(engine, keys, over.id)] == ["are you there?", "yes"]
    assert [each.id for each in hand_over.messages(engine, keys, over.id, after=mine.id)] == []
    assert hand_over.request(engine, keys, "web:someone", "web", NOW).id != over.id
    with pytest.raises(ValueError, match="person"):
        hand_over.add_message(engine, keys, over.id, "robot", "x", NOW)


def test_words_are_carried_in_order_although_a_process_dies_with_one(engine, keys):
    over, other = (hand_over.request(engine, keys, f"telegram:{name}", "telegram", NOW) for name in ("someone", "another"))
    hand_over.take(engine, keys, over.id, "ada", NOW)
    hand_over.answer(engine, keys, over.id, "ada", "first", NOW)
    ((_, lost),) = hand_over.claim_messages(engine, keys, "telegram", NOW)     # and its process dies
    hand_over.answer(engine, keys, over.id, "ada", "second", NOW)
    hand_over.add_message(engine, keys, other.id, hand_over.STAFF, "to another", NOW)

    def carry(at) -> list[str]:
        found = hand_over.claim_messages(engine, keys, "telegram", at)
        assert all(hand_over.carried(engine, message, at) for _, message in found)
        return [message.text for _, message in found]

    assert carry(NOW + timedelta(seconds=1)) == ["to another"], "only its own conversation is held up"
    assert carry(NOW + timedelta(seconds=31)) == ["first", "second"]
    assert hand_over.carried(engine, lost, NOW + timedelta(seconds=32)) is False
    assert carry(NOW + timedelta(minutes=5)) == []


def test_several_carriers_at_once_carry_each_word_once_and_in_order(engine, keys):
    overs = [hand_over.request(engine, keys, f"telegram:{number}", "telegram", NOW) for number in range(3)]
    for text in range(30):
        hand_over.add_message(engine, keys, overs[text % 3].id, hand_over.STAFF, f"{text:02}", NOW)
    sent: list[tuple[str, str]] = []

    def work(_name: str) -> None:
        # Nobody's lease runs out: what is left is in somebody's hands, who carries it.
        rounds = 0
        while len(sent) < 30 and rounds < 3000:
            rounds += 1
            claimed = hand_over.claim_messages(engine, keys, "telegram", NOW, limit=2)
            for over, message in claimed:
                sent.append((over.id, message.text))
                hand_over.carried(engine, message, NOW)
            if not claimed:
                time.sleep(0.02)

    race(work)
    assert len(sent) == 30
    for over in overs:
        said = [text for owner, text in sent if owner == over.id]
        assert said == sorted(said) and len(said) == 10


def test_many_requests_at_once_make_one_hand_over(engine, keys):
    results = race(lambda _name: hand_over.request(engine, keys, "someone", "web", NOW).id)
    assert len({each for _, each in results}) == 1
    assert len(everything(engine)["hand_overs"]) == 1


def test_accounts_are_locked_after_failures(engine):
    staff.create(engine, "ada", "hash", NOW)
    with pytest.raises(ValueError, match="already"):
        staff.create(engine, "ada", "hash", NOW)
    assert [staff.login_failed(engine, "ada", NOW) for _ in range(staff.TRIES - 1)] == [None] * (staff.TRIES - 1)
    assert staff.login_failed(engine, "ada", NOW) == NOW + staff.LOCK
    assert staff.by_name(engine, "ada").locked_until == NOW + staff.LOCK
    staff.logged_in(engine, "ada", NOW + timedelta(hours=1))
    view = staff.by_name(engine, "ada")
    assert (view.failed_logins, view.locked_until, view.last_login_at) == (0, None, NOW + timedelta(hours=1))
    assert staff.login_failed(engine, "nobody", NOW) is None
    assert staff.set_active(engine, "ada", False) and not staff.by_name(engine, "ada").active
    assert staff.set_password(engine, "ada", "other") and staff.by_name(engine, "ada").password_hash == "other"
    assert staff.set_password(engine, "nobody", "x") is False
    assert staff.by_name(engine, "nobody") is None
