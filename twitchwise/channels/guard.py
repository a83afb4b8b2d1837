"""What every channel goes through: limits, tokens, a deadline, and some safe answer always. Knows neither Rasa nor HTTP.

A channel makes an `Incoming`, gives it to `Guard.serve` with a function that delivers one message to the person, and is done.
A `Backend` (backend.py for Rasa) does the turn. Promises: at least one message is delivered, within the deadline; button payloads
leave as tokens only; nothing a client sends is executed.
"""
from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import uuid
import weakref
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from twitchwise import metrics
from twitchwise.channels import safety_net
from twitchwise.channels.bare_text import command_parse, unheard_parse
from twitchwise.channels.gate import Gate
from twitchwise.channels.hand_over import HandOvers, mark
from twitchwise.channels.press import press_of
from twitchwise.channels.rate import RateLimiter
from twitchwise.channels.shared_limits import SharedLimits
from twitchwise.channels.text import Cleaned, clean, is_command
from twitchwise.channels.tokens import Button, TokenSigner, looks_like_token
from twitchwise.logging import about
from twitchwise.settings import Settings, is_loopback
from twitchwise.turn_message import HANDED_OVER
from twitchwise.turn_state import PROBE_PREFIX

logger = logging.getLogger(__name__)

#: Conversations of these channels begin with a prefix that the server puts there, so REST cannot address them.
RESERVED_PREFIXES = ("web:", "telegram:", PROBE_PREFIX)
BUTTON_LOOKUP_S = 2.0
#: What a turn gets at least of the deadline, however long the limits and the staff's records took to ask.
LEAST_S = 1.0
REMEMBERED_MESSAGES = 2000
_COUNTRY = re.compile(r"^[A-Za-z]{2}$")

#: Delivers one message, {"text", "buttons"?: [{"title", "payload": token}], "custom"?}, to the person.
Deliver = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Incoming:
    """One message as a channel got it. Nothing in it is trusted but `channel` and `conversation`."""

    channel: str
    conversation: str
    text: Any
    message_id: str | None = None     # the client's or platform's own id: a second delivery gets the same answer, once done
    address: str | None = None        # where it came from, for the limit per address
    metadata: Any = None              # known keys are kept (country), the rest is dropped
    pressed: bool = False             # only ever a button: a value that is no token of this conversation is not read as text


@dataclass(frozen=True)
class Accepted:
    """One message fit to be served. `parse_data` is set where NLU must not read the text (a press, a typed command)."""

    channel: str
    conversation: str
    text: str
    message_id: str
    parse_data: dict[str, Any] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    perhaps_known: bool = False       # it may have been served before, by this process or another one: look first
    #: Whether another process took it meanwhile; to be asked while the conversation is held. None: that cannot be.
    came_again: Callable[[], Awaitable[bool]] | None = field(default=None, compare=False)
    #: Serve it inside `gate.hold()`, so that a process works on a few turns at once; None: at once.
    gate: Gate | None = field(default=None, compare=False)
    #: Whether nobody hears its replies any more, which got safe words instead: then it is enough to keep what was said.
    unheard: Callable[[], bool] = field(default=lambda: False, compare=False)
    #: Parse data for that: what the safety net read in it.
    reading: Callable[[], dict[str, Any]] = field(default=dict, compare=False)


class Backend(Protocol):
    """What serves an accepted message."""

    async def handle(self, message: Accepted, send: Deliver) -> None:
        """Serve the message; call `send` for each reply, buttons still with their payloads."""

    async def buttons(self, conversation: str) -> list[Button]:
        """The buttons of this conversation's own bot events, newest first."""


@dataclass
class _Answered:
    """What was delivered for one message, for a second delivery of it."""

    done: asyncio.Event = field(default_factory=asyncio.Event)
    messages: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class _Turn:
    """A turn under way. `sent`: replies with words; `closed`: the person was answered in another way."""

    sent: int = 0
    closed: bool = False
    turned_away: bool = False   # too many wait: the safety net spoke for it before it began
    spoke: bool = False         # the turn itself had words, delivered or too late
    emergency: bool = False     # and they were those of an emergency
    safe: safety_net.SafeAnswer | None = None       # what the safety net said, and read
    task: asyncio.Task[None] = field(init=False)

    @property
    def harmless(self) -> bool:
        """The safety net has read the message: nothing in it is for the staff."""
        return self.safe is not None and self.safe.level is not None and self.safe.level not in safety_net.PRESSING


