"""The way in: passwords, lock-out, sessions, forged forms, headers."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.staff.conftest import BASE, PASSWORD, now
from twitchwise.records import repository, staff
from twitchwise.staff import page
from twitchwise.staff.passwords import hash_password


def test_nothing_is_shown_before_signing_in(browse: Any, raise_one: Any) -> None:
    case, _ = raise_one()
    nobody = browse()
    for path in ("/", f"/case/{case}", "/records/", "/records/audit-row/list"):
        answer = nobody.get(path, follow_redirects=False)
        assert answer.status_code in (303, 307) and case not in answer.text, path
    assert nobody.get("/list").status_code == 403 and nobody.get(f"/case/{case}/news").status_code == 403
    assert nobody.post(f"/case/{case}/take").url.path == "/login"


def test_five_wrong_passwords_lock_the_account(browse: Any, engine: Any) -> None:
    browse("ada")
    thief = browse()
    for _ in range(staff.TRIES):
        answer = thief.post("/login", name="ada", password="wrong")
        assert answer.status_code == 401 and "Name or password is not right" in answer.text
    assert staff.by_name(engine, "ada").locked_until > now()
    assert thief.post("/login", name="ada", password=PASSWORD).status_code == 401, "the right password does not open a locked account"
    assert "locked" in {entry.action for entry in repository.audit_entries(engine)}
    staff.set_password(engine, "ada", staff.by_name(engine, "ada").password_hash)
    assert thief.sign_in("ada")


def test_an_unknown_name_is_answered_the_same_and_not_written_down(browse: Any, engine: Any) -> None:
    browse("ada")
    answers = [browse().post("/login", name=name, password="wrong").text for name in ("ada", "a-password-in-the-wrong-field")]
    wrong = [text[text.index('role="alert"'):].split("<label")[0] for text in answers]
    assert wrong[0] == wrong[1]
    assert {entry.actor for entry in repository.audit_entries(engine)} == {"ada", "unknown"}


def test_one_address_cannot_try_many_accounts(request: Any, monkeypatch: Any, engine: Any, hashed: str) -> None:
    monkeypatch.setattr(page, "_FEW_TRIES_S", 1e-9)
    thief = request.getfixturevalue("browse")()
    for number in range(page._FEW_TRIES):
        thief.post("/login", name=f"nobody{number}", password="wrong")
    staff.create(engine, "ada", hashed, now())
    assert thief.post("/login", name="ada", password=PASSWORD).status_code == 401


def test_sessions_end(browse: Any, engine: Any, settings: Any) -> None:
    def is_in(browser: Any) -> bool:
        return bool(browser.get("/", follow_redirects=False).status_code == 200)

    ada, elsewhere = browse("ada"), browse("ada")
    assert is_in(ada) and is_in(elsewhere)
    stolen = dict(ada.client.cookies)
    assert ada.post("/logout", "/").url.path == "/login"
    thief = browse()
    thief.client.cookies.update(stolen)
    assert not is_in(thief) and not is_in(elsewhere), "signing out ends every session of the account"
    again = browse("ada")
    staff.set_password(engine, "ada", hash_password("another good password"))
    assert not is_in(again)
    bob = browse("bob")
    staff.set_active(engine, "bob", False)
    assert not is_in(bob)
    carol = browse("carol")
    staff.sign_out(engine, "carol", now() + timedelta(seconds=1))
    assert not is_in(carol)


def test_a_changed_cookie_is_worth_nothing(browse: Any) -> None:
    ada = browse("ada")
    ((name, value),) = dict(ada.client.cookies).items()
    thief = browse()
    thief.client.cookies.set(name, value[:-3] + ("aaa" if not value.endswith("aaa") else "bbb"))
    assert thief.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
def test_forms_of_other_pages_are_refused(browse: Any, raise_one: Any, engine: Any, keys: Any, headers: dict[str, str]) -> None:
    case, escalation = raise_one()
    ada = browse("ada")
    fields = {"csrf": ada.token(f"/case/{case}"), "escalation": escalation}
    path = f"/case/{case}/acknowledge"
    assert ada.client.post(path, data=fields, headers=headers).status_code == 403
    for wrong in ({}, {"csrf": ""}, {"csrf": "x" * 32}, {"csrf": browse("bob").token(f"/case/{case}")}):
        assert ada.client.post(path, data={**fields, "csrf": "", **wrong}).status_code == 403
    assert repository.escalation(engine, keys, escalation).state == "open"
    assert ada.client.post(path, data=fields, headers={"Origin": BASE}).status_code == 200
    assert repository.escalation(engine, keys, escalation).state == "acknowledged"


def test_every_answer_has_the_headers(browse: Any) -> None:
    ada = browse("ada")
    for path in ("/", "/login", "/nothing", "/static/staff.css", "/health"):
        headers = ada.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, path
        assert headers["x-content-type-options"] == "nosniff" and headers["cache-control"] == "no-store", path
    assert "<script>" not in ada.get("/").text and "style=" not in ada.get("/").text


def test_the_cookie_is_for_this_page_only(browse: Any, engine: Any, keys: Any, settings: Any) -> None:
    from starlette.testclient import TestClient

    from twitchwise.staff.page import make_app

    cookie = browse().get("/login").headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "secure" not in cookie
    settings.staff_url = "https://staff.clinic.example"
    behind = TestClient(make_app(settings, engine, keys), base_url=settings.staff_url).get("/login")
    cookie = behind.headers["set-cookie"].lower()
    assert cookie.startswith("__host-") and "secure" in cookie and "max-age" in behind.headers["strict-transport-security"]


def test_other_hosts_and_large_bodies_are_refused(browse: Any) -> None:
    nobody, form = browse(), {"Content-Type": "application/x-www-form-urlencoded"}
    assert nobody.get("/login", headers={"Host": "evil.example"}).status_code == 400
    assert nobody.client.post("/login", content=b"x" * 70_000).status_code == 413
    assert nobody.client.post("/login", content=(b"x" * 10_000 for _ in range(10)), headers=form).status_code == 413
