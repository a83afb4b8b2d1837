"""Tables for those who look after the page (role admin), read only, by sqladmin: accounts, audit log, escalations, deliveries, hand-overs.

sqladmin's own forms are switched off: they change rows past the rules of `records`, and have no CSRF protection. Nothing that a person or
the staff wrote is shown here.
"""
from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqladmin import Admin, ModelView
from sqladmin.authentication import AuthenticationBackend
from sqlalchemy.engine import Engine
from sqlalchemy.sql import Select
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from twitchwise.records import models as m

TEMPLATES = Path(__file__).with_name("templates")
PATH = "/records"
#: What of sqladmin's routes is served: looking. Creating, editing, deleting, exporting and looking up are not there at all.
SERVED = ("index", "list")
MOST_PAGES = 100_000
#: Lets a request in (True), or says where to go instead.
Gate = Callable[[Request], Awaitable[Response | bool]]


class _Reading(ModelView):
    can_create = can_edit = can_delete = can_export = can_view_details = False
    page_size = 50
    page_size_options = (50,)

    def sort_query(self, stmt: Select, request: Request) -> Select:
        """In the table's own order: no page asks for another, and a name of one's choice could be any attribute of the model."""
        for name, descending in self._get_default_sort():
            column = getattr(self.model, self._get_prop_name(name))
            stmt = stmt.order_by(column.desc() if descending else column.asc())
        return stmt

    def search_query(self, stmt: Select, term: str) -> Select:
        """Nothing can be searched."""
        return stmt

    def validate_page_number(self, number: str | None, default: int) -> int:
        """The number of a page. Raises HTTPException 400 for what no table has."""
        if not number:
            return default
        if not (number.isascii() and number.isdecimal() and len(number) < 7 and 0 < int(number) <= MOST_PAGES):
            raise HTTPException(400)
        return int(number)


class Accounts(_Reading, model=m.StaffRow):
    name, name_plural = "Account", "Accounts"
    column_list = ("name", "shown_as", "role", "active", "failed_logins", "locked_until", "last_login_at", "created_at")
    column_default_sort = "name"


class AuditLog(_Reading, model=m.AuditRow):
    name, name_plural = "Entry", "Audit log"
    column_list = ("at", "actor", "action", "conversation", "escalation", "detail")
    column_default_sort = ("id", True)


class Escalations(_Reading, model=m.EscalationRow):
    name, name_plural = "Escalation", "Escalations"
    column_list = ("created_at", "level", "kind", "red_flags", "state", "staff", "delivery_state", "conversation_id")
    column_default_sort = ("created_at", True)


class Deliveries(_Reading, model=m.DeliveryRow):
    name, name_plural = "Delivery", "Deliveries"
    column_list = ("created_at", "target", "state", "attempts", "next_at", "delivered_at", "last_error", "escalation_id")
    column_default_sort = ("id", True)


class HandOverTable(_Reading, model=m.HandOverRow):
    name, name_plural = "Hand-over", "Hand-overs"
    column_list = ("requested_at", "state", "channel", "staff", "taken_at", "ended_at", "conversation_id")
    column_default_sort = ("requested_at", True)


VIEWS: tuple[type[ModelView], ...] = (AuditLog, Escalations, HandOverTable, Deliveries, Accounts)


class _Behind(AuthenticationBackend):
    """The page's own login, for sqladmin."""

    def __init__(self, gate: Gate) -> None:
        self.middlewares = []
        self._gate = gate

    async def login(self, request: Request) -> bool:
        return False

    async def logout(self, request: Request) -> bool:
        return False

    async def authenticate(self, request: Request) -> Response | bool:
        return await self._gate(request)


class _Tables(Admin):
    """Without sqladmin's own ways in and out, and without its scripts."""

    async def login(self, request: Request) -> Response:
        return RedirectResponse("/login", 303)

    async def logout(self, request: Request) -> Response:
        raise HTTPException(404)

    async def index(self, request: Request) -> Response:
        return RedirectResponse(f"{PATH}/{AuditLog.identity}/list", 303)


def add_tables(app: Starlette, engine: Engine, gate: Gate, shared: dict[str, Any]) -> None:
    """Put the tables at /records. `shared`: what every template of the page is given."""
    tables = _Tables(app, engine, base_url=PATH, title="Records", templates_dir=str(TEMPLATES), authentication_backend=_Behind(gate))
    tables.templates.env.globals.update(shared, tables=[(view.identity, view.name_plural) for view in VIEWS])
    for view in VIEWS:
        tables.add_view(view)
    tables.admin.router.routes[:] = [route for route in tables.admin.routes if getattr(route, "name", None) in SERVED]
