"""What Prometheus is told of the records, on a database that exists and on one that does not answer."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import insert

from twitchwise import metrics_state
from twitchwise.metrics_state import NAMES, StateCollector
from twitchwise.records.engine import make_engine, unit
from twitchwise.records.keys import Keys
from twitchwise.records.models import DeliveryRow
from twitchwise.records.recorder import Recorder
from twitchwise.records.schema import migrate
from twitchwise.records.spool import Spool
from twitchwise.records.turns import Escalation, turn_record

NOW = datetime.now(timezone.utc)
SECRET = "anna-07700900123"


def shown(collector: StateCollector) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(collector)
    lines = [line.rsplit(" ", 1) for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]
    return {name: float(number) for name, number in lines}


@pytest.fixture
def address(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'records.db'}"
    migrate(url)
    return url


def test_deliveries_hand_overs_and_waiting_turns(address: str, tmp_path: Path) -> None:
    from twitchwise.records import hand_over, outbox

    engine, keys = make_engine(address), Keys(b"tests of metrics " * 2)
    recorder = Recorder(engine, keys, spool=tmp_path / "spool")
    raised = Escalation("emergency", ("chest_pain",))
    recorder.record_turn(SECRET, "m1", escalation=raised, now=NOW)
    collector = StateCollector(engine, tmp_path / "spool")
    assert shown(collector)['twitchwise_outbox_depth{state="no_receiver"}'] == 1
    outbox.dispatch(engine, ["webhook"], NOW - timedelta(seconds=400))
    hand_over.request(engine, keys, SECRET, "web", NOW - timedelta(seconds=90))
    Spool(tmp_path / "spool").add(turn_record(keys, SECRET, "m2", (), None, None, NOW))
    (tmp_path / "spool" / "x.turn.jsonl.unreadable").write_text("?")
    with unit(engine, write=True) as session:
        row = {"escalation_id": session.query(DeliveryRow).one().escalation_id, "target": "email", "state": "dead", "attempts": 20,
               "next_at": NOW, "created_at": NOW}
        session.execute(insert(DeliveryRow.__table__), row)
    found = shown(StateCollector(engine, tmp_path / "spool"))
    assert found["twitchwise_database_up"] == 1
    assert found['twitchwise_outbox_depth{state="no_receiver"}'] == 0
    assert found['twitchwise_outbox_depth{state="pending"}'] == 1
    assert found['twitchwise_outbox_depth{state="dead"}'] == 1
    assert found["twitchwise_outbox_oldest_seconds"] >= 400
    assert found['twitchwise_hand_overs{state="waiting"}'] == 1
    assert found["twitchwise_hand_over_oldest_seconds"] >= 90
    assert found['twitchwise_spool_turns{state="waiting"}'] == 1
    assert found['twitchwise_spool_turns{state="unreadable"}'] == 1
    assert not any(SECRET in name or keys.conversation(SECRET) in name for name in found)
    recorder.close()


def test_a_database_that_is_away_leaves_what_the_disk_knows(tmp_path: Path) -> None:
    folder = tmp_path / "away"
    folder.mkdir()
    engine = make_engine(f"sqlite:///{folder}/records.db")
    found = shown(StateCollector(engine, tmp_path / "spool"))        # no schema: every query fails
    assert found["twitchwise_database_up"] == 0
    assert found['twitchwise_spool_turns{state="waiting"}'] == 0
    assert not any(name.startswith("twitchwise_outbox") for name in found)


def test_the_database_is_not_asked_at_every_scrape(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(metrics_state.time, "monotonic", lambda: now)
    collector = StateCollector(make_engine(address), tmp_path / "spool")
    asked: list[object] = []
    real = collector._from_database
    monkeypatch.setattr(collector, "_from_database", lambda moment: asked.append(moment) or real(moment))
    shown(collector), shown(collector)
    assert len(asked) == 1
    now += metrics_state.FRESH_S + 1
    shown(collector)
    assert len(asked) == 2


def test_every_gauge_is_named_once() -> None:
    assert len(set(NAMES)) == len(NAMES) and all(name.startswith("twitchwise_") for name in NAMES)


def test_health_says_what_an_operator_should_do(address: str, tmp_path: Path) -> None:
    from twitchwise.records import outbox

    engine, keys = make_engine(address), Keys(b"tests of metrics " * 2)
    recorder = Recorder(engine, keys, spool=tmp_path / "spool")
    recorder.record_turn("p", "m1", escalation=Escalation("emergency"), now=NOW)
    told = StateCollector(engine, tmp_path / "spool").health()
    assert told["deliveries"]["no_receiver"] == 1 and "without a receiver" in told["attention"][0]
    outbox.dispatch(engine, ["webhook"], NOW)
    (claim,) = outbox.claim(engine, ["webhook"], NOW, timedelta(seconds=60), 1)
    told = StateCollector(engine, tmp_path / "spool").health()
    assert told["deliveries"]["pending"] == 1 and told["attention"] == []
    outbox.failed(engine, claim, "http_500", None)
    told = StateCollector(engine, tmp_path / "spool").health()
    assert told["deliveries"] == {"no_receiver": 0, "pending": 0, "dead": 1, "oldest_seconds": 0}
    assert "records requeue" in told["attention"][0]
    recorder.close()
    away = StateCollector(make_engine(f"sqlite:///{tmp_path}/empty.db"), tmp_path / "spool").health()
    assert away["database"] is False and away["deliveries"] is None and "does not answer" in away["attention"][0]
