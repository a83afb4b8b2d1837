"""Accounts of the staff. Hashing passwords is the caller's business; here they are kept, counted and locked."""
from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.engine import Engine

from twitchwise.records.engine import unit
from twitchwise.records.models import StaffRow
from twitchwise.records.views import StaffView, staff_view

CLINICIAN, ADMIN = "clinician", "admin"
TRIES = 5
LOCK = timedelta(minutes=15)


def create(engine: Engine, name: str, password_hash: str, now: datetime, role: str = CLINICIAN, shown_as: str | None = None) -> StaffView:
    """A new account; raises ValueError where the name is taken."""
    with unit(engine, write=True) as session:
        if session.scalars(select(StaffRow).where(StaffRow.name == name)).first():
            raise ValueError("There is an account with this name already.")
        row = StaffRow(name=name, password_hash=password_hash, role=role, active=True, failed_logins=0, created_at=now,
                       shown_as=shown_as)
        session.add(row)
        session.flush()
        return staff_view(row)


def by_name(engine: Engine, name: str) -> StaffView | None:
    """An account, None when there is none."""
    with unit(engine) as session:
        row = session.scalars(select(StaffRow).where(StaffRow.name == name)).first()
        return staff_view(row) if row else None


def accounts(engine: Engine) -> list[StaffView]:
    """Every account, by name."""
    with unit(engine) as session:
        return [staff_view(row) for row in session.scalars(select(StaffRow).order_by(StaffRow.name))]


def remove(engine: Engine, name: str) -> bool:
    """Delete an account; what it did stays in the audit log. False when there is no such account."""
    with unit(engine, write=True) as session:
        row = session.scalars(select(StaffRow).where(StaffRow.name == name).with_for_update()).first()
        if row is None:
            return False
        session.delete(row)
        return True


def sign_out(engine: Engine, name: str, now: datetime) -> bool:
    """End every session of an account that began before `now`."""
    return _change(engine, name, sessions_from=now)


def logged_in(engine: Engine, name: str, now: datetime) -> None:
    """The password was right: forget the failures."""
    _change(engine, name, failed_logins=0, locked_until=None, last_login_at=now)


def login_failed(engine: Engine, name: str, now: datetime) -> datetime | None:
    """The password was wrong. Returns until when the account is locked, None while it is not."""
    with unit(engine, write=True) as session:
        row = session.scalars(select(StaffRow).where(StaffRow.name == name).with_for_update()).first()
        if row is None:
            return None
        row.failed_logins += 1
        if row.failed_logins >= TRIES:
            row.failed_logins, row.locked_until = 0, now + LOCK
        return row.locked_until if row.locked_until and row.locked_until > now else None


def set_password(engine: Engine, name: str, password_hash: str) -> bool:
    """A new password, and the lock is lifted. False when there is no such account."""
    return _change(engine, name, password_hash=password_hash, failed_logins=0, locked_until=None)


def set_active(engine: Engine, name: str, active: bool) -> bool:
    """Let an account in, or shut it out. False when there is no such account."""
    return _change(engine, name, active=active)


def _change(engine: Engine, name: str, **values: object) -> bool:
    with unit(engine, write=True) as session:
        row = session.scalars(select(StaffRow).where(StaffRow.name == name).with_for_update()).first()
        if row is None:
            return False
        for column, value in values.items():
            setattr(row, column, value)
        return True
