"""A receiver of webhooks on loopback that can be made to misbehave, and a mail server that keeps what it gets."""
from __future__ import annotations

import asyncio
import json
import socketserver
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from aiohttp import web

from twitchwise.records.targets import verify

SECRET = "a shared secret of tests"


@dataclass
class Receiver:
    """Counts what arrives by its key. `mode`: ok | error | slow | cut | cut_after (takes it, then cuts the connection)."""

    port: int
    mode: str = "ok"
    taken: Counter[str] = field(default_factory=Counter)
    bodies: dict[str, dict] = field(default_factory=dict)
    refused: int = 0
    forged: int = 0
    runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def stop(self) -> None:
        if self.runner is not None:
            await self.runner.cleanup()
            self.runner = None

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not verify(SECRET.encode(), request.headers, body, time.time()):
            self.forged += 1
            return web.Response(status=403)
        if self.mode in ("error", "busy"):
            self.refused += 1
            return web.Response(status=500) if self.mode == "error" else web.Response(status=429, headers={"retry-after": "7"})
        if self.mode == "slow":
            self.refused += 1
            await asyncio.sleep(3)
            return web.Response(status=200)
        if self.mode == "cut":
            self.refused += 1
            request.transport.abort()
            return web.Response()
        key = request.headers["idempotency-key"]
        self.taken[key] += 1
        self.bodies[key] = json.loads(body)
        if self.mode == "cut_after":
            request.transport.abort()
        return web.Response(status=200)


class MailServer:
    """Just enough SMTP (RFC 5321) for smtplib; the standard library's server is gone in newer Pythons."""

    def __init__(self, port: int) -> None:
        self.messages: list[str] = []
        self.refuse = False
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.reply("220 here")
                while line := self.rfile.readline().decode().strip():
                    word = line.split()[0].upper()
                    if word == "DATA" and not server.refuse:
                        self.reply("354 go on")
                        data = []
                        while (part := self.rfile.readline()) != b".\r\n":
                            data.append(part.decode())
                        server.messages.append("".join(data))
                        self.reply("250 taken")
                    elif word == "QUIT":
                        self.reply("221 bye")
                        return
                    else:
                        self.reply("451 not now" if server.refuse and word == "MAIL" else "250 ok")

            def reply(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.server = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
