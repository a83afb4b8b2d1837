"""The action process: rasa_sdk's server on loopback, with errors that repeat nothing of the request."""
from __future__ import annotations

import logging
import os
import threading
from typing import Any

from twitchwise import metrics, tracing

logger = logging.getLogger(__name__)


def make_app(package: str = "actions") -> Any:
    """rasa_sdk's application. Its own error reply echoes the request, so ours replaces it."""
    from rasa_sdk import endpoint
    from sanic import response

    from actions.service import warm_up

    app = endpoint.create_app(package, cors_origins=None)

    @app.on_request
    async def same_trace(request: Any) -> None:
        tracing.adopt(request.headers)

    @app.get("/metrics")
    async def measured(_request: Any) -> Any:
        # Only this machine reaches this server; started beside the assistant, its counts are in the assistant's own /metrics.
        body, kind = metrics.exposition()
        return response.raw(body, content_type=kind)

    @app.before_server_start
    async def prepare(_app: Any, _loop: Any) -> None:
        await warm_up()

    async def failed(_request: Any, exception: Exception) -> Any:
        status = getattr(exception, "status_code", 500)
        if status >= 500:
            logger.error("An action failed", exc_info=exception)
        return response.json({"error": type(exception).__name__}, status=status)

    # Sanic refuses a second handler for the same exception through the decorator; the table of handlers takes it.
    app.error_handler.cached_handlers.clear()
    app.error_handler.add(Exception, failed)
    return app


def end_with_parent() -> None:
    """End this process when the one that started it is gone: the launcher holds the other end of our standard input."""

    def watch() -> None:
        # The bare descriptor: a thread blocked in a buffered read would hold its lock when the process ends.
        while os.read(0, 1024):
            pass
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def run(port: int, *, follow_parent: bool = False) -> None:
    """Serve actions on loopback until ended."""
    if follow_parent:
        end_with_parent()
    with tracing.traces("actions"):
        make_app().run("127.0.0.1", port, access_log=False)
