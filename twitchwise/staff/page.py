"""The staff page put together: sessions, the wall around it, the views, and the tables."""
from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from twitchwise.channels.rate import RateLimiter
from twitchwise.records.keys import Keys, as_keys
from twitchwise.records.repository import audit
from twitchwise.records.staff import ADMIN
from twitchwise.records.views import StaffView
from twitchwise.settings import Settings
from twitchwise.staff import security, words
from twitchwise.staff.cases import CaseViews
from twitchwise.staff.sign_in import SignIn
from twitchwise.staff.tables import PATH, add_tables
from twitchwise.staff.templating import Templates

HERE = Path(__file__).parent
COOKIE = "twitchwise_staff"
_FEW_TRIES_S, _FEW_TRIES = 0.2, 20


class Desk:
    """What the views share: the records, the settings, who asks, and how a page is made."""

    def __init__(self, settings: Settings, engine: Engine, keys: Keys) -> None:
        self.settings, self.engine, self.keys = settings, engine, keys
        self.templates = Templates(HERE / "templates", self.shared())
        #: Tries of a password from one address, whatever the accounts.
        self.tries = RateLimiter(_FEW_TRIES_S, _FEW_TRIES)

    def shared(self) -> dict[str, Any]:
        """What every template is given."""
        return {"words": words, "now": self.now, "team": self.settings.staff_team, "hours": self.settings.opening_hours()}

    @staticmethod
    def now() -> datetime:
        return datetime.now(timezone.utc)

    def origins(self, request: Request) -> frozenset[str]:
        """Where a form may come from. The host was checked before."""
        if self.settings.staff_url:
            return frozenset({self.settings.staff_url})
        return frozenset({f"http://{request.headers.get('host', '').lower()}"})

    async def account(self, request: Request) -> StaffView | None:
        """Who asks; None when nobody is signed in."""
        return await run_in_threadpool(security.who, self.engine, request.session, self.settings.staff_session_minutes)

    async def page(self, request: Request, name: str, account: StaffView | None, status: int = 200, **more: Any) -> Response:
        """A page from a template."""
        notices = request.session.pop("notices", [])
        return await self.templates.page(request, name, {
            "account": account, "csrf": security.csrf_token(request), "notices": notices, "is_admin": account and account.role == ADMIN, **more,
        }, status)

    def tell(self, request: Request, text: str) -> None:
        """Say something on the next page."""
        request.session["notices"] = [*request.session.get("notices", []), text][-3:]

    async def note(self, account: StaffView, action: str, conversation: str | None = None, **detail: Any) -> None:
        """Write to the audit log."""
        await run_in_threadpool(audit, self.engine, account.name, action, self.now(), conversation_id=conversation, detail=detail)


def make_app(settings: Settings, engine: Engine, keys: Keys | bytes | str) -> Starlette:
    """The application. Opens no connection."""
    desk = Desk(settings, engine, as_keys(keys))
    sign_in, cases = SignIn(desk), CaseViews(desk)

    async def health(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        said = error.detail if isinstance(error, HTTPException) and status == 403 else _SAID.get(status, _SAID[404])
        return await desk.page(request, "error.html", None, status, said=said)

    async def failed(_request: Request, _error: Exception) -> Response:
        # Outside of sessions and of the wall.
        return PlainTextResponse("Something went wrong. It is in the log, without any words of anybody.", 500, security.HEADERS)

    async def no_records(request: Request, _error: Exception) -> Response:
        return await desk.page(request, "error.html", None, 503, said="The records cannot be reached just now. Please try again in a minute.")

    routes = [
        Route("/health", health), Route("/login", sign_in.form, methods=["GET"]), Route("/login", sign_in.sign_in, methods=["POST"]),
        Route("/logout", sign_in.sign_out, methods=["POST"]), *cases.routes(),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    secure = settings.staff_url is not None
    hosts = ["127.0.0.1", "localhost", "[::1]", settings.staff_host, *([settings.staff_url.split("//")[1].split(":")[0]] if settings.staff_url else [])]
    app = Starlette(routes=routes, middleware=[
        Middleware(security.Wall, secure=secure),
        Middleware(TrustedHostMiddleware, allowed_hosts=[host for host in hosts if host not in ("0.0.0.0", "::")], www_redirect=False),
        Middleware(SessionMiddleware, secret_key=security.session_key(settings.key()), max_age=settings.staff_session_minutes * 60,
                   session_cookie=f"__Host-{COOKIE}" if secure else COOKIE, same_site="strict", https_only=secure),
    ], exception_handlers={HTTPException: refused, SQLAlchemyError: no_records, Exception: failed})

    async def gate(request: Request) -> Response | bool:
        account = await desk.account(request)
        if account is None:
            return RedirectResponse("/login", 303)
        if account.role != ADMIN:
            raise HTTPException(403, "This part is for those who look after the page.")
        request.state.account = account
        await desk.note(account, "see_table", path=request.url.path.removeprefix(PATH)[:60])
        return True

    add_tables(app, engine, gate, {**desk.shared(), "csrf_of": security.csrf_token})
    return app


_SAID = {
    404: "There is nothing here. A case may be gone because the person had their data deleted, or because it was too old.",
    400: "This page cannot be used in that way.", 405: "This page cannot be used in that way.", 413: "That is too much at once.",
    415: "This page cannot be used in that way.",
}
