"""A full disk at the shared server on SQLite: no file of its process can grow, neither the database nor the spool nor the log."""
from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.running import Server, new_sender
from twitchwise.records.keys import as_keys

EMERGENCY = "now I have crushing chest pain"
MOST_S = 180.0


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """What a full disk does to a process, done by the kernel's limit on the size of files. SQLite is told the same as by a full disk."""
    _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))


def count(server: Server, table: str, sender: str, condition: str = "1 = 1") -> int:
    """Rows of a conversation in the file, as another process reads it."""
    keys = as_keys((server.folder / "signing.key").read_text(encoding="ascii").strip())
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True, timeout=60) as database:
        (number,) = database.execute(
            f"SELECT count(*) FROM {table} WHERE conversation_id = ? AND {condition}", (keys.conversation(sender),)).fetchone()
    return int(number)


def until_there(server: Server, table: str, sender: str, number: int, condition: str = "1 = 1") -> None:
    end = time.monotonic() + MOST_S
    while count(server, table, sender, condition) != number:
        if time.monotonic() > end:
            pytest.fail(f"{table}: {count(server, table, sender, condition)} rows and not {number}")
        time.sleep(0.1)


def test_a_full_disk_costs_no_answer_and_no_escalation(server: Server) -> None:
    going_on, new = new_sender("disk"), new_sender("disk")
    server.say(going_on, "my left calf has been twitching for three days")
    asked = server.slots(going_on)["requested_slot"]
    assert asked is not None
    with full_disk(server):
        assert "999" in server.words(new, EMERGENCY)
        assert server.words(going_on, "no")
        # The check goes on in memory, in its order, and nothing of it is on the disk.
        second = server.slots(going_on)["requested_slot"]
        assert second not in (None, asked)
        assert server.words(going_on, "no")
        assert count(server, "escalations", new) == 0
        assert count(server, "tracker_events", going_on, "type_name = 'user'") == 1
    # Without help, and once.
    until_there(server, "escalations", new, 1)
    until_there(server, "tracker_events", new, 1, "type_name = 'user'")
    until_there(server, "tracker_events", going_on, 3, "type_name = 'user'")
    until_there(server, "turns", going_on, 3)
    assert server.slots(going_on)["requested_slot"] not in (None, asked, second)
    assert count(server, "escalations", new) == 1
