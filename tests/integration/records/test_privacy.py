"""A person's data given out, deleted everywhere, kept for a limited time, encrypted anew. Every table and file is read."""
from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from tests.integration.records.conftest import everything
from tests.integration.records.test_schema import chat
from twitchwise.records import hand_over, outbox, privacy, repository
from twitchwise.records.errors import ContentKeyError
from twitchwise.records.keys import Keys
from twitchwise.records.recorder import Recorder
from twitchwise.records.spool import Spool
from twitchwise.records.tracker_events import Batch, EventLine, append, load_all
from twitchwise.records.turns import Escalation
from twitchwise.records.writing import Written

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SENDER, WORDS = "telegram:4479460958", "my very own words"
FINDINGS = [{"kind": "symptom", "code": "twitching", "assertion": "present"}]


def live(engine, keys: Keys, spool: Path, sender: str = SENDER, words: str = WORDS, now: datetime = NOW) -> str:
    """Everything that a person can leave behind. Returns the escalation."""
    recorder = Recorder(engine, keys, spool=spool, retry_s=60)
    done = recorder.record_turn(sender, "m1", FINDINGS, {"level": "emergency", "red_flags": ["stroke_signs"]}, Escalation("emergency"), now,
                                channel="telegram", state={"words": words})
    outbox.dispatch(engine, ("webhook", "email"), now)
    over = hand_over.request(engine, keys, sender, "telegram", now, done.escalation_id)
    hand_over.add_message(engine, keys, over.id, hand_over.PERSON, words, now)
    repository.acknowledge(engine, done.escalation_id, "ada", now)
    repository.note(engine, keys, done.escalation_id, "ada", f"said: {words}", now)
    event = EventLine.of({"event": "user", "timestamp": now.timestamp(), "text": words})
    append(engine, keys, keys.conversation(sender), Batch("b" * 32, (event,)))
    recorder._away_until = float("inf")
    assert recorder.record_turn(sender, "m2", FINDINGS, None, None, now + timedelta(seconds=1)).state is Written.SPOOLED
    recorder.close()
    return done.escalation_id


def traces(engine, folder: Path, *needles: str) -> list[str]:
    """Where any of `needles` still stands: rows of every table, and bytes of every file."""
    found = [f"{name}: {row}" for name, rows in everything(engine).items() for row in rows
             if any(needle in repr(row) for needle in needles)]
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes() + path.name.encode()
            found += [f"{path.name}: {needle}" for needle in needles if needle.encode() in content]
    return found


def test_export_holds_everything_and_is_json(engine, keys, tmp_path):
    escalation_id = live(engine, keys, tmp_path / "spool")
    given = json.loads(json.dumps(privacy.export(engine, keys, SENDER)))
    assert given["conversation"]["channel"] == "telegram"
    assert given["state"] == {"words": WORDS}
    assert given["findings"][0]["code"] == "twitching"
    assert given["assessments"][0]["red_flags"] == ["stroke_signs"]
    assert given["escalations"][0]["id"] == escalation_id
    assert WORDS in given["escalations"][0]["note"]
    assert {each["target"] for each in given["deliveries"]} == {"webhook", "email"}
    assert given["hand_overs"][0]["address"] == SENDER
    assert given["hand_overs"][0]["messages"][0]["text"] == WORDS
    assert given["messages"][0]["text"] == WORDS
    empty = privacy.export(engine, keys, "nobody")
    assert not any(empty.values())


def test_a_deletion_leaves_nothing_anywhere(engine, keys, tmp_path):
    spool = tmp_path / "spool"
    escalation_id = live(engine, keys, spool)
    live(engine, keys, spool, "another", "words of another", NOW)
    me, needles = keys.conversation(SENDER), (SENDER, WORDS, keys.conversation(SENDER), escalation_id)
    assert traces(engine, tmp_path, *needles)
    done = privacy.delete_person(engine, keys, SENDER, spool=Spool(spool), now=NOW + timedelta(minutes=1))
    assert done.files == 1
    assert {"conversations", "turns", "findings", "assessments", "escalations", "outbox", "deliveries", "hand_overs", "hand_over_messages",
            "tracker_events"} == set(done.rows)
    assert traces(engine, tmp_path, *needles) == []
    rows = everything(engine)
    assert {row["conversation"] for row in rows["audit_log"] if row["action"] == "note"} == {None, keys.conversation("another")}
    (stone,) = rows["deletions"]
    assert stone["reason"] == "person" and stone["tombstone"] not in (me, None)
    assert len(rows["conversations"]) == 1 and len(rows["hand_over_messages"]) == 1
    assert privacy.export(engine, keys, "another")["messages"][0]["text"] == "words of another"


