"""Rasa's conversations in our database: complete, bounded, alive while the database is away, deleted when asked."""
from __future__ import annotations

import asyncio
import json
import sqlite3
import time

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config
from sqlalchemy import event

from tests.integration.records.conftest import everything
from twitchwise.records import privacy
from twitchwise.records.engine import dispose_engines, make_engine
from twitchwise.records.keys import Keys
from twitchwise.records.schema import migrate
from twitchwise.records.tracker_store import TwitchwiseTrackerStore, look_back

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [report]
slots:
  triage_level: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  dialogue_state: {type: any, influence_conversation: false, mappings: [{type: custom}]}
  symptoms_present: {type: list, influence_conversation: false, mappings: [{type: custom}]}
forms:
  check_form: {required_slots: []}
""")


@pytest.fixture
async def store(engine, keys):
    made = TwitchwiseTrackerStore(DOMAIN, engine=engine, keys=keys, history=30, retry_s=0.1)
    yield made
    await made.close()


def start(tracker) -> None:
    tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")], DOMAIN)


def turn(tracker, number: int, text: str = "my calf twitches") -> None:
    tracker.update_with_events([
        UserUttered(text, {"name": "report", "confidence": 0.9}, [{"entity": "symptom", "value": "twitching"}], message_id=f"m{number}"),
        SlotSet("dialogue_state", {"turn": number}), SlotSet("symptoms_present", ["twitching"]), ActionExecuted("action_turn"),
        BotUttered(f"reply {number}"), ActionExecuted("action_listen"),
    ], DOMAIN)


async def one_turn(store, sender: str, number: int, text: str = "my calf twitches"):
    """What Rasa does with a message."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    if not tracker.events:
        start(tracker)
    turn(tracker, number, text)
    await store.save(tracker)
    return tracker


def essence(tracker) -> list[dict]:
    return [event.as_dict() for event in tracker.events]


async def test_a_tracker_comes_back_as_it_was(store):
    assert await store.retrieve("someone") is None
    assert await store.exists("someone") is False
    saved = await one_turn(store, "someone", 1)
    loaded = await store.retrieve("someone")
    # A session begins with its start; the action that made it belongs to what was before, as in Rasa's own stores.
    assert essence(loaded) == essence(saved)[1:]
    assert loaded.current_slot_values() == saved.current_slot_values()
    assert loaded.latest_message.text == "my calf twitches"
    assert loaded.latest_message.entities == [{"entity": "symptom", "value": "twitching"}]
    assert loaded.sender_id == "someone"
    assert await store.exists("someone") is True


async def test_nothing_is_stored_twice(store, engine):
    for number in range(1, 4):
        await one_turn(store, "someone", number)
    tracker = await store.retrieve("someone")
    await store.save(tracker)
    await store.save(tracker.copy())
    rows = everything(engine)["tracker_events"]
    assert [row["position"] for row in rows] == list(range(3 + 3 * 6))
    assert len({row["batch"] for row in rows}) == 3


async def test_a_new_session_is_loaded_alone_and_all_for_operators(store):
    await one_turn(store, "someone", 1)
    tracker = await store.retrieve("someone")
    start(tracker)
    turn(tracker, 2)
    await store.save(tracker)
    session = await store.retrieve("someone")
    assert [event.text for event in session.events if isinstance(event, UserUttered)] == ["my calf twitches"]
    assert session.events[0].type_name == "session_started"
    full = await store.retrieve_full_tracker("someone")
    assert [event.message_id for event in full.events if isinstance(event, UserUttered)] == ["m1", "m2"]
    assert full.get_slot("dialogue_state") == {"turn": 2}


async def test_a_long_session_is_loaded_in_part_with_what_it_rests_on(store):
    tracker = await store.get_or_create_tracker("someone", append_action_listen=False)
    start(tracker)
    tracker.update_with_events([SlotSet("triage_level", "emergency"), ActiveLoop("check_form"), ActionExecuted("action_listen")], DOMAIN)
    await store.save(tracker)
    for number in range(50):
        await one_turn(store, "someone", number)
    loaded = await store.retrieve("someone")
    assert len(loaded.events) <= 30 + 5
    assert loaded.current_slot_values() == {
        "triage_level": "emergency", "dialogue_state": {"turn": 49}, "symptoms_present": ["twitching"], "requested_slot": None,
        "session_started_metadata": None}
    assert loaded.active_loop_name == "check_form"
    assert loaded.events[0].type_name == "session_started"
    assert len((await store.retrieve_full_tracker("someone")).events) == 6 + 50 * 6
    await one_turn(store, "someone", 50)
    full = await store.retrieve_full_tracker("someone")
    assert len(full.events) == 6 + 51 * 6      # what a part rests on is not stored again
    assert full.get_slot("dialogue_state") == {"turn": 50}


