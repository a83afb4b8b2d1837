"""scripts/setup.py: any Python 3, quick when there is nothing to do, and a sentence when a step fails."""
from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from twitchwise.settings import ROOT

SCRIPT = ROOT / "scripts" / "setup.py"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("twitchwise_setup", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in module.LOCKED:
        (tmp_path / name).write_text(name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv" / "stamp"))
    return module


def test_only_the_standard_library_and_no_new_syntax() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 7))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)


def test_the_environment_is_synced_once(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(script, "call", lambda command, hint, **environment: calls.append(command))
    monkeypatch.setattr(script, "find_uv", lambda: "uv")
    Path(script.PYTHON).touch()
    script.sync()
    script.sync()
    assert calls == [["uv", "sync", "--frozen", "--quiet"]]
    (Path(script.ROOT) / "uv.lock").write_text("changed")
    script.sync()
    assert len(calls) == 2


def test_uv_is_got_where_there_is_none(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(script, "call", lambda command, hint, **environment: calls.append(command))
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    assert script.find_uv() == str(Path(script.ROOT) / ".uv" / "bin" / "uv")
    assert calls[0][1:3] == ["-m", "venv"] and calls[1][-1] == "uv"
    monkeypatch.setattr(script.shutil, "which", lambda name: "/somewhere/uv")
    assert script.find_uv() == "/somewhere/uv"


def test_a_failing_step_says_what_to_do(script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(script, "find_uv", lambda: "/nonexistent/uv")
    assert script.main() == 1
    errors = capsys.readouterr().err
    assert errors.startswith("setup: ") and "internet" in errors and "Traceback" not in errors


def test_a_failing_command_gives_its_hint(script: ModuleType) -> None:
    with pytest.raises(script.SetupError, match="do this"):
        script.call([sys.executable, "-c", "raise SystemExit(3)"], "do this")
