from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from twitchwise import logging as our_logging
from twitchwise.logging import PrivateFormatter, configure_logging, pseudonym

SECRET = "my husband wants to die"


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    root, level, handlers = logging.getLogger(), logging.getLogger().level, list(logging.getLogger().handlers)
    yield
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()


def fail(text: str) -> None:
    copy_of_text = text
    raise ValueError(f"cannot read {copy_of_text}")


def record_of_failure() -> logging.LogRecord:
    try:
        fail(SECRET)
    except ValueError:
        import sys

        return logging.LogRecord("rasa.core.processor", logging.ERROR, __file__, 1, "Encountered an exception", None, sys.exc_info())
    raise AssertionError("fail() did not raise")


@pytest.mark.parametrize("as_json", [True, False])
def test_an_exception_is_its_kind_and_place_never_its_words(as_json: bool) -> None:
    line = PrivateFormatter(as_json).format(record_of_failure())
    assert "ValueError" in line and "fail@test_logging.py" in line
    assert SECRET not in line


def test_json_lines_can_be_read() -> None:
    entry = json.loads(PrivateFormatter(True).format(record_of_failure()))
    assert entry["level"] == "error" and entry["logger"] == "rasa.core.processor"


def test_rasa_events_lose_text_and_senders(monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.StringIO()
    monkeypatch.setattr("sys.stderr", output)
    configure_logging("INFO")
    log = structlog.get_logger()
    log.error("processor.message.parse", parse_data_text=SECRET, rasa_events=[SECRET], slot_values=SECRET, sender_id="anna", length=3)
    try:
        fail(SECRET)
    except ValueError:
        log.exception("it failed", user_message=SECRET)
    text = output.getvalue()
    assert "processor.message.parse" in text and "ValueError" in text and '"length": 3' in text
    assert SECRET not in text and "anna" not in text and pseudonym("anna") in text


def test_debug_never_reaches_rasas_loggers(monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.StringIO()
    monkeypatch.setattr("sys.stderr", output)
    configure_logging("DEBUG")
    logging.getLogger("rasa.core.processor").debug("Current slot values: %s", SECRET)
    structlog.get_logger().debug("anything", other=SECRET)
    assert SECRET not in output.getvalue()


def test_pseudonyms_are_stable_and_differ() -> None:
    assert pseudonym("a") == pseudonym("a") != pseudonym("b")
    assert "a-long-sender" not in pseudonym("a-long-sender")
    assert {"text", "message", "slot_values"} <= our_logging.PRIVATE_KEYS


def test_lines_name_their_conversation_by_a_keyed_pseudonym(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(our_logging, "_key", b"")
    bare = pseudonym("07700900123")
    configure_logging("WARNING", "json", b"a key of the operator's own")
    record = logging.LogRecord("twitchwise", logging.WARNING, __file__, 1, "The safety net answers", None, None)
    with our_logging.about("07700900123"):
        line = PrivateFormatter(True).format(record)
    assert json.loads(line)["conversation"] == pseudonym("07700900123") != bare
    assert "07700900123" not in line
    assert "conversation" not in json.loads(PrivateFormatter(True).format(record))
