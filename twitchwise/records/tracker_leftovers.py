"""What a server could not write of its conversations when it ends: written now, or kept on disk for the next start, sealed, once."""
from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from twitchwise.records.errors import ContentKeyError
from twitchwise.records.keys import Keys
from twitchwise.records.tracker_events import Batch, EventLine
from twitchwise.records.tracker_memory import Unwritten

if TYPE_CHECKING:
    from twitchwise.records.tracker_store import TwitchwiseTrackerStore

logger = logging.getLogger(__name__)
SUFFIX = ".events"
#: At the end of a server; whoever stops it waits longer than this.
LAST_S = 6.0


def own_store(store: Any) -> TwitchwiseTrackerStore | None:
    """Our tracker store, wrapped by Rasa or not; None for another one."""
    from twitchwise.records.tracker_store import TwitchwiseTrackerStore

    own = getattr(store, "_tracker_store", store)
    return own if isinstance(own, TwitchwiseTrackerStore) else None


async def put_away(store: TwitchwiseTrackerStore, folder: Path, seconds: float = LAST_S) -> int:
    """Write what waits in memory, trying for so long; the rest goes to `folder`. Returns how many conversations that are."""
    end = asyncio.get_running_loop().time() + seconds
    while len(store.unwritten) and asyncio.get_running_loop().time() < end:
        if not await store.write_all():
            await asyncio.sleep(0.2)
    left = store.unwritten.conversations()
    for conversation in left:
        batches = store.unwritten.taken(conversation)
        try:
            _write(folder, store.secrets, conversation, batches)
        except OSError as error:
            logger.error("What was said in a conversation could not be kept (%s)", type(error).__name__)
    if left:
        logger.error("The database is away: what was said last in %d conversations waits in %s", len(left), folder.name)
    return len(left)


def bring_back(unwritten: Unwritten, secrets: Keys, folder: Path) -> int:
    """Take up what an earlier server left; it is written as soon as the database is there. Returns how many conversations."""
    found = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
    taken = 0
    for path in found:
        mine = path.with_suffix(f".{os.getpid()}")
        try:
            path.rename(mine)      # several servers start at once: one of them gets it
            conversation, batches = _read(mine.read_text(encoding="ascii"), secrets)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError, ContentKeyError) as error:
            logger.error("What a server left behind cannot be read (%s)", type(error).__name__)
            with contextlib.suppress(OSError):
                mine.rename(path.with_name(path.name + ".unreadable"))
            continue
        for batch in batches:
            unwritten.add(conversation, batch)
        # From here on it is in memory, and goes to disk again at the end: batches are written once, by their names.
        mine.unlink(missing_ok=True)
        taken += 1
    return taken


def _write(folder: Path, secrets: Keys, conversation: str, batches: list[Batch]) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The pseudonym is in the name, so that a deletion finds it as it finds the turns that wait (spool.py).
    path = folder / f"{time.time_ns():020d}-{uuid4().hex[:8]}-v-{conversation}{SUFFIX}"
    text = secrets.seal_always(json.dumps({"conversation": conversation, "batches": [asdict(batch) for batch in batches]}))
    temporary = path.with_suffix(".tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _read(text: str, secrets: Keys) -> tuple[str, list[Batch]]:
    data = json.loads(secrets.open_always(text))
    batches = [Batch(each["name"], tuple(EventLine(**event) for event in each["events"])) for each in data["batches"]]
    return str(data["conversation"]), batches
