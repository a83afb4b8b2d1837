"""What is counted and timed, for Prometheus. Only codes of the ontology and fixed words become labels: no text, no sender, no address.

Counting never breaks a turn: whatever goes wrong here is dropped. The counters are made at their first use, so that `several_processes`
can still choose files that the server shares with its action process.
"""
from __future__ import annotations

import contextlib
import functools
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from twitchwise import tracing

logger = logging.getLogger(__name__)
T = TypeVar("T")

#: parse: Rasa's NLU. triage: the safety policy's look at the message. turn: dialogue and triage. tracker: Rasa's conversation read or
#: written. database: case and escalation read or written. message: all of it, as the person sees it. delivery: one attempt to a receiver.
STAGES = ("parse", "triage", "turn", "tracker", "database", "message", "delivery")
REASONS = ("late", "failed", "silent")
RECORDED = ("written", "known", "deleted", "spooled", "held", "lost")
TARGETS = ("webhook", "email")
RESULTS = ("delivered", "failed", "given_up")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 8.0, 10.0)
_DIR_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_MEMORY_DISK = Path("/dev/shm")
_FOLDER = "twitchwise-metrics-"

#: Set while one of the server's own probes is served: it is nobody's message.
_uncounted: ContextVar[bool] = ContextVar("twitchwise_uncounted", default=False)


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = registry = CollectorRegistry()
        self.seconds = Histogram(
            "twitchwise_stage_seconds", "How long a stage took", ["stage"], buckets=_SECONDS, registry=registry)
        self.messages = Counter(
            "twitchwise_messages", "Messages that got an answer, by what answered", ["channel", "outcome"], registry=registry)
        self.safety_net = Counter(
            "twitchwise_safety_net_answers", "Answers of the safety net, because the turn was late, failed or silent", ["reason"],
            registry=registry)
        self.not_understood = Counter(
            "twitchwise_not_understood", "Messages that the assistant asked to put in other words", registry=registry)
        self.levels = Counter("twitchwise_levels", "Conversations that came to this level", ["level"], registry=registry)
        self.red_flags = Counter("twitchwise_red_flags", "Red flags, each when it came up", ["flag"], registry=registry)
        self.escalations = Counter("twitchwise_escalations", "Escalations raised", ["level"], registry=registry)
        self.recorded = Counter("twitchwise_turns_recorded", "What became of served turns", ["state"], registry=registry)
        self.deliveries = Counter(
            "twitchwise_delivery_attempts", "Attempts to bring an escalation to its receiver", ["target", "result"], registry=registry)
        self.held = Gauge(
            "twitchwise_turns_in_memory", "Turns that wait in memory, as neither database nor disk takes them", registry=registry,
            multiprocess_mode="livesum")
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """A series that only appears with its first event shows no increase then, so an alert on it would stay silent."""
        from twitchwise.vocabulary.codes import load_codes

        codes = load_codes()
        known: tuple[tuple[Any, Iterable[str]], ...] = (
            (self.seconds, STAGES), (self.safety_net, REASONS), (self.levels, codes.levels), (self.escalations, codes.levels),
            (self.red_flags, codes.red_flags), (self.recorded, RECORDED),
        )
        for counter, labels in known:
            for label in labels:
                counter.labels(label)
        for target in TARGETS:
            for result in RESULTS:
                self.deliveries.labels(target, result)


@lru_cache(maxsize=1)
def metrics() -> Metrics:
    """The counters of this process, made at the first call."""
    return Metrics()


def _quiet(count: Callable[..., None]) -> Callable[..., None]:
    """A counter that cannot be written (a full disk) must not cost anybody an answer."""

    @functools.wraps(count)
    def counted(*arguments: Any, **more: Any) -> None:
        try:
            if not _uncounted.get():
                count(*arguments, **more)
        except Exception:
            logger.debug("A metric could not be written", exc_info=True)

    return counted


@contextlib.contextmanager
def uncounted(yes: bool = True) -> Iterator[None]:
    """Nothing is counted or traced inside: for probes."""
    if not yes:
        yield
        return
    token = _uncounted.set(True)
    try:
        yield
    finally:
        _uncounted.reset(token)


@contextlib.contextmanager
def stage(name: str, **attributes: str) -> Iterator[None]:
    """Time what happens inside, and trace it where traces are configured. `attributes`: codes and fixed words only."""
    if _uncounted.get():
        yield
        return
    start = time.perf_counter()
    try:
        with tracing.span(name, **attributes):
            yield
    finally:
        _took(name, time.perf_counter() - start)