def test_a_deletion_takes_the_chat_of_telegram_with_it(engine, keys, tmp_path):
    """Whoever deletes: the person in the chat, in another process than Telegram's, or the operator."""
    me = keys.conversation(SENDER)
    chat(engine, me)
    done = privacy.delete_person(engine, keys, SENDER, now=NOW)
    assert {"telegram_chats": 1, "telegram_updates": 1, "telegram_outgoing": 1}.items() <= done.rows.items()
    assert traces(engine, tmp_path, me, "a chat's number", "words") == []
    (number,) = everything(engine)["telegram_updates"]
    assert number["update_id"] == 7, "its number stays, so that Telegram cannot bring it a second time"


def test_a_chat_that_is_just_being_answered_is_emptied_and_goes_when_its_answer_is_sent(engine, keys):
    me = keys.conversation(SENDER)
    chat(engine, me, owner="somebody", owned_until=NOW + timedelta(seconds=20))
    privacy.delete_person(engine, keys, SENDER, now=NOW)
    rows = everything(engine)
    assert [(row["chat_sealed"], row["forget"]) for row in rows["telegram_chats"]] == [(None, True)]
    assert len(rows["telegram_outgoing"]) == 1, "the answer to 'delete my data' is still sent"
    privacy.delete_person(engine, keys, SENDER, now=NOW + timedelta(minutes=5))
    assert everything(engine)["telegram_chats"] == [], "its process died"


def test_late_copies_of_a_deleted_conversation_are_not_written(engine, keys, tmp_path):
    live(engine, keys, tmp_path / "spool")
    privacy.delete_person(engine, keys, SENDER, now=NOW + timedelta(minutes=1))     # by a process that does not see this spool
    late = Recorder(engine, keys, spool=tmp_path / "spool")
    late.drain()
    assert late.waiting == 0
    assert late.record_turn(SENDER, "m1", FINDINGS, None, None, NOW).state is Written.DELETED
    event = EventLine.of({"event": "user", "timestamp": NOW.timestamp(), "text": WORDS})
    assert append(engine, keys, keys.conversation(SENDER), Batch("c" * 32, (event,))) is False
    rows = everything(engine)
    assert not any(rows[name] for name in ("conversations", "turns", "findings", "tracker_events"))
    assert late.record_turn(SENDER, "m3", FINDINGS, None, None, NOW + timedelta(hours=1)).state is Written.NEW
    late.close()


def test_deleting_twice_or_nothing_is_fine(engine, keys):
    assert privacy.delete_person(engine, keys, "nobody").total == 0
    assert privacy.delete_person(engine, keys, "nobody").total == 0


def test_retention_deletes_what_is_old_and_nothing_else(engine, keys, tmp_path):
    recorder = Recorder(engine, keys, spool=tmp_path / "empty")
    live(engine, keys, tmp_path / "spool", "quiet", "old words", NOW - timedelta(days=100))
    live(engine, keys, tmp_path / "spool", "lively", "lively words", NOW - timedelta(days=100))
    recorder.record_turn("lively", "m9", FINDINGS, None, None, NOW - timedelta(days=1))
    event = EventLine.of({"event": "user", "timestamp": (NOW - timedelta(days=200)).timestamp(), "text": "never recorded"})
    append(engine, keys, keys.conversation("only rasa"), Batch("d" * 32, (event,)))
    live(engine, keys, tmp_path / "spool", "recent", "recent words", NOW - timedelta(days=3))
    privacy.retention(engine, keys, 90, spool=recorder.spool, now=NOW)
    rows = everything(engine)
    assert {row["id"] for row in rows["conversations"]} == {keys.conversation("lively"), keys.conversation("recent")}
    assert [row["conversation_id"] for row in rows["turns"]].count(keys.conversation("lively")) == 1
    assert {row["conversation_id"] for row in rows["tracker_events"]} == {keys.conversation("recent")}
    assert {row["conversation_id"] for row in rows["escalations"]} == {keys.conversation("recent")}
    assert all(row["created_at"] > NOW - timedelta(days=90) for row in rows["findings"])
    assert rows["deletions"] and {row["reason"] for row in rows["deletions"]} == {"retention"}
    privacy.retention(engine, keys, 90, now=NOW + timedelta(days=200))
    rows = everything(engine)
    assert not any(rows[name] for name in rows if name not in ("deletions", "audit_log", "staff_users"))
    assert all(row["tombstone"] is None for row in rows["deletions"] if row["at"] == NOW)
    recorder.close()


def test_retention_refuses_less_than_a_day(engine, keys):
    with pytest.raises(ValueError, match="at least one day"):
        privacy.retention(engine, keys, 0)


