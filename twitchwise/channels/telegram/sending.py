"""Messages on their way to Telegram: in order within a chat, tried until they arrive, refused ones in a simpler form."""
from __future__ import annotations

import asyncio
import base64
import logging
import random
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Protocol

from twitchwise.channels.telegram.api import ApiError, BotApi, Gone, Rejected, TooMany, Unauthorized
from twitchwise.channels.telegram.replies import BODY_MAP, ApiCall, text_calls
from twitchwise.channels.telegram.settings import TelegramSettings
from twitchwise.channels.telegram.store import Call, Store
from twitchwise.channels.telegram.texts import say

logger = logging.getLogger(__name__)
PICTURE = Path(__file__).with_name("body_map.png")
#: Telegram takes about 30 messages a second from one bot.
MOST_PER_S = 25.0
#: How often a file is tried before words go instead.
FILE_TRIES = 2


class File(Protocol):
    """A file to send."""

    @property
    def name(self) -> str: ...
    @property
    def mime(self) -> str: ...
    @property
    def content(self) -> bytes: ...


#: (conversation, format) -> the summary for a doctor.
Summaries = Callable[[str, str], Awaitable[File]]


class Sender:
    """Sends what the store holds for a chat. `summaries`: makes the summary for a doctor."""

    def __init__(self, api: BotApi, settings: TelegramSettings, summaries: Summaries | None = None) -> None:
        self.api, self.settings, self.summaries = api, settings, summaries
        self._picture_id: str | None = None
        self._no_pictures = False
        self._chat_held: dict[str, float] = {}
        self._all_held = 0.0
        self._next_slot = 0.0
        self._asides: set[asyncio.Task[None]] = set()

    async def flush(self, store: Store, record: str) -> float | None:
        """Send what waits in one chat. The seconds until it should be tried again, None when nothing is left."""
        while True:
            call = await asyncio.to_thread(store.next_call, record)
            if call is None:
                return None
            not_before = max(self._held(record), (call.next_at - datetime.now(timezone.utc)).total_seconds())
            if not_before > 0:
                return not_before
            wait = await self._send(store, record, call)
            if wait is not None:
                return wait

    async def _send(self, store: Store, record: str, call: Call) -> float | None:
        """One message; None when it is done with, else the seconds until the next try."""
        content = call.content
        best_effort = bool(content.get("best_effort"))
        await self._slot()
        try:
            result = await self._make(content)
        except TooMany as error:
            if best_effort and error.retry_after > 5:
                await asyncio.to_thread(store.sent, record, call)
                return None
            # Telegram's word counts to the second: nothing goes to this chat before.
            self._hold(record, error.retry_after)
            await asyncio.to_thread(store.defer, call, error.retry_after)
            return error.retry_after
        except Gone:
            dropped = await asyncio.to_thread(store.drop_calls, record)
            logger.info("A chat cannot be written to any more; %d messages dropped", dropped)
            return None
        except Rejected as error:
            if not best_effort:
                # Telegram refuses this one for good, in its simplest form too; the ones after it must not wait for it.
                logger.error("Telegram refuses a message: %s", error)
            await asyncio.to_thread(store.sent, record, call)
            return None
        except ApiError as error:
            if best_effort:
                await asyncio.to_thread(store.sent, record, call)
                return None
            if (content.get("document") or content.get("summary")) and call.attempts + 1 >= FILE_TRIES:
                # A file that cannot be sent must not hold up words, least of all those of an emergency.
                logger.warning("A file could not be sent (%s); words go instead", error)
                chat_id = content["params"]["chat_id"]
                await asyncio.to_thread(store.add_calls, record, text_calls(chat_id, say("file_not_sent")))
                await asyncio.to_thread(store.sent, record, call)
                return None
            wait = self._pause(call.attempts) if not isinstance(error, Unauthorized) else self.settings.backoff_most_s
            level = logging.WARNING if call.attempts in (0, 5) else logging.DEBUG
            logger.log(level, "A message could not be sent (%s); next try in %.0f s", error, wait)
            await asyncio.to_thread(store.defer, call, wait)
            return wait
        message_id = result.get("message_id") if isinstance(result, dict) else None
        keyboard = message_id if content.get("keyboard") and isinstance(message_id, int) else None
        await asyncio.to_thread(store.sent, record, call, keyboard=keyboard)
        return None

    async def _make(self, content: ApiCall) -> Any:
        """One call of the API; a form that is refused is tried in a simpler one at once. Raises ApiError."""
        if content.get("summary"):
            return await self._make_summary(content)
        if content.get("picture") or content.get("document"):
            return await self._make_file(content)
        params = content["params"]
        try:
            return await self.api.call(content["method"], params)
        except Rejected:
            if "plain" not in content:
                raise
            plain = {name: value for name, value in params.items() if name not in ("parse_mode", "link_preview_options")}
            return await self.api.call(content["method"], plain | {"text": content["plain"]})

    async def _make_file(self, content: ApiCall) -> Any:
        """A picture or document. Words that go with it never wait for it: when it does not work at once, they go alone."""
        try:
            if content.get("document"):
                name, mime, packed = content["document"]
                return await self.api.call(content["method"], content["params"], file=("document", name, base64.b64decode(packed), mime))
            if not self._no_pictures and content.get("picture") == BODY_MAP:
                return await self._make_picture(content)
        except (TooMany, Gone):
            raise
        except ApiError as error:
            if not content["otherwise"]:
                raise
            logger.info("A picture could not be sent (%s); the words go alone", error)
        result: Any = None
        for each in content["otherwise"]:
            result = await self._make(each)
        return result

    async def _make_summary(self, content: ApiCall) -> Any:
        """The summary for a doctor, made now; words say so when it cannot be made."""
        try:
            if self.summaries is None:
                raise LookupError("nothing makes summaries here")
            document = await self.summaries(str(content.get("conversation") or ""), str(content["summary"]))
        except Exception:
            logger.exception("A summary could not be made")
            result: Any = None
            for each in content["otherwise"] if content["summary"] == "pdf" else ():
                result = await self._make(each)
            return result
        file = ("document", document.name, document.content, document.mime)
        return await self.api.call(content["method"], content["params"], file=file, timeout=20.0)

    async def _make_picture(self, content: ApiCall) -> Any:
        if self._picture_id:
            try:
                return await self.api.call(content["method"], content["params"] | {"photo": self._picture_id})
            except Rejected:
                self._picture_id = None  # Telegram no longer knows it: send it anew
        try:
            picture = await asyncio.to_thread(PICTURE.read_bytes)
        except OSError:
            self._no_pictures = True
            raise Rejected("the picture is missing") from None
        result = await self.api.call(content["method"], content["params"], file=("photo", "body.png", picture, "image/png"), timeout=10.0)
        sizes = result.get("photo") if isinstance(result, dict) else None
        if isinstance(sizes, list) and sizes and isinstance(sizes[-1], dict) and isinstance(sizes[-1].get("file_id"), str):
            self._picture_id = sizes[-1]["file_id"]
        return result

    # -- calls that matter only now

    def aside(self, method: str, params: dict[str, Any]) -> None:
        """Make a call at once, beside everything else, once."""
        task: asyncio.Task[None] = asyncio.ensure_future(self._try(method, params))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _try(self, method: str, params: dict[str, Any]) -> None:
        try:
            await self.api.call(method, params, timeout=5.0)
        except ApiError as error:
            logger.debug("%s did not work: %s", method, error)

    async def close(self) -> None:
        """Let calls in progress end."""
        if self._asides:
            await asyncio.wait(self._asides, timeout=1.0)
        for task in self._asides:
            task.cancel()

    # -- pace

    def _pause(self, attempts: int) -> float:
        most = self.settings.backoff_most_s
        return float(min(most, self.settings.backoff_s * 2 ** min(attempts, 20)) * random.uniform(0.7, 1.0))

    def _hold(self, record: str, seconds: float) -> None:
        now = time.monotonic()
        self._chat_held = {name: until for name, until in self._chat_held.items() if until > now}
        if any(name != record for name in self._chat_held):
            # Two chats at a time: it is the whole bot that is too fast.
            self._all_held = max(self._all_held, now + seconds)
        self._chat_held[record] = now + seconds

    def _held(self, record: str) -> float:
        return max(self._chat_held.get(record, 0.0), self._all_held) - time.monotonic()

    async def _slot(self) -> None:
        now = time.monotonic()
        start = max(now, self._next_slot)
        self._next_slot = start + 1 / MOST_PER_S
        if start > now:
            await asyncio.sleep(start - now)


