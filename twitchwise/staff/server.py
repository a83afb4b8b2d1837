"""The staff page's own process. It loads neither Rasa nor the model: only the records and the page."""
from __future__ import annotations

import sys

from twitchwise.logging import configure_logging
from twitchwise.settings import Settings, SettingsError


def serve(settings: Settings, *, follow_parent: bool = False) -> int:
    """Serve until ended. Raises SettingsError where there is no staff page."""
    import uvicorn

    from twitchwise.action_server import end_with_parent
    from twitchwise.records.engine import make_engine
    from twitchwise.records.keys import as_keys
    from twitchwise.staff.page import make_app

    if not settings.has_staff:
        raise SettingsError("TWITCHWISE_STAFF is off. Set it to elsewhere to run the staff page by itself, or to on to run it beside the server.")
    configure_logging(settings.log_level, settings.log_format, settings.key())
    if follow_parent:
        end_with_parent()
    app = make_app(settings, make_engine(settings.database_url), as_keys(settings.key()))
    # Addresses that a proxy names are believed only of a proxy on this machine (uvicorn's own default).
    config = uvicorn.Config(
        app, host=settings.staff_host, port=settings.staff_port, log_config=None, access_log=False, server_header=False,
        proxy_headers=settings.staff_url is not None, limit_concurrency=200, timeout_graceful_shutdown=3, lifespan="off",
        ws="none")
    server = uvicorn.Server(config)
    if not follow_parent:
        print(f"Staff page: {page_url(settings)}   (Ctrl-C ends it)", flush=True)
    try:
        server.run()
    except SystemExit as error:     # uvicorn's way of saying that the port is taken
        if error.code:
            print(f"twitchwise: The staff page cannot use port {settings.staff_port} on {settings.staff_host}. "
                  "End what uses it, or set TWITCHWISE_STAFF_PORT.", file=sys.stderr)
            return 1
    return 0 if server.started else 1


def page_url(settings: Settings) -> str:
    """Where the staff finds the page."""
    host = settings.staff_host if settings.staff_host not in ("0.0.0.0", "::") else "127.0.0.1"
    return settings.staff_url or f"http://{f'[{host}]' if ':' in host else host}:{settings.staff_port}"