def test_text_is_encrypted_where_a_key_is_set(engine, tmp_path):
    keys = Keys(b"k" * 32, [OLD])
    live(engine, keys, tmp_path / "spool")
    assert traces(engine, tmp_path, WORDS, SENDER) == []
    assert privacy.export(engine, keys, SENDER)["messages"][0]["text"] == WORDS


def test_addresses_and_the_spool_are_never_in_the_clear(engine, keys, tmp_path):
    live(engine, keys, tmp_path / "spool")
    assert traces(engine, tmp_path / "spool", SENDER) == []
    assert WORDS not in "".join(path.read_text() for path in (tmp_path / "spool").iterdir())


def test_keys_are_rotated_and_old_ones_then_unnecessary(engine, tmp_path):
    live(engine, Keys(b"k" * 32), tmp_path / "spool")                       # before any key was set
    live(engine, Keys(b"k" * 32, [OLD]), tmp_path / "spool", "second", "second words")
    both = Keys(b"k" * 32, [NEW, OLD])
    assert privacy.export(engine, both, SENDER)["messages"][0]["text"] == WORDS
    changed = privacy.rotate(engine, both)
    assert changed == 8     # two states, two notes, two messages to the staff, two events
    assert traces(engine, tmp_path, WORDS, "second words") == []
    only_new = Keys(b"k" * 32, [NEW])
    for sender, words in ((SENDER, WORDS), ("second", "second words")):
        given = privacy.export(engine, only_new, sender)
        assert given["messages"][0]["text"] == given["hand_overs"][0]["messages"][0]["text"] == words
        assert given["state"] == {"words": words}
    with pytest.raises(ContentKeyError):
        load_all(engine, Keys(b"k" * 32, [OLD]), both.conversation(SENDER))
    with pytest.raises(ContentKeyError):
        load_all(engine, Keys(b"k" * 32), both.conversation(SENDER))


def test_the_files_of_sqlite_hold_nothing_deleted(keys, tmp_path):
    from twitchwise.records.engine import make_engine
    from twitchwise.records.schema import migrate

    url = f"sqlite:///{tmp_path / 'files.db'}"
    migrate(url)
    engine = make_engine(url)
    for number in range(30):
        live(engine, keys, tmp_path / "spool", f"person {number}", f"words of person {number} " * 50)
    with engine.connect() as reading:
        assert reading.execute(text("SELECT count(*) FROM conversations")).scalar() == 30
    for number in range(30):
        privacy.delete_person(engine, keys, f"person {number}", spool=Spool(tmp_path / "spool"))
    assert traces(engine, tmp_path, "words of person") == []
    engine.dispose()


def test_an_export_holds_the_chat_of_telegram(engine, keys):
    from twitchwise.channels.telegram.store import Store
    from twitchwise.channels.telegram.updates import Update

    store = Store(engine, keys, "42")
    chat = store.chat_of(4479460958)
    update = Update(update_id=7, kind="message", chat_id=4479460958, text=WORDS)
    store.accept([update])
    store.add_calls(chat.record, [{"method": "sendMessage", "params": {"text": WORDS}}])
    given = json.loads(json.dumps(privacy.export(engine, keys, chat.conversation)))["telegram"]
    assert given["chat"]["chat_id"] == 4479460958 and given["seen_at"]
    assert [each["text"] for each in given["updates"]] == [WORDS] and given["unsent"][0]["params"]["text"] == WORDS


#: Tables whose rows of a person an export need not repeat, and why.
NOT_EXPORTED = {
    "outbox": "says only that an escalation waits, which is in escalations",
    "audit_log": "what the staff did, for the operator",
    "deletions": "holds nothing of a person",
}


def test_every_table_with_rows_of_a_person_is_in_the_export(engine, keys, tmp_path):
    live(engine, keys, tmp_path / "spool")
    chat(engine, keys.conversation(SENDER), chat_sealed=keys.seal_always("{}"))
    with engine.begin() as connection:
        for name in ("telegram_updates", "telegram_outgoing"):
            column = "work_sealed" if name == "telegram_updates" else "call_sealed"
            connection.execute(text(f"UPDATE {name} SET {column} = :sealed"), {"sealed": keys.seal_always("{}")})
    given = privacy.export(engine, keys, SENDER)
    places = {"conversations": "conversation", "turns": "served_at", "findings": "findings", "assessments": "assessments",
              "escalations": "escalations", "deliveries": "deliveries", "hand_overs": "hand_overs", "hand_over_messages": "hand_overs",
              "tracker_events": "messages", "telegram_chats": "telegram", "telegram_updates": "telegram", "telegram_outgoing": "telegram"}
    filled = {name for name, rows in everything(engine).items() if rows and name not in NOT_EXPORTED}
    assert filled - set(places) <= {"telegram_bots", "staff_users", "alembic_version"}
    assert all(given[places[name]] for name in filled & set(places))
