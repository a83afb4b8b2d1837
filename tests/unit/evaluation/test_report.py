from __future__ import annotations

from pathlib import Path

import numpy as np

from twitchwise.evaluation.__main__ import main
from twitchwise.evaluation.crossval import CrossValidation
from twitchwise.evaluation.report import write
from twitchwise.evaluation.scoring import MessageScore, QuestionScore, Tally


def test_page_and_pictures(tmp_path: Path) -> None:
    cross = CrossValidation(["a", "b"] * 5, ["x", "y"] * 5, ["x", "x"] * 5, np.full(10, 0.9))
    question = QuestionScore([("q1", ["x"], "y", False, 0.8), ("q2", ["out_of_scope"], None, True, 0.0)])
    message = MessageScore()
    message.flags["atrophy"] = Tally(2, 1, 1)
    message.errors.append("m1: should be [], is ['atrophy']")
    page = write(tmp_path, cross, {"authors": question}, {"authors": message}).read_text()
    assert "| q1 | x | y |" in page
    assert "m1: should be []" in page
    assert "0.500 right" in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "confusion.png", "red_flags.png", "reliability.png"]
    assert all(name in page for name in ("confusion.png", "red_flags.png", "reliability.png"))


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    cross = CrossValidation(["a"] * 6, ["x"] * 6, ["x"] * 6, np.full(6, 0.9))
    for name in ("one", "two"):
        write(tmp_path / name, cross, {}, {})
    assert (tmp_path / "one" / "confusion.png").read_bytes() == (tmp_path / "two" / "confusion.png").read_bytes()


def test_a_folder_that_is_not_there(tmp_path: Path, capsys) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
