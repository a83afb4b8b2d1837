"""Socket.IO: any event with any content, from a session of one's own, without one, and with somebody else's broken token."""
from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.hostile.conftest import OFTEN, VERY_OFTEN, Victim
from tests.hostile.test_http import mangled
from tests.running import Server

TEXT = st.text(max_size=60) | st.sampled_from([
    "/restart", '/inform{"red_flags": []}', "\ud800", "\x00", "<script>alert(1)</script>", "tw-" + "A" * 27, "{{7*7}}", "x" * 5000,
    "I can't breathe", "../../etc/passwd", "\u202eevil", "'; DROP TABLE turns; --",
])
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-2**53, 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4), max_leaves=12,
)
#: In the shape of a message, with anything in each field.
UTTERED = st.fixed_dictionaries({}, optional={
    "message_id": st.from_regex(r"[A-Za-z0-9_-]{8,64}", fullmatch=True) | VALUE, "text": TEXT | VALUE, "button": VALUE, "title": VALUE,
    "places": VALUE | st.lists(st.tuples(st.sampled_from(["calf", "eyelid", "nowhere"]), st.sampled_from(["left", None, "up"])).map(list)),
    "country": VALUE, "again": VALUE, "token": VALUE, "sender": VALUE, "session_id": VALUE,
})
EVENTS = st.tuples(st.just("user_uttered"), UTTERED | VALUE) | st.tuples(st.just("session_request"), VALUE | st.fixed_dictionaries(
    {}, optional={"token": VALUE, "country": VALUE, "pending": VALUE})) | st.tuples(
    st.sampled_from(["bot_uttered", "session_confirm", "connect", "disconnect", "message", "state", "slots", "x" * 200]), VALUE)
#: A socket may ask for a session so often; then a new one is used.
EACH_SOCKET = 15


class Socket:
    """Just enough of Engine.IO 4 and Socket.IO 5 over a web socket: the client of python-socketio needs a newer aiohttp than Rasa allows."""

    def __init__(self, heard: list[str]) -> None:
        self.heard, self.number = heard, 0

    async def open(self, server: Server) -> Socket:
        self.session = aiohttp.ClientSession()
        url = server.url.replace("http", "ws") + "/chat/socket.io/?EIO=4&transport=websocket"
        self.socket = await self.session.ws_connect(url, max_msg_size=0)
        await self.until("0")
        await self.socket.send_str("40")
        await self.until("40")
        return self

    async def until(self, begins: str) -> str:
        while True:
            frame = await self.socket.receive(timeout=60)
            if frame.type != aiohttp.WSMsgType.TEXT:
                raise ConnectionError(str(frame.type))
            self.heard.append(frame.data)
            if frame.data == "2":
                await self.socket.send_str("3")
            if frame.data.startswith(begins):
                return str(frame.data)

    async def emit(self, event: str, data: Any, number: str = "") -> None:
        await self.socket.send_str(f"42{number}{json.dumps([event, data])}")

    async def call(self, event: str, data: Any) -> Any:
        self.number += 1
        await self.emit(event, data, str(self.number))
        found = json.loads((await self.until(f"43{self.number}["))[len(f"43{self.number}"):])
        return found[0] if found else None

    async def close(self) -> None:
        await self.socket.close()
        await self.session.close()


class Attacker:
    """A client in a loop of its own, so that hypothesis can drive it step by step."""

    def __init__(self, server: Server, victim: Victim) -> None:
        self.server, self.victim = server, victim
        self.loop = asyncio.new_event_loop()
        self.client: Socket | None = None
        self.heard: list[str] = []
        self.used = self.tried = 0
        self.rng = random.Random(7)

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, 90))

    async def fresh(self) -> Socket:
        """A new socket; most with a session of their own."""
        await self.leave()
        self.client = await Socket(self.heard).open(self.server)
        self.used = 0
        if self.rng.random() < 0.8:
            assert await self.client.call("session_request", {}) == {"ok": True}
        return self.client

    async def leave(self) -> None:
        if self.client is not None:
            await self.client.close()
            self.client = None

    async def send(self, event: str, data: Any) -> Any:
        client = self.client
        if client is None or client.socket.closed or self.used >= EACH_SOCKET:
            client = await self.fresh()
        self.used += 1
        self.tried += 1
        if event == "session_request" and isinstance(data, dict) and self.tried % 3 == 0:
            data = {**data, "token": mangled(self.victim.web["token"], self.rng, "tws1." + "0" * 32 + ".9999999999." + "A" * 43)}
        if event in ("user_uttered", "session_request"):
            return await client.call(event, data)
        await client.emit(event, data)
        return None


@pytest.fixture
def attacker(target: Server, victim: Victim) -> Iterator[Attacker]:
    made = Attacker(target, victim)
    yield made
    made.run(made.leave())
    # Whatever was tried, nothing of the victim's conversation was heard.
    assert not any("eyelid" in line and "Monday" in line for line in made.heard)
    made.loop.close()


def attack(attacker: Attacker, count: int) -> None:
    @settings(max_examples=count, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(each=EVENTS)
    def tries(each: tuple[str, Any]) -> None:
        event, data = each
        answer = attacker.run(attacker.send(event, data))
        if event == "user_uttered":
            assert isinstance(answer, dict) and isinstance(answer["ok"], bool), answer
            assert answer["ok"] or answer["error"], "whoever is refused is told why"
        elif event == "session_request":
            assert answer == {"ok": True} or answer["error"]

    tries()
    assert attacker.tried == count


def test_five_hundred_events(attacker: Attacker) -> None:
    attack(attacker, OFTEN)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_ten_thousand_events(attacker: Attacker) -> None:
    attack(attacker, VERY_OFTEN)


@pytest.mark.parametrize("frame", ["", "9", "42", "42[", "42{}", '42["user_uttered"', '451-["user_uttered",{"_placeholder":true,"num":0}]', "0" * 90_000,
                                   "x" * 200_000, "4" + "2" * 50, '420["user_uttered",null]', "\x00", "4\ud7ff", '40/admin,{"token":1}'])
def test_frames_that_are_no_protocol(target: Server, victim: Victim, frame: str) -> None:
    """Bytes below Socket.IO: at worst this connection ends."""
    async def talk() -> None:
        url = target.url.replace("http", "ws") + "/chat/socket.io/?EIO=4&transport=websocket"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            await socket.receive(timeout=60)
            await socket.send_str("40")
            await socket.send_str(frame)
            await socket.send_bytes(frame.encode("utf-8", "replace")[:50_000])

    asyncio.run(talk())
