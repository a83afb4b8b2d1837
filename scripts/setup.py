#!/usr/bin/env python3
"""Sets everything up for `make run` and `make test`; a second run finds nothing to do. Any Python 3, standard library only.

1. uv: the one on PATH, else one of our own in .uv/.
2. The environment of uv.lock in .venv/, its bytecode compiled (it halves the server's start).
3. The chat page's script (scripts/build_web.py).
4. `python -m twitchwise build`: encoder files, the trained model, the database's schema.
"""
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WINDOWS = os.name == "nt"
BIN = "Scripts" if WINDOWS else "bin"
PYTHON = os.path.join(ROOT, ".venv", BIN, "python")
STAMP = os.path.join(ROOT, ".venv", "twitchwise-lock.txt")
LOCKED = ("uv.lock", "pyproject.toml", ".python-version")


class SetupError(Exception):
    """A step failed. The message says what to do."""


def call(command, hint, **environment):
    """Run a command; when it fails, say what to do."""
    try:
        done = subprocess.run(command, cwd=ROOT, env=dict(os.environ, **environment))
    except OSError as error:
        raise SetupError(f"{os.path.basename(command[0])} could not be started ({error.strerror}). {hint}") from error
    if done.returncode != 0:
        raise SetupError(hint)


def find_uv():
    """uv on PATH, else our own in .uv/ (made with the Python that runs this script)."""
    found = shutil.which("uv")
    if found:
        return found
    own = os.path.join(ROOT, ".uv", BIN, "uv")
    if not os.path.exists(own):
        print("Getting uv (the installer) into .uv/ ...", flush=True)
        call(
            [sys.executable, "-m", "venv", "--clear", os.path.join(ROOT, ".uv")],
            "A virtual environment could not be made. On Debian or Ubuntu: apt-get install python3-venv. Or install uv yourself.",
        )
        call(
            [os.path.join(ROOT, ".uv", BIN, "python"), "-m", "pip", "install", "--quiet", "uv"],
            "uv could not be downloaded. Check the internet connection and run this again.",
        )
    return own


def lock_hash():
    """A hash of what decides the environment."""
    total = hashlib.sha256(sys.platform.encode())
    for name in LOCKED:
        with open(os.path.join(ROOT, name), "rb") as file:
            total.update(file.read())
    return total.hexdigest()


def read(path):
    """The text of a small file, empty when there is none."""
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ""


def sync():
    """Bring .venv/ to what uv.lock says, if it is not."""
    wanted = lock_hash()
    if os.path.exists(PYTHON) and read(STAMP) == wanted:
        return
    print("Installing the environment into .venv/ (a few minutes the first time) ...", flush=True)
    call(
        [find_uv(), "sync", "--frozen", "--quiet"],
        "The environment could not be installed. Check the internet connection and the free disk space (3 GB), then run this again.",
        UV_COMPILE_BYTECODE="1",
        UV_PROJECT_ENVIRONMENT=os.path.join(ROOT, ".venv"),
        UV_HTTP_TIMEOUT=os.environ.get("UV_HTTP_TIMEOUT", "120"),
    )
    with open(STAMP, "w") as file:
        file.write(wanted + "\n")


def main():
    """Every step in order; 0 when all is ready."""
    try:
        sync()
        if "--environment" not in sys.argv:
            call([PYTHON, os.path.join("scripts", "build_web.py")], "The chat page could not be built. The line above says why.")
            force = ["--force"] if "--force" in sys.argv else []
            call([PYTHON, "-m", "twitchwise", "build", *force], "Set-up stopped. The line above says why.")
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
