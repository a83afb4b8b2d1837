"""Records served turns. The person's reply never waits for a database that is away: the turn waits on disk instead."""
from __future__ import annotations

import contextlib
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from twitchwise import metrics
from twitchwise.records.engine import ROOT, unit
from twitchwise.records.errors import ContentKeyError, RecordingFailed, SpoolError
from twitchwise.records.keys import Keys, as_keys
from twitchwise.records.models import Conversation
from twitchwise.records.privacy import on_delete
from twitchwise.records.spool import Spool
from twitchwise.records.turns import AssessmentRecord, Escalation, FindingRecord, TurnRecord, state_line, turn_record
from twitchwise.records.writing import Written, write_turn

logger = logging.getLogger(__name__)

#: Turns held in memory when the disk is full as well as the database away.
HELD = 1000

_WARM_UP = TurnRecord(
    "0" * 32, "0" * 32, "2000-01-01T00:00:00+00:00", findings=(FindingRecord("symptom", "none"),), assessment=AssessmentRecord("self_care"),
    escalation=Escalation("self_care"))


@dataclass(frozen=True)
class Recorded:
    """What became of a turn; `escalation_id` is set when it had an escalation."""

    state: Written
    escalation_id: str | None = None


class Recorder:
    """Thread-safe; one a process. `retry_s`: after a failure the database is left alone for so long; `keep_addresses`: keep where the
    person of an escalation is reached (sealed), so that the staff can take over."""

    def __init__(self, engine: Engine, key: Keys | bytes | str, *, spool: Path | str | None = None, spool_limit: int = 10_000,
                 retry_s: float = 2.0, keep_addresses: bool = False) -> None:
        self.engine, self.keep_addresses = engine, keep_addresses
        self.keys = as_keys(key)
        self.spool = Spool(spool or ROOT / "var" / "spool", spool_limit)
        self.retry_s = retry_s
        self._held: deque[TurnRecord] = deque()
        self._away_until = 0.0
        self._lock = threading.Lock()
        self._drain_lock = threading.Lock()
        self._drainer: threading.Thread | None = None
        self._closed = threading.Event()
        on_delete(self.forget)
        if len(self.spool):
            self._start_drainer()

    def record_turn(
        self,
        conversation_id: str,
        message_id: str,
        findings: Iterable[Any] = (),
        assessment: Any = None,
        escalation: Any = None,
        now: datetime | None = None,
        *,
        channel: str | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> Recorded:
        """Record one served message, once however often it is called. Blocks for some milliseconds, and never for more than a few
        seconds. Raises RecordingFailed when the turn can be kept nowhere; the reply to the person still stands."""
        turn = turn_record(self.keys, conversation_id, message_id, findings, assessment, escalation, now, channel=channel,
                           keep_address=self.keep_addresses)
        try:
            became = self._write(turn, state_line(state))
        except RecordingFailed:
            metrics.turn_recorded("lost")
            raise
        metrics.turn_recorded(became.value)
        return Recorded(became, turn.escalation_id if turn.escalation else None)

    def load_state(self, conversation_id: str) -> dict[str, Any] | None:
        """The dialogue's state after the last recorded turn, None when there is none. Raises SQLAlchemyError, ContentKeyError."""
        conversation = self.keys.conversation(conversation_id)
        with unit(self.engine) as session:
            sealed = session.execute(select(Conversation.state_sealed).where(Conversation.id == conversation)).scalar()
        return json.loads(self.keys.open(sealed)) if sealed else None

    def warm_up(self) -> bool:
        """Open a connection and build the statements, which the first person would wait for. False while the database is away."""
        try:
            return write_turn(self.engine, self.keys, _WARM_UP, dry=True) is not None
        except SQLAlchemyError:
            return False

    def _write(self, turn: TurnRecord, state: str | None) -> Written:
        if time.monotonic() >= self._away_until:
            try:
                return write_turn(self.engine, self.keys, turn, fresh=True, state=state)
            except SQLAlchemyError as error:
                self._away_until = time.monotonic() + self.retry_s
                logger.error("The database is away (%s); turns wait on disk", type(error).__name__)
        # Sealed only where it waits: what is written at once is sealed as the database's other columns are.
        return self._keep(replace(turn, state=self.keys.seal_always(state)) if state else turn)

    def _keep(self, turn: TurnRecord) -> Written:
        try:
            self.spool.add(turn)
            state = Written.SPOOLED
        except SpoolError as error:
            logger.error("%s", error)
            with self._lock:
                if len(self._held) >= HELD:
                    raise RecordingFailed("A turn could not be recorded: database, disk and memory are all full or away.") from error
                self._held.append(turn)
            metrics.turns_held(len(self._held))
            state = Written.HELD
        self._start_drainer()
        return state

    @property
    def waiting(self) -> int:
        """Turns that are not in the database yet."""
        return len(self.spool) + len(self._held)

    def drain(self) -> int:
        """Write what waits, oldest first; stops at the first failure. Returns how many turns left the spool."""
        written = 0
        with self._drain_lock:
            try:
                while self._held:
                    write_turn(self.engine, self.keys, self._held[0])
                    self._held.popleft()
                    metrics.turns_held(len(self._held))
                    written += 1
                for path, turn in self.spool.read():
                    write_turn(self.engine, self.keys, turn)
                    self.spool.done(path)
                    written += 1
            except SQLAlchemyError as error:
                self._away_until = time.monotonic() + self.retry_s
                logger.warning("The database is still away (%s); %d turns wait", type(error).__name__, self.waiting)
            except ContentKeyError as error:
                logger.error("%s", error)
            else:
                self._away_until = 0.0
        return written

    def forget(self, conversation: str) -> int:
        """Remove what waits of one conversation (its pseudonym)."""
        with self._lock:
            kept = [turn for turn in self._held if turn.conversation != conversation]
            removed = len(self._held) - len(kept)
            self._held = deque(kept)
        return removed + self.spool.delete(conversation)

    def _start_drainer(self) -> None:
        with self._lock:
            if self._drainer is None or not self._drainer.is_alive():
                self._drainer = threading.Thread(target=self._drain_until_empty, name="records-spool", daemon=True)
                self._drainer.start()

    def _drain_until_empty(self) -> None:
        while not self._closed.wait(self.retry_s):
            # Whatever goes wrong here is tried again: this thread is the only way back for what waits.
            with contextlib.suppress(Exception):
                self.drain()
                with self._lock:
                    if not self.waiting:
                        self._drainer = None
                        return

    def close(self) -> None:
        """Stop the background thread. What waits on disk is written by the next process."""
        self._closed.set()
