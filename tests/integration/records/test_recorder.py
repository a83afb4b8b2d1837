"""Turns are recorded once, with their escalation, whatever happens to the database."""
from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from tests.integration.records.conftest import everything, wait_for
from twitchwise.records import repository
from twitchwise.records.adapter import TurnRecorder
from twitchwise.records.engine import make_engine
from twitchwise.records.recorder import Recorder
from twitchwise.records.schema import migrate
from twitchwise.records.turns import Escalation
from twitchwise.records.writing import Written
from twitchwise.understanding.findings import Finding

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
FINDINGS = [Finding("symptom", "twitching", assertion="present", days=21.0),
            Finding("body_location", "calf", laterality="left", role="site")]
ASSESSMENT = {"level": "emergency", "red_flags": ["breathing_difficulty"], "amber": [], "reasons": [{"rule": "r1"}], "rules_version": "abc"}
ESCALATION = Escalation("emergency", ("breathing_difficulty",), ("breathing_difficulty:present",))


@pytest.fixture
def recorder(engine, keys, tmp_path):
    made = Recorder(engine, keys, spool=tmp_path / "spool", retry_s=0.2)
    yield made
    made.close()


def test_a_turn_is_written_with_its_escalation_and_outbox_row(recorder, engine, keys):
    done = recorder.record_turn("+44 7700 900123", "m1", FINDINGS, ASSESSMENT, ESCALATION, NOW, channel="rest", state={"case": {"turn": 1}})
    assert done.state is Written.NEW
    me = keys.conversation("+44 7700 900123")
    view = repository.conversation(engine, me)
    assert (view.channel, view.level, view.rules_version, view.created_at) == ("rest", "emergency", "abc", NOW)
    assert [(found.code, found.assertion, found.days, found.laterality) for found in repository.findings(engine, me)] == [
        ("twitching", "present", 21.0, None), ("calf", None, None, "left")]
    assert repository.assessments(engine, me)[0].rules == ("r1",)
    raised = repository.escalation(engine, keys, done.escalation_id)
    assert (raised.level, raised.red_flags, raised.said, raised.state, raised.delivery_state, raised.urgency) == (
        "emergency", ("breathing_difficulty",), ("breathing_difficulty:present",), "open", "pending", 4)
    assert [row["escalation_id"] for row in everything(engine)["outbox"]] == [done.escalation_id]
    assert recorder.load_state("+44 7700 900123") == {"case": {"turn": 1}}
    assert "7700" not in repr(everything(engine))


def test_warming_up_writes_nothing(recorder, engine):
    assert recorder.warm_up() is True
    assert not any(everything(engine).values())


def test_the_same_message_is_recorded_once(recorder, engine):
    for _ in range(3):
        recorder.record_turn("someone", "m1", FINDINGS, ASSESSMENT, ESCALATION, NOW)
    assert recorder.record_turn("someone", "m1", FINDINGS, None, None, NOW).state is Written.KNOWN
    assert recorder.record_turn("another", "m1", FINDINGS, None, None, NOW).state is Written.NEW
    rows = everything(engine)
    assert [len(rows[name]) for name in ("conversations", "turns", "assessments", "escalations", "outbox")] == [2, 2, 1, 1, 1]
    assert len(rows["findings"]) == 4


def test_the_same_message_at_the_same_moment_is_recorded_once(recorder, engine):
    states: list[Written] = []
    start = threading.Barrier(8)

    def run() -> None:
        start.wait()
        states.append(recorder.record_turn("someone", "m1", FINDINGS, ASSESSMENT, ESCALATION, NOW).state)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(states) == [Written.KNOWN] * 7 + [Written.NEW]
    assert len(everything(engine)["escalations"]) == 1


def test_a_late_turn_does_not_undo_a_later_one(recorder, engine, keys):
    recorder.record_turn("someone", "m2", [], {"level": "see_gp", "red_flags": []}, None, NOW + timedelta(minutes=1), state={"turn": 2})
    recorder.record_turn("someone", "m1", [], {"level": "self_care", "red_flags": []}, None, NOW, state={"turn": 1})
    assert recorder.load_state("someone") == {"turn": 2}
    assert repository.conversation(engine, keys.conversation("someone")).level == "see_gp"
    assert len(repository.assessments(engine, keys.conversation("someone"))) == 2


def test_nothing_is_written_of_a_turn_that_fails_half_way(engine, keys, tmp_path, monkeypatch):
    recorder = Recorder(engine, keys, spool=tmp_path / "spool", retry_s=60)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE outbox RENAME TO elsewhere"))
    assert recorder.record_turn("someone", "m1", FINDINGS, ASSESSMENT, ESCALATION, NOW).state is Written.SPOOLED
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO outbox"))
    assert not any(everything(engine).values())
    assert recorder.drain() == 1
    assert len(everything(engine)["escalations"]) == len(everything(engine)["outbox"]) == 1
    recorder.close()


