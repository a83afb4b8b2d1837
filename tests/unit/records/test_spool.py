"""The spool on disk: whole or not at all, bounded, in order."""
from __future__ import annotations

import os
import time
from datetime import datetime, timezone

import pytest

from twitchwise.records.errors import SpoolError, SpoolFull
from twitchwise.records.keys import Keys
from twitchwise.records.spool import Spool
from twitchwise.records.turns import Escalation, turn_record

KEYS = Keys(b"unit tests " * 4)
NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def turn(number: int, sender: str = "someone", escalation: bool = False):
    raised = Escalation("emergency") if escalation else None
    return turn_record(KEYS, sender, f"m{number}", [], None, raised, NOW, state={"secret": "words"})


def test_turns_come_back_in_order(tmp_path):
    spool = Spool(tmp_path / "spool")
    assert len(spool) == 0 and list(spool.read()) == []
    for number in range(20):
        spool.add(turn(number))
    read = list(spool.read())
    assert [each for _, each in read] == [turn_with(each, read) for each in range(20)]
    for path, _ in read:
        spool.done(path)
        spool.done(path)
    assert len(spool) == 0


def turn_with(number: int, read):
    """The turn of `number` with the state as it was sealed (sealing is random)."""
    from dataclasses import replace
    return replace(turn(number), state=read[number][1].state)


def test_files_are_private_and_hold_no_words(tmp_path):
    spool = Spool(tmp_path / "spool")
    spool.add(turn(1, "+44 7700 900123"))
    (path,) = spool.files()
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.stat(path.parent).st_mode & 0o077 == 0
    assert "words" not in path.read_text() and "7700" not in path.read_text() + path.name


def test_when_full_escalations_push_out_the_oldest_others(tmp_path):
    spool = Spool(tmp_path, limit=3)
    for number in range(3):
        spool.add(turn(number))
    with pytest.raises(SpoolFull, match="full"):
        spool.add(turn(3))
    for number in range(10, 13):
        spool.add(turn(number, escalation=True))
    assert [each.escalation is not None for _, each in spool.read()] == [True] * 3
    with pytest.raises(SpoolFull):
        spool.add(turn(13, escalation=True))


def test_a_disk_that_cannot_be_written_is_an_error_of_ours(tmp_path):
    (tmp_path / "spool").write_text("a file, not a folder")
    with pytest.raises(SpoolError, match="could not be kept"):
        Spool(tmp_path / "spool").add(turn(1))


def test_a_failure_in_the_middle_leaves_no_half_turn(tmp_path, monkeypatch):
    spool = Spool(tmp_path)

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SpoolError, match="No space left"):
        spool.add(turn(1))
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_set_aside_and_the_others_are_read(tmp_path):
    spool = Spool(tmp_path)
    spool.add(turn(1))
    spool.files()[0].write_text('{"conversation": "ab')
    spool.add(turn(2))
    assert [each.message for _, each in spool.read()] == [turn(2).message]
    assert len(spool) == 1
    assert len(list(tmp_path.glob("*.unreadable"))) == 1
    assert spool.tidy(older_than_s=3600) == 0
    assert spool.tidy(older_than_s=-1) == 1


def test_what_died_in_writing_is_removed_later(tmp_path):
    spool = Spool(tmp_path)
    half = tmp_path / "1-2-t-x.tmp"
    half.write_text("{")
    assert spool.tidy(0) == 0
    os.utime(half, (time.time() - 7200,) * 2)
    assert spool.tidy(0) == 1
    assert Spool(tmp_path / "nowhere").tidy(0) == 0


def test_a_deletion_takes_the_files_of_one_conversation(tmp_path):
    spool = Spool(tmp_path)
    for number in range(3):
        spool.add(turn(number))
        spool.add(turn(number, "another"))
    assert spool.delete(KEYS.conversation("someone")) == 3
    assert {each.conversation for _, each in spool.read()} == {KEYS.conversation("another")}
    assert Spool(tmp_path / "nowhere").delete("x") == 0
