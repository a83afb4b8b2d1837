"""The worker that brings escalations to their receivers: at least once, with one key for every attempt, whoever dies when."""
from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from twitchwise import metrics
from twitchwise.records import outbox
from twitchwise.records.outbox import Claim
from twitchwise.records.recorder import Recorder
from twitchwise.records.targets import DeliveryFailed, Email, EmailSettings, Target, Webhook, WebhookSettings

logger = logging.getLogger(__name__)

#: The steps of a delivery, as `on_step` is told of them.
DISPATCHED, CLAIMED, SENDING, SENT, DONE = STEPS = ("dispatched", "claimed", "sending", "sent", "done")


@dataclass(frozen=True)
class DeliverySettings:
    """`lease_s` must be longer than the longest attempt. A delivery is given up `give_up_s` after it was queued and
    `give_up_attempts` attempts (both, so that a clock that jumps gives nothing up)."""

    webhook: WebhookSettings | None = None
    email: EmailSettings | None = None
    poll_s: float = 1.0
    batch: int = 20
    lease_s: float = 60.0
    first_pause_s: float = 2.0
    longest_pause_s: float = 600.0
    give_up_s: float = 3 * 86400.0
    give_up_attempts: int = 20

    def targets(self) -> tuple[Target, ...]:
        """The configured receivers."""
        made: list[Target] = []
        if self.webhook:
            made.append(Webhook(self.webhook))
        if self.email:
            made.append(Email(self.email))
        return tuple(made)

    def pause_s(self, attempts: int, retry_after_s: float | None = None, jitter: float = 1.0) -> float:
        """How long to wait after the `attempts`-th attempt: doubling, bounded, never less than the receiver asked for (also bounded)."""
        grown = min(self.first_pause_s * 2 ** min(attempts - 1, 30), self.longest_pause_s) * jitter
        return max(grown, min(retry_after_s or 0.0, self.longest_pause_s))


class DeliveryWorker:
    """Any number of workers may run, in any number of processes. `recorder`: its spool is written to the database along the way."""

    def __init__(
        self,
        engine: Engine,
        settings: DeliverySettings,
        *,
        targets: Sequence[Target] | None = None,
        recorder: Recorder | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
        on_step: Callable[[str, Claim | None], None] = lambda _step, _claim: None,
    ) -> None:
        self.engine = engine
        self.settings = settings
        self.targets = {target.name: target for target in (settings.targets() if targets is None else targets)}
        self.recorder = recorder
        self.clock = clock
        self.on_step = on_step
        self._random = random.Random()

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Work until `stop` is set. A database that is away is waited for."""
        stop = stop or asyncio.Event()
        try:
            while not stop.is_set():
                try:
                    busy = await self.run_once()
                except SQLAlchemyError as error:
                    logger.warning("Deliveries wait for the database (%s)", type(error).__name__)
                    busy = 0
                if not busy:
                    await _wait(stop, self.settings.poll_s)
        finally:
            await self.close()

    async def run_once(self) -> int:
        """One round: dispatch, claim, send. Returns how many deliveries were tried. Raises SQLAlchemyError."""
        if self.recorder is not None and self.recorder.waiting:
            await asyncio.to_thread(self.recorder.drain)
        names = tuple(self.targets)
        if await asyncio.to_thread(outbox.dispatch, self.engine, names, self.clock()):
            self.on_step(DISPATCHED, None)
        lease = timedelta(seconds=self.settings.lease_s)
        claims = await asyncio.to_thread(outbox.claim, self.engine, names, self.clock(), lease, self.settings.batch)
        results = await asyncio.gather(*(self._deliver(claim) for claim in claims), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return len(claims)

    async def _deliver(self, claim: Claim) -> None:
        self.on_step(CLAIMED, claim)
        try:
            self.on_step(SENDING, claim)
            # Whoever holds a delivery longer than its lease no longer holds it: stop well before.
            with metrics.stage("delivery", target=claim.target):
                await asyncio.wait_for(self.targets[claim.target].send(claim, self.clock()), self.settings.lease_s * 0.7)
        except DeliveryFailed as error:
            await self._failed(claim, error.code, error.retry_after_s)
        except asyncio.TimeoutError:
            await self._failed(claim, "timeout", None)
        except Exception as error:
            # One receiver's surprise must not stop the others.
            logger.error("Delivery to %s failed unexpectedly (%s)", claim.target, type(error).__name__)
            await self._failed(claim, type(error).__name__, None)
        else:
            metrics.delivery_tried(claim.target, "delivered")
            self.on_step(SENT, claim)
            if not await self._settle(outbox.delivered, claim):
                logger.warning("A delivery took longer than its lease; the receiver may see it twice, with the same key")
            self.on_step(DONE, claim)

    async def _failed(self, claim: Claim, code: str, retry_after_s: float | None) -> None:
        now = self.clock()
        settings = self.settings
        give_up = claim.attempts >= settings.give_up_attempts and now - claim.queued_at > timedelta(seconds=settings.give_up_s)
        metrics.delivery_tried(claim.target, "given_up" if give_up else "failed")
        pause = self.settings.pause_s(claim.attempts, retry_after_s, self._random.uniform(0.75, 1.0))
        await self._settle(outbox.failed, claim, code, None if give_up else now + timedelta(seconds=pause))
        if give_up:
            logger.error("A delivery to %s was given up after %d attempts (%s). Repair the receiver and requeue it.",
                         claim.target, claim.attempts, code)
        else:
            logger.warning("Delivery to %s failed (%s), attempt %d", claim.target, code, claim.attempts)

    async def _settle(self, write: Callable[..., bool], claim: Claim, *values: object) -> bool:
        """Write a result, trying again while the lease holds: a result that is not written is a delivery made twice."""
        end = asyncio.get_running_loop().time() + self.settings.lease_s * 0.2
        while True:
            try:
                return await asyncio.to_thread(write, self.engine, claim, *(values or (self.clock(),)))
            except SQLAlchemyError:
                if asyncio.get_running_loop().time() >= end:
                    raise
                await asyncio.sleep(self.settings.poll_s)

    async def close(self) -> None:
        """Close the receivers' connections."""
        for target in self.targets.values():
            await target.close()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except asyncio.TimeoutError:
        return
