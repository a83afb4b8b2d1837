"""`python -m twitchwise records ...` on a database of its own."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from twitchwise import cli
from twitchwise.records import outbox, privacy
from twitchwise.records.engine import dispose_engines, make_engine
from twitchwise.records.keys import Keys
from twitchwise.records.recorder import Recorder
from twitchwise.records.schema import migrate
from twitchwise.records.turns import Escalation

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
MASTER = "k" * 32
WORDS = "my very own words"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    address = f"sqlite:///{tmp_path}/records.db"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("TWITCHWISE_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("TWITCHWISE_SIGNING_KEY", MASTER)
    migrate(address)
    yield address
    dispose_engines()


def record(url: str, *content: str) -> None:
    engine = make_engine(url)
    recorder = Recorder(engine, Keys(MASTER, content), spool=Path(url.partition("///")[2]).parent / "spool")
    recorder.record_turn("someone", "m1", [], None, Escalation("emergency"), NOW, state={"words": WORDS})
    recorder.close()
    engine.dispose()


def run(*arguments: str) -> int:
    return cli.main(["records", *arguments])


def test_keys_are_changed_in_three_steps(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """As docs/operators.md says: a new key in front, rotate, the old one away."""
    assert run("new-key") == 0
    first = capsys.readouterr().out.strip()
    Fernet(first)
    record(url)         # before any key was set
    monkeypatch.setenv("TWITCHWISE_CONTENT_KEYS", first)
    assert run("rotate") == 0 and "1 stored texts" in capsys.readouterr().out
    second = Fernet.generate_key().decode()
    monkeypatch.setenv("TWITCHWISE_CONTENT_KEYS", f"{second},{first}")
    assert run("rotate") == 0
    dispose_engines()
    assert WORDS.encode() not in Path(url.partition("///")[2]).read_bytes()
    engine = make_engine(url)
    assert privacy.export(engine, Keys(MASTER, [second]), "someone")["state"] == {"words": WORDS}
    engine.dispose()
    shown = capsys.readouterr()
    assert first not in shown.out + shown.err and second not in shown.out + shown.err


def test_without_a_key_nothing_is_rotated_and_it_is_said_why(url: str, monkeypatch: pytest.MonkeyPatch,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("TWITCHWISE_CONTENT_KEYS", raising=False)
    assert run("rotate") == 1
    errors = capsys.readouterr().err
    assert "TWITCHWISE_CONTENT_KEYS is not set" in errors and errors.count("\n") == 1
    monkeypatch.setenv("TWITCHWISE_CONTENT_KEYS", "no key")
    assert run("rotate") == 1 and "cannot be used" in capsys.readouterr().err


def test_a_wrong_key_changes_nothing(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    right = Fernet.generate_key().decode()
    record(url, right)
    monkeypatch.setenv("TWITCHWISE_CONTENT_KEYS", Fernet.generate_key().decode())
    assert run("rotate") == 1 and "No key in TWITCHWISE_CONTENT_KEYS reads" in capsys.readouterr().err
    engine = make_engine(url)
    assert privacy.export(engine, Keys(MASTER, [right]), "someone")["state"] == {"words": WORDS}
    engine.dispose()


def test_dead_deliveries_are_shown_and_tried_again(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    record(url)
    engine = make_engine(url)
    outbox.dispatch(engine, ("webhook",), NOW)
    (claim,) = outbox.claim(engine, ("webhook",), NOW, timedelta(seconds=60), 1)
    outbox.failed(engine, claim, "http_500", None)
    assert run("status") == 0
    shown = capsys.readouterr().out
    assert "Deliveries given up: 1. Repair the receiver" in shown and "NOT encrypted" in shown
    assert run("requeue") == 0 and "1 deliveries" in capsys.readouterr().out
    assert outbox.queue_state(engine).dead == 0 and outbox.queue_state(engine).pending == 1
    engine.dispose()


def test_a_database_that_is_away_is_one_line(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert run("status") == 1
    errors = capsys.readouterr().err
    assert "database does not answer" in errors and errors.count("\n") == 1