async def test_slots_reset_before_the_part_stay_empty(store):
    tracker = await store.get_or_create_tracker("someone", append_action_listen=False)
    start(tracker)
    tracker.update_with_events([SlotSet("triage_level", "emergency"), ActiveLoop("check_form"), ActiveLoop(None), AllSlotsReset(),
                                ActionExecuted("action_listen")], DOMAIN)
    await store.save(tracker)
    for number in range(20):
        await one_turn(store, "someone", number)
    loaded = await store.retrieve("someone")
    assert loaded.get_slot("triage_level") is None
    assert loaded.active_loop_name is None


async def test_two_writers_lose_nothing(engine, keys, store):
    other = TwitchwiseTrackerStore(DOMAIN, engine=engine, keys=keys, history=200)
    await one_turn(store, "someone", 0)
    mine, theirs = await store.retrieve("someone"), await other.retrieve("someone")
    turn(mine, 1, "one")
    turn(theirs, 2, "two")
    await asyncio.gather(store.save(mine), other.save(theirs))
    full = await store.retrieve_full_tracker("someone")
    said = [event.text for event in full.events if isinstance(event, UserUttered)]
    assert sorted(said[1:]) == ["one", "two"]
    assert [row["position"] for row in everything(engine)["tracker_events"]] == list(range(3 + 3 * 6))
    await other.close()


async def test_many_writers_at_once_keep_every_batch_together(store, engine):
    trackers = [await store.get_or_create_tracker("someone", append_action_listen=False) for _ in range(12)]
    for number, tracker in enumerate(trackers):
        turn(tracker, number)
    await asyncio.gather(*(store.save(tracker) for tracker in trackers))
    rows = everything(engine)["tracker_events"]
    assert len(rows) == 12 * 6
    rows.sort(key=lambda row: row["position"])
    batches = [row["batch"] for row in rows]
    assert all(len(set(batches[at:at + 6])) == 1 for at in range(0, 72, 6))


@pytest.mark.servers
async def test_a_conversation_goes_on_while_postgresql_is_stopped(empty_postgres, keys):
    postgres = empty_postgres
    migrate(postgres.url)
    engine = make_engine(postgres.url)
    store = TwitchwiseTrackerStore(DOMAIN, engine=engine, keys=keys, history=100, retry_s=0.1)
    await one_turn(store, "someone", 1, "one")
    postgres.stop()
    try:
        second = await one_turn(store, "someone", 2, "two")
        third = await one_turn(store, "someone", 3, "three")
        newcomer = await one_turn(store, "newcomer", 1, "hello")
        assert [event.text for event in third.events if isinstance(event, UserUttered)] == ["one", "two", "three"]
        assert second.get_slot("dialogue_state") == {"turn": 2}
        assert len(newcomer.events) == 9
        assert [event.text for event in (await store.retrieve_full_tracker("someone")).events if isinstance(event, UserUttered)] == [
            "one", "two", "three"]
    finally:
        postgres.start()
    end = time.monotonic() + 60
    while (len(store.unwritten) or store._away) and time.monotonic() < end:
        await asyncio.sleep(0.05)
    assert len(store.unwritten) == 0
    fourth = await one_turn(store, "someone", 4, "four")
    assert [event.text for event in fourth.events if isinstance(event, UserUttered)] == ["one", "two", "three", "four"]
    fresh = TwitchwiseTrackerStore(DOMAIN, engine=engine, keys=keys)
    for sender, said in (("someone", ["one", "two", "three", "four"]), ("newcomer", ["hello"])):
        full = await fresh.retrieve_full_tracker(sender)
        assert [event.text for event in full.events if isinstance(event, UserUttered)] == said
    await store.close()
    await fresh.close()
    engine.dispose()


