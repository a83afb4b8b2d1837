"""One address opens only so many sessions, over HTTP and sockets together; loopback, which speaks for a proxy, is not limited."""
from __future__ import annotations

from typing import Any

import pytest

from twitchwise.channels import web


class Routes:
    """Collects handlers as a blueprint does."""

    def __init__(self) -> None:
        self.handlers: dict[str, Any] = {}

    def route(self, path: str, methods: list[str], **_: Any) -> Any:
        def keep(handler: Any) -> Any:
            self.handlers[f"{methods[0]} {path}"] = handler
            return handler

        return keep

    def add_route(self, *_: Any, **__: Any) -> None:
        """Assets are of no interest here."""


class Request:
    """A request from an address."""

    def __init__(self, address: str) -> None:
        self.remote_addr, self.ip, self.app, self.json = "", address, None, {}


class Desk:
    """Counts what is opened."""

    opened = 0

    async def open(self, _data: Any) -> tuple[None, dict[str, Any]]:
        self.opened += 1
        return None, {"token": "tws1.x"}


async def test_an_address_opens_only_so_many_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "SESSIONS_PER_S", 0.001)
    routes, desk = Routes(), Desk()
    web.add_routes(routes, None, lambda _app: desk, {}, web.session_limit())  # type: ignore[arg-type, return-value]
    handler = routes.handlers["POST /session"]
    found = [(await handler(Request("203.0.113.9"))) for _ in range(web.SESSIONS_AT_ONCE + 20)]
    assert [answer.status for answer in found] == [200] * web.SESSIONS_AT_ONCE + [429] * 20
    assert b"emergency" in found[-1].body and desk.opened == web.SESSIONS_AT_ONCE
    assert (await handler(Request("203.0.113.10"))).status == 200, "another address is not held up"
    assert {(await handler(Request("127.0.0.1"))).status for _ in range(300)} == {200}
