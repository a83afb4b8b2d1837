"""Whether a message makes an emergency of its case. Pure: the message and the stored state in, red flags out."""
from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from twitchwise.dialogue import DialogueState, Message, load_kit
from twitchwise.dialogue.model import Kit
from twitchwise.triage import assess_findings
from twitchwise.turn_memo import serve
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


def find_emergency(message: Message, state: TurnState, known_flags: Sequence[str]) -> Emergency | None:
    """The emergency that this message raises, alone or with what was said before; None when there is no new one.

    The dialogue itself is asked, so that nothing is said here that it would not say. A fault in the stored state or in the dialogue
    must not hide an emergency: the message is then judged alone.
    """
    try:
        flags, afresh = _flags_of_turn(message, state)
    except Exception:
        logger.exception("The safety policy could not serve the message; it is judged alone")
        flags, afresh = _flags_of_message(message.findings), False
    # A new case, of another person or after "start over": what is known of the one before says nothing about it.
    known_flags = () if afresh else known_flags
    levels = load_codes().red_flags
    new = sorted(flag for flag in flags if levels.get(flag) == EMERGENCY and flag not in known_flags)
    if not new:
        return None
    return Emergency(tuple(new), tuple(dict.fromkeys([*known_flags, *sorted(flags)])))


def _flags_of_message(findings: Sequence[Finding]) -> list[str]:
    return list(assess_findings(findings).red_flags)


@lru_cache(maxsize=1)
def _kit() -> Kit:
    return load_kit()


def _flags_of_turn(message: Message, state: TurnState) -> tuple[list[str], bool]:
    """The red flags once the dialogue has served the message, and whether that began a new case."""
    before = DialogueState.from_dict(state.dialogue)
    after = serve(before, message, _kit())
    return list(after.slots["red_flags"]), before.case.turn > 0 and after.state.case.turn <= 1