async def test_a_hanging_database_costs_one_turn_a_moment_only(engine, keys, monkeypatch):
    store = TwitchwiseTrackerStore(DOMAIN, engine=engine, keys=keys, timeout_s=0.3, retry_s=0.1)
    await one_turn(store, "someone", 1)
    from twitchwise.records import tracker_events
    hanging, waited = {"on": True}, []
    append, load, reach = tracker_events.append, tracker_events.load_session, store._reach

    def slow(work):
        def run(*arguments):
            waited.append(work.__name__)
            while hanging["on"]:
                time.sleep(0.02)
            return work(*arguments)
        return run

    monkeypatch.setattr(tracker_events, "append", slow(append))
    monkeypatch.setattr(tracker_events, "load_session", slow(load))
    monkeypatch.setattr(store, "_reach", slow(reach))
    tracker = await one_turn(store, "someone", 2)
    assert tracker.get_slot("dialogue_state") == {"turn": 2}
    for number in range(3, 8):
        await one_turn(store, "someone", number)
    # Seven turns, and one of them tried the database; the others left it to the background.
    assert sum(name != "_reach" for name in waited) <= 1, waited
    hanging["on"] = False
    end = time.monotonic() + 60
    while (len(store.unwritten) or store._away) and time.monotonic() < end:
        await asyncio.sleep(0.05)
    full = await store.retrieve_full_tracker("someone")
    assert [event.message_id for event in full.events if isinstance(event, UserUttered)] == [f"m{number}" for number in range(1, 8)]
    await store.close()


async def test_a_save_whose_answer_was_lost_stands_there_once(store, engine, monkeypatch):
    from twitchwise.records import tracker_events
    append = tracker_events.append

    def cut(*arguments):
        append(*arguments)
        monkeypatch.setattr(tracker_events, "append", append)
        raise ConnectionError("cut after commit")

    monkeypatch.setattr(tracker_events, "append", cut)
    await one_turn(store, "someone", 1)
    end = time.monotonic() + 60
    while (len(store.unwritten) or store._away) and time.monotonic() < end:
        await asyncio.sleep(0.05)
    assert len(everything(engine)["tracker_events"]) == 9


async def test_conversations_are_encrypted_and_pseudonymous(engine):
    keys = Keys(b"k" * 32, ["A" * 43 + "="])
    store = TwitchwiseTrackerStore(DOMAIN, engine=engine, keys=keys)
    await one_turn(store, "+44 7700 900123", 1, "a secret of mine")
    dump = repr(everything(engine)["tracker_events"])
    assert "secret" not in dump and "7700" not in dump
    assert (await store.retrieve("+44 7700 900123")).latest_message.text == "a secret of mine"
    assert await store.keys() == [keys.conversation("+44 7700 900123")]
    await store.close()


async def test_text_that_no_key_reads_starts_a_new_session(engine):
    store = TwitchwiseTrackerStore(DOMAIN, engine=engine, keys=Keys(b"k" * 32, ["A" * 43 + "="]))
    await one_turn(store, "someone", 1)
    other = TwitchwiseTrackerStore(DOMAIN, engine=engine, keys=Keys(b"k" * 32, ["B" * 42 + "A="]))
    assert await other.retrieve("someone") is None
    tracker = await one_turn(other, "someone", 2)
    assert len(tracker.events) == 9
    assert (await other.retrieve("someone")).get_slot("dialogue_state") == {"turn": 2}
    await store.close()
    await other.close()


async def test_a_deletion_in_the_middle_of_a_turn_leaves_nothing(store, engine, keys):
    await one_turn(store, "someone", 1)
    tracker = await store.retrieve("someone")
    turn(tracker, 2, "delete my data")
    privacy.delete_person(engine, keys, "someone")
    await store.save(tracker)
    assert everything(engine)["tracker_events"] == []
    assert store.recent.get(keys.conversation("someone")) == []
    assert await store.retrieve("someone") is None
    await one_turn(store, "someone", 3)
    assert len((await store.retrieve("someone")).events) == 8


async def test_the_event_broker_gets_each_new_event_once(engine, keys):
    sent: list[dict] = []

    class Broker:
        def publish(self, body):
            sent.append(body)

    store = TwitchwiseTrackerStore(DOMAIN, event_broker=Broker(), engine=engine, keys=keys)
    await one_turn(store, "someone", 1)
    await one_turn(store, "someone", 2)
    assert len(sent) == 15
    assert {body["sender_id"] for body in sent} == {keys.conversation("someone")}

    class Broken:
        def publish(self, body):
            raise ConnectionError

    store.event_broker = Broken()
    assert (await one_turn(store, "someone", 3)).get_slot("dialogue_state") == {"turn": 3}
    assert len((await store.retrieve("someone")).events) == 20
    await store.close()


