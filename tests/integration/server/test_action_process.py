"""Trap 4 with real processes: the action process killed before, during and at the end of a check."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Server, environment, free_port, new_sender, start_server
from twitchwise.settings import ROOT

LEVELS = ("self_care", "see_gp", "neurologist", "urgent", "emergency")


class Actions:
    """An action process of the test's own, which nobody restarts."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        import urllib.error
        import urllib.request

        command = [sys.executable, "-m", "twitchwise", "actions", "--port", str(self.port)]
        with (self.folder / "actions.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment(self.folder, 1024), stdout=log, stderr=log)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1)
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError("the action process did not start")

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Actions]]:
    """A server, and an action process apart from it."""
    folder = tmp_path_factory.mktemp("pair")
    actions = Actions(folder, free_port())
    actions.start()
    server = start_server(folder, actions=f"http://127.0.0.1:{actions.port}/webhook")
    yield server, actions
    server.stop()
    actions.kill()


def test_killed_before_the_check_safe_words_and_no_result(pair: tuple[Server, Actions]) -> None:
    server, actions = pair
    actions.kill()
    sender = new_sender()
    words = server.words(sender, "my calf has been twitching for 3 days")
    assert "999" in words and "Sorry" in words
    slots = server.slots(sender)
    assert slots["triage_level"] is None and slots["requested_slot"] is None
    words = server.words(sender, "I can't breathe")
    assert "Please call" in words
    assert server.slots(sender)["triage_level"] == "emergency"
    actions.start()
    assert "Sorry" not in server.words(sender, "hello")
    assert {"calf"} <= set(server.slots(sender)["body_locations"])


def test_killed_during_the_check_it_goes_on_afterwards(pair: tuple[Server, Actions]) -> None:
    server, actions = pair
    sender = new_sender()
    server.say(sender, "my calf has been twitching for 3 days")
    server.say(sender, "no")
    asked = server.slots(sender)["requested_slot"]
    actions.kill()
    assert "Sorry" in server.words(sender, "no")
    slots = server.slots(sender)
    assert slots["requested_slot"] == asked and slots["triage_level"] is None
    actions.start()
    assert "Sorry" not in server.words(sender, "no")
    assert server.slots(sender)["requested_slot"] != asked


def test_killed_at_the_end_of_the_check_no_result_until_it_is_back(pair: tuple[Server, Actions]) -> None:
    server, actions = pair
    sender = new_sender()
    server.say(sender, "my calf has been twitching for 3 days")
    answers = 0
    while server.slots(sender)["requested_slot"] is not None and answers < 40:
        if len(server.tracker(sender)["events"]) and answers == 3:
            actions.kill()
            for _ in range(12):
                assert "Sorry" in server.words(sender, "no")
                assert server.slots(sender)["triage_level"] is None
            actions.start()
        server.say(sender, "no")
        answers += 1
    assert server.slots(sender)["triage_level"] in LEVELS


def test_a_request_to_the_action_process_is_not_echoed_and_it_listens_on_loopback_only(pair: tuple[Server, Actions]) -> None:
    import json
    import urllib.error
    import urllib.request

    _, actions = pair
    secret = "my husband wants to die"
    body = json.dumps({"next_action": "action_turn", "tracker": {"nonsense": secret}}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{actions.port}/webhook", body, {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request, timeout=10)
    assert error.value.code == 500 and secret not in error.value.read().decode()
    assert secret not in (actions.folder / "actions.log").read_text(errors="replace")
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"]
    assert [address for address in listening if address.endswith(f":{actions.port:04X}")] == [f"0100007F:{actions.port:04X}"]


def test_a_supervised_action_process_comes_back_by_itself(http_server: Server) -> None:
    sender = new_sender()
    http_server.say(sender, "my calf has been twitching for 3 days")
    (child,) = [
        int(entry.parent.name) for entry in Path("/proc").glob("[0-9]*/cmdline")
        if b"twitchwise\0actions" in _read(entry) and f"TWITCHWISE_VAR_DIR={http_server.folder}".encode() in _read(entry.parent / "environ")
    ]
    os.kill(child, signal.SIGKILL)
    assert http_server.words(sender, "no")
    end = time.monotonic() + 60
    while "Sorry" in http_server.words(sender, "no") and time.monotonic() < end:
        time.sleep(0.5)
    assert http_server.slots(sender)["requested_slot"] is not None or http_server.slots(sender)["triage_level"] in LEVELS
    assert "Sorry" not in http_server.words(sender, "hello")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
