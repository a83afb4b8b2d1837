"""Spans hold stages and codes, nothing else; without an exporter nothing of OpenTelemetry is loaded."""
from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.otlp import Collector, collector
from twitchwise import metrics, tracing
from twitchwise.settings import ROOT

SECRET = "my husband wants to die"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collector() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.url)
        yield found


def test_spans_reach_the_collector_and_nest(taken: Collector) -> None:
    with tracing.traces("server"), metrics.stage("message", channel="rest"), metrics.stage("turn"):
        assert tracing.current_trace()
    spans = {span.name: span for service, span in taken.spans() if service == "twitchwise-server"}
    assert spans["turn"].parent_span_id == spans["message"].span_id
    assert {each.key: each.value.string_value for each in spans["message"].attributes} == {"twitchwise.channel": "rest"}


def test_an_error_is_its_kind_only(taken: Collector) -> None:
    with tracing.traces("server"), pytest.raises(ValueError), tracing.span("turn"):
        raise ValueError(SECRET)
    ((_, span),) = taken.spans()
    assert span.status.message == "ValueError" and not span.events
    assert SECRET.encode() not in taken.raw


def test_unknown_attributes_are_dropped(taken: Collector) -> None:
    with tracing.traces("server"), tracing.span("turn", text=SECRET):
        pass
    assert taken.names() == {"turn"} and SECRET.encode() not in taken.raw


def test_a_trace_goes_on_in_another_process(taken: Collector) -> None:
    with tracing.traces("server"), tracing.span("message"):
        headers, trace = tracing.headers(), tracing.current_trace()

    with tracing.traces("actions"):
        tracing.adopt(headers)
        with tracing.span("turn"):
            assert tracing.current_trace() == trace
        tracing.adopt({})
        with tracing.span("turn"):
            assert tracing.current_trace() != trace


def test_probes_leave_no_span(taken: Collector) -> None:
    with tracing.traces("server"), metrics.uncounted(), metrics.stage("turn"):
        pass
    assert taken.spans() == []


def test_a_collector_that_is_away_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(tracing, "STOP_S", 0.1)
    with tracing.traces("server"), tracing.span("turn"):
        pass
    assert tracing.current_trace() is None


@pytest.mark.parametrize("more", [{}, {"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}])
def test_without_an_exporter_nothing_is_loaded(more: dict[str, str]) -> None:
    assert not tracing.is_wanted(more)
    code = (
        "import sys\nfrom twitchwise import metrics, tracing\n"
        "with tracing.traces('server'), metrics.stage('turn'):\n    print(tracing.headers(), tracing.current_trace())\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={"PATH": "", **more}, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["{}", "None", "[]"], done.stderr
