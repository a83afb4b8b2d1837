"""The launcher behind `make run`: one process that loads the model, runs the actions, serves the channels and says when it is ready.

Serves the channels of credentials.yml, the two operator routes of the contract and the probes; nothing else of Rasa's HTTP API.
Every reason not to start is a StartError: one line that names it and says what to do.
"""
from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import yaml

from twitchwise import models, tensorflow_guard
from twitchwise.logging import configure_logging
from twitchwise.settings import ROOT, Settings

logger = logging.getLogger(__name__)
CREDENTIALS = ROOT / "credentials.yml"
ENDPOINTS = ROOT / "endpoints.yml"
PAGE = "/chat"
FIRST_ATTEMPTS = 3
#: Connections that wait to be taken: as many as come while the event loop is busy for a second.
BACKLOG = 1024
#: Longer than the probe keeps its last answer.
FIRST_PAUSE_S = 1.5


class StartError(RuntimeError):
    """The server cannot start. The message is one line, for the operator."""


def bind(settings: Settings) -> socket.socket:
    """The server's socket, taken before anything slow. Raises StartError when the port is taken or the host is not ours.

    It does not listen yet: whoever connects while the model is loaded is refused, so that a proxy takes another server at once.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.host, settings.port))
    except socket.gaierror:
        sock.close()
        raise StartError(f"HOST is {settings.host!r}, which is no address of this machine. Set HOST to 127.0.0.1 or 0.0.0.0.") from None
    except OSError as error:
        sock.close()
        raise _port_taken(settings, error) from None
    sock.setblocking(False)
    return sock


def _port_taken(settings: Settings, error: OSError) -> StartError:
    return StartError(
        f"Port {settings.port} on {settings.host} cannot be used ({error.strerror or 'in use'}). End what uses it, or set another PORT.")


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file of the project. Raises StartError."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise StartError(f"{path.name} cannot be read ({type(error).__name__}). Restore it from the repository.") from None


def guard_tensorflow(settings: Settings, config: dict[str, Any]) -> None:
    """Install the TensorFlow guard if it is wanted, and leave out what Rasa imports for channels and stores that are not configured.
    Raises StartError when the configuration needs TensorFlow."""
    if not settings.tensorflow_guard:
        return
    try:
        tensorflow_guard.install(tensorflow_guard.components_in_need(config))
    except tensorflow_guard.TensorFlowNeeded as error:
        raise StartError(str(error)) from None
    tensorflow_guard.leave_out_unused(config, read_yaml(CREDENTIALS), read_yaml(ENDPOINTS))


async def load_agent(settings: Settings, model: Path, action_endpoint: Any) -> Any:
    """Rasa's agent on this model, with the stores of endpoints.yml. Raises StartError."""
    from rasa.core.agent import Agent
    from rasa.core.brokers.broker import EventBroker
    from rasa.core.lock_store import LockStore
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints

    try:
        endpoints = AvailableEndpoints.read_endpoints(str(ENDPOINTS))
        broker = await EventBroker.create(endpoints.event_broker, loop=asyncio.get_running_loop())
        agent = Agent(
            generator=endpoints.nlg,
            tracker_store=TrackerStore.create(endpoints.tracker_store, event_broker=broker),
            lock_store=LockStore.create(endpoints.lock_store),
            action_endpoint=action_endpoint,
        )
    except Exception as error:
        logger.debug("endpoints", exc_info=True)
        raise StartError(
            f"The stores in endpoints.yml cannot be opened ({type(error).__name__}). Check DATABASE_URL and endpoints.yml."
        ) from error
    try:
        agent.load_model(str(model))
    except Exception as error:
        logger.debug("model", exc_info=True)
        raise StartError(f"The model {model} cannot be loaded ({type(error).__name__}). Delete it and run `make train`.") from error
    return agent


def make_app(settings: Settings, agent: Any) -> Any:
    """The Sanic application with our channels and routes."""
    from rasa.core.channels.channel import register
    from rasa.core.run import create_http_input_channels
    from sanic import Sanic, response
    from sanic.exceptions import PayloadTooLarge

    from twitchwise.channels import safety_net
    from twitchwise.channels.monitoring import monitoring_routes
    from twitchwise.channels.operator import operator_routes

    app = Sanic("twitchwise", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = settings.max_request_bytes
    app.config.ACCESS_LOG = False
    app.config.FALLBACK_ERROR_FORMAT = "json"
    # Without a proxy of ours nobody's X-Forwarded-For is believed.
    app.config.PROXIES_COUNT = settings.proxies or None
    app.ctx.agent, app.ctx.settings = agent, settings
    try:
        register(create_http_input_channels(None, str(CREDENTIALS)), app, route="/webhooks/")
    except Exception as error:
        logger.debug("channels", exc_info=True)
        raise StartError(f"The channels in credentials.yml cannot be set up ({type(error).__name__}: {error}).") from error
    app.blueprint(operator_routes(settings))
    app.blueprint(monitoring_routes(settings))

    @app.get("/", name="root")
    async def root(_request: Any) -> Any:
        return response.redirect(PAGE)

    @app.exception(PayloadTooLarge)
    async def too_large(_request: Any, _error: Exception) -> Any:
        return response.json([{"text": safety_net.problem_text("cut", settings.country)}], status=413)

    @app.exception(ValueError)
    async def no_request(request: Any, error: Exception) -> Any:
        # Sanic takes the length of a body for a number before it looks for a route; what is none would be an error of the server.
        if getattr(request, "route", None) is None:
            return response.json({"status": "failure", "message": "This is no HTTP request.", "code": 400}, status=400)
        return app.error_handler.default(request, error)

    return app


async def is_ready(settings: Settings) -> bool:
    """Whether the server, asked over HTTP, answers a real message in words."""
    import aiohttp

    with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session,
            session.get(f"{settings.url}/ready") as answer,
        ):
            return answer.status == 200
    return False


