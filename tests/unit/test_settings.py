from __future__ import annotations

import stat
from pathlib import Path

import pytest

from twitchwise.settings import ROOT, Settings, SettingsError, is_loopback, load_settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "DATABASE_URL", "TWITCHWISE_API_TOKEN", "TWITCHWISE_SIGNING_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_defaults() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.actions) == ("127.0.0.1", 5005, "in-process")
    assert settings.models_dir == ROOT / "models"
    assert settings.database_url == f"sqlite:///{ROOT}/var/twitchwise.db"
    assert settings.deadline_s < 10


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "localhost")
    monkeypatch.setenv("PORT", "6000")
    monkeypatch.setenv("TWITCHWISE_LOG_LEVEL", "info")
    monkeypatch.setenv("DATABASE_URL", "postgresql://x/y")
    settings = load_settings()
    assert (settings.host, settings.port, settings.log_level, settings.database_url) == ("localhost", 6000, "INFO", "postgresql://x/y")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"), ("PORT", "abc"), ("TWITCHWISE_API_TOKEN", "short"), ("TWITCHWISE_DEADLINE_S", "30"),
        ("TWITCHWISE_ACTIONS", "elsewhere"), ("TWITCHWISE_LOG_LEVEL", "LOUD"), ("TWITCHWISE_SIGNING_KEY", "x"),
        ("TWITCHWISE_COUNTRY", "XYZ"),
    ],
)
def test_a_broken_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert name in str(error.value) and "\n" not in str(error.value)


def test_secrets_are_not_repeated_in_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWITCHWISE_SIGNING_KEY", "hush-hush")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert "hush-hush" not in str(error.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_outside_needs_a_token(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("HOST", host)
    with pytest.raises(SettingsError, match="TWITCHWISE_API_TOKEN"):
        load_settings()
    monkeypatch.setenv("TWITCHWISE_API_TOKEN", "long-enough")
    assert load_settings().host == host


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost", "::ffff:127.0.0.1")))
    assert not any(map(is_loopback, ("10.0.0.1", "", None, "localhost.example.org", "0.0.0.0")))


def test_the_signing_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = Settings(var_dir=tmp_path / "var").key()
    assert Settings(var_dir=tmp_path / "var").key() == first and len(first) >= 32
    assert stat.S_IMODE((tmp_path / "var" / "signing.key").stat().st_mode) == 0o600


def test_a_damaged_signing_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "signing.key").write_text("x")
    with pytest.raises(SettingsError, match=r"signing\.key"):
        Settings(var_dir=tmp_path).key()


def test_a_signing_key_from_the_environment_wins(tmp_path: Path) -> None:
    assert Settings(var_dir=tmp_path, signing_key="k" * 20).key() == b"k" * 20
    assert not list(tmp_path.iterdir())


def test_the_address_of_the_page() -> None:
    assert Settings(host="0.0.0.0", port=6000).url == "http://127.0.0.1:6000"
    assert Settings(host="::1", port=6000).url == "http://[::1]:6000"


WEBHOOK = {"TWITCHWISE_WEBHOOK_URL": "https://clinic.example/hook", "TWITCHWISE_WEBHOOK_SECRET": "hush-hush-hush-hush"}
MAIL = {"TWITCHWISE_SMTP_HOST": "mail.example", "TWITCHWISE_EMAIL_FROM": "bot@clinic.example", "TWITCHWISE_EMAIL_TO": "a@x.org, b@x.org"}


def test_receivers_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    none = load_settings()
    assert (none.webhook_url, none.smtp_host, none.email_to, none.retention_days) == (None, None, "", 90)
    for name, value in {**WEBHOOK, **MAIL, "TWITCHWISE_RETENTION_DAYS": "30"}.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.webhook_url == "https://clinic.example/hook" and settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == "hush-hush-hush-hush" and "hush" not in repr(settings)
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_security) == ("mail.example", 587, "starttls")
    assert (settings.email_from, settings.email_to, settings.retention_days) == ("bot@clinic.example", "a@x.org,b@x.org", 30)


@pytest.mark.parametrize(("name", "value"), [
    ("TWITCHWISE_WEBHOOK_URL", "clinic.example/hook"), ("TWITCHWISE_WEBHOOK_URL", "ftp://clinic.example"),
    ("TWITCHWISE_WEBHOOK_URL", "http://"), ("TWITCHWISE_WEBHOOK_URL", "http://clinic.example:99999/"),
    ("TWITCHWISE_WEBHOOK_SECRET", "hush"), ("TWITCHWISE_WEBHOOK_SECRET", "whsec_hush hush hush"),
    ("TWITCHWISE_SMTP_PORT", "0"), ("TWITCHWISE_SMTP_PORT", "mail"), ("TWITCHWISE_SMTP_SECURITY", "hope"),
    ("TWITCHWISE_SMTP_HOST", "mail example"), ("TWITCHWISE_EMAIL_FROM", "nobody"), ("TWITCHWISE_EMAIL_TO", "a@x.org, b"),
    ("TWITCHWISE_EMAIL_TO", "a@x.org\nbcc: c@x.org"), ("TWITCHWISE_RETENTION_DAYS", "0"), ("TWITCHWISE_RETENTION_DAYS", "long"),
])
def test_a_broken_receiver_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    for each, good in {**WEBHOOK, **MAIL, name: value}.items():
        monkeypatch.setenv(each, good)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert name in str(error.value) and "\n" not in str(error.value) and "hush" not in str(error.value)


@pytest.mark.parametrize(("given", "missing"), [
    ({"TWITCHWISE_WEBHOOK_URL": WEBHOOK["TWITCHWISE_WEBHOOK_URL"]}, "TWITCHWISE_WEBHOOK_SECRET"),
    ({**WEBHOOK, "TWITCHWISE_WEBHOOK_URL": " "}, "TWITCHWISE_WEBHOOK_URL"),
    ({"TWITCHWISE_SMTP_HOST": "mail.example"}, "TWITCHWISE_EMAIL_TO"),
    ({"TWITCHWISE_EMAIL_TO": "a@x.org"}, "TWITCHWISE_SMTP_HOST"),
    ({**MAIL, "TWITCHWISE_SMTP_USER": "bot"}, "TWITCHWISE_SMTP_PASSWORD"),
    ({"TWITCHWISE_SMTP_USER": "bot", "TWITCHWISE_SMTP_PASSWORD": "hush"}, "TWITCHWISE_SMTP_HOST"),
    ({**MAIL, "TWITCHWISE_SMTP_USER": "bot", "TWITCHWISE_SMTP_PASSWORD": "hush", "TWITCHWISE_SMTP_SECURITY": "none"},
     "TWITCHWISE_SMTP_SECURITY"),
])
def test_half_a_receiver_is_refused(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert missing in str(error.value) and "\n" not in str(error.value) and "hush" not in str(error.value)
