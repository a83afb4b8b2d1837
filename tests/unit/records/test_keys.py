"""Pseudonyms say nothing and stay the same; text is sealed."""
from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.records.errors import ContentKeyError
from twitchwise.records.keys import Keys, as_keys

KEYS = Keys(b"a master key of 32 bytes or more!")
SEALING = Keys(b"a master key of 32 bytes or more!", [Fernet.generate_key().decode()])


@given(st.text())
def test_a_pseudonym_is_stable_and_does_not_hold_the_sender(sender):
    name = KEYS.conversation(sender)
    assert name == KEYS.conversation(sender)
    assert len(name) == 32 and set(name) <= set("0123456789abcdef")
    assert len(sender) < 4 or sender not in name
    assert name != Keys(b"another master key of 32 bytes...").conversation(sender)
    assert len({name, KEYS.message(name, sender), KEYS.tombstone(name)}) == 3


@given(st.text(), st.text())
def test_different_senders_have_different_names(one, other):
    assert (KEYS.conversation(one) == KEYS.conversation(other)) == (one == other)


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",))))
def test_what_is_sealed_opens_again(text):
    if not text.startswith("fernet:"):
        assert KEYS.open(KEYS.seal(text)) == text
    sealed = SEALING.seal(text)
    assert sealed.startswith("fernet:") and (len(text) < 4 or text not in sealed)
    assert SEALING.open(sealed) == text
    assert KEYS.open_always(KEYS.seal_always(text)) == text


def test_rotation_needs_the_old_key_until_it_is_done():
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    stored = Keys(b"m" * 32, [old]).seal("words")
    both = Keys(b"m" * 32, [new, old])
    assert both.open(stored) == "words"
    again = both.reseal(stored)
    assert Keys(b"m" * 32, [new]).open(again) == "words"
    assert Keys(b"m" * 32, [new]).open(both.reseal("plain words")) == "plain words"
    for keys in (Keys(b"m" * 32, [new]), Keys(b"m" * 32)):
        with pytest.raises(ContentKeyError, match="TWITCHWISE_CONTENT_KEYS"):
            keys.open(stored)
    with pytest.raises(ContentKeyError):
        Keys(b"m" * 32, [new]).reseal(stored)
    with pytest.raises(ContentKeyError, match="signing key"):
        Keys(b"n" * 32).open_always(Keys(b"m" * 32).seal_always("words"))


@pytest.mark.parametrize("master, content", [(b"short", []), ("", []), (b"m" * 32, ["not a key"])])
def test_bad_keys_are_refused_with_what_to_do(master, content):
    with pytest.raises(ContentKeyError) as caught:
        Keys(master, content)
    assert "TWITCHWISE_" in str(caught.value)
    assert "not a key" not in str(caught.value)


def test_secrets_are_not_printed(monkeypatch):
    monkeypatch.setenv("TWITCHWISE_CONTENT_KEYS", f"{Fernet.generate_key().decode()}, {Fernet.generate_key().decode()}")
    keys = as_keys("a master key of 32 bytes or more!")
    assert keys.encrypts
    assert repr(keys) == "Keys(content=set)"
    assert as_keys(keys) is keys
