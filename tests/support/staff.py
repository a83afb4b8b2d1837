"""People of the staff, for tests against a really started staff page."""
from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import httpx

from tests.running import START_S, Server, free_port
from twitchwise.records import staff
from twitchwise.records.engine import make_engine
from twitchwise.staff.passwords import hash_password

PASSWORD = "several words are good"
#: A machine may be busy with other things.
PATIENCE_S = 90.0
#: A connection for each request: a server may close one that was idle in just the moment in which it is used again.
NO_IDLE = httpx.Limits(max_keepalive_connections=0)
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_NOTICE = re.compile(r'<p class="notice" role="status">([^<]*)</p>')


def staff_settings(**more: str) -> dict[str, str]:
    """The environment of a server with a staff page."""
    return {"TWITCHWISE_STAFF": "on", "TWITCHWISE_STAFF_PORT": str(free_port()), "TWITCHWISE_STAFF_SEES_CONVERSATION": "true",
            "TWITCHWISE_COUNTRY": "UK", "TWITCHWISE_RATE_BURST": "1000000", **more}


def staff_url(server: Server) -> str:
    """Where the staff page of a server is, as the server says itself."""
    return str(until(lambda: re.search(r"Staff page: (\S+)", server.log.read_text()), "the staff page"))


def until(condition: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """Wait for something; its value (of a match: its group)."""
    end = time.monotonic() + patience_s
    while not (found := condition()):
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.1)
    return found[1] if isinstance(found, re.Match) else found


def add_account(database: str, name: str, **more: Any) -> None:
    """Make an account in a server's database."""
    engine = make_engine(database)
    if staff.by_name(engine, name) is None:
        staff.create(engine, name, hash_password(PASSWORD), datetime.now(timezone.utc), **more)
    engine.dispose()


class Staff:
    """Somebody of the staff with a browser, signed in."""

    def __init__(self, url: str, name: str) -> None:
        self.name, self._client = name, httpx.Client(base_url=url, follow_redirects=True, timeout=PATIENCE_S, limits=NO_IDLE)
        answer = self.post("/login", "/login", name=name, password=PASSWORD)
        assert answer.status_code == 200 and name in answer.text, answer.text

    def get(self, path: str) -> str:
        answer = self._client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def post(self, path: str, page: str, **fields: str) -> httpx.Response:
        token = _CSRF.search(self._client.get(page).text)
        assert token
        return self._client.post(path, data={"csrf": token[1], **fields})

    def deed(self, case: str, what: str, **fields: str) -> str:
        """Do something with a case; what the page says of it."""
        answer = self.post(f"/case/{case}/{what}", f"/case/{case}", **fields)
        assert answer.status_code == 200, answer.text
        return " ".join(_NOTICE.findall(answer.text))

    def cases(self) -> list[str]:
        return re.findall(r'data-case="(\w+)"', self.get("/"))

    def messages(self, case: str) -> list[tuple[str, str]]:
        """(who, text) of all that was said in its hand-overs."""
        news = self._client.get(f"/case/{case}/news?after=0").json()
        return [(line["who"], line["text"]) for line in news["messages"]]


class Page:
    """A person's chat page over plain HTTP. As the page does, it sends a message again, under its id, until it is acknowledged."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=PATIENCE_S, limits=NO_IDLE)
        self.token = self._client.post("/chat/session", json={}).json()["token"]
        self.said: list[str] = []
        self.sent_again = 0

    @property
    def conversation(self) -> str:
        return "web:" + self.token.split(".")[1]

    def say(self, text: str) -> None:
        """Returns when the message is acknowledged, however often the server dies meanwhile."""
        body = {"token": self.token, "message_id": f"said-{uuid.uuid4().hex}", "text": text}

        def acknowledged() -> bool:
            try:
                answer = self._client.post("/chat/message", json=body)
            except httpx.HTTPError:
                body["again"] = True
                self.sent_again += 1
                return False
            assert answer.status_code == 200 and answer.json()["ack"]["ok"], answer.text
            return True

        until(acknowledged, f"an acknowledgement of {text!r}", START_S)
        self.said.append(text)

    def items(self, role: str) -> list[dict[str, Any]]:
        """What the page shows when it is loaded anew, of one role: user, bot, staff, notice."""
        shown = self._client.post("/chat/session", json={"token": self.token}).json()
        assert shown["resumed"]
        return [item for item in shown["history"] if item["role"] == role]

    def history(self, role: str) -> list[str]:
        """The words of these."""
        return [item["text"] for item in self.items(role)]


def persistently(staff: Staff, case: str, text: str) -> None:
    """The staff sends an answer, and looks whether it stands there where the page did not answer: as a person does."""

    def stands() -> bool:
        try:
            if ("staff", text) in staff.messages(case):
                return True
            staff.deed(case, "answer", text=text)
        except (httpx.HTTPError, AssertionError, ValueError):
            pass    # away
        return False    # looked at again

    until(stands, f"the answer {text!r}", START_S)


def at_once(*work: Callable[[], None]) -> list[threading.Thread]:
    """Threads that are under way, each of which reports what goes wrong in it (`finished`)."""
    threads = [_Thread(each) for each in work]
    for thread in threads:
        thread.start()
    return list(threads)


def finished(threads: list[threading.Thread]) -> None:
    """Wait for threads, and fail as they did."""
    for thread in threads:
        thread.join(3600)
        assert not thread.is_alive(), "never ended"
        problem = getattr(thread, "problem", None)
        if problem is not None:
            raise problem


class _Thread(threading.Thread):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._work, self.problem = work, None

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:
            self.problem = error
