"""`python -m benchmarks.echo PORT`: a Sanic server that answers each message with its own words. The floor below everything."""
from __future__ import annotations

import sys
from typing import Any

from sanic import Sanic, response

from benchmarks.drive import ROUTE


def make_app() -> Any:
    """The application."""
    app = Sanic("echo", configure_logging=False)
    app.config.ACCESS_LOG = False

    @app.route(ROUTE, methods=["POST"])
    async def echo(request: Any) -> Any:
        return response.json([{"recipient_id": request.json["sender"], "text": request.json["message"]}])

    return app


if __name__ == "__main__":
    make_app().run(host="127.0.0.1", port=int(sys.argv[1]), access_log=False, debug=False)
