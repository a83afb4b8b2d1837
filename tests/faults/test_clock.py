"""The clock of a server that really runs jumps. A long form: the library that shows a process another time makes it slow.

The short forms set the clocks that the code is given (test_delivery.py, test_recorder.py, test_web_session.py, the Telegram tests).
"""
from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from glob import glob
from pathlib import Path

import pytest

from tests.faults.conftest import until
from tests.integration.records.receiver import SECRET, Receiver
from tests.running import Server, free_port, new_sender, start_server

pytestmark = [pytest.mark.servers, pytest.mark.faults]
DAY = 24 * 60     # in minutes
EMERGENCY = "now I have crushing chest pain"
FAKETIME = next(iter(glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)


class Clock:
    """The wall clock of the server's process, as the library faketime shows it; monotonic time goes on as it is."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._set(0)

    def _set(self, minutes: int) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(f"{minutes:+d}m", encoding="ascii")
        os.replace(new, self.file)

    async def jump(self, server: Server, minutes: int) -> None:
        """So far from the right time, from now on; returns when the server's own events say so (the library reads its file once a second)."""
        self._set(minutes)
        probe = new_sender("probe")

        def has_jumped() -> bool:
            server.say(probe, "hello")
            told = [event["timestamp"] for event in server.tracker(probe)["events"] if event["event"] == "user"]
            return abs(told[-1] - time.time() - minutes * 60) < 300

        await until(has_jumped, f"the clock to be {minutes} minutes off")


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    return Clock(tmp_path_factory.mktemp("clock") / "offset")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, port: int, clock: Clock) -> Iterator[Server]:
    """A server whose clock can be set."""
    if FAKETIME is None:
        pytest.skip("The library faketime is not installed (Debian: libfaketime)")
    faked = {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(clock.file), "FAKETIME_CACHE_DURATION": "1",
             "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
    running = start_server(tmp_path_factory.mktemp("one"), TWITCHWISE_WEBHOOK_URL=f"http://127.0.0.1:{port}/hook",
                           TWITCHWISE_WEBHOOK_SECRET=SECRET, **faked)
    yield running
    running.stop()


@pytest.fixture
async def receiver(port: int) -> AsyncIterator[Receiver]:
    made = Receiver(port)
    await made.start()
    yield made
    await made.stop()


async def test_a_clock_that_jumps_loses_and_doubles_nothing(server: Server, receiver: Receiver, clock: Clock) -> None:
    done = subprocess.run(["date", "+%Y"], env={**os.environ, "LD_PRELOAD": str(FAKETIME), "FAKETIME": "+1000d"}, capture_output=True, check=True)
    assert done.stdout.strip() != subprocess.run(["date", "+%Y"], capture_output=True, check=True).stdout.strip()    # it works here
    people = {offset: new_sender("clock") for offset in (0, 3 * DAY, -2 * DAY, 40, -40)}
    constant = new_sender("clock")
    number = 0
    for offset, sender in people.items():
        await clock.jump(server, offset)
        assert "999" in await asyncio.to_thread(server.words, sender, EMERGENCY)
        # One who stays: every message is answered and stands there in the order of sending, whatever the clock says.
        for _ in range(2):
            assert await asyncio.to_thread(server.words, constant, f"is it als? {number}")
            number += 1
    # Signatures with a wrong time were refused by the receiver; with the right one they are taken.
    await clock.jump(server, 0)
    await until(lambda: len(receiver.taken) == len(people), "the escalations")
    assert set(receiver.taken.values()) == {1}
    events = (await asyncio.to_thread(server.tracker, constant, "ALL"))["events"]
    told = [event["text"] for event in events if event["event"] == "user"]
    assert told == [f"is it als? {each}" for each in range(number)]


async def test_an_emergency_after_a_deletion_by_a_clock_that_was_ahead_is_escalated(server: Server, receiver: Receiver, clock: Clock) -> None:
    sender = new_sender("deleted")
    await clock.jump(server, 2 * DAY)
    await asyncio.to_thread(server.words, sender, "my left calf has been twitching for three days")
    await asyncio.to_thread(server.words, sender, "delete my data")
    await asyncio.to_thread(server.words, sender, "yes")
    await clock.jump(server, 0)
    assert "999" in await asyncio.to_thread(server.words, sender, EMERGENCY)
    await until(lambda: len(receiver.taken) == 1, "the escalation")
