"""One update answered: what to ask the assistant, and which calls its replies become. No network, no database of its own."""
from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from twitchwise.channels.telegram import keyboards, updates
from twitchwise.channels.telegram.assistant import Assistant
from twitchwise.channels.telegram.commands import command_of, meaning_of, words_of
from twitchwise.channels.telegram.replies import ApiCall, keyboard_call, removal_calls, reply_calls, text_calls
from twitchwise.channels.telegram.store import Chat, Waiting
from twitchwise.channels.telegram.texts import media_text, say
from twitchwise.channels.telegram.updates import Update

logger = logging.getLogger(__name__)
#: An update begun so often without an end is answered without the assistant: it may be what brings the process down.
MOST_TRIES = 4
GROUP_NOTE_EVERY_S = 600.0
REMEMBERED = 5000
#: Calls made at once and outside the order: (method, params).
Aside = Callable[[str, dict[str, Any]], None]
Late = Callable[[list[ApiCall]], Awaitable[None]]


@dataclass
class Served:
    """What answering an update led to: calls in their order, and the chat's state after it."""

    calls: list[ApiCall] = field(default_factory=list)
    chat: dict[str, Any] = field(default_factory=dict)


class Conversations:
    """Answers updates. `aside`: for calls that matter only now (typing, the end of a button's spinner)."""

    def __init__(self, assistant: Assistant, aside: Aside, *, country: str | None = None, typing_every_s: float = 4.5) -> None:
        self._assistant, self._aside, self._country, self._typing_every_s = assistant, aside, country, typing_every_s
        self._albums: OrderedDict[str, None] = OrderedDict()
        self._groups: OrderedDict[int, float] = OrderedDict()
        self._said: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    async def serve(self, waiting: Waiting, chat: Chat, state: dict[str, Any], late: Late) -> Served:
        """Answer one update. `late`: takes what the assistant says after it had its time. Never raises."""
        update = waiting.update
        served = Served(chat={**state, "chat_id": update.chat_id})
        try:
            if waiting.tries > MOST_TRIES:
                served.calls += self._words(update, say("cannot_answer", self._country))
            elif update.kind == updates.GROUP:
                self._group(update, served)
            elif update.kind == updates.MEDIA:
                self._media(update, served)
            elif update.kind == updates.PRESS:
                await self._press(waiting, chat, served, late)
            else:
                await self._text(waiting, chat, served, late)
        except Exception:
            logger.exception("An update could not be answered; the safe words go out")
            served.calls += self._words(update, say("cannot_answer", self._country))
        return served

    # -- kinds of updates

    def _group(self, update: Update, served: Served) -> None:
        now = time.monotonic()
        if now - self._groups.get(update.chat_id, -GROUP_NOTE_EVERY_S) >= GROUP_NOTE_EVERY_S:
            _remember(self._groups, update.chat_id, now)
            served.calls += self._words(update, say("group", self._country))

    def _media(self, update: Update, served: Served) -> None:
        if update.album:
            key = f"{update.chat_id}:{update.album}"
            if key in self._albums:
                return  # ten pictures sent together get one answer
            _remember(self._albums, key, None)
        served.calls += self._words(update, media_text(update.media, self._country))

    async def _text(self, waiting: Waiting, chat: Chat, served: Served, late: Late) -> None:
        update = waiting.update
        if self._same_again(update, chat):
            return
        text = update.text
        command = command_of(text)
        if command is not None:
            text = words_of(command)
        if command is not None and command.name == "privacy" and not text:
            served.calls += self._words(update, say("privacy", self._country))
            return
        if text and update.edited:
            text = say("correction", self._country, text=text)
        # Buttons of earlier messages would answer another question than the one that is open then.
        old = self._take_keyboards(served)

        async def ask(deliver: Any) -> None:
            if command is None or text:
                await self._assistant.say(chat.conversation, text, _id_of(update), deliver)
            else:
                words, intent = meaning_of(command)
                await self._assistant.choose(chat.conversation, words, {"intent": intent}, _id_of(update), deliver)

        await self._ask(waiting, chat, served, late, ask)
        if update.media and not update.edited:
            served.calls += self._words(update, say("with_caption", self._country))
        served.calls += removal_calls(update.chat_id, old)

    async def _press(self, waiting: Waiting, chat: Chat, served: Served, late: Late) -> None:
        update = waiting.update
        # Two quick taps are two updates, and old messages can be scrolled to: they must not answer the question that is open now.
        if update.message_id is not None and update.message_id <= served.chat.get("spent", 0):
            self._answer_press(update, say("used_button"), alert=True)
            served.calls += removal_calls(update.chat_id, [update.message_id])
            return
        data = update.data or ""
        if data.startswith(keyboards.PREFIX):
            await self._place(waiting, chat, served, late)
            return
        self._answer_press(update, say("pressed", title=update.title) if update.title else "")
        old = self._take_keyboards(served, update.message_id)
        await self._ask(
            waiting, chat, served, late,
            lambda deliver: self._assistant.say(chat.conversation, data, _id_of(update), deliver, pressed=True), before=_line(update.title),
        )
        served.calls += removal_calls(update.chat_id, old)

    async def _place(self, waiting: Waiting, chat: Chat, served: Served, late: Late) -> None:
        """A press on the body keyboard."""
        update = waiting.update
        step = keyboards.press(update.data or "", served.chat.get("picking") or [])
        if step is None:
            self._answer_press(update, say("used_button"), alert=True)
            return
        self._answer_press(update, step.notice)
        if not step.finished:
            served.chat["picking"] = step.places
            message_id = update.message_id or next(iter(served.chat.get("live") or []), None)
            if message_id is not None and step.keyboard is not None:
                served.calls.append(keyboard_call(update.chat_id, message_id, step.keyboard))
            return
        old = self._take_keyboards(served, update.message_id)
        title = "not sure" if step.unsure else keyboards.places_in_words(step.places)
        title = title[:1].upper() + title[1:]

        async def ask(deliver: Any) -> None:
            if step.unsure:
                await self._assistant.say(chat.conversation, title, _id_of(update), deliver)
            else:
                await self._assistant.choose(chat.conversation, title, {"place": step.places}, _id_of(update), deliver)

        await self._ask(waiting, chat, served, late, ask, before=_line(title))
        served.calls += removal_calls(update.chat_id, old)

    # -- the assistant

    async def _ask(self, waiting: Waiting, chat: Chat, served: Served, late: Late, ask: Any, *, before: str = "") -> None:
        """Let the assistant answer; its replies become calls once the turn is over, so that all of them are written at once."""
        update = waiting.update
        over = answered = False
        lines = [before] if before else []

        async def deliver(reply: dict[str, Any]) -> None:
            nonlocal answered
            answered = True     # also where a person of the staff has taken over and will answer
            calls = reply_calls(update.chat_id, reply, before=lines.pop() if lines and reply.get("text") else "")
            calls = [{**call, "conversation": chat.conversation} if call.get("summary") else call for call in calls]
            if over:
                await late(calls)
            else:
                served.calls += calls

        self._show_typing(update.chat_id)
        typing = asyncio.create_task(self._typing(update.chat_id))
        try:
            said = await self._recalled(waiting, chat)
            for reply in said:
                await deliver(reply)
            if not said:
                await ask(deliver)
        finally:
            over = True
            typing.cancel()
        if not served.calls and not answered:
            served.calls += self._words(update, say("cannot_answer", self._country))

    async def _recalled(self, waiting: Waiting, chat: Chat) -> list[dict[str, Any]]:
        """Replies of a turn that was finished by a process which ended before they could be kept."""
        if waiting.tries < 2:
            return []
        try:
            return await self._assistant.recall(chat.conversation, _id_of(waiting.update))
        except Exception:
            logger.exception("An earlier answer could not be looked up; the message is served anew")
            return []

    async def _typing(self, chat_id: int) -> None:
        while True:
            await asyncio.sleep(self._typing_every_s)
            self._show_typing(chat_id)

    def _show_typing(self, chat_id: int) -> None:
        self._aside("sendChatAction", {"chat_id": chat_id, "action": "typing"})

    def _answer_press(self, update: Update, text: str = "", *, alert: bool = False) -> None:
        params: dict[str, Any] = {"callback_query_id": update.callback_id}
        if text:
            params |= {"text": text[:190], "show_alert": alert}
        self._aside("answerCallbackQuery", params)

    # -- small things

    @staticmethod
    def _words(update: Update, text: str) -> list[ApiCall]:
        return text_calls(update.chat_id, text)

    @staticmethod
    def _take_keyboards(served: Served, pressed: int | None = None) -> list[int]:
        """The messages whose buttons are used up now."""
        old = list(served.chat.get("live") or [])
        if pressed is not None and pressed not in old:
            old.append(pressed)
        served.chat["live"] = []
        served.chat["spent"] = max([served.chat.get("spent", 0), *old])
        served.chat.pop("picking", None)
        return old

    def _same_again(self, update: Update, chat: Chat) -> bool:
        """Whether an edit changed no word (Telegram reports a link's preview as an edit)."""
        if update.message_id is None:
            return False
        key = (chat.record, update.message_id)
        now = hashlib.blake2s(update.text.encode("utf-8", "replace"), digest_size=16).digest()
        same = update.edited and self._said.get(key) == now
        _remember(self._said, key, now)
        return same


def _id_of(update: Update) -> str:
    return f"update-{update.update_id}"


def _line(title: str | None) -> str:
    """The line that shows what was pressed, now that the button is gone. Without signs that would be read as markdown."""
    plain = (title or "").replace("*", "").replace("[", "(").replace("]", ")").strip()
    return say("pressed_line", title=plain) if plain else ""


def _remember(seen: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    seen[key] = value
    seen.move_to_end(key)
    while len(seen) > REMEMBERED:
        seen.popitem(last=False)
