"""`python -m twitchwise staff add|list|password|deactivate|activate|remove|serve`: the accounts of the staff, and the page by itself."""
from __future__ import annotations

import argparse
import getpass
import re
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from twitchwise.settings import Settings, SettingsError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

#: What the audit log calls whoever uses this command.
ACTOR = "command line"
_NAME = re.compile(r"[A-Za-z0-9._@-]{2,64}")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The sub-command `staff`."""
    parser = commands.add_parser("staff", help="accounts of the staff page; or run the page by itself")
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="make an account; asks for its password")
    add.add_argument("--admin", action="store_true", help="may also see accounts, deliveries and the audit log")
    add.add_argument("--shown-as", metavar="NAME", help='the name that people see, as "Ada, nurse"')
    password = actions.add_parser("password", help="set another password, which also lifts a lock and ends sessions")
    for each in (add, password):
        each.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    others = [actions.add_parser(name, help=words) for name, words in (
        ("deactivate", "shut an account out, now"), ("activate", "let it in again"), ("remove", "delete it; the audit log keeps its name"))]
    for each in (add, password, *others):
        each.add_argument("name")
    actions.add_parser("list", help="every account")
    serve = actions.add_parser("serve", help="run the staff page, where TWITCHWISE_STAFF is elsewhere")
    serve.add_argument("--follow-parent", action="store_true", help=argparse.SUPPRESS)


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Carry out one action; the exit code. Raises SettingsError."""
    if arguments.action == "serve":
        from twitchwise.staff.server import serve

        return serve(settings, follow_parent=arguments.follow_parent)
    from sqlalchemy.exc import SQLAlchemyError

    from twitchwise.records.engine import make_engine
    from twitchwise.staff.passwords import PasswordError

    engine = make_engine(settings.database_url)
    actions: dict[str, Callable[[Engine, argparse.Namespace], str]] = {
        "add": _add, "list": _list, "password": _password, "deactivate": _deactivate, "activate": _activate, "remove": _remove}
    try:
        print(actions[arguments.action](engine, arguments))
        return 0
    except PasswordError as error:
        raise SettingsError(str(error)) from None
    except SQLAlchemyError as error:
        raise SettingsError(f"The records cannot be reached ({type(error).__name__}). Run `python -m twitchwise migrate` first.") from None
    finally:
        engine.dispose()


def _add(engine: Engine, arguments: argparse.Namespace) -> str:
    from twitchwise.records import staff
    from twitchwise.staff.passwords import hash_password

    name = arguments.name
    if not _NAME.fullmatch(name):
        raise SettingsError("A name to log in with has 2 to 64 letters, digits, dots, @, - or _.")
    if staff.by_name(engine, name) is not None:
        raise SettingsError(f"There is an account {name} already. `staff password {name}` sets another password.")
    shown = (arguments.shown_as or "").strip()[:64] or None
    hashed = hash_password(_asked(arguments))
    staff.create(engine, name, hashed, _now(), staff.ADMIN if arguments.admin else staff.CLINICIAN, shown)
    _note(engine, "account_added", name)
    return f"{name} can log in now" + (f", and people see {shown}." if shown else ".")


def _list(engine: Engine, _arguments: argparse.Namespace) -> str:
    from twitchwise.records import staff

    lines = []
    for each in staff.accounts(engine):
        locked = each.locked_until is not None and each.locked_until > _now()
        state = "deactivated" if not each.active else f"locked until {each.locked_until:%H:%M} UTC" if locked else "active"
        last = f"last login {each.last_login_at:%Y-%m-%d %H:%M} UTC" if each.last_login_at else "never logged in"
        lines.append(f"{each.name:<24} {each.role:<10} {state}, {last}" + (f", shown as {each.shown_as}" if each.shown_as else ""))
    return "\n".join(lines) or "There are no accounts yet. Make one with `staff add NAME`."


def _password(engine: Engine, arguments: argparse.Namespace) -> str:
    from twitchwise.records import staff
    from twitchwise.staff.passwords import hash_password

    _known(engine, arguments.name)
    staff.set_password(engine, arguments.name, hash_password(_asked(arguments)))
    staff.sign_out(engine, arguments.name, _now())
    _note(engine, "password_set", arguments.name)
    return f"{arguments.name} has a new password."


def _deactivate(engine: Engine, arguments: argparse.Namespace) -> str:
    return _active(engine, arguments.name, False)


def _activate(engine: Engine, arguments: argparse.Namespace) -> str:
    return _active(engine, arguments.name, True)


def _active(engine: Engine, name: str, active: bool) -> str:
    from twitchwise.records import staff

    _known(engine, name)
    staff.set_active(engine, name, active)
    staff.sign_out(engine, name, _now())
    _note(engine, "account_activated" if active else "account_deactivated", name)
    return f"{name} can log in again." if active else f"{name} is shut out."


def _remove(engine: Engine, arguments: argparse.Namespace) -> str:
    from twitchwise.records import staff

    _known(engine, arguments.name)
    staff.remove(engine, arguments.name)
    _note(engine, "account_removed", arguments.name)
    return f"The account {arguments.name} is deleted."


def _known(engine: Engine, name: str) -> None:
    from twitchwise.records import staff

    if staff.by_name(engine, name) is None:
        raise SettingsError(f"There is no account {name}. `staff list` shows them.")


def _note(engine: Engine, action: str, name: str) -> None:
    from twitchwise.records.repository import audit

    audit(engine, ACTOR, action, _now(), detail={"account": name})


def _asked(arguments: argparse.Namespace) -> str:
    """The password, typed twice or from standard input; it never stands on the command line, which others can see."""
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(f"Password for {arguments.name}: ")
    if getpass.getpass("Once more: ") != first:
        raise SettingsError("The two passwords are not the same. Nothing was changed.")
    return first


def _now() -> datetime:
    return datetime.now(timezone.utc)
