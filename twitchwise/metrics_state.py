"""What Prometheus asks of the records: deliveries, hand-overs, turns that wait. Read when asked, at most once in a few seconds."""
from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from twitchwise.records import outbox
from twitchwise.records.engine import unit
from twitchwise.records.models import TAKEN, WAITING, HandOverRow
from twitchwise.records.spool import BAD, Spool

logger = logging.getLogger(__name__)
#: However often somebody asks, the database is asked no more often than this.
FRESH_S = 5.0
Numbers = dict[tuple[str, str], float]

_GAUGES = {
    "twitchwise_database_up": ("1 while the records' database answers", None),
    "twitchwise_outbox_depth": (
        "Escalations and deliveries by state; no_receiver: nobody is configured to be told", "state"),
    "twitchwise_outbox_oldest_seconds": ("How long the longest waiting delivery has waited", None),
    "twitchwise_hand_overs": ("Hand-overs to a person by state", "state"),
    "twitchwise_hand_over_oldest_seconds": ("How long the person who waits longest has waited for staff", None),
    "twitchwise_spool_turns": ("Turns that wait on disk for the database; unreadable: set aside", "state"),
}
NAMES = tuple(_GAUGES)


class StateCollector:
    """A Prometheus collector. With several servers on one database each shows the same depth: take the largest, not the sum."""

    def __init__(self, engine: Engine, spool: Path) -> None:
        self.engine, self.spool = engine, Spool(spool)
        self._lock = threading.Lock()
        self._numbers: Numbers = {}
        self._read_at: float | None = None

    def describe(self) -> list[Any]:
        """Nothing: or Prometheus' client would collect at registration."""
        return []

    def collect(self) -> Iterator[Any]:
        """One family for each gauge. What the database cannot tell now is left out."""
        from prometheus_client.core import GaugeMetricFamily

        numbers = self._fresh()
        for name, (text, label) in _GAUGES.items():
            family = GaugeMetricFamily(name, text, labels=[label] if label else None)
            for (each, value), number in numbers.items():
                if each == name:
                    family.add_metric([value] if label else [], number)
            yield family

    def health(self) -> dict[str, Any]:
        """How the deliveries are, for /health: the depth of the outbox by state, what waits on disk, and what an operator should do."""
        numbers = self._fresh()
        up = bool(numbers.get(("twitchwise_database_up", "")))
        deliveries: dict[str, float] = {
            state: int(number) for (name, state), number in numbers.items() if name == "twitchwise_outbox_depth" and state != "delivered"}
        if up:
            deliveries["oldest_seconds"] = round(numbers.get(("twitchwise_outbox_oldest_seconds", ""), 0.0))
        attention = [] if up else ["The database does not answer; turns wait on disk."]
        if deliveries.get("dead"):
            attention.append("Deliveries were given up. Repair the receiver, then run `python -m twitchwise records requeue`.")
        if deliveries.get("no_receiver"):
            attention.append("Escalations wait without a receiver. Set TWITCHWISE_WEBHOOK_URL or TWITCHWISE_SMTP_HOST.")
        spool = int(numbers.get(("twitchwise_spool_turns", "waiting"), 0))
        return {"database": up, "deliveries": deliveries if up else None, "spool": spool, "attention": attention}

    def _fresh(self) -> Numbers:
        with self._lock:
            if self._read_at is None or time.monotonic() - self._read_at > FRESH_S:
                self._numbers, self._read_at = self._read(datetime.now(timezone.utc)), time.monotonic()
            return self._numbers

    def _read(self, now: datetime) -> Numbers:
        numbers: Numbers = {
            ("twitchwise_spool_turns", "waiting"): len(self.spool), ("twitchwise_spool_turns", "unreadable"): self._unreadable()}
        try:
            numbers.update(self._from_database(now))
            numbers["twitchwise_database_up", ""] = 1
        except SQLAlchemyError as error:
            logger.warning("The metrics wait for the database (%s)", type(error).__name__)
            numbers["twitchwise_database_up", ""] = 0
        return numbers

    def _from_database(self, now: datetime) -> Numbers:
        queue = outbox.queue_state(self.engine)
        with unit(self.engine) as session:
            states = dict(session.execute(select(HandOverRow.state, func.count()).group_by(HandOverRow.state)).all())
            first = session.execute(select(func.min(HandOverRow.requested_at)).where(HandOverRow.state == WAITING)).scalar()
        return {
            ("twitchwise_outbox_depth", "no_receiver"): queue.waiting,
            ("twitchwise_outbox_depth", "pending"): queue.pending,
            ("twitchwise_outbox_depth", "dead"): queue.dead,
            ("twitchwise_outbox_depth", "delivered"): queue.delivered,
            ("twitchwise_outbox_oldest_seconds", ""): _age(queue.oldest_pending, now),
            ("twitchwise_hand_overs", WAITING): states.get(WAITING, 0),
            ("twitchwise_hand_overs", TAKEN): states.get(TAKEN, 0),
            ("twitchwise_hand_over_oldest_seconds", ""): _age(first, now),
        }

    def _unreadable(self) -> int:
        try:
            return sum(1 for path in self.spool.folder.iterdir() if path.name.endswith(BAD))
        except OSError:
            return 0


def _age(since: datetime | None, now: datetime) -> float:
    if since is None:
        return 0.0
    return max(0.0, (now - (since if since.tzinfo else since.replace(tzinfo=timezone.utc))).total_seconds())
