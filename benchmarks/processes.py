"""Processes that the benchmark starts: until they answer, what they cost, and how they end. Memory and time from /proc (Linux)."""
from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class DidNotAnswer(RuntimeError):
    """A process ended, or did not answer in time. The message holds the end of its log."""


@dataclass
class Running:
    """A started process with its children. `start_s`: from its start to its first answer."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    start_s: float = 0.0
    beside: list[Running] = field(default_factory=list)

    @property
    def pids(self) -> list[int]:
        """Of this process, its descendants, and what runs beside it."""
        found = family(self.process.pid)
        for other in self.beside:
            found += other.pids
        return found

    @property
    def memory_mb(self) -> float:
        """PSS of all of them: memory shared by two of them counts once."""
        return sum(map(pss_mb, self.pids))

    @property
    def cpu_s(self) -> float:
        """Processor time used by all of them so far."""
        return sum(map(cpu_s, self.pids))

    def stop(self) -> None:
        """Interrupt, and kill what does not end in ten seconds; what runs beside it goes too."""
        members = self.pids
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(10)
        for other in self.beside:
            other.stop()
        for pid in members:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if pid != self.process.pid and _parent(pid) is not None:
                    os.kill(pid, signal.SIGKILL)


def start(name: str, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path, ready: Callable[[], bool],
          limit_s: float) -> Running:
    """Start `command` in a session of its own and wait until `ready()`. Raises DidNotAnswer."""
    log.parent.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(list(command), cwd=cwd, env=dict(env), stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    running = Running(name, process, log)
    while time.monotonic() - begin < limit_s:
        if process.poll() is not None:
            break
        if ready():
            running.start_s = time.monotonic() - begin
            return running
        time.sleep(0.05)
    ended = process.poll()
    running.stop()
    what = f"ended with code {ended}" if ended is not None else f"did not answer within {limit_s:.0f} s"
    raise DidNotAnswer(f"{name} {what}:\n{log.read_text(errors='replace')[-1500:]}")


def listens(port: int) -> bool:
    """Whether something listens on this port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port of loopback that is free now: of BENCHMARK_PORTS ("5640-5659"), by default any."""
    low, _, high = os.environ.get("BENCHMARK_PORTS", "").partition("-")
    if low and high:
        for port in range(int(low), int(high) + 1):
            with socket.socket() as sock, contextlib.suppress(OSError):
                sock.bind(("127.0.0.1", port))
                if port not in _given:
                    _given.append(port)
                    del _given[:-8]
                    return port
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


_given: list[int] = []


def family(pid: int) -> list[int]:
    """A process and its descendants, those that live."""
    parents = dict(_parents())
    if pid not in parents:
        return []
    found = [pid]
    for each in found:
        found += sorted(child for child, parent in parents.items() if parent == each)
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for entry in PROC.glob("[0-9]*"):
        parent = _parent(int(entry.name))
        if parent is not None:
            yield int(entry.name), parent


def _parent(pid: int) -> int | None:
    try:
        return int(stat_fields((PROC / str(pid) / "stat").read_text())[1])
    except (OSError, ValueError, IndexError):
        return None


def stat_fields(line: str) -> list[str]:
    """The fields of /proc/PID/stat behind the name, which may hold blanks and brackets: state, parent, ..."""
    return line.rpartition(")")[2].split()


def cpu_s(pid: int) -> float:
    """Processor time of a process so far, 0 when it is gone."""
    try:
        fields = stat_fields((PROC / str(pid) / "stat").read_text())
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def pss_mb(pid: int) -> float:
    """Proportional memory of a process in MB, 0 when it is gone."""
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0.0
    return parse_pss_kb(text) / 1024


def parse_pss_kb(text: str) -> int:
    """The line "Pss:  12345 kB" of smaps_rollup."""
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path, limit_s: float) -> float | None:
    """Run a command to its end; how long it took, None when it was stopped at the limit. Raises DidNotAnswer when it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(list(command), cwd=cwd, env=dict(env), stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        code = process.wait(limit_s)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        return None
    if code != 0:
        raise DidNotAnswer(f"{' '.join(map(str, command[:4]))} ended with code {code}:\n{log.read_text(errors='replace')[-1500:]}")
    return time.monotonic() - begin
