"""A clinic's own web server, which is not ours: another origin with one script tag; and a front that leads to one server or another."""
from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Riverside Clinic</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Riverside Clinic</h1><p>Opening hours: 9 to 5.</p></main>
{script}
</body></html>"""


@contextlib.contextmanager
def clinic(**headers: str) -> Iterator[Clinic]:
    """A clinic's page on a free port. `headers`: sent with the page, underscores as hyphens."""
    made = Clinic(headers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE.format(script=made.script).encode() if self.path == "/" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            for name, value in made.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


class Clinic:
    """`script`: the tag that embeds the chat."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers, self.script, self.port = dict(headers), "", 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def embed(self, server: str, **attributes: str) -> None:
        """One script tag, as the documentation shows it."""
        data = " ".join(f'data-{name}="{value}"' for name, value in attributes.items())
        self.script = f'<script src="{server}/chat/twitchwise.js" defer {data}></script>'


class Front:
    """One address for several servers, as a balancer has it: bytes go to `target`. Changing it cuts what is open."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def switch(self, target: int) -> None:
        """From now on to another server."""
        self.target = target
        while self._open:
            with contextlib.suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()
        self.switch(0)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=10)
        except OSError:
            near.close()
            return
        self._open += [near, far]
        with near, far:
            while True:
                try:
                    for ready in select.select([near, far], [], [])[0]:
                        data = ready.recv(65536)
                        if not data:
                            return
                        (far if ready is near else near).sendall(data)
                except (OSError, ValueError):
                    return
