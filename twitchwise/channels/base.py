"""What the channels share: one guard for the process, made when the first channel is set up."""
from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Sanic

from twitchwise.channels.backend import RasaBackend
from twitchwise.channels.guard import Guard
from twitchwise.channels.hand_over import hand_overs_for
from twitchwise.channels.tokens import TokenSigner
from twitchwise.channels.unserved import unserved_for
from twitchwise.settings import load_settings


@lru_cache(maxsize=1)
def shared_guard() -> Guard:
    """The guard of this process. Also makes the process ours when plain `rasa run` started it: patches, quiet logs."""
    from twitchwise import rasa_patches
    from twitchwise.logging import configure_logging

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format, settings.key())
    rasa_patches.apply(action_timeout_s=settings.action_timeout_s)
    guard = Guard(settings, TokenSigner(settings.key()), hand_overs_for(settings))
    guard.unserved = unserved_for(settings)
    return guard


class GuardedChannel(InputChannel):
    """A channel that serves every message through the guard."""

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        return cls()

    @property
    def guard(self) -> Guard:
        return shared_guard()

    @staticmethod
    def backend(app: Sanic) -> RasaBackend:
        """The backend on the agent that this application runs."""
        return RasaBackend(lambda: app.ctx.agent)
