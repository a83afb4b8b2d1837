"""The rule files: checked when read, refused in words that say what to change."""
from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from twitchwise.triage import rules
from twitchwise.triage.rules import HERE, RulesError, load_rules, read_rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(HERE, tmp_path / "rules")
    return tmp_path / "rules"


def test_every_rule_has_a_source_and_plain_words() -> None:
    found = load_rules()
    for rule in (*found.red_flags, *found.amber, *found.modifiers):
        assert len(rule.source) > 10 and rule.explain.endswith(".")
        assert "diagnos" not in rule.explain.lower()


def test_the_version_changes_with_the_rules(folder: Path) -> None:
    assert read_rules(folder).version == load_rules().version == rules.RULES_VERSION
    with (folder / "amber.yml").open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert read_rules(folder).version != load_rules().version


@pytest.mark.parametrize(("name", "old", "new", "words"), [
    ("urgent", "{fact: speech_difficulty}", "{fact: speach}", "speach"),
    ("urgent", "flag: speech_difficulty", "flag: weight_loss", "not a red flag of the level urgent"),
    ("urgent", "id: speech", "id: swallowing", "found twice"),
    ("neurologist", "- id: atrophy", "- id: atrophy\n  colour: red", "colour"),
    ("emergency", "replaces: [speech]", "replaces: [speach]", "unknown rules"),
    ("amber", "flag: tongue", "flag: nose", "no amber feature"),
    ("modifiers", "level: urgent", "level: soon", "needs a level"),
    ("emergency", "{fact: lockjaw}", "{fact: lockjaw, regions: 2}", "one leaf"),
    ("emergency", "{fact: lockjaw}", "{regions: 2, sudden: true}", "needs a `fact`"),
    ("emergency", "{fact: lockjaw}", "{fact: lockjaw, limb: three}", "single or both"),
    ("emergency", "rules:", "rulez:", "emergency.yml"),
    ("emergency", "rules:", "rules: [", "emergency.yml"),
])
def test_a_damaged_file_is_refused(folder: Path, name: str, old: str, new: str, words: str) -> None:
    path = folder / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesError, match=words):
        read_rules(folder)


def test_a_missing_file_and_a_missing_flag_are_refused(folder: Path) -> None:
    (folder / "urgent.yml").write_text("rules: []\n", encoding="utf-8")
    with pytest.raises(RulesError, match="No rule raises"):
        read_rules(folder)
    (folder / "urgent.yml").unlink()
    with pytest.raises(RulesError, match=r"urgent\.yml cannot be read"):
        read_rules(folder)