async def _serve(settings: Settings, sock: socket.socket, model: Path) -> None:
    from twitchwise.action_process import actions_for
    from twitchwise.background import background_for
    from twitchwise.staff.process import staff_page_for

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        endpoint = await stack.enter_async_context(actions_for(settings))
        agent = await load_agent(settings, model, endpoint)     # first: a damaged model has the only word
        await _bring_back(agent, settings)
        await stack.enter_async_context(background_for(settings))
        staff_page = await stack.enter_async_context(staff_page_for(settings))
        app = make_app(settings, agent)
        _settle()
        server = await app.create_server(
            sock=sock, return_asyncio_server=True, access_log=False, backlog=BACKLOG, asyncio_server_kwargs={"start_serving": False}
        )
        await server.startup()
        await server.before_start()
        try:
            await server.start_serving()
        except OSError as error:      # somebody else began to listen there meanwhile
            raise _port_taken(settings, error) from None
        await server.after_start()
        try:
            await _say_ready(settings)
            if staff_page:
                print(f"Staff page: {staff_page}", flush=True)
            await stop.wait()
        finally:
            await _shut_down(server, agent, settings)


async def _first_message_is_answered(settings: Settings) -> bool:
    """On a machine that is busy with other things, the first message may take its time."""
    for attempt in range(FIRST_ATTEMPTS):
        if attempt:
            await asyncio.sleep(FIRST_PAUSE_S)
        if await is_ready(settings):
            return True
    return False


async def _bring_back(agent: Any, settings: Settings) -> None:
    """What an earlier server could not write of its conversations."""
    from twitchwise.records.tracker_leftovers import bring_back, own_store

    store = own_store(agent.tracker_store)
    if store is not None and bring_back(store.unwritten, store.secrets, settings.var_dir / "spool"):
        await store.write_all()     # while the database is away this gives up soon, and it is tried again in the background


def _settle() -> None:
    """What is loaded stays for good: the garbage collector need not look through it again in the middle of somebody's message."""
    gc.collect()
    gc.freeze()


async def _say_ready(settings: Settings) -> None:
    if not await _first_message_is_answered(settings):
        if not settings.actions.startswith("http:") and not settings.actions.startswith("https:"):
            raise StartError("The server started, but a first message was not answered. Set TWITCHWISE_LOG_LEVEL=INFO to see why.")
        # Somebody else starts that one, perhaps later; until then people get safe words, and emergencies theirs.
        print(f"twitchwise: the action server at {settings.actions} does not answer yet", file=sys.stderr, flush=True)
    print(f"Twitchwise answers. Chat page: {settings.url}{PAGE}   (Ctrl-C ends it)", flush=True)


async def _shut_down(server: Any, agent: Any, settings: Settings) -> None:
    """Take no new requests, let running turns end, write what waits, release what is held."""
    from twitchwise.channels.base import shared_guard
    from twitchwise.records.tracker_leftovers import own_store, put_away

    await server.before_stop()
    server.close()
    await shared_guard().finish(timeout=5.0)
    for connection in list(server.connections):
        connection.close_if_idle()
    await server.after_stop()
    store = own_store(agent.tracker_store)
    if store is not None:
        await put_away(store, settings.var_dir / "spool")
    broker = getattr(store or agent.tracker_store, "event_broker", None)
    if broker:
        await broker.close()


def run(settings: Settings) -> int:
    """Serve until Ctrl-C. The exit code: 0 after an ordinary end, 1 when it could not start."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # The products for one message are small. Shared among cores they take as long, while each of the others spins and waits for its part:
    # a third of the processor's time. Read when NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.chdir(ROOT)
    configure_logging(settings.log_level, settings.log_format)
    try:
        sock = bind(settings)
        model = models.find_model(settings.models_dir)
        guard_tensorflow(settings, read_yaml(ROOT / "config.yml"))
        from twitchwise import metrics, rasa_patches, tracing

        rasa_patches.apply(action_timeout_s=settings.action_timeout_s)
        with contextlib.suppress(ImportError):
            import uvloop

            uvloop.install()
        with metrics.several_processes(settings.actions == "http"), tracing.traces("server"):
            asyncio.run(_serve(settings, sock, model))
    except (StartError, models.ModelError) as error:
        print(f"twitchwise: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0
