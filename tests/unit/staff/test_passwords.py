"""Passwords are kept as Argon2id hashes."""
from __future__ import annotations

import pytest

from twitchwise.staff.passwords import PasswordError, hash_password, is_right, needs_rehash

GOOD = "several words are good"


def test_only_the_right_password_fits_its_hash() -> None:
    kept = hash_password(GOOD)
    assert kept.startswith("$argon2id$") and GOOD not in kept and kept != hash_password(GOOD)
    assert is_right(kept, GOOD) and not is_right(kept, GOOD + " ") and not is_right(kept, "")
    assert not needs_rehash(kept)


def test_without_an_account_nothing_fits() -> None:
    assert not is_right(None, "nobody has this password") and not is_right("no hash at all", GOOD)


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_too_short_and_too_long_are_refused(password: str) -> None:
    with pytest.raises(PasswordError, match="too"):
        hash_password(password)
