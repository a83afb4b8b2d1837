"""Parts about Twitchwise's stores: growth with stored conversations, and one and two processes on PostgreSQL and Redis."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import fill
from benchmarks.bench import Bench
from benchmarks.databases import Missing, postgres, redis
from benchmarks.drive import Driven, drive
from benchmarks.measuring import warm
from benchmarks.numbers import summary
from benchmarks.servers import Server, Wanted, twitchwise

KINDS = ("sqlite", "postgresql")
#: Conversations that are copied: each the first messages of a recorded one.
TEMPLATE_TURNS, TEMPLATES = 2, 12


@contextmanager
def _database(bench: Bench, kind: str, name: str) -> Iterator[str]:
    if kind == "sqlite":
        file = bench.folder / f"{name}.db"
        try:
            yield f"sqlite:///{file}"
        finally:
            for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
                path.unlink(missing_ok=True)
    else:
        with postgres() as url:
            yield url


def measure_growth_stored(bench: Bench) -> None:
    """The time per message with 0, 10,000 and 100,000 conversations in the database. An almost empty database with a server of its
    own runs beside it, and both are measured by turns: what the machine does meanwhile then counts for both."""
    for kind in KINDS:
        try:
            with ExitStack() as stack:
                _growth_stored(bench, kind, stack)
        except Missing as missing:
            bench.put("growth_stored", {kind: {"missing": str(missing)}})


def _growth_stored(bench: Bench, kind: str, stack: ExitStack) -> None:
    bench.stop()
    plan = bench.plan
    empty_url, full_url = (stack.enter_context(_database(bench, kind, f"stored-{kind}-{name}")) for name in ("empty", "full"))
    servers = []
    for name, url in (("empty", empty_url), ("full", full_url)):
        bench.say(f"starting Twitchwise on {kind} ({name})")
        servers.append(twitchwise(bench.folder / f"stored-{kind}-{name}", Wanted(database_url=url)))
        stack.callback(servers[-1].stop)
    empty, full = servers
    # What is copied: two messages each. 100,000 whole checks would be gigabytes, and rows are rows.
    drive(full.ports, [texts[:TEMPLATE_TURNS] for texts in bench.texts], clients=1, limit_s=20.0, most=TEMPLATE_TURNS * TEMPLATES)
    for server in servers:
        warm(bench, server)
    steps: dict[str, Any] = {}
    with _filler(full_url) as (engine, copied):
        done = 0
        for wanted in plan.stored:
            if wanted > done:
                bench.say(f"{kind}: filling up to {wanted} conversations")
                fill.fill(engine, done, wanted, copied)
                done = wanted
            drive(full.ports, bench.texts, clients=2, limit_s=2.0, most=plan.most)
            steps[str(wanted)] = _by_turns(bench, empty, full) | {"rows": fill.counts(engine)}
            bench.put("growth_stored", {kind: steps})
            bench.say(f"{kind}, {wanted}: {steps[str(wanted)]['full']['p50_ms']} ms against {steps[str(wanted)]['empty']['p50_ms']} ms")


@contextmanager
def _filler(url: str) -> Iterator[tuple[Any, list[str]]]:
    from twitchwise.records.engine import make_engine

    engine = make_engine(url)
    # Filling takes longer than a person's statement may.
    if engine.dialect.name == "postgresql":
        from sqlalchemy import create_engine

        engine.dispose()
        engine = create_engine(url, future=True)
    try:
        copied = short_templates(engine)
        fill.prepare(engine, copied)
        yield engine, copied
        fill.clean(engine)
    finally:
        engine.dispose()


def short_templates(engine: Any, most: int = TEMPLATES) -> list[str]:
    """The shortest conversations that were really held: 100,000 of the longest would be gigabytes and say nothing more."""
    from sqlalchemy import text

    with engine.connect() as connection:
        rows = connection.execute(text(
            "SELECT c.id FROM conversations c JOIN tracker_events e ON e.conversation_id = c.id "
            "GROUP BY c.id ORDER BY count(*), c.id LIMIT :most"), {"most": most})
        return [name for (name,) in rows]


def _by_turns(bench: Bench, empty: Server, full: Server) -> dict[str, Any]:
    found: dict[str, list[Driven]] = {"empty": [], "full": []}
    for number in range(bench.plan.stored_rounds):
        order = (("empty", empty), ("full", full))
        for name, server in order if number % 2 == 0 else order[::-1]:
            found[name].append(drive(server.ports, bench.texts, clients=1, limit_s=bench.plan.stored_s, most=bench.plan.most))
    return {name: summary([ms for run in runs for ms in run.ms()]) for name, runs in found.items()}


def measure_processes(bench: Bench) -> None:
    """One and two server processes on one PostgreSQL and one Redis; any message of a conversation may go to either."""
    bench.stop()
    try:
        with ExitStack() as stack:
            _processes(bench, stack)
    except Missing as missing:
        bench.put("processes", {"missing": str(missing)})


def _processes(bench: Bench, stack: ExitStack) -> None:
    database, locks = stack.enter_context(postgres()), stack.enter_context(redis())
    bench.say("starting two processes on PostgreSQL and Redis")
    server = twitchwise(bench.folder / "processes", Wanted(database_url=database, redis_url=locks), processes=2, name="two processes")
    stack.callback(server.stop)
    warm(bench, server)
    found: dict[str, list[dict[str, float]]] = {"one": [], "two": []}
    for number in range(bench.plan.processes_rounds):
        kinds = (("one", server.ports[:1]), ("two", server.ports))
        for name, ports in kinds if number % 2 == 0 else kinds[::-1]:
            before = server.cpu_s
            driven = drive(ports, bench.texts, clients=bench.plan.clients, limit_s=bench.plan.processes_s, most=bench.plan.most)
            found[name].append({
                "per_s": driven.per_s, "cpu_ms": (server.cpu_s - before) * 1000 / max(1, len(driven.answers)),
                "busy_cores": (server.cpu_s - before) / driven.wall_s, "failed": driven.failed, "silent": driven.silent,
            } | summary(driven.ms()))
    bench.put("processes", {name: {key: round(median(run[key] for run in runs), 2) for key in runs[0]} for name, runs in found.items()})
