from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from twitchwise import background
from twitchwise.records import upkeep
from twitchwise.records.targets import EMAIL, WEBHOOK
from twitchwise.settings import Settings

HOOK = {"webhook_url": "http://127.0.0.1:9/hook", "webhook_secret": "s" * 16}
MAIL = {"smtp_host": "localhost", "email_from": "bot@x.org", "email_to": "a@x.org, b@x.org", "smtp_port": 25, "smtp_security": "none"}


def test_only_whole_receivers_are_delivered_to() -> None:
    assert background.delivery_settings(Settings()).targets() == ()
    assert background.delivery_settings(Settings(webhook_url=HOOK["webhook_url"])).targets() == ()
    both = background.delivery_settings(Settings(**HOOK, **MAIL, smtp_user="bot", smtp_password="hush"))
    assert [target.name for target in both.targets()] == [WEBHOOK, EMAIL]
    assert both.webhook is not None and (both.webhook.url, both.webhook.secret) == (HOOK["webhook_url"], "s" * 16)
    email = both.email
    assert email is not None and email.recipients == ("a@x.org", "b@x.org") and (email.host, email.port) == ("localhost", 25)
    assert (email.sender, email.user, email.password, email.security) == ("bot@x.org", "bot", "hush", "none")


async def test_it_begins_again_when_it_breaks_off_and_ends_when_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    again = asyncio.Event()

    async def keep_up(_recorder: object, _deliveries: object, *, retention_days: int, stop: asyncio.Event) -> None:
        calls.append(retention_days)
        if len(calls) == 1:
            raise OSError("broken")
        again.set()
        await stop.wait()

    monkeypatch.setattr(upkeep, "keep_up", keep_up)
    monkeypatch.setattr(background, "AGAIN_S", 0.01)
    settings = Settings(var_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/x.db", retention_days=12)
    async with background.background_for(settings):
        await asyncio.wait_for(again.wait(), 60)
    assert calls == [12, 12]


async def test_what_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[bool] = []

    async def keep_up(*_given: object, **_named: object) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    monkeypatch.setattr(upkeep, "keep_up", keep_up)
    monkeypatch.setattr(background, "STOP_S", 0.1)
    async with background.background_for(Settings(var_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/x.db")):
        await asyncio.sleep(0)
    assert ended == [True]


@pytest.mark.parametrize(("keys", "warned"), [("", True), ("Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmE=", False)])
async def test_it_warns_when_stored_text_is_not_encrypted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, keys: str, warned: bool
) -> None:
    monkeypatch.setenv("TWITCHWISE_CONTENT_KEYS", keys)
    caplog.set_level("WARNING")
    async with background.background_for(Settings(var_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/x.db")):
        pass
    assert ("TWITCHWISE_CONTENT_KEYS is not set" in caplog.text) is warned
