"""Which web pages may use the server."""
from __future__ import annotations

import pytest

from twitchwise.channels.web_origins import Origins
from twitchwise.settings import SettingsError, load_settings

origins = Origins("https://clinic.example,http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "chat.example", True),
        ("https://chat.example", "chat.example", True),
        ("http://chat.example", "chat.example", True),
        ("https://CLINIC.example", "chat.example", True),
        ("http://127.0.0.1:8000", "chat.example", True),
        ("https://clinic.example.evil.example", "chat.example", False),
        ("https://evil.example", "chat.example", False),
        ("https://chat.example:8443", "chat.example", False),
        ("http://clinic.example", "chat.example", False),
        ("null", "chat.example", False),
        ("file://chat.example", "chat.example", False),
        ("https://[", "chat.example", False),
        ("", "", False),
    ],
)
def test_only_our_page_and_those_listed(origin: str | None, host: str, allowed: bool) -> None:
    assert origins.allows(origin, host) is allowed


def test_only_other_sites_get_cors_headers() -> None:
    assert origins.other_site("https://clinic.example", "chat.example") == "https://clinic.example"
    assert origins.other_site("https://chat.example", "chat.example") is None
    assert origins.other_site("https://evil.example", "chat.example") is None


def test_the_setting_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWITCHWISE_ALLOWED_ORIGINS", "https://Clinic.example/ , http://localhost:8000")
    assert load_settings().allowed_origins == "https://clinic.example,http://localhost:8000"
    monkeypatch.setenv("TWITCHWISE_ALLOWED_ORIGINS", "clinic.example")
    with pytest.raises(SettingsError, match=r"ALLOWED_ORIGINS.*https://clinic\.example"):
        load_settings()
