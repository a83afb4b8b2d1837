"""Session tokens: only ours, only for their conversation, only while they last."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.channels.tokens import TokenSigner
from twitchwise.channels.web_session import Session, SessionSigner

KEY = b"k" * 32
NOW = 1_800_000_000.0
signer = SessionSigner(KEY, hours=2)


def test_a_token_opens_its_own_session_until_it_expires() -> None:
    session = signer.new(NOW)
    token = signer.token(session)
    assert signer.check(token, NOW) == session
    assert signer.check(token, NOW + 2 * 3600 - 1) == session
    assert signer.check(token, NOW + 2 * 3600 + 1) is None
    assert session.conversation.startswith("web:")


def test_a_renewed_session_is_the_same_conversation_for_longer() -> None:
    session = signer.new(NOW)
    later = signer.renewed(session, NOW + 3600)
    assert later.conversation == session.conversation and later.expires == session.expires + 3600


def test_neither_the_conversation_nor_the_end_can_be_changed() -> None:
    session, other = signer.new(NOW), signer.new(NOW)
    token = signer.token(session)
    head, _, expires, mac = token.split(".")
    assert signer.check(f"{head}.{other.id}.{expires}.{mac}", NOW) is None
    assert signer.check(f"{head}.{session.id}.{int(expires) + 1}.{mac}", NOW) is None


def test_another_key_makes_other_tokens() -> None:
    session = Session("0" * 32, int(NOW) + 60)
    assert SessionSigner(b"x" * 32, hours=2).check(signer.token(session), NOW) is None


def test_a_button_token_is_no_session() -> None:
    assert signer.check(TokenSigner(KEY).issue("web:1", "{}"), NOW) is None


SHAPED = st.from_regex(r"tws1\.[0-9a-f]{32}\.\d{1,12}\.[A-Za-z0-9_-]{43}", fullmatch=True)


@given(st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text()), SHAPED))
def test_nothing_made_up_is_a_session(raw: object) -> None:
    assert signer.check(raw, NOW) is None


@given(st.integers(min_value=0, max_value=10**10))
def test_every_token_round_trips(now: int) -> None:
    session = signer.new(now)
    assert signer.check(signer.token(session), now) == session


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        SessionSigner(b"short", hours=1)
