"""The process is killed between receipt and answer; after its restart each message has been answered exactly once."""
from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.fake_telegram import FakeTelegram
from twitchwise.settings import ROOT


def start(telegram: FakeTelegram, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support.telegram_bot", telegram.url]
    command += [str(folder / name) for name in ("kill.db", "hold", "journal")]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)


async def kills(telegram: FakeTelegram, folder: Path, count: int) -> None:
    rng = random.Random(7)
    journal, hold = folder / "journal", folder / "hold"
    journal.touch()
    process = start(telegram, folder)
    expected: dict[int, list[str]] = {}
    try:
        for number in range(count):
            begun = len(journal.read_text().splitlines())
            hold.touch()
            for chat in (1, 2):
                text = f"kill{number}-{chat}"
                expected.setdefault(chat, []).extend((f"echo: {text}", f"more: {text}"))
                await telegram.queue(telegram.message(text, chat=chat))
            # The assistant has both messages and has not answered: that is when the process dies, at a random moment.
            await telegram.until(lambda begun=begun: len(journal.read_text().splitlines()) >= begun + 2, 120)
            await asyncio.sleep(rng.uniform(0.0, 0.22))
            process.send_signal(signal.SIGKILL)
            process.wait(60)
            hold.unlink()
            process = start(telegram, folder)
            done = 4 * (number + 1)
            await telegram.until(lambda done=done: len(telegram.sent) >= done, 120)
        await asyncio.sleep(1.0)
    finally:
        process.kill()
        process.wait(60)
    assert {chat: telegram.texts(chat) for chat in expected} == expected
    assert "Traceback" not in (folder / "log").read_text()


async def test_five_kills(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        await kills(telegram, tmp_path, 5)


@pytest.mark.faults
async def test_twenty_kills(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        await kills(telegram, tmp_path, 20)
