"""Telegram's settings, from the environment. Nothing here is needed by the rest of the assistant."""
from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseSettings, Field, ValidationError, validator

from twitchwise.settings import SettingsError

PREFIX = "TWITCHWISE_TELEGRAM_"
_TOKEN = re.compile(r"^(\d{1,20}):[A-Za-z0-9_-]{3,100}$")
_SECRET = re.compile(r"^[A-Za-z0-9_-]{1,256}$")
#: What we ask Telegram for; everything else is never sent to us.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query")


class TelegramSettings(BaseSettings):
    """One bot. Times are in seconds."""

    token: str = Field("", description="the bot's token, as BotFather gave it")
    api_url: str = Field("https://api.telegram.org", description="another address for a local Bot API server")
    webhook_url: str = Field("", description="https://your.domain/webhooks/telegram/webhook, as Telegram reaches it; empty: polling")
    secret: str = Field("", description="secret token of the webhook; made from the signing key when not set")
    poll_timeout_s: int = Field(25, ge=0, le=50)
    concurrency: int = Field(16, ge=1, le=200, description="chats served side by side")
    max_connections: int = Field(10, ge=1, le=100, description="connections that Telegram opens to the webhook at a time")
    backoff_s: float = Field(1.0, gt=0, description="first pause after a failure")
    backoff_most_s: float = Field(30.0, gt=0)
    request_timeout_s: float = Field(20.0, gt=0)

    class Config:
        env_prefix = PREFIX

    @validator("token", "api_url", "webhook_url", "secret", pre=True)
    def _stripped(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @validator("token")
    def _token_shape(cls, value: str) -> str:
        if value and not _TOKEN.match(value):
            # The value itself is never shown: it is a secret.
            raise ValueError("is not a bot token. BotFather gives one that looks like 123456:ABC-DEF")
        return value

    @validator("api_url", "webhook_url")
    def _address(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError("must begin with https:// (or http://) and name a host")
        return value

    @validator("secret")
    def _secret_shape(cls, value: str) -> str:
        if value and not _SECRET.match(value):
            raise ValueError("may hold only letters, digits, _ and -, at most 256")
        return value

    @property
    def enabled(self) -> bool:
        """Whether there is a bot at all."""
        return bool(self.token)

    @property
    def polls(self) -> bool:
        """Whether updates are fetched (no webhook address is set)."""
        return self.enabled and not self.webhook_url

    @property
    def bot(self) -> str:
        """The bot's number, which is the public part of its token."""
        return self.token.partition(":")[0]

    def webhook_secret(self, key: bytes) -> str:
        """The secret token of the webhook: the one set, else one derived from the signing key, the same in every process."""
        return self.secret or hmac.new(key, f"twitchwise telegram webhook {self.bot}".encode(), hashlib.sha256).hexdigest()


def load_telegram_settings(**overrides: Any) -> TelegramSettings:
    """The settings. Raises SettingsError with one line that names the variable and never its value."""
    try:
        return TelegramSettings(**overrides)
    except ValidationError as error:
        lines = "; ".join(f"{PREFIX}{str(each['loc'][0]).upper()} {each['msg']}" for each in error.errors())
        raise SettingsError(f"A setting of Telegram cannot be used: {lines}. Correct it or unset it.") from None
