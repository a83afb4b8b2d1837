"""The command that keeps the accounts."""
from __future__ import annotations

import io
from pathlib import Path

import pytest

from twitchwise import cli
from twitchwise.records import migrate, repository, staff
from twitchwise.records.engine import make_engine

GOOD = "several words are good"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'staff.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    migrate(url)
    return url


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, typed: str = "") -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return cli.main(["staff", *arguments])


def test_an_account_from_the_first_day_to_the_last(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    engine = make_engine(database)
    assert run(monkeypatch, "add", "ada", "--admin", "--shown-as", "Ada, nurse", "--password-stdin", typed=GOOD + "\n") == 0
    assert run(monkeypatch, "add", "ada", "--password-stdin", typed=GOOD) == 1
    assert run(monkeypatch, "list") == 0
    said = capsys.readouterr()
    assert "Ada, nurse" in said.out and "admin" in said.out and "already" in said.err and GOOD not in said.out + said.err
    before = staff.by_name(engine, "ada")
    assert run(monkeypatch, "password", "ada", "--password-stdin", typed="quite another one\n") == 0
    after = staff.by_name(engine, "ada")
    assert before and after and before.password_hash != after.password_hash and after.sessions_from
    assert run(monkeypatch, "deactivate", "ada") == 0 and not staff.accounts(engine)[0].active
    assert run(monkeypatch, "activate", "ada") == 0 and run(monkeypatch, "remove", "ada") == 0 and staff.accounts(engine) == []
    log = [(entry.actor, entry.action, entry.detail["account"]) for entry in reversed(repository.audit_entries(engine))]
    assert log == [("command line", what, "ada") for what in (
        "account_added", "password_set", "account_deactivated", "account_activated", "account_removed")]
    engine.dispose()


@pytest.mark.parametrize(("arguments", "typed", "words"), [
    (("add", "ada", "--password-stdin"), "short\n", "too short"), (("add", "a b", "--password-stdin"), GOOD, "name to log in"),
    (("remove", "nobody"), "", "no account nobody"), (("serve",), "", "TWITCHWISE_STAFF is off"),
])
def test_what_cannot_be_done_is_one_line(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], typed: str, words: str
) -> None:
    assert run(monkeypatch, *arguments, typed=typed) == 1
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


def test_a_database_without_tables_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    assert run(monkeypatch, "list") == 1 and "migrate" in capsys.readouterr().err
