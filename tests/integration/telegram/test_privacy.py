"""Export and deletion in every channel of a really started server, by reading every table and file."""
from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from typing import Any

from tests.integration.telegram.live import newest, turn
from tests.running import Server
from tests.support.fake_telegram import FakeTelegram

MARKER = "zanzibarquartz"


def traces(running: Server, needle: str) -> list[str]:
    """Where a word still stands: every table of the database (Rasa's tracker store is one of them), every file, the log."""
    found = []
    with contextlib.closing(sqlite3.connect(running.database)) as connection:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            found += [f"{table}: {row}" for row in connection.execute(f"select * from {table}") if needle in repr(row)]
    for path in running.folder.rglob("*"):
        if path.is_file() and needle.encode() in path.read_bytes():
            found.append(str(path.relative_to(running.folder)))
    return found


async def test_export_and_delete_in_every_channel_leave_nothing(running: Server, telegram: FakeTelegram) -> None:
    """REST, the web page's lines and Telegram: both are asked back once, the copy holds the words, and then no table or file does."""
    words = f"my left calf twitches since the {MARKER} concert last week"
    session = running.call("/chat/session", {})[1]

    def over_web(text: str, number: int) -> list[dict[str, Any]]:
        body = {"token": session["token"], "message_id": f"privacy-{number:04}", "text": text}
        status, answer = running.call("/chat/message", body)
        assert status == 200 and answer["ack"]["ok"], answer
        return [each["data"] for each in answer["events"] if each["event"] == "bot_uttered"]

    def over_rest(text: str, _number: int) -> list[dict[str, Any]]:
        return running.say("privacy-of-a-person", text)

    for say in (over_web, over_rest):
        said = [await asyncio.to_thread(say, text, number) for number, text in enumerate([words, "export my data", "yes", "delete my data"])]
        assert traces(running, MARKER), "it is kept, in the clear, as no content key is set"
        assert not any((each.get("custom") or {}).get("type") for each in said[1]) and "Shall I show it?" in str(said[1])
        (copy,) = [each["custom"] for each in said[2] if (each.get("custom") or {}).get("type") == "data_export"]
        assert MARKER in str(copy["data"]["messages"]) and copy["data"]["findings"]
        assert "Shall I delete it?" in str(said[3])
        assert "deleted" in str(await asyncio.to_thread(say, "yes", 9))
        assert traces(running, MARKER) == []

    chat = 505
    await turn(running, telegram, telegram.message(words, chat=chat))
    assert "Shall I show it?" in await turn(running, telegram, telegram.message("export my data", chat=chat))
    assert not any("document" in message for message in telegram.sent)
    await turn(running, telegram, telegram.press_of(newest(telegram), "Yes, show it"))
    (document,) = [message for message in telegram.sent if "document" in message]
    assert MARKER in document["content"] and f'"chat_id": {chat}' in document["content"]
    assert "Shall I delete it?" in await turn(running, telegram, telegram.message("/delete", chat=chat))
    await turn(running, telegram, telegram.press_of(newest(telegram), "Yes, delete it"))
    await telegram.until(lambda: not traces(running, MARKER))
    assert MARKER not in running.log.read_text(errors="replace")
