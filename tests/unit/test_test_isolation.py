"""What one test does to logging, the next one does not see (tests/conftest.py)."""
from __future__ import annotations

import logging

import pytest

from twitchwise.logging import configure_logging

NAME = "twitchwise.channels.telegram.polling"


def test_a_test_makes_logging_silent() -> None:
    configure_logging("CRITICAL")
    logging.getLogger(NAME).disabled = True
    logging.getLogger(NAME).propagate = False
    assert not logging.getLogger(NAME).isEnabledFor(logging.ERROR)


def test_the_next_one_reads_the_log(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger(NAME).error("a line for the next test")
    assert "a line for the next test" in caplog.text