def timed(name: str) -> Callable[[Callable[..., Awaitable[T]]], Callable[..., Awaitable[T]]]:
    """Decorator of an async function: each call is a stage."""

    def decorate(function: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        @functools.wraps(function)
        async def wrapped(*arguments: Any, **more: Any) -> T:
            with stage(name):
                return await function(*arguments, **more)

        return wrapped

    return decorate


@_quiet
def _took(name: str, seconds: float) -> None:
    metrics().seconds.labels(name).observe(seconds)


@_quiet
def message_answered(channel: str, outcome: str) -> None:
    """`outcome`: answered, safety_net, handed_over, rate_limited, unreadable or old_button."""
    metrics().messages.labels(channel, outcome).inc()


@_quiet
def safety_net_answered(reason: str) -> None:
    """`reason`: late, overrun, failed or silent."""
    metrics().safety_net.labels(reason).inc()


@_quiet
def turn_served(turn: Any, old_level: str | None, old_misunderstood: int) -> None:
    """What came out of the dialogue's turn, compared with the state before it."""
    counted = metrics()
    level = turn.slots.get("triage_level")
    if level and level != old_level:
        counted.levels.labels(_level(level)).inc()
    if turn.state.misunderstood > old_misunderstood:
        counted.not_understood.inc()
    if turn.escalate:
        counted.escalations.labels(_level(turn.escalate.level)).inc()
        for flag in turn.escalate.new_flags:
            counted.red_flags.labels(_flag(flag)).inc()


@_quiet
def turn_recorded(state: str) -> None:
    """`state`: written, known, deleted, spooled, held or lost."""
    metrics().recorded.labels(state).inc()


@_quiet
def turns_held(number: int) -> None:
    """How many turns wait in memory now."""
    metrics().held.set(number)


@_quiet
def delivery_tried(target: str, result: str) -> None:
    """`result`: delivered, failed or given_up."""
    metrics().deliveries.labels(target, result).inc()


def _level(level: str) -> str:
    from twitchwise.vocabulary.codes import load_codes

    return level if level in load_codes().levels else "other"


def _flag(flag: str) -> str:
    from twitchwise.vocabulary.codes import load_codes

    return flag if flag in load_codes().red_flags else "other"


@contextlib.contextmanager
def several_processes(wanted: bool) -> Iterator[None]:
    """Let this process and those it starts count together, in files below a folder of their own. Call before anything is counted.

    The files are mapped into memory. On a disk that is full, writing to them would end the process; so they lie in memory where there is
    such a place. An operator who sets PROMETHEUS_MULTIPROC_DIR has chosen a folder for more processes than ours.
    """
    if not wanted or os.environ.get(_DIR_VARIABLE):
        yield
        return
    parent = _MEMORY_DISK if os.access(_MEMORY_DISK, os.W_OK) else None
    _tidy(Path(parent or tempfile.gettempdir()))
    folder = tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-", dir=parent)
    os.environ[_DIR_VARIABLE] = folder
    try:
        yield
    finally:
        os.environ.pop(_DIR_VARIABLE, None)
        shutil.rmtree(folder, ignore_errors=True)


@_quiet
def process_ended(pid: int) -> None:
    """A process that counted with this one is gone: what it held is gone too, what it counted stays."""
    if os.environ.get(_DIR_VARIABLE):
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)


def _tidy(parent: Path) -> None:
    """Remove what servers left that were killed."""
    for folder in parent.glob(f"{_FOLDER}*-*"):
        pid = folder.name[len(_FOLDER):].split("-")[0]
        if pid.isdecimal() and not Path("/proc", pid).exists() and Path("/proc", str(os.getpid())).exists():
            shutil.rmtree(folder, ignore_errors=True)


def exposition(*collectors: Any) -> tuple[bytes, str]:
    """(body, content type) of /metrics: what the processes counted, this process's own memory and CPU, and what `collectors` find."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    own = metrics().registry
    together = CollectorRegistry()
    ProcessCollector(registry=together)
    for collector in collectors:
        together.register(collector)
    if os.environ.get(_DIR_VARIABLE):
        MultiProcessCollector(together)
        return generate_latest(together), CONTENT_TYPE_LATEST
    return generate_latest(own) + generate_latest(together), CONTENT_TYPE_LATEST
