"""Settings, read from the environment once at start-up. Secrets come from the environment only."""
from __future__ import annotations

import base64
import ipaddress
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseSettings, Field, SecretStr, ValidationError, validator

ROOT = Path(__file__).resolve().parent.parent
_ADDRESS = re.compile(r"^[^\s@,<>]+@[^\s@,<>]+$")
_ORIGIN = re.compile(r"^https?://[a-z0-9.-]+(:\d{1,5})?$|^https?://\[[0-9a-f:]+\](:\d{1,5})?$")


class SettingsError(ValueError):
    """A setting in the environment that cannot be used. The message is one line, for the operator."""


class Settings(BaseSettings):
    """Every setting of the server, with its default. Paths are taken from the project's folder."""

    host: str = Field("127.0.0.1", env="HOST")
    port: int = Field(5005, env="PORT", ge=1, le=65535)
    database_url: str = Field("sqlite:///var/twitchwise.db", env="DATABASE_URL")
    redis_url: str | None = Field(None, regex=r"^(redis|rediss|unix)://", description="what several processes share: order, limits, sockets")
    broker_url: SecretStr | None = Field(None, description="RabbitMQ that gets every event of every conversation")
    proxies: int = Field(0, ge=0, le=9, description="reverse proxies in front; the address of a person is taken from what they say")
    api_token: str | None = Field(None, min_length=8, description="operators' token for /model/parse and /conversations/<id>/tracker")
    signing_key: str | None = Field(None, min_length=16, description="signs buttons and sessions; made in var/ when not set")
    models_dir: Path = Path("models")
    var_dir: Path = Path("var")
    actions: str = Field("in-process", description="in-process, http (started beside the server), or the address of an action server")
    actions_port: int = Field(5055, ge=1, le=65535)
    action_timeout_s: float = Field(5.0, gt=0, le=30)
    deadline_s: float = Field(8.0, gt=0, lt=10, description="after this long the guard answers by itself")
    max_message_chars: int = Field(2000, ge=200, le=20000)
    max_request_bytes: int = Field(1_000_000, ge=10_000)
    rate_per_s: float = Field(1.0, gt=0, description="messages a second from one sender, in the long run")
    rate_burst: int = Field(30, ge=1)
    address_rate_per_s: float = Field(20.0, gt=0, description="messages a second from one address; loopback is not limited")
    address_rate_burst: int = Field(200, ge=1)
    tensorflow_guard: bool = Field(True, description="do not load TensorFlow, which nothing here uses")
    allowed_origins: str = Field("", description="web pages that may use the chat, as https://clinic.example; several with commas")
    session_hours: int = Field(168, ge=1, le=8760, description="a web conversation can be resumed for so long after it was last used")
    country: str | None = Field(None, regex=r"^[A-Za-z]{2}$", description="country whose emergency number is named, e.g. UK or US")
    webhook_url: str | None = Field(None, description="escalations are posted there, signed")
    webhook_secret: SecretStr | None = Field(None, min_length=16, description="signs them; whsec_ and base64, or any text")
    smtp_host: str | None = Field(None, regex=r"^[A-Za-z0-9.:-]+$", description="escalations are mailed through this server")
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: str = Field("starttls", regex=r"^(starttls|tls|none)$", description="none is for a mail server on this machine")
    smtp_user: str | None = Field(None)
    smtp_password: SecretStr | None = Field(None)
    email_from: str | None = Field(None, description="the sender's address of these mails")
    email_to: str = Field("", description="who gets them; several with commas")
    staff: str = Field("off", regex=r"^(off|on|elsewhere)$", description="the staff page: off, on, or started elsewhere by `staff serve`")
    staff_host: str = Field("127.0.0.1", description="address that the staff page listens on")
    staff_port: int = Field(5056, ge=1, le=65535, description="its port")
    staff_url: str | None = Field(None, description="its https address behind a proxy with TLS; a public host needs it")
    staff_team: str = Field("the care team", min_length=1, max_length=60, description="what people are told that the staff is")
    staff_sees_conversation: bool = Field(False, description="the staff may read what was said before a person took over")
    staff_hours: str = Field("", description="when somebody is there: Mon-Fri 09:00-17:00, Sat 10:00-12:00")
    staff_timezone: str = Field("UTC", description="the time zone of these hours, as Europe/London")
    staff_idle_minutes: int = Field(15, ge=1, le=1440, description="the assistant answers again when nobody of the staff wrote for so long")
    staff_session_minutes: int = Field(480, ge=5, le=1440, description="a login of the staff ends after so long")
    retention_days: int = Field(90, ge=1, le=3650, description="conversations that were quiet for so long are deleted")
    log_level: str = Field("WARNING", regex=r"^(DEBUG|INFO|WARNING|ERROR|CRITICAL)$")
    log_format: str = Field("text", regex=r"^(text|json)$")

    class Config:
        env_prefix = "TWITCHWISE_"

    @validator("models_dir", "var_dir")
    def _below_project(cls, value: Path) -> Path:
        return value if value.is_absolute() else ROOT / value

    @validator("database_url")
    def _sqlite_below_project(cls, value: str) -> str:
        prefix = "sqlite:///"
        if value.startswith(prefix) and not value.startswith(prefix + "/") and value != prefix + ":memory:":
            return f"{prefix}{ROOT / value[len(prefix):]}"
        return value

    @validator("actions")
    def _known_actions(cls, value: str) -> str:
        if value in ("in-process", "http") or value.startswith(("http://", "https://")):
            return value
        raise ValueError('must be "in-process", "http" or an address that begins with http://')

    @validator("allowed_origins")
    def _origins(cls, value: str) -> str:
        origins = [origin.strip().lower().rstrip("/") for origin in value.split(",") if origin.strip()]
        for origin in origins:
            if not _ORIGIN.match(origin):
                raise ValueError(f"{origin!r} is no origin; write it as https://clinic.example, without a path, several with commas")
        return ",".join(origins)

    @validator(
        "api_token", "signing_key", "redis_url", "broker_url", "webhook_url", "webhook_secret", "smtp_host", "smtp_user", "smtp_password",
        "email_from", pre=True)
    def _empty_is_unset(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @validator("broker_url")
    def _broker_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("amqp://", "amqps://")):
            raise ValueError("must begin with amqp:// or amqps://")
        return value

    @validator("webhook_url")
    def _web_address(cls, value: str | None) -> str | None:
        problem = "must be a whole web address, as https://clinic.example/hook"
        try:
            parts = urlsplit(value or "")
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            raise ValueError(problem) from None
        if value and (not good or any(character.isspace() for character in value)):
            raise ValueError(problem)
        return value

    @validator("webhook_secret")
    def _usable_secret(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value else ""
        if text.startswith("whsec_"):
            try:
                base64.b64decode(text[len("whsec_"):], validate=True)
            except ValueError:
                raise ValueError("must be base64 after whsec_") from None
        return value

    @validator("email_from")
    def _mail_address(cls, value: str | None) -> str | None:
        if value and not _ADDRESS.match(value):
            raise ValueError("must be one mail address, as assistant@clinic.example")
        return value

    @validator("email_to")
    def _mail_addresses(cls, value: str) -> str:
        addresses = [address.strip() for address in value.split(",") if address.strip()]
        if not all(_ADDRESS.match(address) for address in addresses):
            raise ValueError("must be mail addresses, as duty@clinic.example, several with commas")
        return ",".join(addresses)

    @validator("staff_url")
    def _staff_address(cls, value: str | None) -> str | None:
        value = (value or "").strip().rstrip("/").lower()
        if value and not (_ORIGIN.match(value) and value.startswith("https://")):
            raise ValueError("must be an https address without a path, as https://staff.clinic.example")
        return value or None

    @validator("staff_hours")
    def _opening_hours(cls, value: str) -> str:
        from twitchwise.staff.hours import parse_hours

        parse_hours(value)
        return value

    @validator("staff_timezone")
    def _known_zone(cls, value: str) -> str:
        from twitchwise.staff.hours import parse_hours

        parse_hours("", value)
        return value

    @validator("log_level", "country", pre=True)
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @property
    def is_loopback(self) -> bool:
        """Whether the server can be reached from this machine only."""
        return is_loopback(self.host)

    @property
    def url(self) -> str:
        """Where a browser on this machine reaches the server."""
        host = self.host if self.host not in ("0.0.0.0", "::", "") else "127.0.0.1"
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def has_staff(self) -> bool:
        """Whether there is a staff page, here or elsewhere."""
        return self.staff != "off"

    def opening_hours(self) -> Any:
        """When somebody of the staff is there (twitchwise.staff.hours.Hours)."""
        from twitchwise.staff.hours import parse_hours

        return parse_hours(self.staff_hours, self.staff_timezone)

    def key(self) -> bytes:
        """The signing key: from the environment, else a file in var/ that only the owner can read."""
        if self.signing_key:
            return self.signing_key.encode()
        path = self.var_dir / "signing.key"
        self.var_dir.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = path.read_text(encoding="ascii").strip()
            if len(key) < 32:
                raise SettingsError(f"The signing key in {path} is damaged. Delete the file and start again.") from None
            return key.encode()
        with os.fdopen(handle, "w", encoding="ascii") as file:
            key = secrets.token_hex(32)
            file.write(key + "\n")
        return key.encode()


def is_loopback(host: str | None) -> bool:
    """Whether `host` (a name or an address) is this machine's loopback."""
    if not host:
        return False
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _names(field: str) -> str:
    """The environment variable behind a field."""
    return next(iter(sorted(Settings.__fields__[field].field_info.extra.get("env_names", {field}) or {field}))).upper()


def _lines(errors: Iterable[dict[str, Any]]) -> str:
    return "; ".join(f"{_names(str(error['loc'][0]))}: {error['msg']}" for error in errors)


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment; raises SettingsError with one clear line."""
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        raise SettingsError(f"A setting in the environment cannot be used. {_lines(error.errors())}. Correct it or unset it.") from None
    if not settings.is_loopback and not settings.api_token:
        raise SettingsError(
            f"HOST is {settings.host}, so the server can be reached from outside, but TWITCHWISE_API_TOKEN is not set. "
            "Set it (8 characters or more), or use HOST=127.0.0.1."
        )
    if settings.has_staff and not is_loopback(settings.staff_host) and not settings.staff_url:
        raise SettingsError(
            f"TWITCHWISE_STAFF_HOST is {settings.staff_host}, so the staff page can be reached from outside, but TWITCHWISE_STAFF_URL is not "
            "set. Put a proxy with TLS in front and set its https address, or use TWITCHWISE_STAFF_HOST=127.0.0.1."
        )
    _check_receivers(settings)
    return settings


def _check_receivers(settings: Settings) -> None:
    """A receiver that is set up by half would get nothing, and nobody would know. Raises SettingsError."""
    for names in (("webhook_url", "webhook_secret"), ("smtp_host", "email_from", "email_to"), ("smtp_user", "smtp_password")):
        missing = [name for name in names if not getattr(settings, name)]
        if missing and len(missing) < len(names):
            present = next(name for name in names if name not in missing)
            raise SettingsError(f"{_names(present)} is set, but {' and '.join(map(_names, missing))} is not. Set all of them, or none.")
    if settings.smtp_user and not settings.smtp_host:
        raise SettingsError(f"{_names('smtp_user')} is set, but {_names('smtp_host')} is not. Set all of them, or none.")
    if settings.smtp_user and settings.smtp_security == "none" and not is_loopback(settings.smtp_host):
        raise SettingsError(f"{_names('smtp_security')} is none, so the mail password would be sent in the clear. Use starttls or tls.")
