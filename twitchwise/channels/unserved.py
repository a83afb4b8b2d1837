"""Emergencies of messages that no turn recorded: they reach the staff all the same, from the guard, through records or spool.

The recorder keeps a message once for ever, by its id. A turn that recorded it (or records it later, when the actions are back) and this
never make two escalations of it.
"""
from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from twitchwise.channels import safety_net
from twitchwise.channels.guard import Accepted
from twitchwise.turn_state import PROBE_PREFIX

logger = logging.getLogger(__name__)
#: What somebody should look at.
LEVELS = ("emergency", "urgent")


class Unserved:
    """`recorder()`: a twitchwise.records.Recorder, made at the first use."""

    def __init__(self, recorder: Callable[[], Any]) -> None:
        self._recorder = recorder

    async def __call__(self, message: Accepted) -> None:
        """Record the message if it tells of an emergency and is not recorded yet. Never raises."""
        if message.conversation.startswith(PROBE_PREFIX):
            return
        try:
            await asyncio.to_thread(self._record, message)
        except Exception:
            logger.exception("An emergency that no turn served could not be recorded")

    def _record(self, message: Accepted) -> None:
        from twitchwise.records.turns import Escalation
        from twitchwise.triage import assess_findings

        findings = safety_net.read_findings(message.text)
        found = assess_findings(findings)
        if found.level in LEVELS:
            self._recorder().record_turn(
                message.conversation, message.message_id, findings, found, Escalation(found.level, tuple(found.red_flags)),
                datetime.now(timezone.utc), channel=message.channel)


def unserved_for(settings: Any) -> Unserved:
    """For this process, on the database and the spool that everything else uses."""
    from functools import lru_cache

    @lru_cache(maxsize=1)
    def recorder() -> Any:
        from twitchwise.records import open_recorder

        return open_recorder(settings.database_url, settings.key(), spool=settings.var_dir / "spool",
                             keep_addresses=settings.has_staff).recorder

    return Unserved(recorder)
