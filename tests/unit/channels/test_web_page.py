"""The page's fixed table: words and numbers without JavaScript, a strict policy, and the bundle."""
from __future__ import annotations

import gzip
from pathlib import Path

from twitchwise.channels.web_page import POLICY, load_assets, page_html
from twitchwise.settings import load_settings


def test_without_a_bundle_there_are_words_and_numbers(tmp_path: Path) -> None:
    table = load_assets(load_settings(), tmp_path)
    assert set(table) == {""}
    page = table[""].asset.body.decode()
    assert "<script" not in page and 'href="tel:999"' in page and "Call 999" in page


def test_the_page_names_the_number_of_its_country() -> None:
    page = page_html(load_settings(country="US"), built=True)
    assert 'href="tel:911"' in page and 'href="tel:999"' not in page and 'data-country="US"' in page and "<noscript>" in page


def test_the_policy_allows_scripts_of_this_server_only() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["default-src"] == "'none'" and rules["script-src"] == "'self'" and rules["connect-src"] == "'self'"
    assert "<script>" not in page_html(load_settings(), built=True)


def test_files_are_compressed_once_and_have_tags(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "twitchwise.js").write_text("let a = 1;" * 100)
    table = load_assets(load_settings(), tmp_path)
    script = table["twitchwise.js"]
    assert gzip.decompress(script.zipped) == script.asset.body and script.tag == script.asset.tag
    assert table[""].asset.headers["Content-Security-Policy"] == POLICY
