"""A browser and servers for the tests of the page. `stub` answers canned words; `server` (tests/conftest.py) is the real one."""
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.running import free_port
from twitchwise.settings import ROOT

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


def chromium() -> str:
    """The browser's path; the test is skipped, with what to do, where there is none."""
    found = os.environ.get("TWITCHWISE_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found:
        pytest.skip("No Chromium found. On Debian or Ubuntu: apt-get install chromium. Or set TWITCHWISE_CHROMIUM to its path.")
    return found


@dataclass
class Stub:
    """The server with canned words, which can be killed and started again with the same conversations."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, **more: str) -> Stub:
        log = self.folder / "stub.log"
        with log.open("wb") as output:
            command = [sys.executable, "-m", "tests.web.stub", str(self.port), str(self.folder)]
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **more})
        end = time.monotonic() + 90
        while time.monotonic() < end and self.process.poll() is None:
            if b"stub ready" in log.read_bytes():
                return self
            time.sleep(0.1)
        raise RuntimeError(f"The stub did not start:\n{log.read_text()[-2000:]}")

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The built page."""
    subprocess.run([sys.executable, str(ROOT / "scripts" / "build_web.py")], check=True, timeout=300)
    return ROOT / "web" / "dist" / "twitchwise.js"


@pytest.fixture(scope="session")
def stub(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stub]:
    running = Stub(tmp_path_factory.mktemp("stub")).start()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


class Chat:
    """A page with the chat, driven as a person would."""

    def __init__(self, page: Any, url: str, path: str = "/chat") -> None:
        self.page, self.url, self.path = page, url, path
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("console", lambda message: self.problems.append(message.text) if self._is_problem(message) else None)

    @staticmethod
    def _is_problem(message: Any) -> bool:
        # What the network does while a server is away is no fault of the page.
        return message.type == "error" and not any(word in message.text for word in ("ERR_", "WebSocket", "Failed to load resource"))

    def open(self) -> Chat:
        self.page.goto(self.url + self.path)
        self.said("Hello")
        self.until("document.querySelector('twitchwise-chat').line.ready")
        return self

    def until(self, expression: str, timeout: float = 60.0) -> None:
        """Wait until an expression holds. (Playwright's own waiting needs eval, which the page's policy forbids.)"""
        end = time.monotonic() + timeout
        while not self.page.evaluate(expression):
            assert time.monotonic() < end, f"never: {expression}"
            self.page.wait_for_timeout(50)

    def served(self, timeout: float = 60.0) -> None:
        """Wait until every message was acknowledged and no answer is on its way."""
        self.until(
            "(chat => !chat.store.outbox.length && !chat.view.typing && chat.line.ready)(document.querySelector('twitchwise-chat'))",
            timeout,
        )

    @property
    def input(self) -> Any:
        return self.page.get_by_role("textbox", name="Your message")

    def type(self, text: str) -> None:
        self.input.click()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def said(self, words: str, timeout: int = 60_000) -> Any:
        found = self.page.locator(".message-bubble", has_text=words).last
        found.wait_for(timeout=timeout)
        return found

    def count(self, words: str) -> int:
        return int(self.page.locator(".message-bubble", has_text=words).count())

    def axe(self) -> list[str]:
        """Violations of WCAG 2.2 A and AA on the page as it is, each as one line."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found["violations"] for node in each["nodes"]]


@pytest.fixture
def chat(browser: Any, stub: Stub) -> Iterator[Callable[..., Chat]]:
    """Makes a chat in a browser context of its own: chat(path=..., **options of the context)."""
    contexts = []

    def make(path: str = "/chat", url: str | None = None, **options: Any) -> Chat:
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 800}, **options})
        contexts.append(context)
        context.set_default_timeout(60_000)
        return Chat(context.new_page(), url or stub.url, path)

    yield make
    for context in contexts:
        context.close()
