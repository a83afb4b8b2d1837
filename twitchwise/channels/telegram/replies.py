"""The assistant's replies as calls of the Bot API. Pure.

A call is {"method", "params"} and may hold: "keyboard" (its buttons count as live once sent), "plain" (the words without formatting,
for when Telegram refuses them), "picture" or "document" (a file to go with it), "summary" (one made when it is sent),
"otherwise" (calls to make when the file is refused),
"best_effort" (one try, failures do not matter).
"""
from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from twitchwise.channels.telegram import keyboards
from twitchwise.channels.telegram.assistant import ASKS_PLACE
from twitchwise.channels.telegram.formatting import MOST_CAPTION_UNITS, split, to_html, to_plain, units
from twitchwise.channels.telegram.texts import load_texts

ApiCall = dict[str, Any]
BODY_MAP = "body_map"
MOST_DOCUMENT_BYTES = 2_000_000
#: What the formatting adds can make a piece longer than it was; entities do not count for Telegram, signs of lists hardly.
_MARGIN = 64


def reply_calls(chat_id: int, reply: dict[str, Any], *, before: str = "") -> list[ApiCall]:
    """One reply as messages in their order. `before`: a line to stand above its text."""
    given, card = reply.get("text"), reply.get("custom")
    custom: dict[str, Any] = card if isinstance(card, dict) else {}
    text = _dressed(given if isinstance(given, str) else "", custom)
    if before and text:
        text = f"*{before}*\n\n{text}"
    buttons = [
        (str(button.get("title", "")), str(button.get("payload", "")))
        for button in reply.get("buttons") or [] if isinstance(button, dict)
    ]
    calls: list[ApiCall] = []
    if text:
        if custom.get(ASKS_PLACE):
            calls += place_calls(chat_id, text)
        else:
            keyboard = keyboards.rows(buttons)
            calls += text_calls(chat_id, text, keyboards.markup(keyboard) if keyboard else None)
    if custom.get("kind") == "summary":
        # Made when it is sent, out of the conversation as it is then: no page waits in the queue.
        caption = load_texts()["summary"]
        for form in ("pdf", "fhir"):
            calls.append({"method": "sendDocument", "params": {"chat_id": chat_id, "caption": caption[form]}, "summary": form,
                          "otherwise": text_calls(chat_id, caption["failed"])})
    document = _document(chat_id, custom)
    if document:
        calls.append(document)
    return calls


def text_calls(chat_id: int, text: str, markup: keyboards.Markup | None = None) -> list[ApiCall]:
    """A text as one message or several; the keyboard is under the last."""
    calls: list[ApiCall] = []
    for piece in split(text, 4096 - _MARGIN):
        params: dict[str, Any] = {"chat_id": chat_id, "text": to_html(piece), "parse_mode": "HTML"}
        params["link_preview_options"] = {"is_disabled": True}
        calls.append({"method": "sendMessage", "params": params, "plain": to_plain(piece)})
    if calls and markup:
        calls[-1]["params"]["reply_markup"] = markup
        calls[-1]["keyboard"] = True
    return calls


def place_calls(chat_id: int, text: str) -> list[ApiCall]:
    """The question for a place: the picture of the body with the question below it, and the body keyboard. Words alone do as well."""
    markup = keyboards.regions()
    alone = text_calls(chat_id, text, markup)
    words, caption = [], text
    if units(text) > MOST_CAPTION_UNITS - _MARGIN:
        words, caption = text_calls(chat_id, text), load_texts()["places"]["where"]
    params = {"chat_id": chat_id, "caption": to_html(caption), "parse_mode": "HTML", "reply_markup": markup}
    otherwise = text_calls(chat_id, caption, markup) if words else alone
    return [*words, {"method": "sendPhoto", "params": params, "picture": BODY_MAP, "keyboard": True, "otherwise": otherwise}]


def keyboard_call(chat_id: int, message_id: int, markup: keyboards.Markup | None) -> ApiCall:
    """Change the buttons below a message; None removes them."""
    params: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id, "reply_markup": markup or {"inline_keyboard": []}}
    return {"method": "editMessageReplyMarkup", "params": params, "best_effort": True}


def removal_calls(chat_id: int, message_ids: Sequence[int]) -> list[ApiCall]:
    """Take away the buttons of these messages."""
    return [keyboard_call(chat_id, message_id, None) for message_id in message_ids]


def _dressed(text: str, custom: dict[str, Any]) -> str:
    """A result or an emergency with its sign in front, and its numbers to press below. Signs stand beside words, never for them."""
    if custom.get("kind") not in ("result", "emergency") or not text:
        return text
    icon = load_texts()["icons"].get(custom.get("level"), "")
    links = [link for link in custom.get("tel") or [] if isinstance(link, dict) and link.get("tel")]
    # Telegram makes numbers pressable by itself.
    numbers = "\n".join(f"📞 {link.get('label') or link['tel']}: {link['tel']}" if str(link["tel"]) not in str(link.get("label"))
                        else f"📞 {link['label']}" for link in links)
    return "\n\n".join(part for part in (f"{icon} {text}".strip(), numbers) if part)


def _document(chat_id: int, custom: dict[str, Any]) -> ApiCall | None:
    """A file beside a reply: the person's data, or a summary ({"document": {"name", "mime", "base64"}})."""
    given = custom.get("document")
    if custom.get("type") == "data_export":
        content = json.dumps(custom.get("data"), ensure_ascii=False, indent=2).encode()
        name, mime = "my-data.json", "application/json"
    elif isinstance(given, dict) and isinstance(given.get("base64"), str):
        try:
            content = base64.b64decode(given["base64"], validate=True)
        except ValueError:
            return None
        name, mime = str(given.get("name") or "summary.pdf")[:60], str(given.get("mime") or "application/pdf")
    else:
        return None
    if not 0 < len(content) <= MOST_DOCUMENT_BYTES:
        return None
    packed = base64.b64encode(content).decode("ascii")
    return {"method": "sendDocument", "params": {"chat_id": chat_id}, "document": [name, mime, packed], "otherwise": []}
