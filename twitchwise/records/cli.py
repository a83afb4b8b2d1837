"""`python -m twitchwise records new-key|rotate|status|requeue`: what an operator does with the stored records."""
from __future__ import annotations

import argparse
import sys

from twitchwise.settings import Settings

ACTIONS = ("new-key", "rotate", "status", "requeue")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The sub-command `records`."""
    parser = commands.add_parser("records", help="content keys and deliveries: new-key, rotate, status, requeue")
    parser.add_argument("action", choices=ACTIONS)


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Carry out one action; the exit code. Raises RecordsError."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        print({"new-key": _new_key, "rotate": _rotate, "status": _status, "requeue": _requeue}[arguments.action](settings))
        return 0
    except SQLAlchemyError as error:
        print(f"twitchwise: The database does not answer ({type(error).__name__}). Check that it runs, and try again.", file=sys.stderr)
        return 1


def _new_key(_settings: Settings) -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def _rotate(settings: Settings) -> str:
    from twitchwise.records import privacy
    from twitchwise.records.engine import shared_engine
    from twitchwise.records.errors import ContentKeyError
    from twitchwise.records.keys import CONTENT_KEYS_VARIABLE, as_keys

    keys = as_keys(settings.key())
    if not keys.encrypts:
        raise ContentKeyError(f"{CONTENT_KEYS_VARIABLE} is not set, so there is no key to encrypt with. "
                              "Make one with `python -m twitchwise records new-key`.")
    count = privacy.rotate(shared_engine(settings.database_url), keys)
    return f"{count} stored texts are encrypted with the first key now. The older keys can be taken away once every process has the new one."


def _status(settings: Settings) -> str:
    from twitchwise.records import outbox
    from twitchwise.records.engine import shared_engine
    from twitchwise.records.keys import as_keys
    from twitchwise.records.spool import Spool

    state = outbox.queue_state(shared_engine(settings.database_url))
    lines = [
        f"Stored text is {'encrypted' if as_keys(settings.key()).encrypts else 'NOT encrypted'}.",
        f"Escalations without a receiver: {state.waiting}",
        f"Deliveries on their way: {state.pending}",
        f"Deliveries given up: {state.dead}" + (". Repair the receiver, then run `records requeue`." if state.dead else ""),
        f"Deliveries made: {state.delivered}",
        f"Turns that wait on disk for the database: {len(Spool(settings.var_dir / 'spool'))}",
    ]
    return "\n".join(lines)


def _requeue(settings: Settings) -> str:
    from datetime import datetime, timezone

    from twitchwise.records import outbox
    from twitchwise.records.engine import shared_engine

    count = outbox.requeue_dead(shared_engine(settings.database_url), datetime.now(timezone.utc))
    return f"{count} deliveries that were given up are tried again."
