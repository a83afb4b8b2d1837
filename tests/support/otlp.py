"""An OpenTelemetry collector of the test's own: OTLP over HTTP, what came kept in memory."""
from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Collector:
    """`url`: for OTEL_EXPORTER_OTLP_ENDPOINT. `raw`: every byte that came. `spans()`: decoded."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._bodies: list[bytes] = []

    def take(self, body: bytes) -> None:
        self._bodies.append(body)

    @property
    def raw(self) -> bytes:
        return b"".join(self._bodies)

    def spans(self) -> list[tuple[str, Any]]:
        """(service's name, span)."""
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        found = []
        for body in list(self._bodies):
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                service = next(each.value.string_value for each in resource.resource.attributes if each.key == "service.name")
                found += [(service, span) for scope in resource.scope_spans for span in scope.spans]
        return found

    def names(self) -> set[str]:
        return {span.name for _, span in self.spans()}


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    taken = Collector(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield taken
    finally:
        server.shutdown()
        server.server_close()
