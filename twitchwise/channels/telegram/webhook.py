"""The webhook's route on Sanic, and the connector's life beside the server. Knows no Rasa."""
from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from twitchwise.channels.telegram.connector import SECRET_HEADER, Connector

logger = logging.getLogger(__name__)
MOST_BODY_BYTES = 1_000_000


def telegram_routes(make: Callable[[Sanic], Connector]) -> Blueprint:
    """POST /webhook for Telegram alone, answered at once. The connector lives in `app.ctx.telegram` while the server runs."""
    routes = Blueprint("twitchwise_telegram")

    @routes.listener("after_server_start")
    async def start(app: Sanic, _loop: Any) -> None:
        connector = make(app)
        await connector.start()
        app.ctx.telegram = connector
        logger.info("Telegram: %s", "fetching messages" if connector.settings.polls else "waiting for the webhook")

    @routes.listener("before_server_stop")
    async def stop(app: Sanic, _loop: Any) -> None:
        connector: Connector | None = getattr(app.ctx, "telegram", None)
        if connector is not None:
            await connector.stop()

    @routes.route("/webhook", methods=["POST"])
    async def receive(request: Request) -> HTTPResponse:
        connector: Connector | None = getattr(request.app.ctx, "telegram", None)
        if connector is None:
            return response.empty(status=503)  # not started yet; Telegram sends it again
        if not connector.is_telegram(request.headers.get(SECRET_HEADER)):
            return response.empty(status=403)
        if len(request.body) > MOST_BODY_BYTES:
            return response.empty(status=413)
        return response.empty(status=await connector.receive(request.body))

    return routes
