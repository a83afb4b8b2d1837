"""Whether a message makes an emergency of its case. Pure: findings and the stored state in, red flags out."""
from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twitchwise.turn_state import TurnState
from twitchwise.understanding.findings import Finding
from twitchwise.vocabulary.codes import load_codes

logger = logging.getLogger(__name__)
EMERGENCY = "emergency"
CRISIS_FLAG = "suicidal_thoughts"


@dataclass(frozen=True)
class Emergency:
    """`new`: emergency flags not known before this message; `red_flags`: all of the case's flags, in a stable order."""

    new: tuple[str, ...]
    red_flags: tuple[str, ...]

    @property
    def crisis(self) -> bool:
        """Whether thoughts of suicide are among the new flags."""
        return CRISIS_FLAG in self.new

    @property
    def bodily(self) -> bool:
        """Whether a new flag needs the emergency number whatever else is said."""
        return any(flag != CRISIS_FLAG for flag in self.new)


def find_emergency(
    findings: Sequence[Finding], state: TurnState, known_flags: Sequence[str], *, message_id: str, now: datetime
) -> Emergency | None:
    """The emergency that this message raises, alone or with what was said before; None when there is no new one.

    A fault in the stored case must not hide an emergency: the message is then judged alone.
    """
    try:
        # The case holds this message too, and knows what was taken back.
        flags, other_person = _flags_of_case(findings, state, message_id, now)
    except Exception:
        logger.exception("The safety policy could not use the stored case; the message is judged alone")
        flags, other_person = _flags_of_message(findings), False
    # A change of person starts a new case: what is known of the one before says nothing about the next.
    known_flags = () if other_person else known_flags
    levels = load_codes().red_flags
    new = sorted(flag for flag in flags if levels.get(flag) == EMERGENCY and flag not in known_flags)
    if not new:
        return None
    return Emergency(tuple(new), tuple(dict.fromkeys([*known_flags, *sorted(flags)])))


def _flags_of_message(findings: Sequence[Finding]) -> list[str]:
    from twitchwise.triage import assess_findings

    return list(assess_findings(list(findings)).red_flags)


def _flags_of_case(findings: Sequence[Finding], state: TurnState, message_id: str, now: datetime) -> tuple[list[str], bool]:
    raw: dict[str, Any] | None = state.dialogue.get("case")
    if not raw:
        return _flags_of_message(findings), False
    from twitchwise.triage import WITHDRAWAL, Case, assess, update_case

    asked = WITHDRAWAL if state.dialogue.get("awaiting") == "withdrawal" else state.requested_slot
    update = update_case(Case.from_dict(raw), list(findings), message_id=message_id, now=now, asked=asked)
    return list(assess(update.case).red_flags), update.new_case
