from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.channels.tokens import Button, TokenSigner, buttons_of, looks_like_token

SIGNER = TokenSigner(b"k" * 32)
YES = Button("Yes", '{"answer": "yes"}')
NO = Button("No", '{"answer": "no"}')


def test_a_token_resolves_to_its_button() -> None:
    assert SIGNER.resolve(SIGNER.issue("c1", NO.payload), "c1", [YES, NO]) == NO


def test_a_token_is_worthless_in_another_conversation() -> None:
    assert SIGNER.resolve(SIGNER.issue("c1", YES.payload), "c2", [YES, NO]) is None


def test_a_token_for_what_was_never_offered_is_worthless() -> None:
    assert SIGNER.resolve(SIGNER.issue("c1", '{"intent": "delete_my_data"}'), "c1", [YES, NO]) is None


def test_another_key_gives_other_tokens() -> None:
    assert TokenSigner(b"x" * 32).issue("c1", YES.payload) != SIGNER.issue("c1", YES.payload)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        TokenSigner(b"short")


def test_tokens_fit_telegram_and_look_like_tokens() -> None:
    token = SIGNER.issue("telegram:123456789012", YES.payload)
    assert len(token.encode()) <= 64
    assert looks_like_token(token)


def test_what_people_type_is_no_token() -> None:
    for text in ("yes", "tw-", "tw-abc", "twitching", None, 3, "tw-" + "a" * 26, "tw-" + "a" * 28, "tw-" + "ä" * 27):
        assert not looks_like_token(text)


@given(st.text(), st.text(), st.text(), st.text())
def test_parts_cannot_be_shifted_between_conversation_and_payload(a: str, b: str, c: str, d: str) -> None:
    assert (SIGNER.issue(a, b) == SIGNER.issue(c, d)) == ((a, b) == (c, d))


def test_buttons_come_newest_first_from_events() -> None:
    events = [
        {"event": "bot", "data": {"buttons": [{"title": "Yes", "payload": "1"}]}},
        {"event": "user"},
        {"event": "bot", "data": {"buttons": [{"title": "No", "payload": "2"}, {"title": "no payload"}]}},
        {"event": "bot", "data": None},
    ]
    assert buttons_of(events) == [Button("No", "2"), Button("Yes", "1")]
