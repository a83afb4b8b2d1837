"""Passwords of the staff: Argon2id with the library's own parameters, made anew when these change."""
from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200


class PasswordError(ValueError):
    """A password that cannot be used. The message is for the person who chose it."""


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    """The hash that stands for an account that is not there: looking one up must not take longer than another."""
    return _hasher().hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash to keep. Raises PasswordError for a password that is too short, or too long to be typed."""
    if len(password) < SHORTEST:
        raise PasswordError(f"The password is too short. Use {SHORTEST} characters or more; several words are good.")
    if len(password) > LONGEST:
        raise PasswordError(f"The password is too long. Use at most {LONGEST} characters.")
    return _hasher().hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether a password fits a hash. Takes as long without one (None)."""
    try:
        _hasher().verify(stored or _nobody(), password[:LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made with older parameters."""
    return _hasher().check_needs_rehash(stored)
