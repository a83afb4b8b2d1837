"""`python -m twitchwise telegram ...` against the fake Bot API."""
from __future__ import annotations

import argparse
import asyncio
import logging

import pytest

from tests.support.fake_telegram import TOKEN, FakeTelegram
from twitchwise.channels.telegram import cli
from twitchwise.settings import Settings, SettingsError

ADDRESS = "https://example.org/webhooks/telegram/webhook"
GENERAL = Settings(signing_key="k" * 32)


async def command(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, action: str, *, token: str = TOKEN, webhook: str = ADDRESS
) -> int:
    monkeypatch.setenv("TWITCHWISE_TELEGRAM_TOKEN", token)
    monkeypatch.setenv("TWITCHWISE_TELEGRAM_API_URL", telegram.url)
    monkeypatch.setenv("TWITCHWISE_TELEGRAM_WEBHOOK_URL", webhook)
    return await asyncio.to_thread(cli.run, GENERAL, argparse.Namespace(action=action, drop_pending=False))


async def test_the_webhook_is_set_and_removed(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command(telegram, monkeypatch, "set-webhook") == 0
    assert telegram.webhook["url"] == ADDRESS
    assert telegram.webhook["allowed_updates"] == ["message", "edited_message", "callback_query"]
    assert len(telegram.webhook["secret_token"]) == 64 and telegram.webhook["drop_pending_updates"] is False
    assert len(telegram.commands) == 8
    assert telegram.webhook["secret_token"] not in capsys.readouterr().out
    assert await command(telegram, monkeypatch, "status") == 0
    assert f"Webhook: {ADDRESS}" in capsys.readouterr().out
    assert await command(telegram, monkeypatch, "delete-webhook") == 0
    assert telegram.webhook == {}


async def test_the_menu_is_registered(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command(telegram, monkeypatch, "commands") == 0
    assert "/check" in capsys.readouterr().out


async def test_what_is_missing_is_said(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SettingsError, match="WEBHOOK_URL is not set"):
        await command(telegram, monkeypatch, "set-webhook", webhook="")
    with pytest.raises(SettingsError, match="TOKEN is not set"):
        await command(telegram, monkeypatch, "status", token="")
    assert await command(telegram, monkeypatch, "status", token="99:wrong-token") == 1
    telegram.down = True
    assert await command(telegram, monkeypatch, "status") == 1
    errors = capsys.readouterr().err
    assert "does not know this token" in errors and "Telegram did not do it" in errors
    assert TOKEN not in errors and "wrong-token" not in errors


async def test_polling_beside_a_webhook_says_what_to_do_and_goes_on(
    telegram: FakeTelegram, bot: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    telegram.webhook = {"url": ADDRESS}
    await bot()  # type: ignore[operator]
    await telegram.until(lambda: "delete-webhook" in caplog.text)
    telegram.webhook = {}
    await telegram.queue(telegram.message("hello"))
    await telegram.until(lambda: telegram.sent)
