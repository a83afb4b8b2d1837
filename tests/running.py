"""A server started for tests, and a plain client for it. Standard library only."""
from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twitchwise.settings import ROOT

TOKEN = "operators-test-token"
START_S = 300


def free_port() -> int:
    """A port of loopback that is free now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of a test server: everything it writes goes below `folder`."""
    return {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{folder}/test.db",
        "TWITCHWISE_VAR_DIR": str(folder),
        "TWITCHWISE_API_TOKEN": TOKEN,
        "RASA_TELEMETRY_ENABLED": "false",
        # As long as they may be: on a machine that is busy with other tests, an answer may take its time.
        "TWITCHWISE_DEADLINE_S": "9.9",
        "TWITCHWISE_ACTION_TIMEOUT_S": "9.0",
        **more,
    }


@dataclass
class Server:
    """A running server. `log` holds its standard error and output."""

    process: subprocess.Popen[bytes]
    url: str
    folder: Path
    log: Path
    token: str = TOKEN

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "test.db"

    def call(
        self, path: str, body: Any = None, *, raw: bytes | None = None, token: bool = False, method: str | None = None
    ) -> tuple[int, Any]:
        """(status, decoded body) of one request; the body as text when it is no JSON."""
        query = f"?token={urllib.parse.quote(self.token)}" if token else ""
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path + query, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, content = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, content = error.code, error.read()
        try:
            return status, json.loads(content)
        except ValueError:
            return status, content.decode("utf-8", "replace")

    def say(self, sender: str, text: Any, **more: Any) -> list[dict[str, Any]]:
        """The replies to one message over REST."""
        status, replies = self.call("/webhooks/rest/webhook", {"sender": sender, "message": text, **more})
        assert status == 200, (status, replies)
        assert isinstance(replies, list), replies
        return replies

    def words(self, sender: str, text: Any) -> str:
        """The texts of the replies, joined."""
        return "\n".join(reply.get("text", "") for reply in self.say(sender, text))

    def tracker(self, sender: str, events: str = "AFTER_RESTART") -> dict[str, Any]:
        """The tracker of a conversation."""
        path = f"/conversations/{urllib.parse.quote(sender)}/tracker?token={self.token}&include_events={events}"
        status, tracker = self.call(path)
        assert status == 200, (status, tracker)
        return dict(tracker)

    def slots(self, sender: str) -> dict[str, Any]:
        """The slots of a conversation."""
        return dict(self.tracker(sender)["slots"])

    def parse(self, text: str) -> dict[str, Any]:
        """Intent and entities of a text."""
        status, parsed = self.call("/model/parse", {"text": text}, token=True)
        assert status == 200, (status, parsed)
        return dict(parsed)

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        return int(self.process.returncode)


def new_sender(name: str = "test") -> str:
    """A sender that nobody else uses."""
    return f"{name}-{uuid.uuid4().hex}"


def start_server(folder: Path, *, actions: str = "in-process", port: int | None = None, **more: str) -> Server:
    """Migrate a database of its own and start `python -m twitchwise serve`; returns once a real message was answered."""
    port = port or free_port()
    env = environment(folder, port, TWITCHWISE_ACTIONS=actions, TWITCHWISE_ACTIONS_PORT=str(free_port()), **more)
    subprocess.run([sys.executable, "-m", "twitchwise", "migrate"], cwd=ROOT, env=env, check=True, timeout=START_S)
    log = folder / "server.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "twitchwise", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
    server = Server(process, f"http://127.0.0.1:{port}", folder, log)
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if b"Twitchwise answers" in log.read_bytes():
            return server
        if process.poll() is not None:
            break
        time.sleep(0.1)
    server.stop()
    raise RuntimeError(f"The test server did not start:\n{log.read_text(errors='replace')[-3000:]}")
