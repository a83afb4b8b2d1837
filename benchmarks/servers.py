"""Both assistants, started as an operator would start them, each with everything it writes in a folder of its own."""
from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import Running, free_port, listens, run, start
from twitchwise.settings import ROOT

#: Stock Rasa builds its TensorFlow graphs at each start: minutes on a busy machine.
START_LIMIT_S = 900.0
PYTHON = sys.executable
RASA = str(Path(sys.executable).with_name("rasa"))


def answers(port: int) -> Callable[[], bool]:
    """Whether a server on this port answers a real message with words: the moment at which a person would get an answer."""

    def ready() -> bool:
        if not listens(port):
            return False
        body = json.dumps({"sender": "benchmark-ready", "message": "hello"}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/webhooks/rest/webhook", body, {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return any(reply.get("text") for reply in json.loads(answer.read()))
        except (OSError, ValueError, urllib.error.HTTPError):
            return False

    return ready


def environment(**more: str) -> dict[str, str]:
    """The caller's, without settings of an assistant and without what keeps Python from using compiled bytecode."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("TWITCHWISE_", "DATABASE_URL")) and name not in ("HOST", "PORT", "PYTHONDONTWRITEBYTECODE")}
    return {**kept, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", **more}


@dataclass
class Server:
    """A running assistant. `ports`: one for each of its processes."""

    name: str
    running: list[Running]
    ports: list[int]

    @property
    def start_s(self) -> float:
        return max(each.start_s for each in self.running)

    @property
    def memory_mb(self) -> float:
        return sum(each.memory_mb for each in self.running)

    @property
    def cpu_s(self) -> float:
        return sum(each.cpu_s for each in self.running)

    def stop(self) -> None:
        for each in self.running:
            each.stop()


@dataclass(frozen=True)
class Wanted:
    """How Twitchwise is to be started. `redis_url`: what several processes share."""

    database_url: str | None = None
    actions: str = "in-process"
    tensorflow_guard: bool = True
    redis_url: str | None = None
    more: dict[str, str] = field(default_factory=dict)


def twitchwise(folder: Path, wanted: Wanted | None = None, processes: int = 1, name: str = "Twitchwise") -> Server:
    """Migrate the database and start `python -m twitchwise serve`, once or more often on the same database."""
    wanted = wanted or Wanted()
    folder.mkdir(parents=True, exist_ok=True)
    url = wanted.database_url or f"sqlite:///{folder}/twitchwise.db"
    common = environment(
        DATABASE_URL=url, TWITCHWISE_SIGNING_KEY="benchmark signing key, not a secret", TWITCHWISE_RATE_PER_S="100000",
        TWITCHWISE_RATE_BURST="1000000", TWITCHWISE_API_TOKEN="benchmark-token", TWITCHWISE_ACTIONS=wanted.actions,
        TWITCHWISE_TENSORFLOW_GUARD=str(wanted.tensorflow_guard).lower(), HOST="127.0.0.1",
        **({"TWITCHWISE_REDIS_URL": wanted.redis_url} if wanted.redis_url else {}), **wanted.more)
    run([PYTHON, "-m", "twitchwise", "migrate"], cwd=ROOT, env={**common, "TWITCHWISE_VAR_DIR": str(folder)}, log=folder / "migrate.log",
        limit_s=120)
    server = Server(name, [], [])
    try:
        for number in range(processes):
            port = free_port()
            env = {**common, "PORT": str(port), "TWITCHWISE_VAR_DIR": str(folder / f"var-{number}"),
                   "TWITCHWISE_ACTIONS_PORT": str(free_port())}
            server.running.append(start(name, [PYTHON, "-m", "twitchwise", "serve"], cwd=ROOT, env=env,
                                        log=folder / f"server-{number}.log", ready=answers(port), limit_s=START_LIMIT_S))
            server.ports.append(port)
    except BaseException:
        server.stop()
        raise
    return server


def stock(project: Path, model: Path, action_port: int, name: str = "stock Rasa") -> Server:
    """`rasa run actions`, then `rasa run`, on the project that `benchmarks.stock` made. Its start counts both, side by side."""
    env = environment()
    port = free_port()
    actions = start(
        f"{name}'s actions", [RASA, "run", "actions", "--actions", "actions", "--port", str(action_port)], cwd=project,
        env={**env, "SANIC_HOST": "127.0.0.1"}, log=project / "actions.log", ready=lambda: listens(action_port), limit_s=START_LIMIT_S)
    try:
        running = start(
            name, [RASA, "run", "--enable-api", "--auth-token", "benchmark-token", "--model", str(model), "--port", str(port), "--interface", "127.0.0.1",
                   "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"],
            cwd=project, env=env, log=project / "server.log", ready=answers(port), limit_s=START_LIMIT_S)
    except BaseException:
        actions.stop()
        raise
    # Both could be started at once: the longer of the two is what an operator waits for.
    running.beside.append(actions)
    return Server(name, [running], [port])