async def test_rasa_makes_it_from_endpoints_yml(tmp_path, monkeypatch):
    path = tmp_path / "endpoints.yml"
    path.write_text("tracker_store:\n  type: twitchwise.records.tracker_store.TwitchwiseTrackerStore\n  history: 50\n")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    monkeypatch.setenv("TWITCHWISE_SIGNING_KEY", "a key for this test only")
    store = TrackerStore.create(read_endpoint_config(str(path), "tracker_store"), DOMAIN)
    assert type(store) is TwitchwiseTrackerStore
    assert store.history == 50
    safe = FailSafeTrackerStore(store)
    await one_turn(safe, "someone", 1)
    await one_turn(safe, "someone", 2)
    assert len((await safe.retrieve("someone")).events) == 14
    assert (tmp_path / "a.db").exists()
    await store.close()
    dispose_engines()


async def test_a_database_that_is_not_there_at_the_start_is_used_once_it_is(tmp_path, keys):
    engine = make_engine(f"sqlite:///{tmp_path / 'x.db'}")
    broken = {"on": True}

    def refuse(*_):
        if broken["on"]:
            raise sqlite3.OperationalError("not yet")

    event.listen(engine, "do_connect", refuse)
    store = TwitchwiseTrackerStore(DOMAIN, engine=engine, keys=keys, retry_s=0.1)
    await one_turn(store, "someone", 1)
    broken["on"] = False
    end = time.monotonic() + 60
    while (len(store.unwritten) or store._away) and time.monotonic() < end:
        await asyncio.sleep(0.05)
    assert len((await store.retrieve("someone")).events) == 8
    assert len(everything(engine)["tracker_events"]) == 9
    await store.close()
    engine.dispose()


async def test_a_turn_of_a_long_conversation_loads_no_more_than_one_of_a_short(store):
    """Counted and not timed: this machine may be busy. What is loaded for a turn was Rasa's main cost."""
    sizes = [len((await one_turn(store, "someone", number)).events) for number in range(120)]
    assert max(sizes[20:40]) == max(sizes[100:])


def test_endpoint_config_passes_an_address(tmp_path, monkeypatch):
    monkeypatch.setenv("TWITCHWISE_SIGNING_KEY", "a key for this test only")
    config = EndpointConfig(url=f"sqlite:///{tmp_path / 'b.db'}", type="twitchwise.records.tracker_store.TwitchwiseTrackerStore")
    store = TrackerStore.create(config, DOMAIN)
    assert store.engine.url.database == str(tmp_path / "b.db")
    dispose_engines()
    assert json.dumps(config.url)


async def test_messages_that_nobody_served_are_all_loaded(store):
    """The actions were away: what was said meanwhile must reach the next turn, however short the history is."""
    for number in range(6):
        await one_turn(store, "someone", number)
    for number in range(6, 18):
        tracker = await store.get_or_create_tracker("someone", append_action_listen=False)
        tracker.update_with_events([
            UserUttered(f"missed {number}", {"name": "report"}, message_id=f"m{number}"), ActionExecuted("action_turn"),
            ActionExecuted("action_listen")], DOMAIN)
        await store.save(tracker)
    loaded = await store.retrieve("someone")
    said = [event.text for event in loaded.events if isinstance(event, UserUttered)]
    assert [text for text in said if text.startswith("missed")] == [f"missed {number}" for number in range(6, 18)]
    assert loaded.get_slot("dialogue_state") == {"turn": 5}


async def test_earlier_messages_are_there_for_whoever_asks(store):
    for number in range(12):
        await one_turn(store, "someone", number)
    short, longer = await store.retrieve("someone"), await look_back(FailSafeTrackerStore(store), "someone")
    assert len([each for each in longer.events if isinstance(each, BotUttered)]) == 12
    assert len([each for each in short.events if isinstance(each, BotUttered)]) < 6
    assert await look_back(store, "nobody") is None
    other = InMemoryTrackerStore(DOMAIN)
    await other.save(longer)
    assert (await look_back(other, "someone")).sender_id == "someone"
