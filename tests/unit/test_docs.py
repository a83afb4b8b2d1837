"""The documents say nothing that is not there: tests, links, pictures, settings, rules, numbers; and they name no machine of ours."""
from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml

from twitchwise.channels.telegram.settings import TelegramSettings
from twitchwise.records.keys import CONTENT_KEYS_VARIABLE
from twitchwise.settings import ROOT, Settings

DOCS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]
SAFETY = ROOT / "docs" / "clinical_safety.md"
RULES = ROOT / "twitchwise" / "triage" / "rules"
NUMBERS = ROOT / "twitchwise" / "answers" / "emergency_numbers.yml"

_NODE = re.compile(r"`(tests/[\w/]+\.py)::(\w+)(?:\[([^\]`]+)\])?`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"(?<![\w.-])/(?:work|root|tmp)(?=/)")
_REGISTRY = re.compile(
    r"pypi\\?\.org|pythonhosted\\?\.org|registry\.(?:npmjs|yarnpkg)\.|//[^\s\"'`()]*(?:artifactory|nexus|npm-registry|/pypi/|/simple/)", re.IGNORECASE)
_LOCKS = ("uv.lock", "package-lock.json")
#: Files that must name one to do their work: they check the locks or an address. What each may hold, and nothing else.
_EXCEPTED = {
    ".ci/run": {"pypi\\.org", "pythonhosted\\.org"},
    "tests/web/test_build.py": {"registry.npmjs."},
    "tests/unit/records/test_engine.py": {"/tmp"},
}


@cache
def _tests(path: str) -> dict[str, list[ast.expr]]:
    """The tests of a file, and the decorators of each. `TestX = Machine.TestCase` is a test too."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            found[node.name] = node.decorator_list
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.startswith("Test"):
            found[node.targets[0].id] = []
    return found


@cache
def _conversations() -> dict[str, Any]:
    """The scripted conversations by id; the value is what each `needs`."""
    files = sorted((ROOT / "tests" / "conversations").glob("*.yml"))
    return {each["id"]: each.get("needs") for path in files for each in yaml.safe_load(path.read_text(encoding="utf-8"))}


def _parameters(path: str, name: str) -> set[str]:
    """Ids that a parametrised test can have: text in its decorator, or scripted conversations where it runs those."""
    marks = [each for each in _tests(path)[name] if isinstance(each, ast.Call) and "parametrize" in ast.dump(each.func)]
    ids = {part.value for mark in marks for part in ast.walk(mark) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    used = {part.id for mark in marks for part in ast.walk(mark) if isinstance(part, ast.Name)}
    for variable, need in (("OVER_HTTP", None), ("NEEDS_CLOCK", "clock")):
        if variable in used:
            ids |= {each for each, needs in _conversations().items() if needs == need}
    return ids


def _missing(path: str, name: str, parameter: str | None) -> str | None:
    if not (ROOT / path).is_file():
        return f"there is no {path}"
    if name not in _tests(path):
        return f"{path} has no {name}"
    if parameter is not None and parameter not in _parameters(path, name):
        return f"{path}::{name} has no [{parameter}]"
    return None


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_test_that_is_named_exists(document: Path) -> None:
    problems = [_missing(*(each[0], each[1], each[2] or None)) for each in _NODE.findall(document.read_text(encoding="utf-8"))]
    assert [problem for problem in problems if problem] == []


def test_what_is_not_there_is_noticed() -> None:
    assert _missing("tests/unit/test_none.py", "test_x", None)
    assert _missing("tests/unit/test_docs.py", "test_x", None)
    assert _missing("tests/conversations/test_conversations.py", "test_conversation_over_http", "no-such-conversation")
    assert _missing("tests/unit/test_docs.py", "test_what_is_not_there_is_noticed", None) is None


def test_every_hazard_has_a_cause_a_control_and_a_test() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in SAFETY.read_text(encoding="utf-8").splitlines()
            if re.match(r"\| H\d\d ", line)]
    assert len(rows) >= 15
    assert [row[0] for row in rows] == [f"H{number:02d}" for number in range(1, len(rows) + 1)]
    for row in rows:
        assert len(row) == 7 and all(row), row[0]
        tests = row[5].split("<br>")
        assert all(_NODE.fullmatch(test) for test in tests), row[0]


def test_every_threat_has_a_control_and_a_test() -> None:
    """The STRIDE table: each row has a test, and each of the six letters has rows, numbered without a gap."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in (ROOT / "docs" / "threat_model.md").read_text(encoding="utf-8").splitlines() if re.match(r"\| [STRIDE]\d\d ", line)]
    for letter in "STRIDE":
        numbers = [row[0] for row in rows if row[0].startswith(letter)]
        assert numbers == [f"{letter}{number:02d}" for number in range(1, len(numbers) + 1)] and len(numbers) >= 3, letter
    for row in rows:
        assert len(row) == 4 and all(row), row[0]
        tests = row[3].split("<br>")
        assert all(_NODE.fullmatch(test) for test in tests), row[0]
        assert [each for each in (_missing(*_NODE.fullmatch(test).group(1, 2, 3)) for test in tests) if each] == [], row[0]  # type: ignore[union-attr]


def test_the_safety_file_names_every_rule_with_its_source() -> None:
    text = SAFETY.read_text(encoding="utf-8")
    rules = [rule for path in sorted(RULES.glob("*.yml")) for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]]
    assert rules
    assert [rule["id"] for rule in rules if f"| `{rule['id']}` | `{rule.get('flag') or rule['level']}` | {rule['source']} |" not in text] == []
    told = re.findall(r"^\| `(\w+)` \| `\w+` \| [^|]+ \|$", text, re.MULTILINE)
    assert sorted(told) == sorted(rule["id"] for rule in rules)


