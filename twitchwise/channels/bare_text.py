"""Parse data for text that Rasa's NLU does not get to read: typed commands, and what the safety net answered. Knows no Rasa."""
from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from twitchwise.channels import safety_net
from twitchwise.channels.press import parse_data_of
from twitchwise.channels.text import words_after_command

logger = logging.getLogger(__name__)
TYPED_COMMAND = "typed_command"
TOLD = "describe_symptoms"


def unheard_parse(text: str, safe: safety_net.SafeAnswer | None) -> dict[str, Any]:
    """Parse data for a message that the safety net answered: what it told counts later. What it asked does not: the person was told so."""
    if safe is None or safe.level is None:
        return command_parse(text, 0)
    return parse_data_of(text, TOLD if safe.findings else TYPED_COMMAND, list(safe.findings))


def command_parse(text: str, shift: int | None = None) -> dict[str, Any]:
    """Parse data for text that begins with a slash: never executed. The words beside the command (from `shift` on) are still read."""
    shift = words_after_command(text) if shift is None else shift
    try:
        findings = safety_net.read_findings(text[shift:]) if text[shift:].strip() else []
    except Exception:
        logger.exception("A typed command could not be read")
        findings = []
    return parse_data_of(text, TYPED_COMMAND, [replace(found, start=found.start + shift, end=found.end + shift) for found in findings])
