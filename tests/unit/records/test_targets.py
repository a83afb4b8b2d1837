"""Signatures, payloads and pauses."""
from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.records.delivery import DeliverySettings
from twitchwise.records.outbox import Claim
from twitchwise.records.targets import TOLERANCE_S, Email, EmailSettings, payload, secret_bytes, sign, verify

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
CLAIM = Claim(1, "l" * 32, "webhook", 1, NOW, "e" * 32, "c" * 32, "red_flag", "emergency", ("stroke_signs",), ("weakness:present",), "r1",
              NOW)


def headers(body: bytes, at: int, secret: bytes = b"secret", key: str = "id") -> dict[str, str]:
    return {"webhook-id": key, "webhook-timestamp": str(at), "webhook-signature": sign(secret, key, at, body)}


@given(st.binary(), st.binary(min_size=1), st.integers(0, 2**40))
def test_a_signature_fits_its_body_only(body, secret, at):
    made = headers(body, at, secret)
    assert verify(secret, made, body, at)
    assert not verify(secret, made, body + b"x", at)
    assert not verify(secret + b"x", made, body, at)
    assert not verify(secret, {**made, "webhook-id": "other"}, body, at)
    assert not verify(secret, {**made, "webhook-timestamp": str(at + 1)}, body, at)


def test_it_is_signed_as_the_standard_says():
    """Standard Webhooks: base64 of the HMAC-SHA256 of "id.timestamp.body" behind "v1,"."""
    expected = base64.b64encode(hmac.new(b"secret", b"msg_1.1700000000.{}", hashlib.sha256).digest()).decode()
    assert sign(b"secret", "msg_1", 1700000000, b"{}") == f"v1,{expected}"
    assert secret_bytes("whsec_c2VjcmV0") == b"secret"
    assert secret_bytes("plain") == b"plain"


@pytest.mark.parametrize("late", [TOLERANCE_S + 1, -TOLERANCE_S - 1])
def test_an_old_signature_is_refused(late):
    assert verify(b"secret", headers(b"x", 10_000), b"x", 10_000)
    assert not verify(b"secret", headers(b"x", 10_000), b"x", 10_000 + late)


@pytest.mark.parametrize("change", [{"webhook-timestamp": "soon"}, {"webhook-signature": ""}, {"webhook-signature": "v2,abc"}])
def test_damaged_headers_are_refused(change):
    assert not verify(b"secret", {**headers(b"x", 1), **change}, b"x", 1)
    assert not verify(b"secret", {}, b"x", 1)


def test_a_secret_that_changes_may_be_signed_with_both():
    made = headers(b"x", 1)
    made["webhook-signature"] = "v1,wrong " + made["webhook-signature"]
    assert verify(b"secret", made, b"x", 1)


def test_the_payload_is_codes():
    assert payload(CLAIM) == {
        "type": "twitchwise.escalation", "id": "e" * 32, "timestamp": "2026-03-01T12:00:00+00:00",
        "data": {"conversation": "c" * 32, "kind": "red_flag", "level": "emergency", "red_flags": ["stroke_signs"],
                 "said": ["weakness:present"], "rules_version": "r1"}}


def test_the_mail_names_level_flags_and_the_staff_page():
    settings = EmailSettings("mail.example", "Bot <bot@clinic.example>", ("a@clinic.example", "b@clinic.example"),
                             staff_page="https://clinic.example/staff")
    message = Email(settings).message(CLAIM, NOW)
    assert message["To"] == "a@clinic.example, b@clinic.example"
    assert message["Subject"] == "Twitchwise: emergency (stroke_signs)"
    assert message["Message-ID"] == f"<{'e' * 32}-webhook@clinic.example>"
    for part in ("weakness:present", "c" * 32, "https://clinic.example/staff"):
        assert part in message.get_content()


def test_pauses_grow_are_bounded_and_heed_the_receiver():
    settings = DeliverySettings()
    pauses = [settings.pause_s(attempt) for attempt in range(1, 40)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[1], pauses[-1]) == (2.0, 4.0, 600.0)
    assert settings.pause_s(1, retry_after_s=30) == 30
    assert settings.pause_s(1, retry_after_s=10**9) == 600
    assert settings.targets() == ()
