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


def spoken(command: Command) -> str:
    """What is said to the assistant: the words behind the command when there are any ("/check my calf twitches"), for they may tell
    of an emergency; else what the command means. What follows /start in a link is no message of the person."""
    rest = command.rest
    if command.name == "start" and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", rest):
        rest = ""
    return rest or load_texts()["says"].get(command.name, "help")


def menu() -> list[dict[str, str]]:
    """The menu as setMyCommands takes it."""
    return [dict(entry) for entry in load_texts()["menu"]]
