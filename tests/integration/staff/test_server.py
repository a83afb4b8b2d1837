"""A hand-over with the really started server and staff page, over HTTP, on both databases; and what an operator may get wrong."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.running import START_S, Server, environment, free_port, new_sender, start_server
from tests.support.staff import PATIENCE_S, Page, Staff, add_account, at_once, finished, persistently, staff_settings, staff_url, until
from twitchwise.records import repository
from twitchwise.records.engine import make_engine
from twitchwise.records.keys import Keys
from twitchwise.settings import ROOT

EMERGENCY = "I can hardly breathe"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server with a staff page, and the address of its database."""
    if request.param == "sqlite":
        running: Server = request.getfixturevalue("staff_server")
        yield running, f"sqlite:///{running.database}"
        return
    postgres = request.getfixturevalue("postgres")
    postgres.empty()
    url = postgres.url
    running = start_server(tmp_path_factory.mktemp("staff-postgres"), **staff_settings(DATABASE_URL=url))
    yield running, url
    running.stop()


def case_of(server: Server, sender: str) -> str:
    key = os.environ.get("TWITCHWISE_SIGNING_KEY") or (server.folder / "signing.key").read_text().strip()
    return Keys(key.encode()).conversation(sender)


def words(replies: list[dict[str, Any]]) -> str:
    return "\n".join(reply["text"] for reply in replies)


def test_a_hand_over_from_the_request_to_the_end(both: tuple[Server, str]) -> None:
    server, database = both
    for name, shown in (("ada", "Ada, nurse"), ("bob", None)):
        add_account(database, name, shown_as=shown)
    url = staff_url(server)
    ada, bob = Staff(url, "ada"), Staff(url, "bob")
    sender = new_sender("handed")
    case = case_of(server, sender)

    assert "I have asked the care team" in words(server.say(sender, "can I talk to a person"))
    assert "about 3 weeks" not in words(server.say(sender, "is coffee bad?")), "while somebody is waited for, the assistant answers"
    until(lambda: case in ada.cases(), "the case in the list")
    assert "You have taken over" in ada.deed(case, "take")
    assert bob.deed(case, "take") == "ada was first and talks to this person now."

    quiet = words(server.say(sender, "hello, my calf twitches"))
    assert "You are now talking to Ada, nurse" in quiet and "reads what you write" in quiet
    assert ("person", "hello, my calf twitches") in ada.messages(case)
    ada.deed(case, "answer", text="Hello, since when?")
    answer = server.say(sender, "for two days")
    assert answer[0]["text"] == "**Ada, nurse**: Hello, since when?" and answer[0]["custom"]["role"] == "staff"
    assert len(answer) == 2, "and the assistant keeps quiet"

    alarm = words(server.say(sender, EMERGENCY))
    assert "999" in alarm and "breathing" in alarm.lower(), "an emergency has its words at once"
    assert ("person", EMERGENCY) in ada.messages(case)
    engine = make_engine(database)
    found = until(lambda: [each for each in repository.escalations(engine, Keys(b"x" * 16), conversation_id=case)
                           if "breathing_difficulty" in each.red_flags], "the escalation")
    assert [each.level for each in found] == ["emergency"] and found[0].rules_version
    engine.dispose()
    assert "can I talk to a person" in ada.get(f"/case/{case}?conversation=1"), "what was said before is shown where it is allowed"

    assert "The assistant answers again" in ada.deed(case, "hand-back")
    after = words(server.say(sender, "thank you"))
    assert "Ada, nurse has left" in after and "reads what you write" not in after
    log = server.log.read_text()
    assert "Traceback" not in log and "since when" not in log and "hardly breathe" not in log


def test_an_escalation_nobody_asked_to_hand_over_is_picked_up_too(both: tuple[Server, str]) -> None:
    server, database = both
    add_account(database, "ada", shown_as="Ada, nurse")
    ada, sender = Staff(staff_url(server), "ada"), new_sender("unasked")
    case = case_of(server, sender)
    server.say(sender, EMERGENCY)
    until(lambda: case in ada.cases(), "the case in the list")
    assert "You have taken over" in ada.deed(case, "take")
    assert "reads what you write" in words(server.say(sender, "who is there?"))
    server.say(sender, "delete my data")
    assert "delet" in words(server.say(sender, "yes")), "the person's data stay theirs, also now"
    until(lambda: case not in ada.cases(), "the end of the case")
    assert "reads what you write" not in words(server.say(sender, "hello"))


def kill_and_start(server: Server, settings: dict[str, str]) -> None:
    """The server dies without a word, its staff page with it, and is started again on the same ports and the same data."""
    url = staff_url(server)
    server.process.kill()
    server.process.wait(60)

    def is_gone() -> bool:
        try:
            httpx.get(f"{url}/health", timeout=5)
        except httpx.TransportError:
            return True
        return False

    until(is_gone, "the end of the staff page")
    port = int(server.url.rpartition(":")[2])
    again = start_server(server.folder, port=port, **{**settings, "TWITCHWISE_STAFF_PORT": url.rpartition(":")[2]})
    server.process = again.process


