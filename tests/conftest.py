"""What all tests share: the TensorFlow guard, the rule that CI skips no server test, and one really started server."""
from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from twitchwise import tensorflow_guard

from .running import Server, start_server

CI = os.environ.get("CI", "").lower() in ("1", "true")


# Before anything imports Rasa, which other conftest files do: no test uses TensorFlow, and its import takes 15 s.
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
tensorflow_guard.install()


# The same examples in every run, whatever the speed of the machine: a change is judged by what it changed, not by luck. The long tests
# (`make test-faults`) look for new ones.
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("steady", derandomize=True, deadline=None, database=None, suppress_health_check=_SLOW)
settings.register_profile("searching", deadline=None, print_blob=True, suppress_health_check=_SLOW)


def pytest_configure(config: pytest.Config) -> None:
    """Warnings are errors where they are ours; what hypothesis tries is the same each time, but in the long tests."""
    settings.load_profile("searching" if config.option.markexpr == "faults" else "steady")
    # Warnings from our own code are errors; what libraries say about each other is not ours to mend.
    for line in ("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning", "error:::twitchwise", "error:::actions"):
        config.addinivalue_line("filterwarnings", line)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    """With CI=true, skipping a test that needs a real server is a failure."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if CI and report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("servers"):
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Logging is as it was after each test, whatever it or its fixtures configured: a level that one test leaves behind would hide from
    another what it waits to read."""
    root = logging.getLogger()
    level, handlers, off, show = root.level, list(root.handlers), logging.root.manager.disable, warnings.showwarning
    named = {name: (each.level, each.disabled, each.propagate) for name, each in logging.root.manager.loggerDict.items()
             if isinstance(each, logging.Logger)}
    yield
    root.handlers[:] = handlers
    logging.disable(off)
    for name, each in list(logging.root.manager.loggerDict.items()):
        if isinstance(each, logging.Logger):
            each.level, each.disabled, each.propagate = named.get(name, (each.level, False, True))
    logging.captureWarnings(False)
    warnings.showwarning = show
    root.setLevel(level)    # last: it clears what loggers remember of levels


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One really started server with actions in process and SQLite, shared by the end-to-end tests. Use a sender of your own each."""
    running = start_server(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def staff_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same with the staff page beside it (tests/support/staff.py drives it), shared by all that hand over."""
    from .support.staff import staff_settings

    running = start_server(tmp_path_factory.mktemp("staff-server"), **staff_settings())
    yield running
    running.stop()


@pytest.fixture(scope="session")
def http_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same with an action process of its own, so that conversations can be run both ways."""
    running = start_server(tmp_path_factory.mktemp("http-server"), actions="http")
    yield running
    running.stop()
