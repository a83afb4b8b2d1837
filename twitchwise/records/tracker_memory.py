"""What the tracker store keeps in memory: copies of recent conversations, and what could not be written yet. Knows no Rasa."""
from __future__ import annotations

import threading
import time
import zlib
from collections import OrderedDict

from twitchwise.records.tracker_events import Batch

#: Of a bytes object and its place in a list: a third of a short event.
OVERHEAD = 48


class RecentConversations:
    """The last conversations as lists of JSON, within `limit_bytes`, the least recent dropped first and all after `ttl_s`."""

    def __init__(self, limit_bytes: int = 32_000_000, ttl_s: float = 3600.0, longest: int = 400) -> None:
        self.limit_bytes, self.ttl_s, self.longest = limit_bytes, ttl_s, longest
        self._kept: OrderedDict[str, tuple[float, list[bytes]]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def put(self, conversation: str, lines: list[str]) -> None:
        """Remember a conversation as it is."""
        with self._lock:
            known = self._kept.get(conversation)
            if known and known[1] and lines and known[1][-1] == _pack(lines[-1]):
                # As it was left: nothing to pack again. An event ends as no other does, by its moment.
                self._put(conversation, known[1])
                return
            self._put(conversation, [_pack(line) for line in lines])

    def add(self, conversation: str, lines: list[str], *, fresh: bool) -> None:
        """Add to a conversation; nothing when its beginning is not known here, unless it is `fresh`."""
        with self._lock:
            known = self._kept.get(conversation)
            if known is None and not fresh:
                return
            self._put(conversation, (known[1] if known else []) + [_pack(line) for line in lines])

    def _put(self, conversation: str, packed: list[bytes]) -> None:
        self._drop(conversation)
        if len(packed) > self.longest * 2:
            return    # longer than a session that was loaded can be: not worth the memory
        self._kept[conversation] = (time.monotonic(), packed)
        self._bytes += _size(packed)
        now = time.monotonic()
        while self._kept and (self._bytes > self.limit_bytes or now - next(iter(self._kept.values()))[0] > self.ttl_s):
            self._drop(next(iter(self._kept)))

    def _drop(self, conversation: str) -> None:
        _, packed = self._kept.pop(conversation, (0.0, []))
        self._bytes -= _size(packed)

    def get(self, conversation: str) -> list[str]:
        """What is remembered, [] for nothing."""
        with self._lock:
            packed = self._kept.get(conversation, (0.0, []))[1]
        return [zlib.decompress(line).decode() for line in packed]

    def forget(self, conversation: str) -> None:
        """Drop a conversation."""
        with self._lock:
            self._drop(conversation)


def _size(packed: list[bytes]) -> int:
    """With what Python adds to each."""
    return sum(map(len, packed)) + OVERHEAD * len(packed)


def _pack(line: str) -> bytes:
    return zlib.compress(line.encode(), 1)


class Unwritten:
    """Batches that wait for the database, in order for each conversation; bounded, the oldest conversation dropped first."""

    def __init__(self, limit: int = 20_000) -> None:
        self.limit = limit
        self._batches: OrderedDict[str, list[Batch]] = OrderedDict()
        self._count = 0
        self._lock = threading.Lock()

    def add(self, conversation: str, batch: Batch) -> int:
        """Keep a batch; returns how many batches had to be dropped for it."""
        with self._lock:
            self._batches.setdefault(conversation, []).append(batch)
            self._count += 1
            dropped = 0
            while self._count > self.limit:
                _, lost = self._batches.popitem(last=False)
                self._count -= len(lost)
                dropped += len(lost)
            return dropped

    def first(self, conversation: str) -> Batch | None:
        """The oldest batch that waits, None when all is written."""
        with self._lock:
            waiting = self._batches.get(conversation)
            return waiting[0] if waiting else None

    def written(self, conversation: str, batch: Batch) -> None:
        """The batch is in the database."""
        with self._lock:
            waiting = self._batches.get(conversation, [])
            if waiting and waiting[0] is batch:
                waiting.pop(0)
                self._count -= 1
                if not waiting:
                    del self._batches[conversation]

    def forget(self, conversation: str) -> None:
        """Drop a conversation."""
        with self._lock:
            self._count -= len(self._batches.pop(conversation, []))

    def taken(self, conversation: str) -> list[Batch]:
        """Everything of a conversation, which waits here no longer."""
        with self._lock:
            batches = self._batches.pop(conversation, [])
            self._count -= len(batches)
            return batches

    def conversations(self) -> list[str]:
        """The conversations that wait."""
        with self._lock:
            return list(self._batches)

    def __len__(self) -> int:
        return self._count
