"""A Bot API of our own, in process: Telegram's limits, offsets, secret token and failures, for tests. https://core.telegram.org/bots/api"""
from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, deque
from html.parser import HTMLParser
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "4242:test-token_of-a-bot"
ALLOWED_TAGS = {"b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote"}


class _Html(HTMLParser):
    """Telegram's reading of HTML: few tags, properly nested. `text` is what a person sees."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.bad = "", [], False
        self.feed(source)
        self.close()
        self.bad = self.bad or bool(self.open)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.bad = self.bad or tag not in ALLOWED_TAGS
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.bad = self.bad or not self.open or self.open.pop() != tag

    def handle_data(self, data: str) -> None:
        self.text += data


class Refused(Exception):
    """An answer with ok false."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


class FakeTelegram:
    """Start with `async with`. `faults[method]` is a queue of what to do instead of answering: (kind, value) with kind 429, 500, 400,
    403, "hang" (never answer), "late" (do it, then never answer), "cut" (close), "junk" (no JSON)."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.updates: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.sent: list[dict[str, Any]] = []
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.faults: dict[str, deque[tuple[Any, Any]]] = {}
        self.down = False
        self.blocked: set[int] = set()
        self.webhook: dict[str, Any] = {}
        self.commands: list[Any] = []
        self.offsets: list[int | None] = []
        self.too_early = 0
        self.next_update_id, self.next_message_id = 1000, 1
        self._held_until = 0.0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> FakeTelegram:
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self.port or site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        return self

    async def __aexit__(self, *_: Any) -> None:
        assert self._runner is not None
        self.down = True
        await asyncio.sleep(0.03)  # fetches that wait end now
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # -- the person's side

    def fail(self, method: str, *faults: tuple[Any, Any]) -> None:
        """Let the next calls of `method` fail."""
        self.faults.setdefault(method, deque()).extend(faults)

    def message(self, text: str | None = None, chat: int = 7, *, kind: str = "private", **more: Any) -> dict[str, Any]:
        """An update with a message, not yet delivered."""
        content = {"message_id": self._message_id(), "date": int(time.time()), "chat": {"id": chat, "type": kind},
                   "from": {"id": chat, "is_bot": False, "first_name": "Pat"}, **more}
        if text is not None:
            content["text"] = text
        return self.update(message=content)

    def press_of(self, message: dict[str, Any], title: str) -> dict[str, Any]:
        """An update with a press of the button `title` below a message that was sent."""
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        data = next(button["callback_data"] for button in buttons if button["text"] == title)
        chat = message["chat"]["id"]
        return self.update(callback_query={"id": str(self.next_update_id * 7), "from": {"id": chat, "is_bot": False}, "data": data,
                                           "message": message})

    def update(self, **content: Any) -> dict[str, Any]:
        """An update with a number of its own."""
        self.next_update_id += 1
        return {"update_id": self.next_update_id, **content}

    async def queue(self, *updates: dict[str, Any]) -> None:
        """Let updates wait to be fetched."""
        self.updates.extend(updates)

    async def push(self, url: str, update: Any, secret: str | None = None) -> int:
        """Deliver to a webhook; the status it answered."""
        headers = {"Content-Type": "application/json"} | ({"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {})
        data = update if isinstance(update, bytes) else json.dumps(update).encode()
        async with aiohttp.ClientSession() as session, session.post(url, data=data, headers=headers) as answer:
            return answer.status

    def texts(self, chat: int | None = None) -> list[str]:
        """What people see of the messages sent, oldest first."""
        return [message["seen"] for message in self.sent if chat in (None, message["chat"]["id"])]

    def count(self, method: str) -> int:
        """How many calls of a method came in."""
        return Counter(name for name, _ in self.calls)[method]

    async def until(self, condition: Any, timeout: float = 60.0) -> None:
        """Wait for a condition; TimeoutError when it never holds."""
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"sent so far: {self.texts()}")
            await asyncio.sleep(0.01)

    # -- the API

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if self.down:
            assert request.transport is not None
            request.transport.close()
            return web.Response(status=503)
        params = await _params(request)
        self.calls.append((method, params))
        fault, value = self._fault(method)
        if fault == "hang":
            await asyncio.sleep(value)
        if fault in ("hang", "cut"):
            assert request.transport is not None
            request.transport.close()
            return web.Response(status=503)
        if fault == "junk":
            return web.Response(text="<html>Bad gateway</html>", status=value, content_type="text/html")
        try:
            if request.match_info["token"] != TOKEN:
                raise Refused(401, "Unauthorized")
            if isinstance(fault, int):
                if fault == 429:
                    self._held_until = time.monotonic() + value
                    raise Refused(429, f"Too Many Requests: retry after {value}", retry_after=value)
                raise Refused(fault, str(value))
            if method.startswith("send") and method != "sendChatAction" and time.monotonic() < self._held_until - 0.02:
                self.too_early += 1
            handler = getattr(self, f"on_{method}", None)
            if handler is None:
                raise Refused(404, "Not Found")
            result = await handler(params)
        except Refused as error:
            body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
            if error.parameters:
                body["parameters"] = error.parameters
            return web.json_response(body, status=error.code)
        if fault == "late":
            await asyncio.sleep(value)
        return web.json_response({"ok": True, "result": result})

    def _fault(self, method: str) -> tuple[Any, Any]:
        queue = self.faults.get(method)
        return queue.popleft() if queue else (None, None)

    async def on_getMe(self, _: dict[str, Any]) -> Any:
        return {"id": 4242, "is_bot": True, "username": "test_bot"}

    async def on_getUpdates(self, params: dict[str, Any]) -> Any:
        if self.webhook.get("url"):
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = params.get("offset")
        self.offsets.append(offset)
        if offset:
            self.updates = [each for each in self.updates if not isinstance(each.get("update_id"), int) or each["update_id"] >= offset]
        end = time.monotonic() + (params.get("timeout") or 0)
        while not self.updates and time.monotonic() < end and not self.down:
            await asyncio.sleep(0.01)
        return self.updates[: params.get("limit", 100)]

    async def on_sendMessage(self, params: dict[str, Any]) -> Any:
        return self._sent(params, _seen(params.get("text"), params, 4096, "message is too long", "message text is empty"))

    async def on_sendPhoto(self, params: dict[str, Any]) -> Any:
        photo = params.get("photo")
        if isinstance(photo, str) and photo != "photo-1":
            raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if isinstance(photo, bytes) and photo[:8] != b"\x89PNG\r\n\x1a\n":
            raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
        seen = _seen(params.get("caption", ""), params, 1024, "message caption is too long", None)
        return self._sent(params, seen, photo=[{"file_id": "photo-1", "width": 9, "height": 9}])

    async def on_sendDocument(self, params: dict[str, Any]) -> Any:
        return self._sent(params, "", document={"file_id": "doc-1"}, content=params.get("document", b"").decode("utf-8", "replace"))

    def _sent(self, params: dict[str, Any], seen: str, **more: Any) -> dict[str, Any]:
        chat = params.get("chat_id")
        if chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        message = {"message_id": self._message_id(), "date": int(time.time()), "chat": {"id": chat, "type": "private"}, **more}
        message |= {name: params[name] for name in ("text", "caption") if name in params}
        if params.get("reply_markup"):
            message["reply_markup"] = _keyboard(params["reply_markup"])
        self.messages[chat, message["message_id"]] = message
        self.sent.append(message | {"seen": seen, "at": time.monotonic()})
        return message

    async def on_editMessageReplyMarkup(self, params: dict[str, Any]) -> Any:
        message = self.messages.get((params.get("chat_id"), params.get("message_id")))
        if message is None:
            raise Refused(400, "Bad Request: message to edit not found")
        keyboard = _keyboard(params.get("reply_markup") or {"inline_keyboard": []})
        if keyboard == message.get("reply_markup", {"inline_keyboard": []}):
            raise Refused(400, "Bad Request: message is not modified")
        message["reply_markup"] = keyboard
        return message

    async def on_answerCallbackQuery(self, params: dict[str, Any]) -> Any:
        if len(params.get("text", "")) > 200:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        return True

    async def on_sendChatAction(self, _: dict[str, Any]) -> Any:
        return True

    async def on_setMyCommands(self, params: dict[str, Any]) -> Any:
        self.commands = params["commands"]
        return True

    async def on_setMyDescription(self, _: dict[str, Any]) -> Any:
        return True

    on_setMyShortDescription = on_setMyDescription

    async def on_setWebhook(self, params: dict[str, Any]) -> Any:
        if not params["url"].startswith("https://"):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = params
        return True

    async def on_deleteWebhook(self, _: dict[str, Any]) -> Any:
        self.webhook = {}
        return True

    async def on_getWebhookInfo(self, _: dict[str, Any]) -> Any:
        return {"url": self.webhook.get("url", ""), "pending_update_count": len(self.updates)}

    def _message_id(self) -> int:
        self.next_message_id += 1
        return self.next_message_id


async def _params(request: web.Request) -> dict[str, Any]:
    if request.content_type == "multipart/form-data":
        found: dict[str, Any] = {}
        async for part in await request.multipart():
            content = await part.read()  # type: ignore[union-attr]
            found[part.name] = bytes(content) if part.filename else _decoded(content.decode())  # type: ignore[union-attr,index]
        return found
    return await request.json() if request.can_read_body else {}


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _seen(text: Any, params: dict[str, Any], limit: int, too_long: str, empty: str | None) -> str:
    """What a person sees of a text; Telegram's refusals."""
    if not isinstance(text, str):
        raise Refused(400, "Bad Request: text must be a string")
    seen = text
    if params.get("parse_mode") == "HTML":
        html = _Html(text)
        if html.bad:
            raise Refused(400, "Bad Request: can't parse entities")
        seen = html.text
    if empty and not seen.strip():
        raise Refused(400, f"Bad Request: {empty}")
    if len(seen.encode("utf-16-le")) // 2 > limit:
        raise Refused(400, f"Bad Request: {too_long}")
    return seen


def _keyboard(markup: dict[str, Any]) -> dict[str, Any]:
    for row in markup["inline_keyboard"]:
        for button in row:
            if not 1 <= len(button["callback_data"].encode()) <= 64 or not button["text"]:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup
