"""Pages from templates: everything in them is escaped."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response


class Templates:
    """The templates of a folder. `shared`: what each is given."""

    def __init__(self, folder: Path, shared: dict[str, Any]) -> None:
        self._environment = Environment(loader=FileSystemLoader(folder), autoescape=select_autoescape(default=True), undefined=StrictUndefined,
                                        trim_blocks=True, lstrip_blocks=True)
        self._environment.globals.update(shared)

    async def page(self, request: Request, name: str, values: dict[str, Any], status: int = 200) -> Response:
        """One page."""
        return HTMLResponse(self._environment.get_template(name).render({"request": request, **values}), status)
