"""Where escalations go: a webhook, signed as the Standard Webhooks specification says, or e-mail."""
from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Protocol

import aiohttp

from twitchwise.records.outbox import Claim

WEBHOOK, EMAIL = "webhook", "email"
#: A signature older than this is refused by `verify`.
TOLERANCE_S = 300
_SIGNATURE_VERSION = "v1"


class DeliveryFailed(Exception):
    """The receiver does not have it. `code` says why without quoting anybody; `retry_after_s`: what the receiver asked for."""

    def __init__(self, code: str, retry_after_s: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s


class Target(Protocol):
    """Somewhere to deliver to."""

    name: str

    async def send(self, claim: Claim, now: datetime) -> None:
        """Deliver; raises DeliveryFailed, or TimeoutError, when the receiver did not take it."""

    async def close(self) -> None:
        """Let go of connections."""


def payload(claim: Claim) -> dict[str, Any]:
    """What a receiver gets: codes only, no words and no address of the person."""
    return {
        "type": "twitchwise.escalation",
        "id": claim.escalation_id,
        "timestamp": claim.created_at.isoformat(),
        "data": {
            "conversation": claim.conversation, "kind": claim.kind, "level": claim.level, "red_flags": list(claim.red_flags),
            "said": list(claim.said), "rules_version": claim.rules_version,
        },
    }


def sign(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header webhook-signature."""
    digest = hmac.new(secret, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"{_SIGNATURE_VERSION},{base64.b64encode(digest).decode('ascii')}"


def verify(secret: bytes, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """For receivers: whether `body` comes from whoever knows `secret` and is fresh. `now`: seconds since 1970."""
    try:
        message_id, timestamp = headers["webhook-id"], int(headers["webhook-timestamp"])
    except (KeyError, ValueError):
        return False
    expected = sign(secret, message_id, timestamp, body)
    given = headers.get("webhook-signature", "").split()
    return abs(now - timestamp) <= TOLERANCE_S and any(hmac.compare_digest(expected, each) for each in given)


def secret_bytes(secret: str) -> bytes:
    """A secret as the specification writes it ("whsec_" and base64), or any other text as it is."""
    if secret.startswith("whsec_"):
        return base64.b64decode(secret[len("whsec_"):])
    return secret.encode()


@dataclass(frozen=True)
class WebhookSettings:
    """`timeout_s`: for the whole request."""

    url: str
    secret: str
    timeout_s: float = 10.0


class Webhook:
    """Posts JSON. Any 2xx answer means that the receiver has it; redirects are not followed (they could lead anywhere)."""

    name = WEBHOOK

    def __init__(self, settings: WebhookSettings) -> None:
        self.settings = settings
        self._secret = secret_bytes(settings.secret)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, claim: Claim, now: datetime) -> None:
        """Post one escalation; raises DeliveryFailed."""
        body = json.dumps(payload(claim), separators=(",", ":"), sort_keys=True).encode()
        stamp = int(now.timestamp())
        headers = {
            "content-type": "application/json", "user-agent": "twitchwise", "idempotency-key": claim.idempotency_key,
            "webhook-id": claim.idempotency_key, "webhook-timestamp": str(stamp),
            "webhook-signature": sign(self._secret, claim.idempotency_key, stamp, body),
        }
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.settings.timeout_s))
        try:
            async with self._session.post(self.settings.url, data=body, headers=headers, allow_redirects=False) as answer:
                if not 200 <= answer.status < 300:
                    raise DeliveryFailed(f"http_{answer.status}", _retry_after(answer.headers.get("retry-after")))
        except asyncio.TimeoutError:
            raise DeliveryFailed("timeout") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise DeliveryFailed(type(error).__name__) from None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _retry_after(value: str | None) -> float | None:
    return float(value) if value and value.isdigit() else None


@dataclass(frozen=True)
class EmailSettings:
    """`security`: starttls | tls | none (none is for a mail server on this machine)."""

    host: str
    sender: str
    recipients: tuple[str, ...]
    port: int = 587
    user: str | None = None
    password: str | None = None
    security: str = "starttls"
    timeout_s: float = 15.0
    staff_page: str | None = None


class Email:
    """Sends one message to every recipient. Its Message-ID is the same for every attempt, so that mail systems see one message."""

    name = EMAIL

    def __init__(self, settings: EmailSettings) -> None:
        self.settings = settings

    async def send(self, claim: Claim, now: datetime) -> None:
        """Send one escalation; raises DeliveryFailed."""
        try:
            # smtplib blocks; its own time limit is for each step only, so the whole gets one as well.
            await asyncio.wait_for(asyncio.to_thread(self._send, self.message(claim, now)), self.settings.timeout_s * 2)
        except asyncio.TimeoutError:
            raise DeliveryFailed("timeout") from None
        except smtplib.SMTPResponseException as error:
            raise DeliveryFailed(f"smtp_{error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(type(error).__name__) from None

    def message(self, claim: Claim, now: datetime) -> EmailMessage:
        """The message as it is sent: codes only."""
        settings, message = self.settings, EmailMessage()
        message["From"], message["To"] = settings.sender, ", ".join(settings.recipients)
        message["Subject"] = f"Twitchwise: {claim.level} ({', '.join(claim.red_flags) or claim.kind})"
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{claim.idempotency_key}@{settings.sender.rpartition('@')[2].strip('>') or 'twitchwise'}>"
        message["X-Twitchwise-Idempotency-Key"] = claim.idempotency_key
        lines = [
            "Somebody who wrote to the assistant needs to be looked at.", "",
            f"Level: {claim.level}", f"Kind: {claim.kind}", f"Red flags: {', '.join(claim.red_flags) or 'none'}",
            f"What was told, in codes: {', '.join(claim.said) or 'nothing'}", f"When: {claim.created_at.isoformat()}",
            f"Conversation: {claim.conversation}", f"Rules: {claim.rules_version or 'unknown'}",
        ]
        if settings.staff_page:
            lines += ["", f"To pick it up: {settings.staff_page}"]
        message.set_content("\n".join(lines) + "\n")
        return message

    def _send(self, message: EmailMessage) -> None:
        settings = self.settings
        kind = smtplib.SMTP_SSL if settings.security == "tls" else smtplib.SMTP
        with kind(settings.host, settings.port, timeout=settings.timeout_s) as server:
            if settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.user:
                server.login(settings.user, settings.password or "")
            server.send_message(message)

    async def close(self) -> None:
        """Nothing is kept open."""
