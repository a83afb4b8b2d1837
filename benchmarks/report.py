"""docs/performance.md from the results: tables, targets and plots, all computed, and the hand-written notes at the end."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.numbers import ratio
from benchmarks.plan import TURNS
from benchmarks.targets import REACHED, SHORT, UNKNOWN, Results, get, verdicts
from twitchwise.settings import ROOT

PAGE = ROOT / "docs" / "performance.md"
IMAGES = ROOT / "docs" / "images"
NOTES = Path(__file__).with_name("notes.md")
MARKS = {REACHED: "**reached**", SHORT: "**not reached**", UNKNOWN: "not measured"}
PARTS_OF_MESSAGE = "profile.shares"


def write_all(results: dict[str, Any]) -> None:
    """The plots and the page."""
    from benchmarks.plots import draw_all

    pictures = draw_all(results, IMAGES)
    PAGE.write_text(page(results, pictures, NOTES.read_text(encoding="utf-8") if NOTES.exists() else ""), encoding="utf-8")


def page(results: Results, pictures: Sequence[str], notes: str) -> str:
    """The whole page as Markdown."""
    parts = [
        "# Performance", _head(results), "## Targets", _targets(results), "## Against stock Rasa", _against(results),
        *_if(get(results, "growth_turns"), "## As a conversation grows", lambda: _growth_turns(results)),
        *_if(get(results, "growth_stored"), "## As the database grows", lambda: _growth_stored(results)),
        *_if(get(results, "processes"), "## Several processes", lambda: _processes(results)),
        *_if(get(results, "floor"), "## The floor", lambda: _floor(results)),
        *_if(get(results, PARTS_OF_MESSAGE), "## Where a message's time goes", lambda: _profile(results)),
        *(f"![{title}](images/{name})" for name, title in _titles(pictures)),
        notes.strip(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _if(present: Any, title: str, make: Any) -> list[str]:
    return [title, make()] if present else []


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def show(value: Any, unit: str = "", digits: int = 1) -> str:
    """A number with its unit, a dash where there is none."""
    if value is None:
        return "-"
    number = f"{value:,.{digits}f}" if isinstance(value, float) else f"{value:,}"
    return f"{number} {unit}".strip()


def _head(results: Results) -> str:
    about = results.get("about", {})
    measured = results.get("measured") or {}
    quick = sorted(part for part, told in measured.items() if told.get("quick"))
    others = sorted({told.get("commit", about.get("commit", "?")) for told in measured.values()} - {about.get("commit", "?")})
    lines = [
        "Written by `make benchmark` from `benchmarks/last.json`; do not edit it here. Both assistants run on one machine, are driven with "
        "the same recorded conversations (`benchmarks/conversations.yml`: whole checks with questions, corrections and an emergency) over "
        "REST, and are measured by turns while the other one idles. Figures of another machine differ; ratios are what to look at.",
        f"Measured {about.get('at', '?')} at commit `{about.get('commit', '?')}`: {about.get('processor', '?')}, {about.get('cores', '?')} "
        f"cores (the load's own process uses them too), {about.get('memory_gb', '?')} GB, {about.get('system', '?')}, Python "
        f"{about.get('python', '?')}, Rasa {about.get('rasa', '?')}; load of the machine before the run {about.get('load_before', '?')}.",
        "**Stock Rasa** is what `rasa init` gives (default pipeline and policies: DIET, TED, UnexpecTED and so on) with our training phrases, "
        "intents, slots and rules, and a small custom action for every message on its own `rasa run actions`, stores in memory. It understands "
        "no findings, asks no questions of a check and stores nothing on disk, so it does much less for each message. Both run from compiled bytecode.",
    ]
    for commit in others:
        parts = ", ".join(sorted(part for part, told in measured.items() if told.get("commit") == commit))
        lines.append(f"**From an earlier run, at commit `{commit}`:** {parts}.")
    if quick:
        lines.append(f"**Only indications:** measured in the quick form, with few messages: {', '.join(quick)}.")
    if results.get("failed"):
        lines.append("**Not measured, because the part failed:** " + "; ".join(f"{part} ({why})" for part, why in sorted(results["failed"].items())) + ".")
    for name, title in (("stock", "stock Rasa"), ("twitchwise", "Twitchwise")):
        silent = sum(int(get(results, f"{part}.{name}.{key}") or 0) for part in ("turns", "throughput", "throughput_long")
                     for key in ("failed", "silent"))
        if silent:
            lines.append(f"**{silent} messages to {title} got no answer** (`failed` and `silent` in last.json).")
    return "\n\n".join(lines)


def _targets(results: Results) -> str:
    judged = verdicts(results)
    counted = {state: sum(each.state == state for each in judged) for state in (REACHED, SHORT, UNKNOWN)}
    lead = f"{counted[REACHED]} of {len(judged)} targets are reached"
    missed = [each.name for each in judged if each.state == SHORT]
    lead += f"; not reached: {', '.join(missed)}" if missed else ""
    lead += f"; {counted[UNKNOWN]} not measured in this run" if counted[UNKNOWN] else ""
    return lead + ".\n\n" + table(["", "target", "measured", ""], [[each.name, each.target, each.found, MARKS[each.state]] for each in judged])


def _against(results: Results) -> str:
    def row(name: str, part: str, key: str, unit: str, better: str, digits: int = 1) -> list[str]:
        ours, theirs = get(results, f"{part}.twitchwise.{key}"), get(results, f"{part}.stock.{key}")
        times = ratio(ours, theirs) if better == "more" else ratio(theirs, ours)
        return [name, show(theirs, unit, digits), show(ours, unit, digits), "-" if times is None else f"{times:.1f} times {better}"]

    train = [each for each in get(results, "train.twitchwise_s") or () if each is not None]
    epochs = get(results, "train.stock_epochs")
    rows = [
        row("start, until a message is answered", "start", "start_s", "s", "faster"),
        row("memory after some conversations (PSS, all processes)", "start", "memory_mb", "MB", "less", 0),
        ["training", f"{show(get(results, 'train.stock_s'), 's', 0)} with {epochs} of 100 epochs" if epochs else "-",
         " / ".join(f"{each:.0f}" for each in train) + " s" if train else "-", _epochs(results)],
        row("parse, p50", "parse", "p50_ms", "ms", "faster"),
        row("first message of a new person, p50", "first", "p50_ms", "ms", "faster"),
        *(row(f"a message, one client, {key[:3]}", "turns", key, "ms", "faster") for key in ("p50_ms", "p95_ms", "p99_ms")),
        row("messages a second, one client", "turns", "per_s", "", "more"),
        row("processor time a message, one client", "turns", "cpu_ms", "ms", "less"),
        row("messages a second, 16 clients", "throughput", "per_s", "", "more"),
        *(row(f"a message, 16 clients, {key[:3]}", "throughput", key, "ms", "faster") for key in ("p50_ms", "p95_ms", "p99_ms")),
        row(f"messages a second, 16 clients, conversations of {get(results, 'throughput_long.turns') or '?'} turns", "throughput_long", "per_s",
            "", "more"),
    ]
    text = table(["", "stock Rasa", "Twitchwise", ""], rows)
    extra = [
        ["with an action process of its own (`TWITCHWISE_ACTIONS=http`)", "twitchwise_http_actions"],
        ["with TensorFlow loaded (`TWITCHWISE_TENSORFLOW_GUARD=false`)", "twitchwise_without_guard"],
    ]
    found = [[name, show(get(results, f"start.{key}.start_s"), "s"), show(get(results, f"start.{key}.memory_mb"), "MB", 0)]
             for name, key in extra if get(results, f"start.{key}")]
    if found:
        text += "\n\n" + table(["Twitchwise", "start", "memory"],
                               [["as it comes", show(get(results, "start.twitchwise.start_s"), "s"),
                                 show(get(results, "start.twitchwise.memory_mb"), "MB", 0)], *found])
    plain, setup = get(results, "train.rasa_train_s"), get(results, "setup.seconds")
    if plain:
        text += f"\n\nPlain `rasa train` on the same files takes {plain:.0f} s: it imports TensorFlow, and loads and checks everything itself."
    if setup:
        text += f"\n\nSet-up from nothing in a fresh copy (environment, page, encoder, training, database) took {setup:.0f} s."
    return text


def _epochs(results: Results) -> str:
    """What the default number of epochs would take, calculated."""
    seconds, epochs = get(results, "train.stock_epochs_s"), get(results, "train.stock_epochs")
    if not seconds or not epochs:
        return "-"
    return f"100 epochs: about {seconds / epochs * 100 / 60:.0f} minutes (calculated)"


def _growth_turns(results: Results) -> str:
    names = [name for name in ("stock", "twitchwise") if get(results, f"growth_turns.{name}")]
    rows = [[str(turn), *(show(get(results, f"growth_turns.{name}.at.{turn}"), "ms") for name in names)] for turn in TURNS]
    reached = "; ".join(f"{'stock Rasa' if name == 'stock' else 'Twitchwise'} got to turn {get(results, f'growth_turns.{name}.turns')}" for name in names)
    return (table(["turn", *("stock Rasa" if name == "stock" else "Twitchwise" for name in names)], rows)
            + f"\n\nOne conversation that never ends; medians over a window around the turn (turn 1: the first message alone). {reached} in its time.")


def _growth_stored(results: Results) -> str:
    blocks = []
    for kind, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        steps = get(results, f"growth_stored.{kind}") or {}
        if "missing" in steps:
            blocks.append(f"{name}: {steps['missing']}.")
            continue
        rows = []
        for step in sorted((each for each in steps if each.isdigit()), key=int):
            full, empty = steps[step]["full"], steps[step]["empty"]
            change = ratio(full.get("p50_ms"), empty.get("p50_ms"))
            rows.append([f"{name}, {int(step):,}", show(steps[step]["rows"]["tracker_events"]), show(empty.get("p50_ms"), "ms"),
                         show(full.get("p50_ms"), "ms"), "-" if change is None else f"{(change - 1) * 100:+.1f} %"])
        blocks.append(table(["stored conversations", "rows of events", "p50, almost empty database", "p50, this one", ""], rows))
    return "\n\n".join(blocks) + "\n\nTwo servers, one on an almost empty database and one on the filled one, measured by turns."


def _processes(results: Results) -> str:
    told = results["processes"]
    if "missing" in told:
        return f"{told['missing']}."
    rows = [[name, show(told[name]["per_s"]), show(told[name]["p50_ms"], "ms"), show(told[name]["cpu_ms"], "ms"), show(told[name]["busy_cores"], "", 2)]
            for name in ("one", "two") if name in told]
    return (table(["processes", "messages a second, 16 clients", "p50", "processor time a message", "cores they keep busy"], rows)
            + "\n\nPostgreSQL, Redis and the load run on the same cores, so a second process can only use what they leave.")


def _floor(results: Results) -> str:
    names = (("echo", "an echo on the same Sanic"), ("least_rasa", "Rasa's least: one keyword, one rule, a fixed answer, in memory"),
             ("twitchwise", "Twitchwise: whole checks, on SQLite"))
    rows = [[title, *(cell for clients in (1, 16) for cell in (
        show(get(results, f"floor.{name}_{clients}.p50_ms"), "ms"), show(get(results, f"floor.{name}_{clients}.per_s"))))] for name, title in names]
    ours, least, echo = (get(results, f"floor.{name}_1.p50_ms") for name in ("twitchwise", "least_rasa", "echo"))
    above = ratio(ours, least)
    told = "" if above is None else (f"\n\nA message of Twitchwise takes {above:.1f} times Rasa's least, {ours - least:.1f} ms more; Rasa's least is "
                                     f"{least - echo:.1f} ms above the echo.")
    return table(["", "one client, p50", "messages a second", "16 clients, p50", "messages a second"], rows) + told


def _profile(results: Results) -> str:
    rows = [[name, f"{percent:.1f} %"] for name, percent in (get(results, PARTS_OF_MESSAGE) or {}).items()]
    return (table(["", "share of Python's time"], rows)
            + "\n\nSamples of py-spy while four clients talk.\n\n"
            "![Flame graph of the server](images/flame_graph.svg)")


def _titles(pictures: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, name.removeprefix("performance_").removesuffix(".png").replace("_", " ").capitalize()) for name in pictures]
