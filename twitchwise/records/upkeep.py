"""What runs beside the assistant: the delivery worker and the daily retention. In the server's process or in one of its own."""
from __future__ import annotations

import asyncio
import contextlib
import logging

from sqlalchemy.exc import SQLAlchemyError

from twitchwise.records import privacy
from twitchwise.records.delivery import DeliverySettings, DeliveryWorker
from twitchwise.records.recorder import Recorder

logger = logging.getLogger(__name__)
DAY_S = 86400.0
#: After a failure (the database is away) the retention is tried again soon.
AGAIN_S = 300.0


async def keep_up(recorder: Recorder, settings: DeliverySettings, *, retention_days: int = privacy.RETENTION_DAYS,
                  stop: asyncio.Event | None = None) -> None:
    """Deliver escalations and delete what is too old, until `stop` is set or the task is cancelled. Any number may run at once."""
    stop = stop or asyncio.Event()
    retention = asyncio.create_task(_retention(recorder, retention_days, stop))
    try:
        await DeliveryWorker(recorder.engine, settings, recorder=recorder).run(stop)
    finally:
        retention.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await retention


async def _retention(recorder: Recorder, days: int, stop: asyncio.Event) -> None:
    while not stop.is_set():
        pause = DAY_S
        try:
            done = await asyncio.to_thread(privacy.retention, recorder.engine, recorder.keys, days, spool=recorder.spool)
            if done.total:
                logger.info("Retention removed %d rows and files older than %d days", done.total, days)
        except SQLAlchemyError as error:
            logger.warning("Retention waits for the database (%s)", type(error).__name__)
            pause = AGAIN_S
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
