"""Telegram's settings, and errors that never show a secret."""
from __future__ import annotations

import pytest

from twitchwise.channels.telegram.settings import load_telegram_settings
from twitchwise.settings import SettingsError


def test_without_a_token_there_is_no_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWITCHWISE_TELEGRAM_TOKEN", raising=False)
    settings = load_telegram_settings()
    assert not settings.enabled and not settings.polls


def test_a_token_alone_means_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWITCHWISE_TELEGRAM_TOKEN", " 123:abc-DEF_9 ")
    settings = load_telegram_settings()
    assert settings.polls and settings.bot == "123"
    assert not load_telegram_settings(webhook_url="https://example.org/x/").polls


@pytest.mark.parametrize(("name", "value"), [
    ("token", "hunter2-secret"), ("secret", "has a blank hunter2"), ("api_url", "ftp://hunter2"), ("webhook_url", "hunter2"),
    ("concurrency", 0),
])
def test_a_bad_value_is_named_and_not_shown(name: str, value: object) -> None:
    with pytest.raises(SettingsError) as error:
        load_telegram_settings(**{name: value})
    assert f"TWITCHWISE_TELEGRAM_{name.upper()}" in str(error.value) and "hunter2" not in str(error.value)


def test_the_secret_is_the_same_in_every_process_and_telegram_takes_it() -> None:
    settings = load_telegram_settings(token="123:abc")
    assert settings.webhook_secret(b"k" * 32) == load_telegram_settings(token="123:abc").webhook_secret(b"k" * 32)
    assert settings.webhook_secret(b"k" * 32) != settings.webhook_secret(b"l" * 32)
    assert settings.webhook_secret(b"k" * 32).isalnum()
    assert load_telegram_settings(token="123:abc", secret="own").webhook_secret(b"k" * 32) == "own"
