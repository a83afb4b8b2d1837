"""The commands of the menu: what each says to the assistant."""
from __future__ import annotations

import re
from dataclasses import dataclass

from twitchwise.channels.telegram.texts import load_texts

_COMMAND = re.compile(r"^/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]{1,64})?(?:\s+(.*))?$", re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A command of ours. `rest`: words that stood behind it."""

    name: str
    rest: str = ""


def command_of(text: str) -> Command | None:
    """The command that a message is; None for ordinary words and for commands that are not ours."""
    match = _COMMAND.match(text.strip())
    if match is None:
        return None
    name = match.group(1).lower()
    if name not in {entry["command"] for entry in load_texts()["menu"]}:
        return None
    return Command(name, (match.group(2) or "").strip())


def words_of(command: Command) -> str:
    """Words that stood behind a command ("/check my calf twitches"): they are served as words, for they may tell of an emergency.
    What follows /start in a link is no message of the person."""
    if command.name == "start" and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", command.rest):
        return ""
    return command.rest


def meaning_of(command: Command) -> tuple[str, str]:
    """The words that stand for a command in the conversation, and its intent. Never guessed from words: /delete means to delete."""
    entry = load_texts()["says"][command.name]
    return entry["words"], entry["intent"]


def menu() -> list[dict[str, str]]:
    """The menu as setMyCommands takes it."""
    return [dict(entry) for entry in load_texts()["menu"]]