#: Messages each way before each kill, and after the last.
EACH = 6


@pytest.mark.parametrize("kills", [1, pytest.param(10, marks=[pytest.mark.faults, pytest.mark.timeout(3600)])])
def test_a_hand_over_outlives_the_server(both: tuple[Server, str], kills: int) -> None:
    """Both write while the server is killed (SIGKILL): everything arrives once and in order, every emergency is raised, and the assistant
    keeps quiet all the time."""
    server, database = both
    add_account(database, "ada", shown_as="Ada, nurse")
    ada, page = Staff(staff_url(server), "ada"), Page(server.url)
    page.say("my calf twitches since yesterday")
    case = case_of(server, page.conversation)
    page.say("can I talk to a person")
    until(lambda: case in ada.cases(), "the case in the list")
    assert "You have taken over" in ada.deed(case, "take")
    bot_before = len(page.items("bot"))

    many = EACH * (kills + 1)
    told = [f"this is line {number}" if number % EACH else f"{EMERGENCY}, line {number}" for number in range(many)]
    written = [f"answer {number}" for number in range(many)]
    progress: list[str] = []

    def person() -> None:
        for line in told:
            page.say(line)
            progress.append(line)

    def nurse() -> None:
        for line in written:
            persistently(ada, case, line)

    threads = at_once(person, nurse)
    for number in range(1, kills + 1):
        # In the middle of whatever is under way.
        until(lambda number=number: len(progress) >= number * EACH - EACH // 2 or not threads[0].is_alive(), "some messages", START_S)
        kill_and_start(server, staff_settings(DATABASE_URL=database))
    finished(threads)

    seen = ada.messages(case)
    assert [text for who, text in seen if who == "person"] == told, "to the staff: each once, in order"
    assert [text for who, text in seen if who == "staff"] == written
    assert page.history("staff") == written, "to the person: each once, in order"
    assert page.history("user")[-many:] == told
    emergencies = [text for text in told if EMERGENCY in text]
    engine = make_engine(database)
    raised = [each for each in repository.escalations(engine, Keys(b"x" * 16), conversation_id=case) if "breathing_difficulty" in each.red_flags]
    engine.dispose()
    assert len(raised) == len(emergencies)
    alarms = {item["id"] for item in page.items("user") if EMERGENCY in item["text"]}
    spoken = page.items("bot")[bot_before:]
    assert {item["id"].rpartition(".")[0] for item in spoken} == alarms, "the assistant speaks in each emergency, and only then"
    assert sum("999" in item["text"] for item in spoken) >= len(emergencies)
    assert "The assistant answers again" in ada.deed(case, "hand-back")
    print(f"{kills} kills: {len(told)} messages to the staff and {len(written)} to the person, each once and in order; {len(raised)} of "
          f"{len(emergencies)} emergencies raised; {page.sent_again} attempts of the page failed and were made again")


def test_a_staff_page_that_dies_is_started_again(staff_server: Server) -> None:
    url = staff_url(staff_server)
    children = subprocess.run(["ps", "--ppid", str(staff_server.process.pid), "-o", "pid=,args="], capture_output=True, text=True, check=True)
    (pid,) = [int(line.split()[0]) for line in children.stdout.splitlines() if "staff serve" in line]
    os.kill(pid, signal.SIGKILL)
    until(lambda: "The staff page ended" in staff_server.log.read_text(), "the notice in the log")

    def answers() -> bool:
        try:
            return httpx.get(f"{url}/health", timeout=2).text == "ok"
        except httpx.HTTPError:
            return False

    assert until(answers, "the staff page")


@pytest.mark.parametrize(("setting", "said"), [
    ({"TWITCHWISE_STAFF_HOST": "0.0.0.0"}, "TWITCHWISE_STAFF_URL is not set"),
    ({"TWITCHWISE_STAFF_URL": "http://clinic.example"}, "must be an https address"),
    ({"TWITCHWISE_STAFF_HOURS": "9 to 5"}, "is no opening time"),
    ({"TWITCHWISE_STAFF_TIMEZONE": "Mars"}, "is no time zone"),
])
def test_settings_that_cannot_be_used_are_one_line(tmp_path: Any, setting: dict[str, str], said: str) -> None:
    env = environment(tmp_path, free_port(), TWITCHWISE_STAFF="on", **setting)
    done = subprocess.run([sys.executable, "-m", "twitchwise", "staff", "serve"], cwd=ROOT, env=env, capture_output=True, text=True,
                          timeout=PATIENCE_S)
    assert done.returncode == 1 and said in done.stderr and done.stderr.count("\n") == 1
