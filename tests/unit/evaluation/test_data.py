from __future__ import annotations

from pathlib import Path

from twitchwise.evaluation.data import load_cases, sentences_of


def test_cases_by_folder(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "faq.jsonl").write_text('{"id": "1", "text": "why?"}\n\n')
    (tmp_path / "two").mkdir()
    assert load_cases("faq", [tmp_path / "one", tmp_path / "two"]) == {"one": [{"id": "1", "text": "why?"}]}


def test_sentences_of_each_kind() -> None:
    assert sentences_of({"text": "a"}) == ["a"]
    assert sentences_of({"opening": "a", "facts": {"where": "b"}, "default": "no"}) == ["a", "b"]
    assert sentences_of({"turns": [{"say": "a"}, {"press": "x"}]}) == ["a"]
