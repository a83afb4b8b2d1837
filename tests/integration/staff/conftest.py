"""The staff page on a database of each kind, without a socket: clients that are browsers of different people."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from tests.integration.records.conftest import empty_postgres, engine, keys, postgres, url  # noqa: F401
from twitchwise.records import staff
from twitchwise.records.keys import Keys
from twitchwise.records.recorder import Recorder
from twitchwise.records.turns import Escalation
from twitchwise.settings import Settings, load_settings
from twitchwise.staff import passwords
from twitchwise.staff.page import make_app
from twitchwise.staff.passwords import hash_password

PASSWORD = "several words are good"
BASE = "http://127.0.0.1:5056"
FLAG = "breathing_difficulty"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


def now() -> datetime:
    return datetime.now(timezone.utc)


class Browser:
    """One person's browser. `post` sends a form that stands on a page, with its token."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def token(self, page: str = "/login") -> str:
        found = _CSRF.search(self.client.get(page).text)
        assert found, page
        return found[1]

    def post(self, path: str, page: str | None = None, **fields: str) -> Any:
        return self.client.post(path, data={"csrf": self.token(page or "/login"), **fields})

    def sign_in(self, name: str, password: str = PASSWORD) -> Browser:
        answer = self.post("/login", name=name, password=password)
        assert answer.status_code == 200 and name in answer.text, answer.text
        return self

    def deed(self, case: str, what: str, **fields: str) -> str:
        """Do something with a case; what the page says of it."""
        answer = self.post(f"/case/{case}/{what}", f"/case/{case}", **fields)
        assert answer.status_code == 200, answer.text
        return " ".join(re.findall(r'<p class="notice" role="status">([^<]*)</p>', answer.text))


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a hash is slow on purpose; these tests make many (tests/unit/staff/test_passwords.py has the real ones)."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)


@pytest.fixture
def hashed() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(staff="elsewhere", signing_key="k" * 32, var_dir=tmp_path, staff_hours="Mon-Fri 09:00-17:00", country="UK")


@pytest.fixture
def recorder(engine: Engine, keys: Keys, tmp_path: Path) -> Iterator[Recorder]:  # noqa: F811
    made = Recorder(engine, keys, spool=tmp_path / "spool", keep_addresses=True)
    yield made
    made.close()


@pytest.fixture
def raise_one(recorder: Recorder) -> Callable[..., tuple[str, str]]:
    """Record an escalation: (case, escalation)."""

    def make(sender: str = "web:" + "a" * 32, level: str = "emergency", message: str = "m1", at: datetime | None = None,
             kind: str = "red_flag") -> tuple[str, str]:
        done = recorder.record_turn(
            sender, message, [{"kind": "symptom", "code": "dyspnoea", "assertion": "present"}],
            {"level": level, "red_flags": [FLAG], "reasons": ["breathing"], "rules_version": "v" * 12},
            Escalation(level, (FLAG,), ("symptom:dyspnoea:present",), kind), at or now(), channel=sender.partition(":")[0])
        assert done.escalation_id
        return recorder.keys.conversation(sender), done.escalation_id

    return make


@pytest.fixture
def browse(engine: Engine, keys: Keys, settings: Settings, hashed: str) -> Callable[..., Browser]:  # noqa: F811
    """A browser that nobody uses yet; with a name, of somebody with an account who is signed in."""
    app = make_app(settings, engine, keys)

    def make(name: str | None = None, role: str = staff.CLINICIAN, shown_as: str | None = None) -> Browser:
        browser = Browser(TestClient(app, base_url=BASE, raise_server_exceptions=False))
        if name is None:
            return browser
        if staff.by_name(engine, name) is None:
            staff.create(engine, name, hashed, now(), role, shown_as)
        return browser.sign_in(name)

    return make
