from __future__ import annotations

from pathlib import Path

from twitchwise.nlu.phrases import load_phrases


def test_phrases_without_entity_marks(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "version: '3.1'\nnlu:\n- intent: greet\n  examples: |\n    - hi\n    - my [calf](body_location) jumps\n"
        "- synonym: x\n  examples: |\n    - y\n"
    )
    assert load_phrases(tmp_path) == [("hi", "greet"), ("my calf jumps", "greet")]
