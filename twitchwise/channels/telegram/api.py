"""The Bot API over aiohttp: one call, and its failures sorted by what to do about them. https://core.telegram.org/bots/api"""
from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp

from twitchwise.channels.telegram.settings import TelegramSettings


class ApiError(Exception):
    """A call failed. The message never holds the token, an address or anyone's words."""


class Unreachable(ApiError):
    """Telegram cannot be reached, is too slow or answers 5xx: try again later."""


class TooMany(ApiError):
    """Too many requests: try again after `retry_after` seconds, not earlier."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"too many requests, wait {retry_after:g} s")
        self.retry_after = retry_after


class Rejected(ApiError):
    """This call can never work as it is (400 and the like)."""


class Gone(ApiError):
    """The person blocked the bot, deleted the account or the chat is gone: nothing can be sent there."""


class Unauthorized(ApiError):
    """The token is not (or no longer) one of a bot."""


class Conflict(ApiError):
    """Somebody else fetches the updates, or a webhook is set."""


_GONE = ("chat not found", "user is deactivated", "bot was kicked", "have no rights to send", "peer_id_invalid", "group chat was upgraded")


class BotApi:
    """A client for one bot. Made inside the running loop, closed with `close`."""

    def __init__(self, settings: TelegramSettings, session: aiohttp.ClientSession | None = None) -> None:
        self.settings = settings
        self._base = f"{settings.api_url}/bot{settings.token}/"
        self._session = session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self, method: str, params: dict[str, Any] | None = None, *, file: tuple[str, str, bytes, str] | None = None,
        timeout: float | None = None,
    ) -> Any:
        """The `result` of one call. `file`: (field, name, content, media type), sent as a form. Raises ApiError."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        limit = aiohttp.ClientTimeout(total=timeout or self.settings.request_timeout_s)
        body: dict[str, Any] = {"json": params or {}}
        if file is not None:
            form = aiohttp.FormData()
            for name, value in (params or {}).items():
                form.add_field(name, value if isinstance(value, str) else json.dumps(value))
            form.add_field(file[0], file[2], filename=file[1], content_type=file[3])
            body = {"data": form}
        try:
            async with self._session.post(self._base + method, timeout=limit, allow_redirects=False, **body) as answer:
                status, raw = answer.status, await answer.read()
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            # Without the cause: its message holds the address, and so the token.
            raise Unreachable(f"{method}: {type(error).__name__}") from None
        return _result(method, status, raw)


def _result(method: str, status: int, raw: bytes) -> Any:
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Unreachable(f"{method}: {status} without JSON")
    if body.get("ok") is True and status < 400:
        return body.get("result")
    given = body.get("error_code")
    code = given if isinstance(given, int) else status
    words = str(body.get("description") or "").lower()
    if code == 429:
        parameters = body.get("parameters")
        wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
        raise TooMany(float(wait) if isinstance(wait, (int, float)) and not isinstance(wait, bool) and wait >= 0 else 5.0)
    if code == 403 or (code == 400 and any(sign in words for sign in _GONE)):
        raise Gone(f"{method}: {code}")
    if code in (401, 404):
        raise Unauthorized(f"{method}: {code}")
    if code == 409:
        raise Conflict(f"{method}: {code}")
    if 400 <= code < 500:
        raise Rejected(f"{method}: {code} {_known(words)}".rstrip())
    raise Unreachable(f"{method}: {code}")


def _known(words: str) -> str:
    """A reason that is safe to log: only sentences that Telegram itself words, never what they quote."""
    for sign in ("message is not modified", "can't parse entities", "message is too long", "message to edit not found",
                 "message can't be edited", "query is too old", "button_data_invalid", "message text is empty", "wrong file"):
        if sign in words:
            return sign
    return ""
