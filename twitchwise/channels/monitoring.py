"""/metrics for Prometheus, and the limit of /ready."""
from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from twitchwise import metrics
from twitchwise.settings import Settings, is_loopback

#: A proxy on this machine speaks from loopback for the whole world, and says so in one of these.
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def may_see_metrics(request: Request, token: str | None) -> bool:
    """From this machine itself, or with the operators' token: `Authorization: Bearer <token>` or `?token=`."""
    given = str(request.args.get("token") or "") or request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        return True
    return is_loopback(request.ip) and not any(name in request.headers for name in FORWARDED)


def monitoring_routes(settings: Settings) -> Blueprint:
    """The blueprint with /metrics."""
    from twitchwise.metrics_state import StateCollector
    from twitchwise.records.engine import shared_engine

    routes = Blueprint("twitchwise_monitoring")
    state = StateCollector(shared_engine(settings.database_url), settings.var_dir / "spool")

    @routes.get("/metrics")
    async def measured(request: Request) -> HTTPResponse:
        if not may_see_metrics(request, settings.api_token):
            return response.json({
                "status": "failure", "code": 401,
                "message": "Metrics are for operators. Send the value of TWITCHWISE_API_TOKEN as a bearer token, or ask from this machine.",
            }, status=401)
        body, kind = await asyncio.to_thread(metrics.exposition, state)
        return response.raw(body, content_type=kind)

    return routes


class Sparing:
    """A costly question, asked once however many ask at the same time, and not again within `fresh_s` seconds."""

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s = fresh_s
        self._lock = asyncio.Lock()
        self._answer: float | None = None
        self._asked_at: float | None = None

    async def __call__(self, ask: Callable[[], Awaitable[float | None]]) -> float | None:
        """The answer, at most `fresh_s` old."""
        async with self._lock:
            if self._asked_at is None or time.monotonic() - self._asked_at >= self._fresh_s:
                self._answer = await ask()
                self._asked_at = time.monotonic()
            return self._answer
