"""Writes docs/evaluation: one page of tables, and its pictures."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from twitchwise.evaluation import plots
from twitchwise.evaluation.crossval import CrossValidation
from twitchwise.evaluation.scoring import MessageScore, QuestionScore, Tally, number

_HEAD = """# How well Twitchwise understands

Made by `make evaluate`; do not edit. The held-out cases (tests/nlu/cases, one folder for each group of authors) were written
independently of the training phrases and the lexicon, and a test proves that none of them stands in the training data.

Errors on them were read afterwards to find which kinds of wording were missing, so expect less on authors never seen: the
questions of blind_mixed, measured before anyone had looked at them, were 0.920 right, with 0.950 of the out-of-scope ones refused.
"""


def write(
    directory: Path,
    cross: CrossValidation | None,
    questions: Mapping[str, QuestionScore],
    messages: Mapping[str, MessageScore],
) -> Path:
    """Every part that was measured; returns the page's path."""
    directory.mkdir(parents=True, exist_ok=True)
    parts = [_HEAD]
    if questions:
        parts.append(_questions(questions))
    if messages:
        parts.append(_messages(directory, messages))
    if cross:
        parts.append(_cross(directory, cross))
    series = {}
    if cross:
        series["intents, cross-validated"] = (cross.confidence, np.array([a == b for a, b in zip(cross.found, cross.gold, strict=True)]))
    answered = [row for score in questions.values() for row in score.rows if row[2] is not None]
    if answered:
        series["held-out questions answered"] = (np.array([row[4] for row in answered]), np.array([row[3] for row in answered]))
    if series:
        plots.reliability(series, directory / "reliability.png")
        parts.append("## Reliability of confidence\n\nOf the messages read with a given confidence, how many were right.\n\n"
                     "![Reliability of confidence](reliability.png)\n")
    page = directory / "README.md"
    page.write_text("\n".join(parts), encoding="utf-8")
    return page


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [" | ".join(head), " | ".join(["---"] + ["---:"] * (len(head) - 1)), *(" | ".join(row) for row in rows)]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def _by_group(figures: Mapping[str, Mapping[str, float | None]]) -> str:
    names = list(next(iter(figures.values())))
    return _table(["authors", *names], [[group, *(number(row[name]) for name in names)] for group, row in figures.items()])


def _questions(scores: Mapping[str, QuestionScore]) -> str:
    everything = QuestionScore([row for score in scores.values() for row in score.rows])
    wrong = [[row[0], ", ".join(row[1]), row[2] or "refused"] for row in everything.rows if not row[3]]
    return (
        "## Questions\n\nThe first topic found, against the topics that would satisfy the asker; anything else must be refused.\n\n"
        + _by_group({**{name: score.figures() for name, score in scores.items()}, "**all**": everything.figures()})
        + ("\nNot right:\n\n" + _table(["case", "asked", "understood"], wrong) if wrong else "")
    )


def _messages(directory: Path, scores: Mapping[str, MessageScore]) -> str:
    everything = MessageScore()
    for score in scores.values():
        for target, source in ((everything.tallies, score.tallies), (everything.flags, score.flags)):
            for name, tally in source.items():
                _add(target[name], tally)
        for name, count in score.counters.items():
            everything.counters[name] += count
        everything.errors += score.errors
    plots.flag_recall(everything.flags, directory / "red_flags.png")
    return (
        "## Messages\n\nWhat one message tells, and the red flags that hold after it alone.\n\n"
        + _by_group({**{name: score.figures() for name, score in scores.items()}, "**all**": everything.figures()})
        + "\n![Red flags found](red_flags.png)\n"
        + ("\nRed flags or level not as they should be:\n\n" if everything.errors else "")
        + "".join(f"- {error}\n" for error in everything.errors)
    )


def _add(target: Tally, source: Tally) -> None:
    target.right += source.right
    target.wrong += source.wrong
    target.missed += source.missed


def _cross(directory: Path, cross: CrossValidation) -> str:
    plots.confusion_matrix(cross.gold, cross.found, directory / "confusion.png")
    counts = Counter(cross.gold)
    right = Counter(gold for gold, found in zip(cross.gold, cross.found, strict=True) if gold == found)
    weakest = sorted(counts, key=lambda name: (right[name] / counts[name], name))[:12]
    return (
        f"## Intents, cross-validated\n\n{len(cross.texts)} training phrases, {len(counts)} intents, five folds: "
        f"{cross.accuracy:.3f} right.\n\nLeast often right:\n\n"
        + _table(["intent", "phrases", "right"], [[name, str(counts[name]), number(right[name] / counts[name])] for name in weakest])
        + "\nMost often mistaken:\n\n"
        + _table(["is", "taken for", "times"], [[gold, found, str(count)] for gold, found, count in cross.confusions()])
        + "\n![Confusion matrix](confusion.png)\n"
    )