def _anchors(path: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", _CODE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("document", DOCS, ids=lambda path: path.name)
def test_every_link_and_picture_is_there(document: Path) -> None:
    broken = []
    for link in _LINK.findall(_CODE.sub("", document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (document.parent / name).resolve() if name else document
        if not target.exists() or ROOT not in target.parents or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


def _default(value: Any) -> str:
    return "not set" if value in (None, "") else f"`{value}`"


def test_the_configuration_table_names_every_setting_and_no_other() -> None:
    wanted = {CONTENT_KEYS_VARIABLE: "not set"}
    for settings in (Settings, TelegramSettings):
        for field in settings.__fields__.values():
            wanted[min(field.field_info.extra["env_names"]).upper()] = _default(field.default)
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Configuration", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \| ([^|]+) \|$", section, re.MULTILINE)
    assert {name: default for name, default, _ in rows} == wanted
    assert len(rows) == len(wanted)
    # No setting is read past these classes, or the table would not know of it.
    read = {name for path in (ROOT / "twitchwise").rglob("*.py")
            for name in re.findall(r"[\"'](TWITCHWISE_[A-Z_]*[A-Z])[\"']", path.read_text(encoding="utf-8"))}
    assert read <= set(wanted)


def test_the_two_commands_stand_by_themselves() -> None:
    assert "\n```\nmake run\nmake test\n```\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_the_numbers_of_every_country() -> None:
    numbers = yaml.safe_load(NUMBERS.read_text(encoding="utf-8"))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [code for code, entry in numbers["countries"].items()
            if f"| **{entry['emergency_text']}** | {entry['crisis_text']} |" not in text] == []
    assert f"reviewed on {numbers['reviewed']}" in text


def test_no_text_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found, used = [], set()
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if not name or path.name in _LOCKS or not path.is_file() or path == Path(__file__):
            continue
        data = path.read_bytes()
        if b"\0" in data:
            continue    # a picture
        text = data.decode("utf-8", "replace")
        hits = {match.group() for pattern in (_PATH, _REGISTRY) for match in pattern.finditer(text)}
        if hits & _EXCEPTED.get(name, set()):
            used.add(name)
        if hits - _EXCEPTED.get(name, set()):
            found.append((name, sorted(hits)))
    assert found == []
    assert used == set(_EXCEPTED), "an exception that is not needed any more"