class Guard:
    """One for a process: its limits are shared by the channels, and with other processes where there is a Redis."""

    def __init__(self, settings: Settings, signer: TokenSigner, hand_overs: HandOvers | None = None) -> None:
        self.settings, self.signer, self.hand_overs = settings, signer, hand_overs
        #: Sees to it that an emergency is recorded that a turn may not have recorded (unserved.py).
        self.unserved: Callable[[Accepted], Awaitable[None]] | None = None
        self.limits = SharedLimits(
            RateLimiter(settings.rate_per_s, settings.rate_burst), RateLimiter(settings.address_rate_per_s, settings.address_rate_burst),
            url=settings.redis_url, key=settings.key() if settings.redis_url else b"",
        )
        # A quarter, so that those who wait already are still in time when as many again come before anybody is turned away.
        self.gate = Gate(patience_s=settings.deadline_s / 4)
        self._entrances: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._recent: OrderedDict[tuple[str, str], _Answered] = OrderedDict()
        self._turns: set[asyncio.Future[None]] = set()

    async def serve(self, incoming: Incoming, backend: Backend, deliver: Deliver, *, late: bool = False) -> None:
        """Answer one message. `late`: replies of a turn that outlasts the deadline can still be delivered when they come."""
        if incoming.message_id is None:
            await self._whatever_becomes_of_the_caller(self._serve(incoming, backend, deliver, late))
            return
        key = (incoming.conversation, incoming.message_id)
        known = self._recent.get(key)
        if known is not None:
            await known.done.wait()
            for message in known.messages:
                await deliver(message)
            return
        answered = self._recent[key] = _Answered()
        while len(self._recent) > REMEMBERED_MESSAGES:
            self._recent.popitem(last=False)

        async def remember(message: dict[str, Any]) -> None:
            answered.messages.append(message)
            await deliver(message)

        async def answer() -> None:
            try:
                await self._serve(incoming, backend, remember, late)
            finally:
                answered.done.set()

        await self._whatever_becomes_of_the_caller(answer())

    async def _whatever_becomes_of_the_caller(self, work: Coroutine[Any, Any, None]) -> None:
        """Sanic cancels a request whose connection ends. What was taken is served all the same, and a second delivery finds its answer."""
        task = asyncio.create_task(work)
        self._turns.add(task)
        task.add_done_callback(self._turns.discard)
        await asyncio.shield(task)

    async def collect(self, incoming: Incoming, backend: Backend) -> list[dict[str, Any]]:
        """Answer one message; the replies as a list, for channels that answer a request."""
        messages: list[dict[str, Any]] = []

        async def keep(message: dict[str, Any]) -> None:
            messages.append(message)

        await self.serve(incoming, backend, keep)
        return list(messages)

    async def _serve(self, incoming: Incoming, backend: Backend, deliver: Deliver, late: bool) -> None:
        with about(incoming.conversation), metrics.stage("message", channel=incoming.channel):
            outcome = await self._answer(incoming, backend, deliver, late)
        metrics.message_answered(incoming.channel, outcome)

    async def _answer(self, incoming: Incoming, backend: Backend, deliver: Deliver, late: bool) -> str:
        """What answered, as it is counted."""
        clock = asyncio.get_running_loop().time
        end = clock() + self.settings.deadline_s
        country = self._country(incoming.metadata)
        cleaned = clean(incoming.text, self.settings.max_message_chars)
        # One at a time up to its place in the queue of the conversation, which asks Redis and the tracker: or the second message of a
        # person could overtake the first.
        async with self._entrances.setdefault(incoming.conversation, asyncio.Lock()):
            accepted, problem, outcome = await self._enter(incoming, cleaned, backend, country)
            turn = self._begin(accepted, backend, deliver, late) if accepted else None
        if turn is None or accepted is None:
            await self._say(deliver, problem)
            return outcome
        outcome = await self._end(turn, accepted, deliver, country, max(min(LEAST_S, self.settings.deadline_s), end - clock()))
        if cleaned.cut:
            await self._say(deliver, [safety_net.problem_text("cut", country)])
        return outcome

    async def _enter(
        self, incoming: Incoming, cleaned: Cleaned, backend: Backend, country: str | None
    ) -> tuple[Accepted | None, Sequence[str], str]:
        """The message fit to be served; or what is said instead, and how that is counted."""
        # A load balancer or the project's own tools speak from loopback for many people: only senders are limited there.
        address = None if is_loopback(incoming.address) else incoming.address
        known_by = incoming.message_id and stable_id(incoming.channel, incoming.conversation, incoming.message_id)
        admission = await self.limits.admit(incoming.conversation, address or None, known_by)
        if not admission.allowed:
            return None, safety_net.rate_limited(cleaned.text, country), "rate_limited"
        if cleaned.problem:
            return None, [safety_net.problem_text(cleaned.problem, country)], "unreadable"
        if incoming.pressed or looks_like_token(cleaned.text):
            accepted = await self._pressed(incoming, cleaned, backend)
            if accepted is None:
                return None, [safety_net.problem_text("old_button", country)], "old_button"
        else:
            accepted = self._typed(incoming, cleaned)
        again = partial(self.limits.came_again, known_by) if known_by and admission.new and self.settings.redis_url else None
        accepted = replace(accepted, perhaps_known=known_by is not None and not admission.new, came_again=again)
        return await self._for_whom(accepted), (), ""

    async def _for_whom(self, accepted: Accepted) -> Accepted:
        """The message, marked where a person of the staff has taken over and answers it. It is served all the same, for its red flags."""
        if self.hand_overs is None:
            return accepted
        if ((accepted.parse_data or {}).get("button") or {}).get("intent") == "start_over":
            await self.hand_overs.leave(accepted.conversation)
        elif await self.hand_overs.take_in(accepted.conversation, accepted.text, accepted.message_id):
            return replace(accepted, metadata={**accepted.metadata, HANDED_OVER: True})
        return accepted

    def _begin(self, accepted: Accepted, backend: Backend, deliver: Deliver, late: bool) -> _Turn:
        """Start serving. The turn is never cancelled: its state is saved only at its end."""
        # Where it would be late in any case, the safe words are said at once. Its turn comes all the same, after those before it.
        running = _Turn(closed=self.gate.is_overrun, turned_away=self.gate.is_overrun)
        accepted = replace(accepted, gate=self.gate, unheard=lambda: running.closed and not late,
                           reading=lambda: unheard_parse(accepted.text, running.safe))

        async def send(message: dict[str, Any]) -> None:
            running.spoke = True
            custom = message.get("custom")
            running.emergency |= isinstance(custom, dict) and custom.get("kind") == "emergency"
            if running.closed and not late:
                return
            out = self._outgoing(accepted.conversation, message)
            if out:
                running.sent += bool(out.get("text"))
                await deliver(out)

        task = running.task = asyncio.create_task(backend.handle(accepted, send))
        self._turns.add(task)
        task.add_done_callback(self._ended)
        task.add_done_callback(lambda ended: self._look_after(ended, running, accepted))
        return running

    def _look_after(self, ended: asyncio.Task[None], running: _Turn, accepted: Accepted) -> None:
        """A turn that failed or was silent recorded nothing; one with emergency words may not have, when the actions were away."""
        failed = ended.cancelled() or ended.exception() is not None
        if self.unserved is not None and not running.harmless and (failed or not running.spoke or running.emergency):
            task = asyncio.ensure_future(self.unserved(accepted))
            self._turns.add(task)
            task.add_done_callback(self._turns.discard)

    async def _end(self, running: _Turn, accepted: Accepted, deliver: Deliver, country: str | None, seconds: float) -> str:
        """Wait for the turn within the deadline, and see to it that something was said."""
        turn = running.task
        if not running.closed:
            await asyncio.wait({turn}, timeout=seconds)
        failed = not turn.done() or turn.cancelled() or turn.exception() is not None
        running.closed = True
        if accepted.metadata.get(HANDED_OVER):
            # The person of the staff has the message. What cannot wait is said although the turn failed.
            if failed and not running.sent:
                await self._say_safe(deliver, safety_net.pressing_words(accepted.text, country), country)
            await deliver(mark())
            return "handed_over"
        if failed or not running.sent:
            reason = "overrun" if running.turned_away else "late" if not turn.done() else "failed" if failed else "silent"
            logger.warning("The safety net answers: a turn is %s", reason)
            metrics.safety_net_answered(reason)
            running.safe = safety_net.safe_answer(accepted.text, country)
            await self._say_safe(deliver, running.safe, country)
            return "safety_net"
        return "answered"

    def _ended(self, turn: asyncio.Task[None]) -> None:
        self._turns.discard(turn)
        if not turn.cancelled() and turn.exception() is not None:
            logger.error("A turn failed", exc_info=turn.exception())

    async def finish(self, timeout: float = 5.0) -> None:
        """Wait for turns still running, and for what is recorded after them, at the end of the process."""
        clock = asyncio.get_running_loop().time
        end = clock() + timeout
        while self._turns and clock() < end:
            await asyncio.wait(set(self._turns), timeout=end - clock())

    def _country(self, metadata: Any) -> str | None:
        value = metadata.get("country") if isinstance(metadata, dict) else None
        return value.upper() if isinstance(value, str) and _COUNTRY.match(value) else self.settings.country

    def _accepted(self, incoming: Incoming, text: str, parse_data: dict[str, Any] | None = None) -> Accepted:
        country = self._country(incoming.metadata)
        message_id = uuid.uuid4().hex if incoming.message_id is None else stable_id(incoming.channel, incoming.conversation, incoming.message_id)
        metadata = {"country": country} if country else {}
        return Accepted(incoming.channel, incoming.conversation, text, message_id, parse_data, metadata)

    def _typed(self, incoming: Incoming, cleaned: Cleaned) -> Accepted:
        if not is_command(cleaned.text):
            return self._accepted(incoming, cleaned.text)
        return self._accepted(incoming, cleaned.text, command_parse(cleaned.text))

    async def _pressed(self, incoming: Incoming, cleaned: Cleaned, backend: Backend) -> Accepted | None:
        try:
            buttons = await asyncio.wait_for(backend.buttons(incoming.conversation), BUTTON_LOOKUP_S)
            button = self.signer.resolve(cleaned.text, incoming.conversation, buttons)
            if button is None:
                return None
            text, parse_data = press_of(button.title, button.payload, [])
            meaning = parse_data["button"]
            if meaning.get("text"):
                text, parse_data = press_of(button.title, button.payload, safety_net.read_findings(text))
            return self._accepted(incoming, text, parse_data)
        except Exception:
            logger.exception("A button could not be resolved")
            return None

    def _outgoing(self, conversation: str, message: dict[str, Any]) -> dict[str, Any]:
        """A reply as it leaves: known keys only, payloads as tokens."""
        out = {key: message[key] for key in ("text", "custom", "image") if message.get(key)}
        buttons = [
            {"title": str(button.get("title", "")), "payload": self.signer.issue(conversation, button["payload"])}
            for button in message.get("buttons") or []
            if isinstance(button.get("payload"), str)
        ]
        if buttons:
            out["buttons"] = buttons
        return out

    @staticmethod
    async def _say(deliver: Deliver, texts: Any) -> None:
        for text in texts:
            await deliver({"text": text})

    @staticmethod
    async def _say_safe(deliver: Deliver, answer: safety_net.SafeAnswer, country: str | None) -> None:
        for message in safety_net.messages(answer, country):
            await deliver(message)


def stable_id(channel: str, conversation: str, message_id: str) -> str:
    """The id under which a client's message is stored: the same for every delivery of it."""
    parts = "\x00".join((channel, conversation, message_id))
    return hashlib.blake2s(parts.encode("utf-8", "replace"), digest_size=16).hexdigest()
