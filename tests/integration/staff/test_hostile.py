"""Hostile forms on the staff page: schemathesis makes them from docs/openapi_staff.yml, and they are sent over HTTP by nobody, by somebody
signed in without the form's token, by a clinician and by an admin with it. On both databases."""
from __future__ import annotations

import re
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from sqlalchemy.engine import Engine
from starlette.routing import Mount, Route

from tests.hostile.conftest import OFTEN, VERY_OFTEN
from tests.integration.records.conftest import everything
from tests.integration.staff.conftest import PASSWORD, now
from twitchwise.records import staff
from twitchwise.settings import ROOT
from twitchwise.staff import page as staff_page
from twitchwise.staff.page import make_app

SCHEMA = schemathesis.openapi.from_path(ROOT / "docs" / "openapi_staff.yml")
#: Nobody; signed in, but the form is another page's; signed in, and the form is the page's own, whatever stands in its fields.
NOBODY, FORGER, CLINICIAN, ADMIN = "nobody", "forger", "clinician", "admin"
ROLES = (NOBODY, FORGER, CLINICIAN, ADMIN)
SECRET_WORDS = "words of the note of a bystander"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
#: What was kept, but for the log of who looked at what and for the counts of wrong passwords.
_WATCHED = ("conversations", "escalations", "hand_overs", "hand_over_messages", "findings", "assessments", "outbox", "deliveries", "deletions")


@dataclass
class Target:
    """The page on a port of loopback, with a case that the tries may work on and one that nobody names."""

    url: str
    engine: Engine
    case: str
    escalation: str
    bystander: str
    tried: Counter[tuple[str, int]] = field(default_factory=Counter)

    def browser(self, role: str) -> tuple[requests.Session, str]:
        """Somebody's browser, and the token of its forms."""
        browser = requests.Session()
        browser.trust_env = False
        token = self._token(browser, "/login")
        if role != NOBODY:
            answer = browser.post(f"{self.url}/login", {"csrf": token, "name": role, "password": PASSWORD}, timeout=60)
            assert answer.status_code == 200 and "Sign out" in answer.text
            token = self._token(browser, "/")
        return browser, token

    def _token(self, browser: requests.Session, path: str) -> str:
        found = _CSRF.search(browser.get(f"{self.url}{path}", timeout=60).text)
        assert found, path
        return found[1]

    def kept(self) -> dict[str, list[dict[str, object]]]:
        """Every row of what the tries might change."""
        rows = everything(self.engine)
        return {name: rows[name] for name in _WATCHED}

    def of_bystander(self) -> dict[str, list[dict[str, object]]]:
        """What is kept of the case that nobody names: also who looked at it."""
        rows = everything(self.engine)
        return {name: [row for row in rows[name] if self.bystander in row.values()] for name in (*_WATCHED, "audit_log")}

    def judge(self, role: str, case: Any, answer: Any) -> None:
        """What must hold of every answer."""
        status, path, leads_to = answer.status_code, case.operation.path, (answer.headers.get("location") or [""])[0]
        self.tried[role, status] += 1
        assert status < 500, (role, status, case.as_curl_command())
        assert "Traceback" not in answer.text and SECRET_WORDS not in answer.text
        if role in (NOBODY, FORGER) and case.operation.method.upper() == "POST":
            assert status != 200 and (status != 303 or (role == NOBODY and leads_to == "/login")), "a deed was done"
        if role != ADMIN and path.startswith("/records"):
            assert status != 200
        if role == NOBODY and path not in ("/login", "/health"):
            assert status != 200 and self.case not in leads_to

    def accounts(self) -> list[tuple[str, str, str, bool]]:
        return [(each.name, each.role, each.password_hash, each.active) for each in staff.accounts(self.engine)]


