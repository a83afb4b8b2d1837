"""Who works on what: the name of a process, and whether another one of this machine is still alive."""
from __future__ import annotations

import os
import socket
import uuid

#: Names given out in this process.
_mine: set[str] = set()


def process_name() -> str:
    """A name for this process that no other has, now or later."""
    name = f"{socket.gethostname()[:80]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    _mine.add(name)
    return name


def is_dead(other: str, me: str) -> bool:
    """Whether the process called `other` is certainly gone. Of another machine that cannot be known: its lease runs out."""
    host, _, rest = other.rpartition(":")[0].rpartition(":")
    my_host, _, my_rest = me.rpartition(":")[0].rpartition(":")
    if other == me or host != my_host or not rest.isdigit():
        return False
    if rest == my_rest:
        return other not in _mine  # our number, a name that we never gave: a process before this one
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
