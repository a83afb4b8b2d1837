"""Where turns wait on disk while the database is away: one file a turn, as a mail spool does it.

A file is written under a temporary name, flushed to the disk and renamed, so that a reader sees a whole line of JSON or
nothing; any process may write or empty the spool at any time without a lock, because a turn is recorded once whoever reads it.
"""
from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from twitchwise.records.errors import SpoolError, SpoolFull
from twitchwise.records.turns import TurnRecord

SUFFIX = ".turn.jsonl"
BAD = ".unreadable"
_ESCALATION, _PLAIN = "e", "t"
#: A temporary file older than this belongs to a process that died while writing.
_STALE_S = 3600


class Spool:
    """A bounded spool. When it is full, turns without an escalation make room for those with one."""

    def __init__(self, folder: Path | str, limit: int = 10_000) -> None:
        self.folder = Path(folder)
        self.limit = limit

    def add(self, turn: TurnRecord) -> None:
        """Keep `turn` across a restart and a power cut. Raises SpoolFull or SpoolError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._make_room(turn)
            kind = _ESCALATION if turn.escalation else _PLAIN
            # Names sort by time; the pseudonym is in it, so that a deletion finds its files without reading all of them.
            name = f"{time.time_ns():020d}-{uuid4().hex[:8]}-{kind}-{turn.conversation}"
            temporary = self.folder / f"{name}.tmp"
            try:
                descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(turn.to_line() + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, self.folder / f"{name}{SUFFIX}")
            except BaseException:
                with contextlib.suppress(OSError):
                    temporary.unlink()
                raise
            _sync_folder(self.folder)
        except OSError as error:
            raise SpoolError(f"A turn could not be kept in {self.folder} ({error.strerror or type(error).__name__}).") from error

    def _make_room(self, turn: TurnRecord) -> None:
        files = self.files()
        if len(files) < self.limit:
            return
        plain = [path for path in files if f"-{_PLAIN}-" in path.name] if turn.escalation else []
        if not plain:
            raise SpoolFull(f"The spool in {self.folder} is full ({self.limit} turns). Start the database, or free its disk.")
        plain[0].unlink(missing_ok=True)

    def files(self) -> list[Path]:
        """Waiting files, oldest first; none where the folder cannot be read (`add` says so, once something is to be kept)."""
        try:
            return [self.folder / name for name in sorted(os.listdir(self.folder)) if name.endswith(SUFFIX)]
        except OSError:
            return []

    def __len__(self) -> int:
        return len(self.files())

    def read(self) -> Iterator[tuple[Path, TurnRecord]]:
        """Waiting turns, oldest first; `done` removes one. A file that cannot be read is set aside, not lost."""
        for path in self.files():
            try:
                turn = TurnRecord.from_line(path.read_text(encoding="utf-8"))
            except FileNotFoundError:
                continue    # another process was quicker
            except (ValueError, KeyError, TypeError, AttributeError):
                with contextlib.suppress(OSError):
                    path.rename(path.with_name(path.name + BAD))
                continue
            yield path, turn

    @staticmethod
    def done(path: Path) -> None:
        """The turn is recorded: forget its file."""
        path.unlink(missing_ok=True)

    def delete(self, conversation: str) -> int:
        """Remove everything of one conversation (its pseudonym) and return how many files that were."""
        try:
            names = [name for name in os.listdir(self.folder) if f"-{conversation}" in name]
        except (FileNotFoundError, NotADirectoryError):
            return 0
        for name in names:
            (self.folder / name).unlink(missing_ok=True)
        return len(names)

    def tidy(self, older_than_s: float) -> int:
        """Remove what died in writing, and unreadable files older than `older_than_s`; returns how many."""
        removed, now = 0, time.time()
        for path in self.folder.glob("*") if self.folder.exists() else ():
            limit = _STALE_S if path.name.endswith(".tmp") else older_than_s if path.name.endswith(BAD) else None
            with contextlib.suppress(FileNotFoundError):
                if limit is not None and now - path.stat().st_mtime > limit:
                    path.unlink()
                    removed += 1
        return removed


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
