"""docs/openapi.yml names every route of the server and no other, with its methods."""
from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from twitchwise.settings import ROOT, Settings

DOCUMENT = yaml.safe_load((ROOT / "docs" / "openapi.yml").read_text(encoding="utf-8"))
#: A protocol of its own, and what Sanic answers by itself.
NOT_HTTP = {"/chat/socket.io"}


@pytest.fixture
def routes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, set[str]]]:
    """Path -> methods of the application that is really served, with Telegram switched on."""
    from sanic import Sanic

    from twitchwise.channels.base import shared_guard
    from twitchwise.channels.summaries import shared_links
    from twitchwise.serve import make_app

    for name, value in {"TWITCHWISE_TELEGRAM_TOKEN": "42:abcdefgh", "TWITCHWISE_VAR_DIR": str(tmp_path),
                        "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}.items():
        monkeypatch.setenv(name, value)
    shared_guard.cache_clear()
    shared_links.cache_clear()
    app = make_app(Settings(), None)
    found: dict[str, set[str]] = {}
    # Routes of one path with different methods stand in one group.
    for route in (route for group in app.router.groups.values() for route in group.routes):
        path = re.sub(r"<(\w+):\w+>", r"{\1}", "/" + route.path)
        found.setdefault(path, set()).update(method.lower() for method in route.methods)
    yield found
    Sanic._app_registry.pop(app.name, None)
    shared_guard.cache_clear()
    shared_links.cache_clear()


def documented() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path, methods in DOCUMENT["paths"].items():
        assets = methods.get("get", {}).get("parameters", [{}])[0].get("schema", {}).get("enum") if "{asset}" in path else None
        for each in [path.replace("{asset}", name) for name in assets] if assets else [path]:
            found[each] = set(methods)
    return found


def test_every_route_is_documented_and_every_documented_route_is_there(routes: dict[str, set[str]]) -> None:
    served = {path: methods for path, methods in routes.items() if path not in NOT_HTTP}
    assert documented() == served


def test_the_document_is_valid() -> None:
    import schemathesis

    schema = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.yml")
    operations: list[Any] = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) == sum(len(methods) for methods in DOCUMENT["paths"].values())
    schema.validate()
