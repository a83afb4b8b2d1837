"""A really started server on each database for these tests, with somebody's conversation on it that nothing here may change."""
from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.records.conftest import postgres  # noqa: F401 (a fixture)
from tests.running import Server, new_sender, start_server

OFTEN, VERY_OFTEN = 500, 10_000


@dataclass
class Victim:
    """Somebody with a conversation over REST and one on the web, and what it looked like before."""

    server: Server
    sender: str
    web: dict[str, Any]
    button: str
    before: tuple[Any, ...] = ()

    @property
    def conversation(self) -> str:
        return "web:" + self.web["token"].split(".")[1]

    def state(self) -> tuple[Any, ...]:
        """Slots and number of events of both conversations."""
        found = []
        for name in (self.sender, self.conversation):
            tracker = self.server.tracker(name, "ALL")
            found.append((json.dumps(tracker["slots"], sort_keys=True, default=str), len(tracker["events"])))
        return tuple(found)


def open_session(server: Server, **body: Any) -> dict[str, Any]:
    status, shown = server.call("/chat/session", body)
    assert status == 200, (status, shown)
    return dict(shown)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server under attack; limits so wide that every try is looked at."""
    more = {"TWITCHWISE_RATE_BURST": "1000000", "TWITCHWISE_LOG_LEVEL": "INFO"}
    if request.param == "postgresql":
        database = request.getfixturevalue("postgres")
        database.empty()
        more["DATABASE_URL"] = database.url
    running = start_server(tmp_path_factory.mktemp("hostile"), **more)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def somebody(target: Server) -> Victim:
    sender = new_sender("victim")
    replies = target.say(sender, "my left calf has been twitching for three weeks")
    button = next(each["payload"] for reply in replies for each in reply.get("buttons", ()) if each["title"] == "No")
    web = open_session(target)
    body = {"token": web["token"], "message_id": "victim-message-1", "text": "my eyelid twitches since Monday"}
    assert target.call("/chat/message", body)[1]["ack"]["ok"]
    return Victim(target, sender, web, button)


@pytest.fixture
def victim(target: Server, somebody: Victim) -> Iterator[Victim]:
    """Whatever a test does: nothing of the victim changed, no traceback was logged, and people are still answered."""
    somebody.before = somebody.state()
    logged = target.log.stat().st_size
    yield somebody
    assert somebody.state() == somebody.before
    with target.log.open("rb") as log:
        log.seek(logged)
        written = log.read().decode(errors="replace")
    assert "Traceback" not in written, written[-3000:]
    assert target.process.poll() is None and target.say(new_sender("after"), "hello")
