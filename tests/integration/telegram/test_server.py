"""The really started server, with the real assistant, against the fake Bot API: both ways in."""
from __future__ import annotations

import asyncio
import json
from pathlib import Path

from tests.integration.telegram.live import SECRET, newest, rows, titles, turn
from tests.running import Server
from tests.support.fake_telegram import TOKEN, FakeTelegram


async def test_a_check_by_polling_from_the_first_report_to_the_result(running: Server, telegram: FakeTelegram) -> None:
    chat = 501
    await turn(running, telegram, telegram.message("my muscle has been twitching for four days", chat=chat))
    said = ""
    for _ in range(20):
        message = newest(telegram)
        choices = titles(message)
        if "Leg and foot" in choices:
            assert message["photo"]
            for title in ("Leg and foot", "Calf", "Left"):
                await telegram.queue(telegram.press_of(message, title))
                await telegram.until(lambda message=message, title=title: title not in titles(message))
            said = await turn(running, telegram, telegram.press_of(message, "✅ Done: left calf"))
        elif "No" in choices:
            said = await turn(running, telegram, telegram.press_of(message, "No"))
        elif "Nothing" in choices:
            said = await turn(running, telegram, telegram.press_of(message, "Nothing"))
        else:
            break
    assert "🔵" in said or "🟢" in said
    assert "left calf" in said
    for message in telegram.sent[:-1]:
        assert titles(telegram.messages[chat, message["message_id"]]) == [], "used buttons are taken away"


async def test_an_emergency(running: Server, telegram: FakeTelegram) -> None:
    said = await turn(running, telegram, telegram.message("I can't breathe properly", chat=504))
    assert "999" in said and "🚨" in said


async def test_a_summary_for_the_doctor_comes_as_files(running: Server, telegram: FakeTelegram) -> None:
    chat = 505
    await turn(running, telegram, telegram.message("my left calf has been twitching for four weeks", chat=chat))
    await turn(running, telegram, telegram.message("/summary", chat=chat))
    page, document = [message["content"] for message in telegram.sent if message["chat"]["id"] == chat and message.get("content")]
    assert page.startswith("%PDF-") and "my left calf has been twitching for four weeks" in document
    assert json.loads(document)["type"] == "document"


async def test_a_deletion_from_telegram_deletes_all(running: Server, telegram: FakeTelegram) -> None:
    chat = 502
    await turn(running, telegram, telegram.message("does coffee cause twitching?", chat=chat))
    said = await turn(running, telegram, telegram.message("/delete", chat=chat))
    asked = next(message for message in telegram.messages.values() if "Yes, delete it" in titles(message))
    ((known,),) = rows(running, "select count(*) from telegram_chats where conversation_id in (select id from conversations)")
    assert known >= 1, said
    kept = rows(running, "select conversation_id from telegram_chats")
    said = await turn(running, telegram, telegram.press_of(asked, "Yes, delete it"))
    assert "delet" in said
    # Of this chat, nothing is left but numbers of updates that name nobody.
    await telegram.until(lambda: len(rows(running, "select conversation_id from telegram_chats")) == len(kept) - 1)
    assert rows(running, "select count(*) from telegram_updates where work_sealed is not null or conversation_id is not null") == [(0,)]
    assert rows(running, "select count(*) from telegram_outgoing") == [(0,)]


async def test_the_webhook_of_the_same_server(running: Server, telegram: FakeTelegram) -> None:
    url = f"{running.url}/webhooks/telegram/webhook"
    forged = telegram.message("forged", chat=503)
    assert await telegram.push(url, forged) == 403
    assert await telegram.push(url, forged, "wrong") == 403
    update = telegram.message("does coffee cause twitching?", chat=503)
    assert await asyncio.gather(*(telegram.push(url, update, SECRET) for _ in range(3))) == [200] * 3
    await telegram.until(lambda: telegram.texts(503))
    await asyncio.sleep(1.0)
    assert len([text for text in telegram.texts(503) if "affein" in text]) == 1
    assert running.call("/webhooks/telegram/webhook")[0] == 405


def test_nothing_names_a_chat(running: Server) -> None:
    stored = b"".join(path.read_bytes() for path in Path(running.folder).iterdir() if path.is_file() and ".db" in path.name)
    assert stored and all(f'"chat_id":{chat}'.encode() not in stored for chat in (501, 502, 503, 505))
    log = running.log.read_text(errors="replace")
    assert TOKEN not in log and SECRET not in log and "Traceback" not in log and "breathe" not in log
