"""The vocabulary's files: all load, and a damaged one says what is wrong."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from twitchwise.understanding.lexicon import VOCABULARY, LexiconError, load_cues, load_lexicon, make_compiler, read_phrases, read_yaml
from twitchwise.vocabulary.codes import load_codes

PHRASE_FILES = sorted(path for folder in ("lexicon", "cues") for path in (VOCABULARY / folder).glob("*.yml") if path.name != "classes.yml")
GOOD = """
- kind: symptom
  code: tremor
  source: a test
  groups:
    - id: words
      phrases: [trembling, "~shake (hands|arms)"]
"""


@pytest.fixture(scope="module")
def compiler():
    return make_compiler()


@pytest.mark.parametrize("path", PHRASE_FILES, ids=lambda path: path.name)
def test_every_file_says_where_its_phrases_come_from(path: Path) -> None:
    for block in read_yaml(path):
        assert str(block["source"]).strip(), block["code"]
        identities = [group.get("id", "words") for group in block["groups"]]
        assert len(identities) == len(set(identities)), block["code"]


def test_every_phrase_of_every_file_is_in_the_lexicon() -> None:
    written = sum(len(group["phrases"]) for path in PHRASE_FILES for block in read_yaml(path) for group in block["groups"])
    assert len(load_lexicon().patterns) + len(load_cues().patterns) == written > 1000


@pytest.mark.parametrize("path", PHRASE_FILES, ids=lambda path: path.name)
def test_no_phrase_is_cut_short_by_a_comment(path: Path) -> None:
    """In YAML ' #' begins a comment: a phrase with a number must stand in quotes, or half of it is lost."""
    cut = [line for line in path.read_text(encoding="utf-8").splitlines() if re.match(r" +- [^'\"\[{].* #", line)]
    assert cut == []


def test_every_code_has_phrases() -> None:
    codes, entries = load_codes(), load_lexicon().entries

    def of(*kinds: str) -> set[str]:
        return {entry.code for entry in entries if entry.kind in kinds and entry.says != "shield"}

    derived = {rule["code"] for rule in read_yaml(VOCABULARY / "derived.yml")["derived"]}
    assert of("symptom", "function") | derived >= set(codes.symptoms)
    assert of("body_location") >= set(codes.region_of)
    assert of("trigger") >= set(codes.triggers)


def test_a_good_file_is_read(tmp_path: Path, compiler) -> None:
    path = tmp_path / "good.yml"
    path.write_text(GOOD, encoding="utf-8")
    patterns = read_phrases(path, compiler)
    assert [(pattern.source, pattern.entry.code, pattern.entry.id) for pattern in patterns] \
        == [("trembling", "tremor", "tremor/words"), ("~shake (hands|arms)", "tremor", "tremor/words")]


@pytest.mark.parametrize(("old", "new", "says"), [
    ("kind: symptom", "kind: symptoms", "kind 'symptoms' of 'tremor'"),
    ("code: tremor", "code: tremmor", "'tremmor' is no symptom"),
    ("[trembling,", "[5: 2,", "Put the whole phrase into quotes"),
    ("  source: a test\n", "", "tremor has no source"),
    ("  groups:\n    - id: words\n      phrases: [trembling, \"~shake (hands|arms)\"]\n", "", "tremor has no groups"),
    ("phrases:", "phrase:", "tremor/words: unknown phrase"),
    ("phrases: [trembling, \"~shake (hands|arms)\"]", "phrases: []", "tremor/words: 'phrases' must be a list"),
    ("phrases: [trembling, \"~shake (hands|arms)\"]", "phrases: trembling", "tremor/words: 'phrases' must be a list"),
    ("id: words", "says: absnet", "says is 'absnet', not one of absent, possible, present, shield"),
    ("id: words", "onset: quick", "onset is 'quick'"),
    ("id: words", "inability: 'yes'", "inability is 'yes', which is no true or false"),
    ("id: words", "reach: far", "reach is 'far', which is no number"),
    ("id: words", "also: [tremmor]", "'tremmor' is no symptom"),
    ("id: words", "colour: red", "unknown colour"),
    ("(hands|arms)", "(hands|arms", "unbalanced parentheses"),
    ("(hands|arms)", "$nosuch", r"no class \$nosuch"),
    ("trembling", "_3", "cannot read '_3'"),
    ("trembling", "the", "one everyday word"),
    ("- kind", "kind", "damaged.yml"),
    ("groups:", "groups: {", "damaged.yml"),
])
def test_a_damaged_file_names_itself_and_what_is_wrong(tmp_path: Path, compiler, old: str, new: str, says: str) -> None:
    assert old in GOOD
    path = tmp_path / "damaged.yml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LexiconError, match=says) as error:
        read_phrases(path, compiler)
    assert "damaged.yml" in str(error.value)


def test_a_cue_needs_a_category(tmp_path: Path, compiler) -> None:
    path = tmp_path / "damaged.yml"
    path.write_text(GOOD.replace("kind: symptom", "kind: cue"), encoding="utf-8")
    with pytest.raises(LexiconError, match=r"damaged.yml: tremor/words: a cue needs a category"):
        read_phrases(path, compiler)


@pytest.mark.parametrize("content", ["text", "42", "- text", "- 7", "a: b", "\x00", "- kind: symptom\n  code: tremor\n  source: x\n  groups: [7]"])
def test_anything_else_is_refused_by_name(tmp_path: Path, compiler, content: str) -> None:
    path = tmp_path / "damaged.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=r"damaged\.yml"):
        read_phrases(path, compiler)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"missing\.yml"):
        read_yaml(tmp_path / "missing.yml")


def test_spelling_errors_are_mended_to_words_of_findings_only() -> None:
    words = set(load_lexicon().vocabulary())
    assert {"twitching", "slurred", "calf"} <= words
    assert not any(word.endswith("*") for word in words)


def test_the_classes_hold_phrases() -> None:
    for name, values in read_yaml(VOCABULARY / "lexicon" / "classes.yml").items():
        assert values and len(values) == len(set(map(str, values))), name
