"""What stops the server from starting: one clear line that names it, exit code not 0. And how it ends."""
from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.running import environment, free_port, start_server
from twitchwise import models
from twitchwise.settings import ROOT, load_settings


def start(folder: Path, **more: str) -> tuple[int, str, str]:
    """(exit code, output, errors) of a server that should not start."""
    env = environment(folder, int(more.pop("PORT", free_port())), **more)
    done = subprocess.run(
        [sys.executable, "-m", "twitchwise", "serve"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=180
    )
    return done.returncode, done.stdout, done.stderr


def refused(folder: Path, *words: str, **more: str) -> None:
    code, output, errors = start(folder, **more)
    assert code != 0
    assert errors.startswith("twitchwise: ") and errors.count("\n") == 1, errors
    assert "Traceback" not in errors and not output
    for word in words:
        assert word in errors


def test_half_a_receiver_of_escalations(tmp_path: Path) -> None:
    refused(tmp_path, "TWITCHWISE_WEBHOOK_URL", "TWITCHWISE_WEBHOOK_SECRET", TWITCHWISE_WEBHOOK_URL="https://clinic.example/hook")


def test_no_model(tmp_path: Path) -> None:
    refused(tmp_path, "make train", TWITCHWISE_MODELS_DIR=str(tmp_path / "none"))


def test_a_damaged_model(tmp_path: Path) -> None:
    (tmp_path / "twitchwise.tar.gz").write_bytes(b"\x1f\x8b\x08 not a model")
    refused(tmp_path, "damaged", "make train", TWITCHWISE_MODELS_DIR=str(tmp_path))


def test_a_model_with_a_damaged_inside(tmp_path: Path) -> None:
    """A readable archive whose content is not what Rasa wrote."""
    import tarfile

    (tmp_path / "metadata.json").write_text("{}")
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "metadata.json", "metadata.json")
    refused(tmp_path, "cannot be loaded", "make train", TWITCHWISE_MODELS_DIR=str(tmp_path))


def test_a_model_changed_after_training(tmp_path: Path) -> None:
    source = load_settings().models_dir
    for name in (f"{models.NAME}.tar.gz", models.STAMP):
        shutil.copy(source / name, tmp_path / name)
    with (tmp_path / f"{models.NAME}.tar.gz").open("ab") as file:
        file.write(b"more")
    refused(tmp_path, "damaged", TWITCHWISE_MODELS_DIR=str(tmp_path))


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen(1)
        port = sock.getsockname()[1]
        refused(tmp_path, str(port), "PORT", PORT=str(port))


@pytest.mark.parametrize(("name", "value"), [
    ("PORT", "99999"), ("TWITCHWISE_DEADLINE_S", "soon"), ("TWITCHWISE_API_TOKEN", "x"), ("TWITCHWISE_ACTIONS", "nowhere"),
    ("HOST", "999.1.1.1"),
])
def test_a_broken_setting(tmp_path: Path, name: str, value: str) -> None:
    refused(tmp_path, name, **{name: value})


def test_reachable_from_outside_without_a_token(tmp_path: Path) -> None:
    env = environment(tmp_path, free_port())
    env.pop("TWITCHWISE_API_TOKEN")
    done = subprocess.run(
        [sys.executable, "-m", "twitchwise", "serve"], cwd=ROOT, env={**env, "HOST": "0.0.0.0"}, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 1 and "TWITCHWISE_API_TOKEN" in done.stderr


def process_group_members(folder: Path) -> list[int]:
    """Processes on this machine that were started for `folder`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"TWITCHWISE_VAR_DIR={folder}".encode() + b"\0" in entry.read_bytes() + b"\0":
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_ctrl_c_ends_everything_and_a_kill_leaves_no_action_process(tmp_path: Path) -> None:
    """One server with an action process: killed actions come back, Ctrl-C ends all; killed hard, its child follows."""
    server = start_server(tmp_path, actions="http")
    assert len(process_group_members(tmp_path)) == 2
    assert server.stop() == 0
    assert process_group_members(tmp_path) == []
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(server.url + "/health", timeout=2)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_a_killed_server_takes_its_action_process_along(http_server_to_kill: Path) -> None:
    end = time.monotonic() + 60
    while process_group_members(http_server_to_kill) and time.monotonic() < end:
        time.sleep(0.1)
    assert process_group_members(http_server_to_kill) == []


@pytest.fixture
def http_server_to_kill(tmp_path: Path) -> Path:
    server = start_server(tmp_path, actions="http")
    server.process.kill()
    server.process.wait(10)
    return tmp_path
