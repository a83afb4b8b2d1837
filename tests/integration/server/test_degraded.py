"""One really started server with PostgreSQL, Redis, a broker that never comes, an action process, a receiver of escalations and a collector
of traces. Parts are taken away and given back: the person always gets words, an emergency its own, and what waited is written once."""
from __future__ import annotations

import json
import os
import re
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.integration.records.receiver import SECRET
from tests.running import Server, free_port, new_sender, start_server
from tests.support.otlp import Collector, collector
from twitchwise.cluster_parts import ClusterError, Part, Postgres, Redis

pytestmark = pytest.mark.servers
TWITCH, EMERGENCY = "my calf has been twitching for 3 days", "I can hardly breathe"
#: However busy the machine is; a condition that holds ends the wait at once.
LONGEST_S = 120.0


def until(condition: Callable[[], Any], what: str) -> Any:
    """The condition's value once it holds."""
    end = time.monotonic() + LONGEST_S
    while True:
        try:
            if found := condition():
                return found
        except (psycopg2.Error, OSError):
            pass     # not back yet
        assert time.monotonic() < end, f"waited too long for {what}"
        time.sleep(0.2)


@dataclass
class Topology:
    """All parts. `told`: how often each escalation reached its receiver, by its key."""

    folder: Path
    postgres: Postgres
    redis: Redis
    collector: Collector
    told: Counter[str] = field(default_factory=Counter)
    server: Server = field(init=False)

    def begin(self, part: Part) -> None:
        part.start()
        until(part.is_ready, part.name)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(self.postgres.url, connect_timeout=5)
        try:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def metric(self, series: str) -> float | None:
        status, text = self.server.call("/metrics")
        assert status == 200
        found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else None

    def all_is_well(self) -> bool:
        return (self.server.call("/ready")[0] == 200 and self.metric("twitchwise_database_up") == 1
                and self.metric('twitchwise_spool_turns{state="waiting"}') == 0)

    def action_process(self) -> int:
        """The process id of the supervised action process."""
        def mine(process: Path) -> bool:
            try:
                return (b"twitchwise\0actions" in (process / "cmdline").read_bytes()
                        and f"TWITCHWISE_VAR_DIR={self.folder}\0".encode() in (process / "environ").read_bytes())
            except OSError:
                return False

        return next((int(process.name) for process in Path("/proc").glob("[0-9]*") if mine(process)), 0)


@pytest.fixture(scope="module")
def topology() -> Iterator[Topology]:
    # Not below pytest's own folder: PostgreSQL runs as another user, who may not look in there.
    folder = Path(tempfile.mkdtemp(prefix="twitchwise-degraded-"))
    folder.chmod(0o755)
    with collector() as traces:
        made = Topology(folder, Postgres(folder, free_port()), Redis(folder, free_port()), traces)
        receiver = _receiver(made.told)
        try:
            try:
                made.begin(made.postgres)
                made.begin(made.redis)
            except ClusterError as error:
                pytest.skip(str(error))
            made.server = start_server(
                folder, actions="http", DATABASE_URL=made.postgres.url, TWITCHWISE_REDIS_URL=made.redis.url,
                TWITCHWISE_BROKER_URL=f"amqp://guest:guest@127.0.0.1:{free_port()}/", OTEL_EXPORTER_OTLP_ENDPOINT=traces.url,
                OTEL_BSP_SCHEDULE_DELAY="200", TWITCHWISE_LOG_FORMAT="json", TWITCHWISE_LOG_LEVEL="INFO",
                TWITCHWISE_WEBHOOK_URL=f"http://127.0.0.1:{receiver.server_port}/hook", TWITCHWISE_WEBHOOK_SECRET=SECRET)
            yield made
            assert made.server.stop() == 0
        finally:
            if hasattr(made, "server"):
                made.server.stop()
            made.redis.stop()
            made.postgres.stop()
            receiver.shutdown()
            receiver.server_close()
            shutil.rmtree(folder, ignore_errors=True)


