"""Telegram's updates, read: from whatever JSON came to the few things we act on. Pure; never raises."""
from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

TEXT, PRESS, MEDIA, GROUP = "text", "press", "media", "group"
#: Messages with this content hold no words, or words beside it (a caption).
MEDIA_KINDS = (
    "voice", "audio", "video_note", "photo", "animation", "video", "sticker", "location", "contact", "document", "poll", "dice",
    "venue", "story", "game", "paid_media", "checklist",
)
#: Messages that Telegram writes itself; nobody waits for an answer to them.
SERVICE_KINDS = (
    "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created",
    "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed", "migrate_to_chat_id",
    "migrate_from_chat_id", "pinned_message", "invoice", "successful_payment", "users_shared", "chat_shared", "connected_website",
    "write_access_allowed", "passport_data", "proximity_alert_triggered", "boost_added", "chat_background_set", "forum_topic_created",
    "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "video_chat_scheduled", "video_chat_started",
    "video_chat_ended", "video_chat_participants_invited", "web_app_data", "giveaway", "giveaway_created", "giveaway_completed",
)  # fmt: skip
_BIGGEST = 2**53
MOST_TEXT = 100_000


@dataclass(frozen=True)
class Update:
    """One update that we act on. `message_id`: of the person's message, or of the message whose button was pressed."""

    update_id: int
    kind: str
    chat_id: int
    text: str = ""
    message_id: int | None = None
    edited: bool = False
    media: str | None = None
    album: str | None = None
    callback_id: str | None = None
    data: str | None = None
    title: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {name: value for name, value in asdict(self).items() if value is not None and value is not False and value != ""}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Update:
        """The inverse of `to_dict`."""
        return cls(**raw)


def update_id_of(raw: Any) -> int | None:
    """The update's own number, None when there is none that can be used."""
    return _whole(raw.get("update_id")) if isinstance(raw, dict) else None


def parse_update(raw: Any) -> Update | None:
    """What to act on; None for what is to be ignored quietly (channel posts, member updates, service messages, anything odd)."""
    update_id = update_id_of(raw)
    if update_id is None or update_id < 0:
        return None
    press = _object(raw.get("callback_query"))
    if press is not None:
        return _press(update_id, press)
    edited = "message" not in raw
    message = _object(raw.get("edited_message" if edited else "message"))
    return None if message is None else _message(update_id, message, edited)


def _message(update_id: int, message: dict[str, Any], edited: bool) -> Update | None:
    chat = _object(message.get("chat")) or {}
    chat_id, message_id = _whole(chat.get("id")), _whole(message.get("message_id"))
    if not chat_id or (_object(message.get("from")) or {}).get("is_bot") is True:
        return None
    if any(key in message for key in SERVICE_KINDS):
        return None
    kind = chat.get("type", "private")
    text = _words(message.get("text"))
    if kind != "private":
        return None if kind not in ("group", "supergroup") or edited else Update(update_id, GROUP, chat_id, message_id=message_id)
    if text:
        return Update(update_id, TEXT, chat_id, text, message_id, edited)
    media = next((name for name in MEDIA_KINDS if name in message), None)
    caption = _words(message.get("caption"))
    if caption:
        return Update(update_id, TEXT, chat_id, caption, message_id, edited, media or "other")
    if edited:
        return None  # a live location that moves, a poll that counts: not something said
    album = message.get("media_group_id")
    return Update(update_id, MEDIA, chat_id, message_id=message_id, media=media or "other", album=str(album)[:64] if album else None)


def _press(update_id: int, press: dict[str, Any]) -> Update | None:
    message = _object(press.get("message")) or {}
    chat = _object(message.get("chat")) or {}
    person = _whole((_object(press.get("from")) or {}).get("id"))
    callback_id = press.get("id")
    if isinstance(callback_id, int) and not isinstance(callback_id, bool):
        callback_id = str(callback_id)
    if not isinstance(callback_id, str) or not 0 < len(callback_id) <= 128:
        return None
    # In a private chat the chat's number is the person's; old messages may come without their chat.
    chat_id = _whole(chat.get("id")) or person
    if not chat_id or chat.get("type", "private") != "private":
        return None
    given = press.get("data")
    data = given if isinstance(given, str) else ""
    return Update(
        update_id, PRESS, chat_id, message_id=_whole(message.get("message_id")), callback_id=callback_id, data=data[:64],
        title=_title(message, data),
    )


def _title(message: dict[str, Any], data: str) -> str | None:
    """What stood on the pressed button."""
    rows = (_object(message.get("reply_markup")) or {}).get("inline_keyboard")
    for row in rows if isinstance(rows, list) else []:
        for button in row if isinstance(row, list) else []:
            if isinstance(button, dict) and data and button.get("callback_data") == data:
                return _words(button.get("text"))[:80] or None
    return None


def _object(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and -_BIGGEST < value < _BIGGEST else None


def _words(value: Any) -> str:
    return value[:MOST_TEXT] if isinstance(value, str) and value.strip() else ""
