"""Parts "floor" and "profile": what a message costs at least, and where Twitchwise's time goes."""
from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.drive import drive
from benchmarks.measuring import load_summary, warm
from benchmarks.processes import free_port, run, start
from benchmarks.servers import PYTHON, RASA, Server, answers, environment
from benchmarks.stock import write
from twitchwise.settings import ROOT

FLAME_GRAPH = ROOT / "docs" / "images" / "flame_graph.svg"
#: A conversation with Rasa's least assistant: as many messages as a recorded one has on average.
GREETINGS = ("hello",) * 13


def measure_floor(bench: Bench) -> None:
    """An echo on the same Sanic, and the least that Rasa does for a message: one keyword, one rule, one fixed answer, no action."""
    bench.stop()
    env = environment()
    port = free_port()
    echo = start("echo", [PYTHON, "-m", "benchmarks.echo", str(port)], cwd=ROOT, env=env, log=bench.folder / "echo.log",
                 ready=answers(port), limit_s=60)
    _measure(bench, "echo", Server("echo", [echo], [port]))
    project = least_project(bench.folder / "least")
    bench.say("training Rasa's least assistant")
    run([RASA, "train", "--fixed-model-name", "least"], cwd=project, env=env, log=project / "train.log", limit_s=600)
    port = free_port()
    rasa = start("least Rasa", [RASA, "run", "--model", "models/least.tar.gz", "--port", str(port), "--interface", "127.0.0.1",
                                "--credentials", "credentials.yml"], cwd=project, env=env, log=project / "server.log",
                 ready=answers(port), limit_s=300)
    _measure(bench, "least_rasa", Server("least Rasa", [rasa], [port]))
    bench.say("the same conversations with Twitchwise")
    server = bench.server("twitchwise")
    warm(bench, server)
    for clients in (1, bench.plan.clients):
        driven = drive(server.ports, bench.texts, clients=clients, limit_s=bench.plan.floor_s, most=bench.plan.most)
        bench.put("floor", {f"twitchwise_{clients}": load_summary([driven])})


def _measure(bench: Bench, name: str, server: Server) -> None:
    try:
        drive(server.ports, [GREETINGS], clients=2, limit_s=2.0, most=bench.plan.most)
        for clients in (1, bench.plan.clients):
            driven = drive(server.ports, [GREETINGS], clients=clients, limit_s=bench.plan.floor_s, most=20_000)
            bench.put("floor", {f"{name}_{clients}": load_summary([driven])})
    finally:
        server.stop()


def least_project(folder: Path) -> Path:
    """The smallest Rasa assistant that answers."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    write(folder / "config.yml", {
        "recipe": "default.v1", "assistant_id": "least", "language": "en", "pipeline": [{"name": "KeywordIntentClassifier"}],
        "policies": [{"name": "RulePolicy"}]})
    write(folder / "domain.yml", {"version": "3.1", "intents": ["greet"], "responses": {"utter_greet": [{"text": "Hello."}]}})
    write(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": [{"intent": "greet", "examples": "- hello\n- hi\n"}]})
    write(folder / "data" / "rules.yml", {"version": "3.1", "rules": [
        {"rule": "greet", "steps": [{"intent": "greet"}, {"action": "utter_greet"}]}]})
    write(folder / "credentials.yml", {"rest": None})
    return folder


def measure_profile(bench: Bench) -> None:
    """A flame graph of the server under four clients, by py-spy: only samples in which Python itself was at work."""
    server = bench.server("twitchwise")
    warm(bench, server)
    seconds = bench.plan.profile_s
    load = threading.Thread(target=drive, args=(server.ports, bench.texts),
                            kwargs={"clients": 4, "limit_s": seconds + 6, "most": 1_000_000}, daemon=True)
    load.start()
    FLAME_GRAPH.parent.mkdir(parents=True, exist_ok=True)
    made: dict[str, Any] = {}
    for kind, output in (("flamegraph", FLAME_GRAPH), ("raw", bench.folder / "profile.txt")):
        done = subprocess.run(
            [str(Path(PYTHON).with_name("py-spy")), "record", "--pid", str(server.running[0].process.pid), "--duration",
             str(round(seconds / 2)), "--rate", "200", "--gil", "--format", kind, "--output", str(output)],
            capture_output=True, text=True, check=False, timeout=seconds * 2 + 60)
        if done.returncode != 0:
            made["missing"] = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"py-spy ended with {done.returncode}"
    load.join(seconds + 90)
    if "missing" not in made:
        shorten_paths(FLAME_GRAPH)
        made["shares"] = shares((bench.folder / "profile.txt").read_text(encoding="utf-8"))
    bench.results.pop("profile", None)
    bench.put("profile", made)


def shorten_paths(file: Path) -> None:
    """Take this machine's folders out of a flame graph."""
    text = file.read_text(encoding="utf-8")
    for folder in (f"{ROOT}/", str(Path(PYTHON).parent.parent)):
        text = text.replace(folder, "")
    file.write_text(text, encoding="utf-8")


#: What a sample is counted under: the first of these whose functions (file, function) it passes through, innermost names first.
KINDS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("triage and dialogue, in the safety policy", (("policies/emergency.py", "find_emergency"),)),
    ("triage and dialogue, in the action", (("dialogue/turn.py", "serve"),)),
    ("understanding (findings)", (("understanding/reader.py", "read"),)),
    ("intent and topics", (("nlu/intent_classifier.py", "process"),)),
    ("rules and other policies", (("rasa/core/policies/rule_policy.py", "predict_action_probabilities"),
                                  ("twitchwise/policies/safety.py", "predict_action_probabilities"))),
    ("tracker store", (("records/tracker_store.py", ""), ("records/tracker_events.py", ""))),
    ("records of the turn", (("records/", ""),)),
    ("Rasa's form and action calls", (("rasa/core/actions/", ""), ("rasa_sdk/", ""), ("actions/", ""))),
    ("Rasa's graph", (("rasa/engine/", ""), ("dask/", ""))),
    ("Rasa's processor and trackers", (("rasa/", ""),)),
    ("channel, guard, HTTP", (("sanic/", ""), ("channels/", ""), ("asyncio/", ""))),
)


def shares(raw: str) -> dict[str, float]:
    """Percent of the samples under each kind. `raw`: py-spy's raw format, `frame;frame;... count` a line."""
    found: dict[str, int] = {}
    total = 0
    for line in raw.splitlines():
        stack, _, count = line.rpartition(" ")
        if not count.isdigit():
            continue
        total += int(count)
        name = kind_of(stack.split(";"))
        found[name] = found.get(name, 0) + int(count)
    return {name: round(100 * count / total, 1) for name, count in sorted(found.items(), key=lambda item: -item[1])} if total else {}


def kind_of(frames: list[str]) -> str:
    """The kind of one sample; frames look like "serve (twitchwise/dialogue/turn.py:120)"."""
    for name, places in KINDS:
        for frame in frames:
            function, _, where = frame.partition(" (")
            if any(_is_in(where, file) and (not wanted or function == wanted) for file, wanted in places):
                return name
    return "other"


def _is_in(where: str, file: str) -> bool:
    return where.startswith(file) or f"/{file}" in where