@pytest.fixture
def target(engine: Engine, keys: Any, settings: Any, hashed: str, raise_one: Callable[..., tuple[str, str]],
           monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    from twitchwise.records import repository

    # So that every try is looked at (tests/integration/staff/test_sign_in.py has the limit).
    monkeypatch.setattr(staff_page, "_FEW_TRIES", 10**6)
    case, escalation = raise_one("web:" + "a" * 32)
    bystander, other = raise_one("web:" + "b" * 32, message="m2")
    repository.note(engine, keys, other, "somebody", SECRET_WORDS, now())
    for role in (FORGER, CLINICIAN):
        staff.create(engine, role, hashed, now())
    staff.create(engine, ADMIN, hashed, now(), staff.ADMIN)
    server = uvicorn.Server(uvicorn.Config(make_app(settings, engine, keys), log_config=None, access_log=False, lifespan="off", ws="none"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield Target(f"http://127.0.0.1:{listening.getsockname()[1]}", engine, case, escalation, bystander)
    server.should_exit = True
    thread.join(60)
    listening.close()


def operations() -> list[Any]:
    return [result.ok() for result in SCHEMA.get_all_operations()]


def attack(target: Target, role: str, count: int) -> None:
    """`count` requests of one role."""
    browser, token = target.browser(role)
    with_input = [each for each in operations() if each.body or each.query or each.path_parameters]
    share = -(-count // len(with_input))
    for operation in operations():
        if operation.path == "/logout" and role in (CLINICIAN, ADMIN):
            continue    # its own token would end the session, and the rest would be the tries of nobody
        fit = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        try:
            unfit = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
            cases = st.one_of(fit, fit, unfit) if operation in with_input else fit
        except Exception:
            cases = fit

        @settings(max_examples=share if operation in with_input else 1, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
                  deadline=None)
        @given(case=cases, real_case=st.booleans(), real_token=st.booleans(), wrong=st.sampled_from(["", "x" * 32, "é", "\x00"]))
        def tries(case: Any, real_case: bool, real_token: bool, wrong: str) -> None:
            if real_case and isinstance(case.path_parameters, dict) and "case" in case.path_parameters:
                case.path_parameters["case"] = target.case
            if isinstance(case.body, dict) and "csrf" in case.body:
                if role in (CLINICIAN, ADMIN) or (role == NOBODY and real_token):
                    case.body["csrf"] = token
                elif real_token:
                    case.body["csrf"] = wrong
                if real_case and "escalation" in case.body:
                    case.body["escalation"] = target.escalation
            target.judge(role, case, case.call(base_url=target.url, session=browser, timeout=60, allow_redirects=False))

        tries()


def all_roles(target: Target, count: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("ERROR")
    accounts, bystander = target.accounts(), target.of_bystander()
    for role in ROLES:
        before = target.kept()
        attack(target, role, count // len(ROLES))
        if role in (NOBODY, FORGER):
            assert target.kept() == before, "a form that is not the page's own, or of nobody, changed something"
    assert target.accounts() == accounts and target.of_bystander() == bystander
    assert [record.getMessage() for record in caplog.records if record.exc_info or record.levelname == "CRITICAL"] == []
    assert sum(target.tried.values()) >= count
    # The tries got past the door: deeds were done with the page's own forms, and refused with others.
    assert target.tried[CLINICIAN, 303] and target.tried[FORGER, 403] and target.tried[ADMIN, 200] and target.tried[NOBODY, 401]
    assert target.browser(CLINICIAN), "the page still lets people in"
    print(sorted((role, status, number) for (role, status), number in target.tried.items()))


def test_five_hundred_forms(target: Target, caplog: pytest.LogCaptureFixture) -> None:
    all_roles(target, OFTEN, caplog)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_ten_thousand_forms(target: Target, caplog: pytest.LogCaptureFixture) -> None:
    all_roles(target, VERY_OFTEN, caplog)


@pytest.mark.parametrize(("path", "status"), [
    ("/case/%00/news", 404), ("/case/a%00b", 404), ("/case/{case}/news?after=%C2%B2", 200), ("/case/{case}/news?after=99999999999999999999", 200),
    ("/case/{case}/news?after=-1", 200), ("/records/audit-row/list?page=-1", 400), ("/records/audit-row/list?page=99999999999999999999", 400),
    ("/records/audit-row/list?page=%D9%A3", 400), ("/records/audit-row/list?pageSize=-1", 400), ("/records/audit-row/list?page=99999", 302),
    ("/records/staff-row/list?sortBy=password_hash", 200), ("/records/staff-row/list?sortBy=registry", 200),
    ("/records/audit-row/list?search=%00", 200), ("/records/nothing/list", 404), ("/records/audit-row/ajax/lookup", 404),
    ("/records/statics/css/main.css", 404), ("/static/../page.py", 404), ("/static/%2e%2e/page.py", 404),
])
def test_odd_addresses(target: Target, path: str, status: int) -> None:
    browser, _ = target.browser(ADMIN)
    answer = browser.get(target.url + path.format(case=target.case), timeout=60, allow_redirects=False)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x; charset=undefined", "multipart/form-data; boundary=x; charset=utf-7",
                                          "application/json", "text/plain", ""])
def test_only_forms_of_this_kind_are_read(target: Target, content_type: str) -> None:
    browser, token = target.browser(CLINICIAN)
    body = f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n--x--\r\n'.encode()
    answer = browser.post(f"{target.url}/case/{target.case}/take", body, headers={"Content-Type": content_type}, timeout=60)
    assert answer.status_code == 415


@pytest.mark.parametrize("fields", [
    {"name": "a\x00b", "password": "x"}, {"name": "ada", "password": "a\x00b"}, {"name": "\ud800".encode("utf-8", "surrogatepass")},
    {"name": "x" * 5000, "password": "y" * 5000}, {"name": ["a", "b"], "password": ["c", "d"]}, {},
])
def test_odd_names_and_passwords(target: Target, fields: dict[str, Any]) -> None:
    browser, token = target.browser(NOBODY)
    assert browser.post(f"{target.url}/login", {"csrf": token, **fields}, timeout=60).status_code == 401


def test_the_document_names_every_route_of_the_page(target: Target, settings: Any, keys: Any) -> None:
    def found(routes: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
        for route in routes:
            if isinstance(route, Mount):
                yield from found(route.routes or [], prefix + route.path)
            elif isinstance(route, Route):
                yield from ((prefix + route.path, method.lower()) for method in route.methods or () if method != "HEAD")

    documented = {(path, method) for path, methods in SCHEMA.raw_schema["paths"].items() for method in methods}
    assert documented == set(found(make_app(settings, target.engine, keys).routes))
