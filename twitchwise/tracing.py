"""OpenTelemetry traces, where OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise nothing of it is even imported.

A span holds its stage, its time, codes and the kind of an error. Never words, sender ids, or the message of an error (which may quote).
"""
from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from typing import Any

ENDPOINT_VARIABLES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
#: What a span may say beside its name. Anything else is a mistake and is dropped.
ATTRIBUTES = frozenset({"channel", "target"})
STOP_S = 3.0

_tracer: Any = None
_provider: Any = None


def is_wanted(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether an exporter is configured."""
    return any(environ.get(name) for name in ENDPOINT_VARIABLES) and environ.get("OTEL_SDK_DISABLED", "").lower() != "true"


@contextlib.contextmanager
def traces(part: str) -> Iterator[None]:
    """Export spans for as long as this process runs. `part`: which process this is, as the service's name (server, actions)."""
    global _tracer, _provider
    if not is_wanted():
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = os.environ.get("OTEL_SERVICE_NAME") or f"twitchwise-{part}"
    # The provider is ours alone: other libraries' spans, which may hold anything, do not leave through it.
    _provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}), shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("twitchwise")
    try:
        yield
    finally:
        _tracer = None
        # A collector that is away must not keep the server from ending.
        last = threading.Thread(target=_provider.shutdown, daemon=True)
        last.start()
        last.join(STOP_S)


@contextlib.contextmanager
def span(name: str, **attributes: str) -> Iterator[None]:
    """A span around what happens inside; nothing where traces are off."""
    if _tracer is None:
        yield
        return
    from opentelemetry.trace import Status, StatusCode

    known = {f"twitchwise.{key}": value for key, value in attributes.items() if key in ATTRIBUTES}
    with _tracer.start_as_current_span(name, attributes=known, record_exception=False, set_status_on_exception=False) as current:
        try:
            yield
        except BaseException as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def headers() -> dict[str, str]:
    """What carries the present span to another process over HTTP."""
    if _tracer is None:
        return {}
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier


def adopt(incoming: Mapping[str, str]) -> None:
    """The next spans of this task belong to the trace that `incoming`, a request's headers, carries; to a new one if it carries none."""
    if _tracer is None:
        return
    from opentelemetry import context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = {key: incoming[key] for key in ("traceparent",) if incoming.get(key)}
    context.attach(TraceContextTextMapPropagator().extract(carrier, context=context.Context()))


def current_trace() -> str | None:
    """The id of the present trace, for logs."""
    if _tracer is None:
        return None
    from opentelemetry.trace import get_current_span

    found = get_current_span().get_span_context()
    return format(found.trace_id, "032x") if found.is_valid else None
