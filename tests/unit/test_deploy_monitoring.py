"""Every query of the dashboard and of the alerts asks for a series that /metrics has, by name, label and value; every alert is explained."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from twitchwise import metrics
from twitchwise.metrics_state import StateCollector
from twitchwise.records.engine import make_engine
from twitchwise.records.schema import migrate
from twitchwise.settings import ROOT

ALERTS = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())
DASHBOARD = json.loads((ROOT / "deploy/grafana/twitchwise.json").read_text())
RULES: list[dict[str, Any]] = [rule for group in ALERTS["groups"] for rule in group["rules"]]
QUERIES = [rule["expr"] for rule in RULES] + [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
#: Labels and series that Prometheus itself adds.
OWN_LABELS, OWN_SERIES = {"instance", "job", "le"}, {"up"}
SELECTOR = re.compile(r"\b((?:twitchwise|process)_\w+|up)(\{[^}]*\})?")
MATCHER = re.compile(r'(\w+)\s*=~?\s*"([^"]*)"')


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    """name -> the labels of each of its series, of a server that has answered one message."""
    folder = tmp_path_factory.mktemp("series")
    url = f"sqlite:///{folder}/records.db"
    migrate(url)
    metrics.metrics.cache_clear()
    metrics.message_answered("rest", "answered")
    body, _ = metrics.exposition(StateCollector(make_engine(url), folder / "spool"))
    metrics.metrics.cache_clear()
    found: dict[str, list[dict[str, str]]] = {}
    for line in body.decode().splitlines():
        if not line.startswith("#"):
            name, labels = re.match(r"(\w+)(\{.*\})?", line).groups()     # type: ignore[union-attr]
            found.setdefault(name, []).append(dict(MATCHER.findall(labels or "")))
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_asks_for_what_there_is(query: str, series: dict[str, list[dict[str, str]]]) -> None:
    selectors = SELECTOR.findall(query)
    assert selectors, query
    for name, wanted in selectors:
        if name in OWN_SERIES:
            continue
        assert name in series, f"{name} is no series of /metrics"
        for label, value in MATCHER.findall(wanted):
            if label not in OWN_LABELS:
                assert any(labels.get(label) == value for labels in series[name]), f"{name} has no {label}={value}"
        for labels in re.findall(r"\bby \(([^)]*)\)", query):
            for label in (each.strip() for each in labels.split(",")):
                assert label in OWN_LABELS or any(label in has for found, _ in selectors for has in series[found]), label
    assert query.count("(") == query.count(")") and query.count("{") == query.count("}")


def test_the_check_itself_sees_a_wrong_name(series: dict[str, list[dict[str, str]]]) -> None:
    with pytest.raises(AssertionError, match="no series"):
        test_a_query_asks_for_what_there_is("sum(twitchwise_no_such_thing)", series)
    with pytest.raises(AssertionError, match="no state"):
        test_a_query_asks_for_what_there_is('max(twitchwise_outbox_depth{state="dread"})', series)


def test_every_alert_is_whole_and_explained() -> None:
    page = (ROOT / "docs/monitoring.md").read_text()
    headings = {line.strip("# ").lower() for line in page.splitlines() if line.startswith("#")}
    names = [rule["alert"] for rule in RULES]
    assert len(set(names)) == len(names) > 8
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"]["summary"], rule["alert"]
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert file == "docs/monitoring.md" and anchor == rule["alert"].lower() in headings, rule["alert"]


def test_every_metric_is_on_the_page(series: dict[str, list[dict[str, str]]]) -> None:
    page = (ROOT / "docs/monitoring.md").read_text()
    families = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in series if name.startswith("twitchwise_")}
    assert {name for name in families if name not in page} == set()


def test_panels_do_not_lie_on_each_other() -> None:
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    cells = [(x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
    assert len(set(cells)) == len(cells)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places)
    assert Path(ROOT / "deploy/grafana/twitchwise.json").stat().st_size < 200_000
