"""Bytes below HTTP: requests that no library makes. At worst this connection ends; nobody's conversation changes and no traceback is logged."""
from __future__ import annotations

import random
import socket

import pytest

from tests.hostile.conftest import OFTEN, VERY_OFTEN, Victim
from tests.running import Server

BODY = b'{"sender": "raw", "message": "hello"}'
HOST = b"Host: localhost\r\n"
REQUESTS: dict[str, bytes] = {
    "nothing": b"", "blank lines": b"\r\n" * 40, "zeros": b"\x00" * 200, "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 200,
    "no version": b"GET /chat\r\n\r\n", "another version": b"GET /chat HTTP/9.9\r\n" + HOST + b"\r\n", "http2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a long address": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", "no path": b"GET  HTTP/1.1\r\n" + HOST + b"\r\n",
    "bytes in the path": b"GET /chat\xff\xfe\x00 HTTP/1.1\r\n" + HOST + b"\r\n", "a null in the path": b"GET /chat/%00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "broken percents": b"GET /chat?x=%ZZ%1 HTTP/1.1\r\n" + HOST + b"\r\n", "up and away": b"GET /chat/../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    "an unknown method": b"BREW /chat HTTP/1.1\r\n" + HOST + b"\r\n", "many headers": b"GET /chat HTTP/1.1\r\n" + b"A: b\r\n" * 5000 + b"\r\n",
    "a giant header": b"GET /chat HTTP/1.1\r\nA: " + b"b" * 200_000 + b"\r\n\r\n", "no colon": b"GET /chat HTTP/1.1\r\nHost localhost\r\n\r\n",
    "bytes in a header": b"GET /chat HTTP/1.1\r\nOrigin: \xff\xfe\x80\r\n" + HOST + b"\r\n", "a folded header": b"GET /chat HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
    "a length that is no number": b"POST /webhooks/rest/webhook HTTP/1.1\r\n" + HOST + b"Content-Length: ten\r\n\r\n" + BODY,
    "a length below nothing": b"POST /webhooks/rest/webhook HTTP/1.1\r\n" + HOST + b"Content-Length: -5\r\n\r\n" + BODY,
    "a giant length": b"POST /webhooks/rest/webhook HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999\r\n\r\n" + BODY,
    "two lengths": b"POST /webhooks/rest/webhook HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 37\r\n\r\n" + BODY,
    "length and chunks": b"POST /webhooks/rest/webhook HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                         b"GET /metrics HTTP/1.1\r\n" + HOST + b"\r\n",
    "a chunk that is no number": b"POST /webhooks/rest/webhook HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "a chunk below nothing": b"POST /webhooks/rest/webhook HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n",
    "a giant chunk": b"POST /webhooks/rest/webhook HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\nhello",
    "a body that is cut": b"POST /webhooks/rest/webhook HTTP/1.1\r\n" + HOST + b"Content-Length: 5000\r\n\r\n" + BODY,
    "an upgrade to nothing": b"GET /chat/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n" + HOST + b"Upgrade: nothing\r\nConnection: Upgrade\r\n\r\n",
    "an upgrade without a key": b"GET /chat/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n" + HOST + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "an old engine": b"GET /chat/socket.io/?EIO=1&transport=polling HTTP/1.1\r\n" + HOST + b"\r\n",
    "a session that is none": b"POST /chat/socket.io/?EIO=4&transport=polling&sid=none HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n40",
    "pipelined": (b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n") * 50,
}


def send(server: Server, request: bytes) -> bytes:
    """What comes back; the connection is not kept, whatever the server thinks of it."""
    port = int(server.url.rpartition(":")[2])
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while len(got) < 1_000_000 and (part := connection.recv(65_536)):
                got += part
        except OSError:
            pass    # it hung up in the middle of our words, as it may
    return got


def judge(server: Server, name: str, request: bytes) -> None:
    logged = server.log.stat().st_size
    got = send(server, request)
    assert b"Traceback" not in got and not got.startswith((b"HTTP/1.1 500", b"HTTP/1.1 502")), (name, got[:300])
    with server.log.open("rb") as log:
        log.seek(logged)
        assert b"Traceback" not in log.read(), (name, request[:300])


def test_requests_that_are_none(target: Server, victim: Victim) -> None:
    for name, request in REQUESTS.items():
        judge(target, name, request)


@pytest.mark.parametrize("count", [OFTEN // 5, pytest.param(VERY_OFTEN // 5, marks=[pytest.mark.faults, pytest.mark.timeout(3600)])])
def test_damaged_requests(target: Server, victim: Victim, count: int) -> None:
    """Those of the list with bytes changed, cut out and doubled."""
    rng = random.Random(count)
    small = [each for each in REQUESTS.values() if 0 < len(each) < 5000]
    for _ in range(count):
        request = bytearray(rng.choice(small))
        for _ in range(rng.randrange(1, 6)):
            place = rng.randrange(len(request))
            match rng.randrange(3):
                case 0:
                    request[place] = rng.randrange(256)
                case 1:
                    del request[place:place + rng.randrange(1, 9)]
                case _:
                    request[place:place] = request[place:place + rng.randrange(1, 40)]
            if not request:
                break
        judge(target, "damaged", bytes(request))
