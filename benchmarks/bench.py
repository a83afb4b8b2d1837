"""What the parts share: the plan, a folder for everything that is written, the results so far, and both servers while they run."""
from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks.conversations import load
from benchmarks.plan import Plan
from benchmarks.servers import Server, stock, twitchwise
from twitchwise.settings import ROOT

LAST = Path(__file__).with_name("last.json")


@dataclass
class Bench:
    """One run."""

    plan: Plan
    folder: Path
    results: dict[str, Any]
    model: Path | None = None              # stock Rasa's, when it is trained
    action_port: int = 0
    servers: dict[str, Server] = field(default_factory=dict)
    warm: list[Server] = field(default_factory=list)

    @property
    def project(self) -> Path:
        return self.folder / "stock"

    @property
    def texts(self) -> list[tuple[str, ...]]:
        return [each.texts for each in load()]

    def put(self, part: str, values: dict[str, Any]) -> None:
        """Add results, and keep them on disk at once: a run that is stopped keeps what it measured."""
        self.results.setdefault(part, {}).update(values)
        self.results.setdefault("measured", {})[part] = {"at": now(), "quick": self.plan.quick, "commit": _commit()}
        save(self.results)

    def server(self, name: str) -> Server:
        """The running server, "twitchwise" or "stock", started if it is not."""
        if name not in self.servers:
            self.say(f"starting {name}")
            self.servers[name] = self.start(name)
        return self.servers[name]

    def start(self, name: str) -> Server:
        """A new server, not kept: its caller stops it."""
        if name == "twitchwise":
            return twitchwise(self.folder / f"twitchwise-{time.monotonic_ns()}")
        from benchmarks.training import stock_model

        return stock(self.project, stock_model(self), self.action_port)

    def stop(self) -> None:
        """Stop both."""
        for server in self.servers.values():
            server.stop()
        self.servers.clear()

    def both(self, measure: Callable[[Server], Any], rounds: int) -> dict[str, list[Any]]:
        """`measure` on stock Rasa and on Twitchwise by turns, so that a machine that slows down slows both. The other one idles."""
        names = ("stock", "twitchwise")
        servers = {name: self.server(name) for name in names}
        found: dict[str, list[Any]] = {name: [] for name in names}
        for number in range(rounds):
            for name in names if number % 2 == 0 else reversed(names):
                found[name].append(measure(servers[name]))
        return found

    @staticmethod
    def say(line: str) -> None:
        """Progress, with the time."""
        print(f"[{datetime.now():%H:%M:%S}] {line}", flush=True)


def now() -> str:
    """The present moment, ISO 8601 in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def read(file: Path = LAST) -> dict[str, Any]:
    """The last results, empty when there are none."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def save(results: dict[str, Any], file: Path = LAST) -> None:
    """Write the results as JSON."""
    file.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def about() -> dict[str, Any]:
    """This machine and these versions."""
    import rasa.version

    return {
        "at": now(), "commit": _commit(), "processor": _processor(), "cores": os.cpu_count(), "memory_gb": _memory_gb(),
        "system": platform.system(), "python": platform.python_version(), "rasa": rasa.version.__version__,
        "load_before": round(os.getloadavg()[0], 2),
    }


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)
