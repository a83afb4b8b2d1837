"""What the benchmark drives, starts, fills and reads, as far as it needs no server."""
from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import yaml
from sqlalchemy import create_engine, text

from benchmarks import fill, stock
from benchmarks.__main__ import PARTS, chosen
from benchmarks.conversations import first_messages, load, long_conversation
from benchmarks.floor import kind_of, shares, shorten_paths
from benchmarks.processes import free_port, parse_pss_kb, stat_fields
from benchmarks.training import epochs_s
from twitchwise.records.schema import migrate
from twitchwise.settings import ROOT


def test_recorded_conversations_are_whole_and_their_intents_are_known() -> None:
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text())["intents"])
    recorded = load()
    assert len(recorded) >= 5 and len({each.id for each in recorded}) == len(recorded)
    assert {said.intent for each in recorded for said in each.said} <= intents
    assert all(len(each.said) >= 8 for each in recorded)
    assert first_messages() == [each.texts[0] for each in recorded]


def test_a_long_conversation_has_as_many_turns_as_asked() -> None:
    turns = sum(len(each.said) for each in load())
    found = long_conversation(turns + 3)
    assert len(found) == turns + 3 and found[turns:] == found[:3]


def test_the_stock_project_is_what_rasa_reads(tmp_path: Path) -> None:
    folder = stock.make_project(tmp_path / "stock", 5999, epochs=3, every=50)
    config, domain = (yaml.safe_load((folder / name).read_text()) for name in ("config.yml", "domain.yml"))
    names = {part["name"] for part in (*config["pipeline"], *config["policies"])}
    assert {"DIETClassifier", "TEDPolicy", "UnexpecTEDIntentPolicy", "RulePolicy", "FallbackClassifier"} <= names
    assert {part["epochs"] for part in (*config["pipeline"], *config["policies"]) if "epochs" in part} == {3}
    assert {part.get("epochs") for part in stock.config()["pipeline"]} == {None, 100}
    assert domain["actions"] == ["action_turn"] and "forms" not in domain
    told = [step["intent"] for story in yaml.safe_load((folder / "data" / "stories.yml").read_text())["stories"]
            for step in story["steps"] if "intent" in step]
    assert set(told) <= set(domain["intents"])
    assert stock.FORM not in (folder / "data" / "rules.yml").read_text()
    assert "5999" in (folder / "endpoints.yml").read_text()
    phrases = [yaml.safe_load(file.read_text()) for file in (folder / "data" / "nlu").glob("*.yml")]
    assert {entry["intent"] for data in phrases for entry in data["nlu"]} <= set(domain["intents"])


def test_parts_are_chosen_by_name() -> None:
    assert chosen(None, [], False) == list(PARTS)
    assert "setup" not in chosen(None, [], True) and "setup" in chosen(["setup"], [], True)
    assert chosen(["throughput", "start"], [], True) == ["start", "throughput"]
    assert chosen(None, ["setup", "train"], False) == list(PARTS)[2:]
    with pytest.raises(ValueError, match="no part nonsense"):
        chosen(["nonsense"], [], False)


def test_what_proc_says_is_read() -> None:
    assert parse_pss_kb("Rss:  10 kB\nPss:   1234 kB\nPss_Dirty: 5 kB\n") == 1234 and parse_pss_kb("") == 0
    assert stat_fields("12 (a (strange) name) S 7 12 12")[:2] == ["S", "7"]
    assert 1024 < free_port() < 65536


def test_the_time_of_epochs_is_read_from_progress_bars() -> None:
    log = ("Epochs:   0%|   | 0/2 [00:00<?, ?it/s]\rEpochs: 100%|###| 2/2 [01:02<00:00, 31s/it]\rEpochs: 100%|###| 2/2 [01:03<00:00, 31s/it]\n"
           "something else\nEpochs: 100%|###| 2/2 [1:00:05<00:00, 31s/it]\nEpochs:  50%|## | 1/2 [00:09<00:09]\n")
    assert epochs_s(log) == 63 + 3605 and epochs_s("nothing") == 0


def test_samples_are_counted_under_what_they_serve() -> None:
    raw = ("main (a.py:1);predict_action_probabilities (rasa/core/policies/rule_policy.py:2);x (y.py:3) 6\n"
           "find_emergency (twitchwise/policies/emergency.py:9);serve (twitchwise/dialogue/turn.py:5) 3\nodd (z.py:1) 1\nnonsense\n")
    assert shares(raw) == {"rules and other policies": 60.0, "triage and dialogue, in the safety policy": 30.0, "other": 10.0}
    assert shares("") == {} and kind_of(["receive (twitchwise/channels/rest.py:4)"]) == "channel, guard, HTTP"


def test_a_flame_graph_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    file = tmp_path / "flame.svg"
    file.write_text(f"<title>serve ({ROOT}/twitchwise/serve.py:1)</title>")
    shorten_paths(file)
    assert file.read_text() == "<title>serve (twitchwise/serve.py:1)</title>"


def test_copies_of_conversations_stand_in_every_table(tmp_path: Path) -> None:
    path = tmp_path / "full.db"
    engine = create_engine(f"sqlite:///{path}", future=True)
    migrate(f"sqlite:///{path}")
    with engine.begin() as connection:
        for number, name in enumerate(("a" * 32, "c" * 32)):
            values = {"id": name, "turn": number + 1, "now": "2026-11-22 12:00:00.000000"}
            connection.execute(text("INSERT INTO conversations (id, created_at, updated_at) VALUES (:id, :now, :now)"), values)
            connection.execute(text("INSERT INTO turns (id, conversation_id, message, created_at) VALUES (:turn, :id, 'm', :now)"), values)
            connection.execute(text("INSERT INTO findings (turn_id, conversation_id, kind, code, created_at) "
                                    "VALUES (:turn, :id, 'symptom', 'x', :now)"), values)
            for position in range(3):
                connection.execute(text(
                    "INSERT INTO tracker_events (conversation_id, position, session, batch, type_name, timestamp, data_sealed) "
                    "VALUES (:id, :position, 0, 'b', 'slot', 1790000000.0, '{}')"), {**values, "position": position})
    copied = fill.templates(engine)
    fill.prepare(engine, copied)
    fill.fill(engine, 0, 30, copied)
    fill.fill(engine, 30, 50, copied)
    fill.clean(engine)
    assert fill.counts(engine) == {"conversations": 52, "turns": 52, "findings": 52, "assessments": 0, "tracker_events": 156}
    engine.dispose()
    with sqlite3.connect(path) as connection:
        # Every finding hangs on a turn of its own conversation, and names look like real ones.
        assert connection.execute("SELECT count(*) FROM findings f JOIN turns t ON t.id = f.turn_id AND t.conversation_id = f.conversation_id"
                                  ).fetchone() == (52,)
        assert connection.execute("SELECT count(DISTINCT id), max(length(id)), min(length(id)) FROM conversations").fetchone() == (52, 32, 32)
        assert connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'bench_%'").fetchall() == []
