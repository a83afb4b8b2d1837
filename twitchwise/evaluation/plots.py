"""The report's pictures, drawn with matplotlib's file backend."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from twitchwise.evaluation.scoring import Tally


def confusion_matrix(gold: Sequence[str], found: Sequence[str], path: Path) -> None:
    """Rows: what it is; columns: what it was taken for; shares of the row."""
    names = sorted(set(gold) | set(found))
    index = {name: number for number, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for row, column in zip(gold, found, strict=True):
        counts[index[row], index[column]] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(16, 15), dpi=90)
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)))
    axes.set_yticks(range(len(names)))
    axes.set_xticklabels(names, rotation=90, fontsize=7)
    axes.set_yticklabels(names, fontsize=7)
    axes.set_xlabel("taken for")
    axes.set_ylabel("is")
    axes.set_title("Intents and question topics, cross-validated: share of each row")
    figure.colorbar(image, ax=axes, fraction=0.03)
    _save(figure, path)


def flag_recall(flags: Mapping[str, Tally], path: Path) -> None:
    """How many of each red flag's cases were found, with the false ones beside it."""
    names = sorted(flags, key=lambda name: (flags[name].recall is None, -(flags[name].recall or 0), name), reverse=True)
    figure = Figure(figsize=(10, 0.32 * len(names) + 1.6), dpi=90)
    axes = figure.add_subplot()
    places = np.arange(len(names))
    axes.barh(places, [(flags[name].recall or 0) * 100 for name in names], color="#2b6cb0")
    for place, name in zip(places, names, strict=True):
        tally = flags[name]
        text = f"{tally.right} of {tally.right + tally.missed}" + (f", {tally.wrong} false" if tally.wrong else "")
        axes.text(101, place, text, va="center", fontsize=8)
    axes.set_yticks(places)
    axes.set_yticklabels(names, fontsize=8)
    axes.set_xlim(0, 125)
    axes.set_xlabel("found, per cent")
    axes.set_title("Red flags found in the held-out messages")
    _save(figure, path)


def reliability(series: Mapping[str, tuple[np.ndarray, np.ndarray]], path: Path, bins: int = 10) -> None:
    """`series`: name to (confidence, right); on the diagonal, 80 per cent sure is right 80 per cent of the time."""
    figure = Figure(figsize=(7, 6), dpi=90)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", linewidth=1, label="as sure as right")
    for name, (confidence, right) in series.items():
        bucket = np.minimum((np.asarray(confidence) * bins).astype(int), bins - 1)
        kept = [number for number in range(bins) if (bucket == number).sum() >= 5]
        axes.plot(
            [float(np.mean(np.asarray(confidence)[bucket == number])) for number in kept],
            [float(np.mean(np.asarray(right)[bucket == number])) for number in kept],
            marker="o", label=f"{name} ({len(confidence)})",
        )
    axes.set_xlabel("confidence")
    axes.set_ylabel("share that is right")
    axes.legend()
    axes.set_title("Reliability of confidence (points of at least five cases)")
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    figure.tight_layout()
    FigureCanvasAgg(figure)
    # no date in the file: the same figures give the same bytes
    figure.savefig(path, metadata={"Software": None})
