"""The bundle: made from the lock file, the same each time, small, and asking nobody else."""
from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from twitchwise.settings import ROOT

WEB = ROOT / "web"
pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]


def test_the_lock_names_no_other_registry() -> None:
    for name, entry in json.loads((WEB / "package-lock.json").read_text())["packages"].items():
        assert not name or entry.get("integrity", "").startswith("sha512-")
        assert entry.get("resolved", "https://registry.npmjs.org/").startswith("https://registry.npmjs.org/")


def test_the_bundle_is_small_and_mended(bundle: Path) -> None:
    script = bundle.read_bytes()
    assert len(gzip.compress(script, 9)) < 200_000
    assert b"fonts.googleapis" not in script and b"validateLink=()=>!0" not in script


def test_a_rebuild_is_the_same(bundle: Path) -> None:
    before = hashlib.sha256(bundle.read_bytes()).hexdigest()
    subprocess.run([sys.executable, str(ROOT / "scripts" / "build_web.py"), "--force"], check=True, timeout=280)
    assert hashlib.sha256(bundle.read_bytes()).hexdigest() == before


def test_a_second_run_is_instant(bundle: Path) -> None:
    done = subprocess.run([sys.executable, str(ROOT / "scripts" / "build_web.py")], check=True, timeout=120, capture_output=True)
    assert done.stdout == b""