async def test_the_adapter_takes_what_the_dialogue_returns(recorder):
    class State:
        def to_dict(self):
            return {"case": {}}

    class Turn:
        state, slots, escalate = State(), {"triage_level": "emergency", "red_flags": ["breathing_difficulty"]}, ESCALATION

    adapter = TurnRecorder(recorder)
    message = {"message_id": "m1", "findings": FINDINGS, "now": NOW, "channel": "rest"}
    assert (await adapter.record_turn("someone", message, Turn())).state is Written.NEW
    assert await adapter.load_state("someone") == {"case": {}}
    assert await adapter.load_state("nobody") is None
    assert (await adapter.export("someone"))["state"] == {"case": {}}
    begun = datetime.now(timezone.utc)     # a turn that was under way when its conversation was deleted
    assert (await adapter.delete("someone")).total > 0
    assert await adapter.load_state("someone") is None
    assert (await adapter.record_turn("someone", {"message_id": "m1", "now": begun}, Turn())).state is Written.DELETED
    # A deletion far in the future was made by a clock that was wrong then.
    assert (await adapter.record_turn("someone", {"message_id": "m2", "now": begun - timedelta(days=2)}, Turn())).state is Written.NEW


async def test_a_deletion_drops_what_waits_in_memory(recorder, tmp_path):
    """The disk is full as well: the turn is held in memory only, and goes from there."""
    recorder.spool.folder = tmp_path / "no folder"
    recorder.spool.folder.write_text("")
    recorder._away_until = float("inf")
    recorder.retry_s = 60
    assert recorder.record_turn("someone", "m1", FINDINGS, None, None, NOW).state is Written.HELD
    assert recorder.waiting == 1
    recorder.spool.folder = tmp_path / "spool"
    await TurnRecorder(recorder).delete("someone")
    assert recorder.waiting == 0


@pytest.mark.servers
def test_turns_wait_on_disk_while_postgresql_is_stopped_and_are_written_once(empty_postgres, keys, tmp_path):
    postgres = empty_postgres
    migrate(postgres.url)
    engine = make_engine(postgres.url)
    recorder = Recorder(engine, keys, spool=tmp_path / "spool", retry_s=0.2)
    recorder.record_turn("someone", "m0", FINDINGS, ASSESSMENT, ESCALATION, NOW)
    postgres.stop()
    try:
        states = [recorder.record_turn("someone", f"m{i}", FINDINGS, ASSESSMENT, ESCALATION, NOW + timedelta(seconds=i)).state
                  for i in range(20)]
        assert set(states) == {Written.SPOOLED}
        assert recorder.waiting == 20
    finally:
        postgres.start()
    wait_for(lambda: recorder.waiting == 0, 60, "the spool to be written")
    rows = everything(engine)
    assert len(rows["turns"]) == len(rows["escalations"]) == len(rows["outbox"]) == 20
    recorder.close()
    engine.dispose()


_WRITES_AND_DIES = """
import os, sys
from datetime import datetime, timezone
from twitchwise.records.engine import make_engine
from twitchwise.records.keys import Keys
from twitchwise.records.recorder import Recorder
from twitchwise.records.turns import Escalation
recorder = Recorder(make_engine("postgresql://nobody@127.0.0.1:5298/nothing"), b"integration tests " * 2, spool=sys.argv[1])
recorder.record_turn("someone", "m1", [], None, Escalation("emergency"), datetime(2026, 3, 1, tzinfo=timezone.utc))
os.kill(os.getpid(), 9)
"""


def test_what_waited_survives_the_death_of_its_process(engine, keys, tmp_path):
    spool = tmp_path / "spool"
    died = subprocess.run([sys.executable, "-c", _WRITES_AND_DIES, str(spool)], timeout=60, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert died.returncode == -9
    assert len(list(spool.iterdir())) == 1
    recorder = Recorder(engine, keys, spool=spool, retry_s=0.1)
    wait_for(lambda: recorder.waiting == 0, 60, "the spool to be written")
    assert len(everything(engine)["escalations"]) == 1
    recorder.close()


def test_a_full_database_file_loses_nothing(keys, tmp_path):
    url = f"sqlite:///{tmp_path / 'small.db'}"
    migrate(url)
    engine = make_engine(url)
    recorder = Recorder(engine, keys, spool=tmp_path / "spool", retry_s=0.1)
    full = make_engine(url, pool_size=1)
    with full.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    from sqlalchemy import event
    event.listen(engine, "connect", lambda made, _: made.execute(f"PRAGMA max_page_count={pages + 2}"))
    engine.dispose()
    written = [recorder.record_turn("someone", f"m{i}", FINDINGS * 20, ASSESSMENT, ESCALATION, NOW).state for i in range(60)]
    assert Written.SPOOLED in written
    roomy = make_engine(url)
    recorder.engine = roomy
    wait_for(lambda: recorder.waiting == 0, 60, "the spool to be written")
    assert len(everything(roomy)["escalations"]) == 60
    recorder.close()
    for each in (engine, full, roomy):
        each.dispose()
