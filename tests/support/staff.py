"""People of the staff, for tests against a really started staff page."""
from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import httpx

from tests.running import Server, free_port
from twitchwise.records import staff
from twitchwise.records.engine import make_engine
from twitchwise.staff.passwords import hash_password

PASSWORD = "several words are good"
#: A machine may be busy with other things.
PATIENCE_S = 90.0
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_NOTICE = re.compile(r'<p class="notice" role="status">([^<]*)</p>')


def staff_settings(**more: str) -> dict[str, str]:
    """The environment of a server with a staff page."""
    return {"TWITCHWISE_STAFF": "on", "TWITCHWISE_STAFF_PORT": str(free_port()), "TWITCHWISE_STAFF_SEES_CONVERSATION": "true",
            "TWITCHWISE_COUNTRY": "UK", **more}


def staff_url(server: Server) -> str:
    """Where the staff page of a server is, as the server says itself."""
    return str(until(lambda: re.search(r"Staff page: (\S+)", server.log.read_text()), "the staff page"))


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait for something; its value (of a match: its group)."""
    end = time.monotonic() + PATIENCE_S
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
        self.name, self._client = name, httpx.Client(base_url=url, follow_redirects=True, timeout=PATIENCE_S)
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
