"""Which web pages may use the server from a browser: our own page, and those the settings name. Pure."""
from __future__ import annotations

from urllib.parse import urlsplit


class Origins:
    """The origins allowed; `listed` is the setting (comma-separated)."""

    def __init__(self, listed: str) -> None:
        self._listed = frozenset(part for part in listed.split(",") if part)

    def allows(self, origin: str | None, host: str | None) -> bool:
        """Whether a request with this Origin header, sent to this Host, is served.

        No Origin means that no other web page sent it: browsers always name theirs.
        """
        if origin is None:
            return True
        origin = origin.strip().lower()
        if origin in self._listed:
            return True
        # Our own page. The scheme is left out: behind a proxy the server does not know that it is https outside.
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and bool(host) and parts.netloc == str(host).strip().lower()

    def other_site(self, origin: str | None, host: str | None) -> str | None:
        """The origin to name in CORS headers: an allowed page of another site; None for our own page."""
        if origin is None or not self.allows(origin, host):
            return None
        return None if urlsplit(origin.lower()).netloc == str(host).strip().lower() else origin
