"""Reading updates: what is acted on, what is ignored, and that nothing raises."""
from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.channels.telegram.updates import GROUP, MEDIA, PRESS, TEXT, Update, parse_update

CHAT = {"id": 7, "type": "private"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2**70, 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["message", "edited_message", "callback_query", "chat", "from", "id", "type", "text", "caption", "photo", "data",
                         "message_id", "reply_markup", "inline_keyboard", "callback_data", "media_group_id", "is_bot"]), inner, max_size=6),
    max_leaves=40,
)


@given(JSON, st.integers(-5, 2**60) | st.booleans() | st.none())
@settings(max_examples=400, deadline=None)
def test_nothing_raises_and_what_is_read_survives_the_store(content: Any, number: Any) -> None:
    raw = {"update_id": number, **content} if isinstance(content, dict) else content
    update = parse_update(raw)
    if update is not None:
        assert update.chat_id and update.update_id >= 0
        assert Update.from_dict(json.loads(json.dumps(update.to_dict()))) == update


def test_numbers_of_zero_are_numbers() -> None:
    update = parse_update({"update_id": 0, "message": {"message_id": 0, "chat": CHAT, "text": "hi"}})
    assert update is not None and Update.from_dict(update.to_dict()) == update


@pytest.mark.parametrize(("content", "kind"), [
    ({"message": {"message_id": 1, "chat": CHAT, "text": "hi"}}, TEXT),
    ({"edited_message": {"message_id": 1, "chat": CHAT, "text": "hi"}}, TEXT),
    ({"message": {"message_id": 1, "chat": CHAT, "photo": [], "caption": "hi"}}, TEXT),
    ({"message": {"message_id": 1, "chat": CHAT, "text": "  "}}, MEDIA),
    ({"message": {"message_id": 1, "chat": CHAT}}, MEDIA),
    ({"message": {"message_id": 1, "chat": {"id": -5, "type": "group"}, "text": "hi"}}, GROUP),
    ({"callback_query": {"id": "1", "from": {"id": 7}, "data": "x"}}, PRESS),
    ({"edited_message": {"message_id": 1, "chat": CHAT, "location": {}}}, None),
    ({"edited_message": {"message_id": 1, "chat": {"id": -5, "type": "group"}, "text": "hi"}}, None),
    ({"message": {"message_id": 1, "chat": CHAT, "new_chat_members": []}}, None),
    ({"message": {"message_id": 1, "chat": CHAT, "from": {"is_bot": True}, "text": "hi"}}, None),
    ({"message": {"message_id": 1, "chat": {"id": True}, "text": "hi"}}, None),
    ({"callback_query": {"id": "1", "data": "x"}}, None),
    ({"callback_query": {"id": "1", "from": {"id": 7}, "message": {"chat": {"id": -5, "type": "group"}}}}, None),
    ({"channel_post": {"message_id": 1, "chat": CHAT, "text": "hi"}}, None), ({"my_chat_member": {}}, None), ({}, None),
])
def test_kinds(content: dict[str, Any], kind: str | None) -> None:
    update = parse_update({"update_id": 5, **content})
    assert (update.kind if update else None) == kind
