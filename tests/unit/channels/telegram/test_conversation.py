"""What people meet in a chat: words, buttons, the body keyboard, commands, everything that is not text."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.fake_telegram import FakeTelegram
from tests.support.telegram_bot import EchoAssistant

Start = Callable[..., Any]
TOKENS = ["tw-" + letter * 27 for letter in "abc"]


async def asks(text: str, deliver: Any) -> None:
    """A stand-in that asks for a place, asks yes or no, or echoes."""
    if "where" in text:
        await deliver({"text": "Where is it?", "custom": {"asks_place": True}, "buttons": [{"title": "Calf", "payload": TOKENS[0]}]})
    elif "ask" in text:
        choices = zip(("Yes", "No"), TOKENS[:2], strict=True)
        await deliver({"text": "Is it?", "buttons": [{"title": title, "payload": token} for title, token in choices]})
    else:
        await deliver({"text": f"echo: {text}"})


def keyboard(telegram: FakeTelegram, index: int = -1) -> list[str]:
    """The titles below a message, as they are now."""
    sent = telegram.sent[index]
    markup = telegram.messages[sent["chat"]["id"], sent["message_id"]].get("reply_markup", {"inline_keyboard": []})
    return [button["text"] for row in markup["inline_keyboard"] for button in row]


async def sends(telegram: FakeTelegram, update: dict[str, Any], messages: int = 1) -> None:
    count = len(telegram.sent) + messages
    await telegram.queue(update)
    await telegram.until(lambda: len(telegram.sent) >= count)


async def test_a_button_is_pressed_answered_and_taken_away(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant(asks)
    await bot(assistant)
    await sends(telegram, telegram.message("ask me"))
    assert keyboard(telegram) == ["Yes", "No"]
    message = telegram.sent[-1]
    await sends(telegram, telegram.press_of(message, "Yes"))
    assert assistant.pressed == [TOKENS[0]]
    assert telegram.texts()[-1] == f"You: Yes\n\necho: {TOKENS[0]}"
    await telegram.until(lambda: keyboard(telegram, 0) == [])
    await telegram.until(lambda: telegram.count("answerCallbackQuery") == 1)
    (answer,) = [params for method, params in telegram.calls if method == "answerCallbackQuery"]
    assert answer["text"] == "You chose: Yes"


async def test_a_double_tap_does_not_answer_the_next_question(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant(asks)
    await bot(assistant)
    await sends(telegram, telegram.message("ask me"))
    message = telegram.sent[-1]
    await telegram.queue(telegram.press_of(message, "Yes"), telegram.press_of(message, "Yes"), telegram.message("and then"))
    await telegram.until(lambda: "echo: and then" in telegram.texts())
    assert assistant.pressed == [TOKENS[0]]
    alerts = [params for method, params in telegram.calls if method == "answerCallbackQuery" and params.get("show_alert")]
    assert len(alerts) == 1


async def test_typing_instead_of_pressing_takes_the_buttons_away(telegram: FakeTelegram, bot: Start) -> None:
    await bot(EchoAssistant(asks))
    await sends(telegram, telegram.message("ask me"))
    await sends(telegram, telegram.message("yes it is"))
    await telegram.until(lambda: keyboard(telegram, 0) == [])


async def test_the_body_keyboard_leads_to_places(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant(asks)
    await bot(assistant)
    await sends(telegram, telegram.message("where?"))
    assert telegram.sent[-1]["photo"] and telegram.texts() == ["Where is it?"]
    message = telegram.sent[-1]
    chat = message["chat"]["id"], message["message_id"]
    for title, then in (("Leg and foot", "Calf"), ("Calf", "Left"), ("‹ Back", "Calf"), ("Calf", "Left"), ("Left", "✅ Done: left calf"),
                        ("➕ Another place", "Head and neck"), ("Head and neck", "Neck"), ("Neck", "✅ Done: left calf and neck")):
        await telegram.queue(telegram.press_of(telegram.messages[chat], title))
        await telegram.until(lambda then=then: then in keyboard(telegram, 0))
    assert not assistant.chosen
    await sends(telegram, telegram.press_of(telegram.messages[chat], "✅ Done: left calf and neck"))
    assert assistant.chosen == [{"place": [["calf", "left"], ["neck", None]]}]
    assert telegram.texts()[-1].startswith("You: Left calf and neck")
    await telegram.until(lambda: keyboard(telegram, 0) == [])


async def test_words_come_alone_when_the_picture_cannot(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant(asks)
    await bot(assistant)
    for fault in ((500, "not supported"), (400, "Bad Request: IMAGE_PROCESS_FAILED"), ("cut", None)):
        telegram.fail("sendPhoto", fault)
        await sends(telegram, telegram.message("where?"))
        assert "photo" not in telegram.sent[-1] and "Leg and foot" in keyboard(telegram)
    await sends(telegram, telegram.press_of(telegram.messages[7, telegram.sent[-1]["message_id"]], "All over"))
    assert assistant.chosen == [{"place": [["whole_body", None]]}]


async def test_the_picture_is_uploaded_once(telegram: FakeTelegram, bot: Start) -> None:
    await bot(EchoAssistant(asks))
    for _ in range(2):
        await sends(telegram, telegram.message("where?"))
    pictures = [params["photo"] for method, params in telegram.calls if method == "sendPhoto"]
    assert isinstance(pictures[0], bytes) and pictures[1] == "photo-1"


@pytest.mark.parametrize(("text", "meaning"), [
    ("/start", "greet"), ("/start abc_123", "greet"), ("/check", "start_check"), ("/stop", "stop_check"), ("/RESTART", "start_over"),
    ("/delete@test_bot", "delete_my_data"), ("/help", "help"),
])
async def test_commands_mean_what_they_say(telegram: FakeTelegram, bot: Start, text: str, meaning: str) -> None:
    assistant = EchoAssistant()
    await bot(assistant)
    await sends(telegram, telegram.message(text))
    assert assistant.chosen == [{"intent": meaning}] and not assistant.said


async def test_words_behind_a_command_are_read(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant()
    await bot(assistant)
    for text in ("/check my calf twitches", "/privacy I cannot breathe", "/start hello there you", "/unknown", "hello /bot robot"):
        await sends(telegram, telegram.message(text))
    assert assistant.texts == ["my calf twitches", "I cannot breathe", "hello there you", "/unknown", "hello /bot robot"]


async def test_privacy_is_told_without_the_assistant(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant()
    await bot(assistant)
    await sends(telegram, telegram.message("/privacy"))
    assert "/delete" in telegram.texts()[0] and "never stored" in telegram.texts()[0] and not assistant.said


@pytest.mark.parametrize("kind", [
    "photo", "voice", "sticker", "location", "contact", "document", "video", "video_note", "poll", "dice", "new_thing",
])
async def test_what_is_no_text_gets_a_kind_sentence(telegram: FakeTelegram, bot: Start, kind: str) -> None:
    assistant = EchoAssistant()
    await bot(assistant)
    await sends(telegram, telegram.message(**{kind: {"file_id": "x"}}))
    (text,) = telegram.texts()
    assert "999" in text and "112" in text and not assistant.said


async def test_captions_are_read_and_albums_answered_once(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant()
    await bot(assistant)
    await sends(telegram, telegram.message(photo=[{}], caption="my calf twitches"), 2)
    assert assistant.texts == ["my calf twitches"] and "only read the words" in telegram.texts()[1]
    await telegram.queue(*(telegram.message(photo=[{}], media_group_id="album") for _ in range(5)), telegram.message("end"))
    await telegram.until(lambda: telegram.texts()[-1] == "echo: end")
    assert len(telegram.sent) == 4


async def test_an_edit_is_a_correction_unless_nothing_changed(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant()
    await bot(assistant)
    first = telegram.message("my left calf")
    await sends(telegram, first)
    same = telegram.update(edited_message=first["message"])
    other = telegram.update(edited_message=first["message"] | {"text": "my right calf"})
    moved = telegram.update(edited_message={**first["message"], "text": None, "location": {"latitude": 1}})
    await telegram.queue(same, moved)
    await sends(telegram, other)
    assert assistant.texts == ["my left calf", "Correction: my right calf"]


async def test_groups_get_a_note_now_and_then(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant()
    await bot(assistant)
    await telegram.queue(*(telegram.message("hi all", chat=-100, kind=kind) for kind in ("group", "supergroup")), telegram.message("end"))
    await telegram.until(lambda: "echo: end" in telegram.texts() and telegram.texts(-100))
    (note,) = telegram.texts(-100)
    assert "private chat" in note and "999" in note and assistant.texts == ["end"]


async def test_what_is_not_for_us_is_ignored_quietly(telegram: FakeTelegram, bot: Start) -> None:
    assistant = EchoAssistant()
    await bot(assistant)
    await telegram.queue(
        telegram.update(channel_post={"message_id": 1, "chat": {"id": -5, "type": "channel"}, "text": "news"}),
        telegram.update(my_chat_member={"chat": {"id": 7, "type": "private"}}),
        telegram.update(message_reaction={}), telegram.update(),
        telegram.message(pinned_message={}), telegram.message("x", chat=-6, kind="channel"),
        telegram.update(message={"message_id": 3, "chat": {"id": 8, "type": "private"}, "from": {"is_bot": True}, "text": "bot"}),
        telegram.message("end"),
    )
    await telegram.until(lambda: telegram.texts())
    assert telegram.texts() == ["echo: end"]


async def test_a_blocked_bot_is_not_tried_again(telegram: FakeTelegram, bot: Start) -> None:
    connector = await bot(EchoAssistant())
    telegram.blocked.add(7)
    await telegram.queue(telegram.message("one"), telegram.message("two"), telegram.message("other", chat=8))
    await telegram.until(lambda: telegram.texts(8) and connector.store.counts() == {"unanswered": 0, "unsent": 0})
    assert telegram.count("sendMessage") == 3
    telegram.blocked.clear()
    await sends(telegram, telegram.message("back again"))
    assert telegram.texts(7) == ["echo: back again"]


async def test_files_of_the_assistant_become_documents(telegram: FakeTelegram, bot: Start) -> None:
    async def act(text: str, deliver: Any) -> None:
        await deliver({"text": "Here it is."})
        await deliver({"custom": {"type": "data_export", "data": {"level": "see_gp"}}})
        await deliver({"custom": {"document": {"name": "summary.pdf", "mime": "application/pdf", "base64": "JVBERg=="}}})

    await bot(EchoAssistant(act))
    await sends(telegram, telegram.message("export my data"), 3)
    assert '"see_gp"' in telegram.sent[1]["content"] and telegram.sent[2]["content"] == "%PDF"


async def test_the_safe_words_go_out_when_the_assistant_breaks_or_is_silent(telegram: FakeTelegram, bot: Start) -> None:
    async def act(text: str, deliver: Any) -> None:
        if text == "break":
            raise RuntimeError("broken")

    await bot(EchoAssistant(act))
    for text in ("break", "silence"):
        await sends(telegram, telegram.message(text))
        assert "999" in telegram.texts()[-1] and "116 123" in telegram.texts()[-1]
