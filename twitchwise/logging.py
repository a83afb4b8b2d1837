"""Logs without anyone's words: no message text, no local variables, pseudonymous conversation ids."""
from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from types import TracebackType
from typing import Any

import structlog

from twitchwise.tracing import current_trace

#: Keys of Rasa's structured events that hold what somebody wrote, or what was made of it.
PRIVATE_KEYS = frozenset({
    "text", "response_text", "user_text", "slot_values", "parse_data", "parse_data_text", "parse_data_entities",
    "parse_data_intent", "prediction_events", "tracker_latest_message", "prefilled_slots", "message", "response",
    "slot_candidates", "rasa_event", "rasa_events", "tracker_states", "current_states", "old_states", "successes",
    "current_entity", "next_entity", "states", "entity", "token_text", "user_message", "json_message", "payload", "body",
})
_SENDER_KEYS = ("sender_id", "sender", "conversation_id", "conversation", "recipient_id")
_NOISY = ("sanic", "apscheduler", "asyncio", "socketio", "engineio", "matplotlib", "urllib3", "alembic", "rasa_sdk")


#: Without a key, who knows a phone number could find its owner's lines by hashing it.
_key = b""
_conversation: ContextVar[str | None] = ContextVar("twitchwise_conversation", default=None)


def pseudonym(conversation: object) -> str:
    """A short stable name for a conversation in logs; not the key of the records."""
    return hashlib.blake2s(str(conversation).encode("utf-8", "replace"), digest_size=6, key=_key, person=b"log").hexdigest()


@contextlib.contextmanager
def about(conversation: str) -> Iterator[None]:
    """Every line logged inside names this conversation, by its pseudonym, where logs are JSON."""
    token = _conversation.set(conversation)
    try:
        yield
    finally:
        _conversation.reset(token)


def _context() -> dict[str, str]:
    """Which conversation and which trace a line belongs to."""
    conversation, trace = _conversation.get(), current_trace()
    found = {"conversation": pseudonym(conversation)} if conversation else {}
    return {**found, "trace": trace} if trace else found


def _frames(trace: TracebackType | None) -> str:
    """Where an error came from: files, lines and functions, never values."""
    newest_first = reversed(traceback.extract_tb(trace)[-8:])
    return " < ".join(f"{frame.name}@{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in newest_first)


def _private(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Structlog processor: drop private keys, hash senders, reduce an exception to its kind and place."""
    clean = {key: value for key, value in event.items() if key not in PRIVATE_KEYS}
    for key in _SENDER_KEYS:
        if key in clean:
            clean[key] = pseudonym(clean[key])
    info = clean.pop("exc_info", None)
    if info:
        kind, _error, trace = info if isinstance(info, tuple) else sys.exc_info()
        if kind is not None:
            clean["error"], clean["where"] = kind.__name__, _frames(trace)
    return {**_context(), **clean}


class PrivateFormatter(logging.Formatter):
    """Formats standard log records. The message of an exception may quote a user, so only its kind and place are kept."""

    def __init__(self, as_json: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.as_json = as_json

    def formatException(self, ei: Any) -> str:
        kind, _error, trace = ei
        return f"{getattr(kind, '__name__', 'error')} at {_frames(trace)}"

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None
        if not self.as_json:
            return super().format(record)
        entry = {"time": self.formatTime(record), "level": record.levelname.lower(), "logger": record.name, "event": record.getMessage(), **_context()}
        if record.exc_info and record.exc_info[0]:
            entry["where"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def configure_logging(level: str = "WARNING", log_format: str = "text", key: bytes | None = None) -> None:
    """Set up standard logging and structlog for this process (Rasa leaves structlog on debug when nobody does). `key`: makes pseudonyms."""
    global _key
    if key is not None:
        _key = hashlib.sha256(key).digest()
    number = logging.getLevelName(level)
    # Below INFO, Rasa's standard loggers print trackers and slots: they stay on INFO at most.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PrivateFormatter(log_format == "json"))
    logging.basicConfig(level=number, handlers=[handler], force=True)
    logging.getLogger("rasa").setLevel(max(number, logging.INFO))
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    # Rasa's libraries warn about each other at import; our own warnings show in the tests, where they are errors.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(max(number, logging.ERROR))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            _private,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(max(number, logging.INFO)),
        cache_logger_on_first_use=True,
    )
