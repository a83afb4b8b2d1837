"""Pseudonyms and the encryption of stored text.

A sender id (a phone number, a Telegram account) is never stored: a keyed hash stands for it, so that the database alone
does not say who wrote. Text is encrypted with Fernet (package `cryptography`) when content keys are set; the first key
encrypts, every key decrypts, so keys are changed by putting a new one in front (`privacy.rotate`).
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from twitchwise.records.errors import ContentKeyError

#: Marks encrypted text in a column that may also hold text stored before a key was set.
SEALED = "fernet:"
CONTENT_KEYS_VARIABLE = "TWITCHWISE_CONTENT_KEYS"


class Keys:
    """The secrets of the records. `master`: at least 16 bytes; `content`: Fernet keys, newest first, none to store text as it is."""

    def __init__(self, master: bytes | str, content: Iterable[str] = ()) -> None:
        secret = master.encode() if isinstance(master, str) else bytes(master)
        if len(secret) < 16:
            raise ContentKeyError("The key of the records is too short. Use 16 bytes or more (TWITCHWISE_SIGNING_KEY).")
        # Each use has a key of its own, so that a pseudonym says nothing about a signed button or a tombstone.
        self._pseudonym, self._message, self._tombstone = (
            hmac.new(secret, b"twitchwise.records." + use, hashlib.sha256).digest() for use in (b"conversation", b"message", b"deletion")
        )
        always = hmac.new(secret, b"twitchwise.records.always", hashlib.sha256).digest()
        self._always = Fernet(base64.urlsafe_b64encode(always))
        names = [name.strip() for name in content if name.strip()]
        try:
            fernets = [Fernet(name) for name in names]
        except ValueError:
            raise ContentKeyError(
                f"A key in {CONTENT_KEYS_VARIABLE} cannot be used. A key is 32 random bytes in URL-safe base64: make one with "
                '`python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"`.'
            ) from None
        self._fernet = MultiFernet(fernets) if fernets else None

    def __repr__(self) -> str:
        return f"Keys(content={'set' if self._fernet else 'not set'})"

    @property
    def encrypts(self) -> bool:
        """Whether stored text is encrypted."""
        return self._fernet is not None

    def conversation(self, sender_id: object) -> str:
        """The pseudonymous id of a conversation: 32 hexadecimal digits."""
        return self._hash(self._pseudonym, str(sender_id))

    def message(self, conversation: str, message_id: object) -> str:
        """What stands for a message id, which a channel may make from a chat's number."""
        return self._hash(self._message, f"{conversation}\n{message_id}")

    def tombstone(self, conversation: str) -> str:
        """What remains of a deleted conversation, so that late copies of it are not written again. Not the pseudonym."""
        return self._hash(self._tombstone, conversation)

    @staticmethod
    def _hash(key: bytes, value: str) -> str:
        return hmac.new(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]

    def seal(self, text: str) -> str:
        """`text` as it is stored: encrypted when content keys are set."""
        if self._fernet is None:
            return text
        return SEALED + self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, stored: str) -> str:
        """The text behind `seal`; raises ContentKeyError when no key fits."""
        if not stored.startswith(SEALED):
            return stored
        if self._fernet is None:
            raise ContentKeyError(f"Stored text is encrypted and {CONTENT_KEYS_VARIABLE} is not set. Set the key it was stored with.")
        try:
            return self._fernet.decrypt(stored[len(SEALED):].encode("ascii")).decode()
        except InvalidToken:
            raise ContentKeyError(f"No key in {CONTENT_KEYS_VARIABLE} reads the stored text. Add the key it was stored with.") from None

    def seal_always(self, text: str) -> str:
        """For what is never stored in the clear, content keys or not: a sender id that a hand-over needs, a turn on the spool."""
        return self._always.encrypt(text.encode()).decode("ascii")

    def open_always(self, stored: str) -> str:
        """The text behind `seal_always`; raises ContentKeyError when the master key is another."""
        try:
            return self._always.decrypt(stored.encode("ascii")).decode()
        except InvalidToken:
            raise ContentKeyError("What was stored cannot be read: the signing key has changed since.") from None

    def reseal(self, stored: str) -> str:
        """`stored` under the newest key; text stored before any key was set is encrypted."""
        if self._fernet is None or not stored.startswith(SEALED):
            return self.seal(self.open(stored))
        try:
            return SEALED + self._fernet.rotate(stored[len(SEALED):].encode("ascii")).decode("ascii")
        except InvalidToken:
            raise ContentKeyError(f"No key in {CONTENT_KEYS_VARIABLE} reads the stored text. Add the key it was stored with.") from None


def as_keys(key: Keys | bytes | str) -> Keys:
    """`key` itself, or keys made from a master secret and the content keys of the environment."""
    return key if isinstance(key, Keys) else Keys(key, content_keys())


def content_keys() -> list[str]:
    """The content keys of the environment, newest first."""
    return [name for name in os.environ.get(CONTENT_KEYS_VARIABLE, "").split(",") if name.strip()]
