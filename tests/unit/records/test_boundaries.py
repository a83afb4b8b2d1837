"""No row of the object-relational mapper leaves the records: what comes out is frozen data."""
from __future__ import annotations

import ast
import dataclasses
import inspect
import re

import pytest

from twitchwise.records import models, views
from twitchwise.settings import ROOT

ROWS = {name for name, each in vars(models).items() if inspect.isclass(each) and hasattr(each, "__table__")}
#: Reads whole tables for those who look after the page, through a library that works on the models; counts.
ALLOWED = {"twitchwise/staff/tables.py": "every model, through sqladmin", "twitchwise/metrics_state.py": "counts only"}
RECORDS = sorted((ROOT / "twitchwise" / "records").glob("*.py"))


def test_there_are_rows_to_speak_of() -> None:
    assert {"Conversation", "EscalationRow", "HandOverRow"} <= ROWS and len(RECORDS) > 20


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_no_public_function_returns_a_row(path) -> None:  # type: ignore[no-untyped-def]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_") and node.returns is not None:
            named = set(re.findall(r"\w+", ast.unparse(node.returns)))
            assert not named & ROWS, f"{path.name}: {node.name}"


def test_nothing_else_works_on_rows() -> None:
    found = {}
    for path in sorted((ROOT / "twitchwise").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if name.startswith("twitchwise/records/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            ours = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("twitchwise.records")
            if ours and {each.name for each in node.names} & (ROWS | {"models"}):
                found[name] = True
    assert set(found) == set(ALLOWED)


@pytest.mark.parametrize("view", [each for each in vars(views).values() if inspect.isclass(each) and each.__module__ == views.__name__],
                         ids=lambda view: view.__name__)
def test_views_are_frozen(view) -> None:  # type: ignore[no-untyped-def]
    assert dataclasses.is_dataclass(view) and view.__dataclass_params__.frozen
