"""Talk to the assistant in a terminal: the same guard, model and actions as the server, in one process."""
from __future__ import annotations

import asyncio
import os
import uuid
from typing import Any

from twitchwise import models
from twitchwise.channels.tokens import looks_like_token
from twitchwise.logging import configure_logging
from twitchwise.serve import StartError, guard_tensorflow, load_agent, read_yaml
from twitchwise.settings import ROOT, Settings

CHANNEL = "shell"


async def _talk(settings: Settings) -> None:
    from twitchwise.channels.backend import RasaBackend
    from twitchwise.channels.base import shared_guard
    from twitchwise.channels.guard import Incoming
    from twitchwise.inprocess_actions import InProcessActions

    agent = await load_agent(settings, models.find_model(settings.models_dir), InProcessActions(timeout_s=settings.action_timeout_s))
    guard, backend = shared_guard(), RasaBackend(lambda: agent)
    conversation = f"shell:{uuid.uuid4().hex}"
    buttons: list[dict[str, Any]] = []
    print("Write what you notice, or a question. A number presses a button; an empty line ends.")
    while True:
        try:
            text = await asyncio.to_thread(input, "> ")
        except EOFError:
            return
        if not text.strip():
            return
        if text.strip().isdigit() and 0 < int(text) <= len(buttons):
            text = buttons[int(text) - 1]["payload"]
        replies = await guard.collect(Incoming(CHANNEL, conversation, text, pressed=looks_like_token(text)), backend)
        buttons = [button for reply in replies for button in reply.get("buttons") or []]
        for reply in replies:
            print(reply.get("text", ""))
        for number, button in enumerate(buttons, 1):
            print(f"  [{number}] {button['title']}")


def talk(settings: Settings) -> int:
    """Talk until an empty line or the end of the input. The exit code."""
    os.chdir(ROOT)
    configure_logging(settings.log_level, settings.log_format)
    try:
        guard_tensorflow(settings, read_yaml(ROOT / "config.yml"))
        asyncio.run(_talk(settings))
    except (StartError, models.ModelError) as error:
        raise RuntimeError(str(error)) from None
    except KeyboardInterrupt:
        print()
    return 0
