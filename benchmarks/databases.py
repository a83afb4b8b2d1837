"""A PostgreSQL and a Redis of the benchmark's own, where these programs are installed; gone again afterwards."""
from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from glob import glob
from pathlib import Path

from benchmarks.processes import free_port, listens


class Missing(RuntimeError):
    """A program that this part needs is not installed. The message names it."""


def _program(name: str) -> str:
    found = next(iter(sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), None) or shutil.which(name)
    if not found:
        raise Missing(f"{name} is not installed (Debian: postgresql, redis-server)")
    return found


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database on an empty server, with PostgreSQL's own settings (fsync stays on)."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="twitchwise-benchmark-pg-"))
    user: list[str] = []
    if os.geteuid() == 0:
        name = next((each for each in ("postgres", "nobody") if _exists(each)), None)
        if name is None or shutil.which("runuser") is None:
            raise Missing("PostgreSQL does not run as root, and there is no other user to run it as")
        os.chown(folder, pwd.getpwnam(name).pw_uid, pwd.getpwnam(name).pw_gid)
        user = ["runuser", "-u", name, "--"]
    port, data = free_port(), str(folder / "data")
    try:
        subprocess.run([*user, initdb, "-D", data, "-A", "trust", "-U", "twitchwise", "-N", "-E", "UTF8"], check=True,
                       stdout=subprocess.DEVNULL, timeout=180, cwd="/")
        subprocess.run([*user, control, "-D", data, "start", "-w", "-t", "60", "-l", str(folder / "log"), "-o",
                        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c shared_buffers=256MB "
                        "-c max_connections=80"], check=True, stdout=subprocess.DEVNULL, timeout=120, cwd="/")
        yield f"postgresql://twitchwise@127.0.0.1:{port}/postgres"
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            subprocess.run([*user, control, "-D", data, "stop", "-w", "-m", "immediate"], stdout=subprocess.DEVNULL, timeout=120, cwd="/",
                           check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """The address of an empty Redis that keeps nothing on disk."""
    port = free_port()
    process = subprocess.Popen([_program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        while not listens(port):
            if time.monotonic() > end or process.poll() is not None:
                raise Missing("redis-server did not start")
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(20)