def _receiver(told: Counter[str]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            told[self.headers["idempotency-key"]] += 1
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(autouse=True)
def _well(topology: Topology) -> None:
    until(topology.all_is_well, "all parts")


def has_emergency_words(words: str) -> bool:
    return "999" in words and "112" in words


def told_once_more(topology: Topology, before: int) -> None:
    """One escalation more is recorded and reaches its receiver, once."""
    until(lambda: topology.count("escalations") == before + 1 and topology.rows(
        "SELECT 1 FROM escalations WHERE delivery_state <> 'delivered'") == [], "the delivery")
    assert topology.count("escalations") == len(topology.told) == before + 1
    assert set(topology.told.values()) == {1}


def test_without_the_broker_everything_goes_on(topology: Topology) -> None:
    before = topology.count("escalations")
    assert "Sorry" not in topology.server.words(new_sender(), TWITCH)
    assert has_emergency_words(topology.server.words(new_sender(), EMERGENCY))
    told_once_more(topology, before)


def test_without_the_database_the_check_goes_on_and_all_is_written_later_once(topology: Topology) -> None:
    server, sender, other = topology.server, new_sender("check"), new_sender("emergency")
    server.words(sender, TWITCH)
    asked = server.slots(sender)["requested_slot"]
    turns, escalations, events = topology.count("turns"), topology.count("escalations"), topology.count("tracker_events")
    topology.postgres.stop(signal.SIGQUIT)
    try:
        assert "Sorry" not in server.words(sender, "no")
        assert server.slots(sender)["requested_slot"] not in (None, asked), "the conversation goes on in memory"
        assert has_emergency_words(server.words(other, EMERGENCY))
        assert server.words(sender, "is it ALS?")
        assert server.call("/ready")[0] == 200
        until(lambda: topology.metric("twitchwise_database_up") == 0, "the metric")
        assert (topology.metric('twitchwise_spool_turns{state="waiting"}') or 0) >= 1
        waiting = b"".join(path.read_bytes() for path in (topology.folder / "spool").iterdir())
        assert sender.encode() not in waiting and b"is it ALS" not in waiting and b"breathe" not in waiting
    finally:
        topology.begin(topology.postgres)
    until(topology.all_is_well, "the spool to empty")
    until(lambda: topology.count("turns") == turns + 3, "the turns")
    told_once_more(topology, escalations)
    server.words(sender, "no")       # what the tracker store still holds of a conversation is written at its next message
    server.words(other, "thank you")
    until(lambda: topology.count("tracker_events") > events, "the conversation's events")
    assert topology.count("turns") == turns + 5
    assert (topology.metric('twitchwise_turns_recorded_total{state="spooled"}') or 0) >= 3
    said = [event["text"] for event in server.tracker(sender, "ALL")["events"] if event["event"] == "user"]
    assert said == [TWITCH, "no", "is it ALS?", "no"]


def test_without_redis_messages_are_answered(topology: Topology) -> None:
    before = topology.count("escalations")
    server, sender = topology.server, new_sender()
    server.words(sender, TWITCH)
    asked = server.slots(sender)["requested_slot"]
    topology.redis.kill()
    try:
        assert "Sorry" not in server.words(sender, "no")
        assert server.slots(sender)["requested_slot"] not in (None, asked)
        assert has_emergency_words(server.words(new_sender(), EMERGENCY))
    finally:
        topology.begin(topology.redis)
    told_once_more(topology, before)
    assert "Sorry" not in server.words(sender, "no")


def test_an_emergency_without_the_action_process_is_told_though_the_person_never_writes_again(topology: Topology) -> None:
    before = topology.count("escalations")
    os.kill(until(topology.action_process, "the action process"), signal.SIGKILL)
    assert has_emergency_words(topology.server.words(new_sender(), EMERGENCY))
    told_once_more(topology, before)


def test_with_nothing_left_an_emergency_has_its_words_and_is_told_afterwards(topology: Topology) -> None:
    before, server, sender = topology.count("escalations"), topology.server, new_sender()
    topology.postgres.stop(signal.SIGQUIT)
    topology.redis.kill()
    os.kill(until(topology.action_process, "the action process"), signal.SIGKILL)
    try:
        assert has_emergency_words(server.words(sender, EMERGENCY))
        assert server.words(new_sender(), "hello")
    finally:
        topology.begin(topology.postgres)
        topology.begin(topology.redis)
    until(topology.all_is_well, "all parts")
    told_once_more(topology, before)
    # The parts answer; a turn that still began in a slow one may once more get the safety net's words.
    until(lambda: "Sorry" not in server.words(sender, "thank you"), "an ordinary answer")
    told_once_more(topology, before)


def test_metrics_of_both_processes_are_in_one_place(topology: Topology) -> None:
    before = topology.count("escalations")
    topology.server.words(new_sender(), TWITCH)
    topology.server.words(new_sender(), EMERGENCY)
    told_once_more(topology, before)
    text = topology.server.call("/metrics")[1]
    for stage in ("parse", "triage", "turn", "tracker", "database", "message", "delivery"):
        assert float(re.search(rf'twitchwise_stage_seconds_count{{stage="{stage}"}} (\S+)', text)[1]) > 0, stage      # type: ignore[index]
    # `turn`, level and flag are counted in the action process; the delivery in the server.
    assert (topology.metric('twitchwise_levels_total{level="emergency"}') or 0) >= 1
    assert (topology.metric('twitchwise_red_flags_total{flag="breathing_difficulty"}') or 0) >= 1
    assert (topology.metric('twitchwise_delivery_attempts_total{result="delivered",target="webhook"}') or 0) >= 1
    assert "breathe" not in text and "twitching" not in text.replace("persistent_twitching", "")


def test_traces_span_both_processes_and_hold_no_words(topology: Topology) -> None:
    sender = new_sender("traced")
    topology.server.words(sender, "my left eyelid keeps fluttering since Tuesday")
    until(lambda: {"message", "parse", "triage", "turn", "database"} <= topology.collector.names(), "the spans")
    spans = topology.collector.spans()
    assert {service for service, _ in spans} == {"twitchwise-server", "twitchwise-actions"}
    turn = next(span for service, span in spans if service == "twitchwise-actions" and span.name == "turn")
    assert any(span.trace_id == turn.trace_id and span.name == "message" for service, span in spans if service == "twitchwise-server")
    for word in (b"eyelid", b"flutter", b"breathe", b"calf", sender.encode(), b"traced"):
        assert word not in topology.collector.raw, word


def test_logs_are_json_with_pseudonyms_and_no_words(topology: Topology) -> None:
    os.kill(until(topology.action_process, "the action process"), signal.SIGKILL)
    topology.server.words(new_sender("check"), TWITCH)       # something to log
    until(topology.all_is_well, "all parts")
    text = topology.server.log.read_text()
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert lines and all(line.get("time") or line.get("timestamp") for line in lines)
    named = {line["conversation"] for line in lines if "conversation" in line}
    assert named and all(re.fullmatch(r"[0-9a-f]{12}", each) for each in named)
    assert any("trace" in line for line in lines)
    for word in ("breathe", "calf", "check-", "emergency-", "guest:guest", SECRET):
        assert word not in text, word
