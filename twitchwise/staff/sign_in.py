"""Signing in and out. What is said of a failure is always the same, whatever the reason."""
from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from twitchwise.records import staff
from twitchwise.records.repository import audit
from twitchwise.staff import security
from twitchwise.staff.passwords import hash_password, is_right, needs_rehash

if TYPE_CHECKING:
    from twitchwise.staff.page import Desk

FAILED = (
    f"Name or password is not right, or the account is locked. After {staff.TRIES} wrong passwords it is locked for "
    f"{int(staff.LOCK.total_seconds() // 60)} minutes."
)


class SignIn:
    """The views of the login."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def form(self, request: Request) -> Response:
        """The login."""
        if await self._desk.account(request):
            return RedirectResponse("/", 303)
        return await self._desk.page(request, "login.html", None, failed="")

    async def sign_in(self, request: Request) -> Response:
        """A name and a password."""
        desk = self._desk
        form = await security.checked_form(request, desk.origins(request))
        name, password = security.field(form, "name"), str(form.get("password") or "")
        address = request.client.host if request.client else ""
        if not desk.tries.allow(address) or not await run_in_threadpool(self._try, request, name, password):
            return await desk.page(request, "login.html", None, 401, failed=FAILED)
        return RedirectResponse("/", 303)

    def _try(self, request: Request, name: str, password: str) -> bool:
        engine, now = self._desk.engine, self._desk.now()
        account = staff.by_name(engine, name)
        # The password is looked at in any case: how long the answer takes must not tell which accounts there are.
        right = is_right(account.password_hash if account else None, password)
        locked = account is not None and account.locked_until is not None and account.locked_until > now
        if account is None:
            # Not by the name that was typed, which may be a password in the wrong field.
            audit(engine, "unknown", "sign_in_failed", now)
            return False
        if locked or not account.active or not right:
            audit(engine, account.name, "sign_in_failed", now)
            if not locked and account.active and staff.login_failed(engine, account.name, now):
                audit(engine, account.name, "locked", now)
            return False
        if needs_rehash(account.password_hash):
            staff.set_password(engine, account.name, hash_password(password))
        staff.logged_in(engine, account.name, now)
        audit(engine, account.name, "sign_in", now)
        security.begin(request, staff.by_name(engine, account.name) or account, now)
        return True

    async def sign_out(self, request: Request) -> Response:
        """End every session of the account: a copy of the cookie is worth nothing afterwards."""
        desk = self._desk
        await security.checked_form(request, desk.origins(request))
        account = await desk.account(request)
        request.session.clear()
        if account:
            await run_in_threadpool(staff.sign_out, desk.engine, account.name, desk.now())
            await desk.note(account, "sign_out")
        return RedirectResponse("/login", 303)
