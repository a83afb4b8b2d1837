"""The pictures of docs/performance.md."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.targets import Results, get

STOCK, OURS = "#b3532f", "#1f6f8b"
COLOURS = {"stock": STOCK, "twitchwise": OURS}
TITLES = {"stock": "stock Rasa", "twitchwise": "Twitchwise"}


def draw_all(results: Results, folder: Path) -> list[str]:
    """Every picture that the results are enough for; their file names."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, draw in PICTURES.items():
        figure, axes = plt.subplots(figsize=(8, 4.2), dpi=110)
        if draw(axes, results):
            for side in ("top", "right"):
                axes.spines[side].set_visible(False)
            figure.tight_layout()
            # Without the date and the version, so that the same figures give the same file.
            figure.savefig(folder / f"performance_{name}.png", metadata={"Software": None})
            made.append(f"performance_{name}.png")
        plt.close(figure)
    return made


def smooth(values: Sequence[float], width: int) -> list[float]:
    """The moving median over `width` values."""
    from statistics import median

    return [median(values[max(0, at - width // 2): at + width // 2 + 1]) for at in range(len(values))]


def _compared(axes: Any, results: Results) -> bool:
    rows = [("start (s)", "start", "start_s"), ("memory (MB / 100)", "start", "memory_mb"), ("first message (ms / 10)", "first", "p50_ms"),
            ("a message (ms / 10)", "turns", "p50_ms"), ("16 clients (messages a second)", "throughput", "per_s")]
    scale = {"memory_mb": 100.0, "p50_ms": 10.0}
    rows = [row for row in rows if all(get(results, f"{row[1]}.{name}.{row[2]}") is not None for name in COLOURS)]
    for shift, name in ((-0.19, "stock"), (0.19, "twitchwise")):
        values = [get(results, f"{part}.{name}.{key}") / scale.get(key, 1.0) for _, part, key in rows]
        bars = axes.barh([at + shift for at in range(len(rows))], values, height=0.36, color=COLOURS[name], label=TITLES[name])
        axes.bar_label(bars, fmt="%.1f", padding=3, fontsize=8)
    axes.set_yticks(range(len(rows)), [title for title, _, _ in rows])
    axes.invert_yaxis()
    axes.legend(frameon=False)
    return bool(rows)


def _growth_turns(axes: Any, results: Results) -> bool:
    drawn = False
    for name in COLOURS:
        course = get(results, f"growth_turns.{name}.course_ms")
        if course:
            axes.plot(range(1, len(course) + 1), smooth(course, 15), color=COLOURS[name], label=TITLES[name])
            drawn = True
    axes.set_xlabel("turn of one conversation")
    axes.set_ylabel("ms a message (moving median)")
    axes.set_ylim(bottom=0)
    if drawn:
        axes.legend(frameon=False)
    return drawn


def _growth_stored(axes: Any, results: Results) -> bool:
    drawn = False
    for kind, colour, title in (("sqlite", OURS, "SQLite"), ("postgresql", "#5b8c3a", "PostgreSQL")):
        steps = sorted(int(step) for step in get(results, f"growth_stored.{kind}") or {} if step.isdigit())
        if steps:
            at = range(len(steps))
            for which, style in (("full", "o-"), ("empty", "o:")):
                axes.plot(at, [get(results, f"growth_stored.{kind}.{step}.{which}.p50_ms") for step in steps], style, color=colour,
                          label=f"{title}{', almost empty' if which == 'empty' else ''}")
            axes.set_xticks(list(at), [f"{step:,}" for step in steps])
            drawn = True
    axes.set_xlabel("stored conversations")
    axes.set_ylabel("ms a message (p50)")
    axes.set_ylim(bottom=0)
    if drawn:
        axes.legend(frameon=False)
    return drawn


def _floor(axes: Any, results: Results) -> bool:
    names = [("echo", "echo"), ("least_rasa", "Rasa's least"), ("twitchwise", "Twitchwise")]
    values = [get(results, f"floor.{name}_1.p50_ms") for name, _ in names]
    if any(value is None for value in values):
        return False
    bars = axes.barh([title for _, title in names], values, color=["#999999", STOCK, OURS])
    axes.bar_label(bars, fmt="%.1f ms", padding=3)
    axes.invert_yaxis()
    axes.set_xlabel("ms a message (p50, one client)")
    return True


PICTURES: dict[str, Callable[[Any, Results], bool]] = {
    "compared": _compared, "growth_with_turns": _growth_turns, "growth_with_stored_conversations": _growth_stored, "floor": _floor,
}
