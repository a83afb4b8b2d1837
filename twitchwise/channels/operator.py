"""The two operator routes of the contract, and nothing else of Rasa's HTTP API: parse a text, read a tracker. Also /health and /ready."""
from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import uuid
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.trackers import EventVerbosity
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from twitchwise import metrics
from twitchwise.channels.guard import command_parse
from twitchwise.channels.monitoring import Sparing, may_see_metrics
from twitchwise.channels.text import clean, is_command
from twitchwise.metrics_state import StateCollector
from twitchwise.records.engine import shared_engine
from twitchwise.settings import Settings
from twitchwise.turn_state import PROBE_PREFIX

logger = logging.getLogger(__name__)
Handler = Callable[..., Awaitable[HTTPResponse]]
READY_TIMEOUT_S = 8.0
#: A probe is answered although the database hangs.
HEALTH_TIMEOUT_S = 2.0
#: However many ask, a probe's message costs as much as a person's: it is sent no more often than this.
READY_FRESH_S = 1.0
_VERBOSITIES = {level.name: level for level in EventVerbosity}


def _problem(status: int, message: str) -> HTTPResponse:
    return response.json({"status": "failure", "message": message, "code": status}, status=status)


def operator_routes(settings: Settings) -> Blueprint:
    """The blueprint; every route but the two probes asks for `?token=` when one is set."""
    routes = Blueprint("twitchwise_operator")

    def guarded(handler: Handler) -> Handler:
        @wraps(handler)
        async def checked(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse:
            given = str(request.args.get("token") or "")
            if settings.api_token and not hmac.compare_digest(given.encode(), settings.api_token.encode()):
                return _problem(401, "This route is for operators. Add ?token= with the value of TWITCHWISE_API_TOKEN.")
            return await handler(request, *args, **kwargs)

        return checked

    @routes.post("/model/parse")
    @guarded
    async def parse(request: Request) -> HTTPResponse:
        try:
            text = (request.json or {}).get("text")
        except Exception:
            return _problem(400, 'Send a JSON object such as {"text": "my eyelid twitches"}.')
        cleaned = clean(text, settings.max_message_chars)
        if cleaned.problem:
            return _problem(400, 'The "text" must be words. Send a JSON object such as {"text": "my eyelid twitches"}.')
        if is_command(cleaned.text):
            return response.json(command_parse(cleaned.text))
        return response.json(await request.app.ctx.agent.parse_message(cleaned.text))

    @routes.get("/conversations/<conversation_id:path>/tracker")
    @guarded
    async def tracker(request: Request, conversation_id: str) -> HTTPResponse:
        verbosity = _VERBOSITIES.get(str(request.args.get("include_events", "AFTER_RESTART")).upper(), EventVerbosity.AFTER_RESTART)
        processor = request.app.ctx.agent.processor
        found = await processor.fetch_full_tracker_with_initial_session(unquote(conversation_id))
        return response.json(found.current_state(verbosity))

    probe = Sparing(READY_FRESH_S)

    state = StateCollector(shared_engine(settings.database_url), settings.var_dir / "spool")

    @routes.get("/health")
    async def health(request: Request) -> HTTPResponse:
        body: dict[str, Any] = {"status": "ok"}     # the process lives, whatever else is away: no reason to restart it
        if may_see_metrics(request, settings.api_token):
            with contextlib.suppress(asyncio.TimeoutError):
                body.update(await asyncio.wait_for(asyncio.to_thread(state.health), HEALTH_TIMEOUT_S))
        return response.json(body)

    @routes.get("/ready")
    async def ready(request: Request) -> HTTPResponse:
        took = await probe(lambda: answers_a_message(request.app.ctx.agent))
        if took is None:
            return _problem(503, "No real message is being answered.")
        return response.json({"status": "ready", "seconds": round(took, 3)})

    return routes


async def answers_a_message(agent: Any) -> float | None:
    """Send a real message through NLU, policies and actions, without the guard's help and without saving it.

    The seconds it took; None when nothing came back in words.
    """
    output = CollectingOutputChannel()
    message = UserMessage("hello", output, PROBE_PREFIX + uuid.uuid4().hex, input_channel="probe")
    clock = asyncio.get_running_loop().time
    start = clock()
    try:
        with metrics.uncounted():
            await asyncio.wait_for(_turn(agent.processor, message), READY_TIMEOUT_S)
    except Exception:
        logger.exception("The probe message failed")
        return None
    return clock() - start if any(reply.get("text") for reply in output.messages) else None


async def _turn(processor: Any, message: UserMessage) -> None:
    """What `MessageProcessor.handle_message` does, but for the saving."""
    tracker = await processor.log_message(message, should_save_tracker=False)
    tracker = await processor.run_action_extract_slots(message.output_channel, tracker)
    await processor._run_prediction_loop(message.output_channel, tracker)
