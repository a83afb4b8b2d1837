"""Plain statistics of lists of times."""
from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0..1) of the values lie (nearest rank). Raises ValueError for no values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(part * len(ordered)) - 1))]


def summary(ms: Sequence[float]) -> dict[str, float]:
    """Count, p50, p95 and p99."""
    if not ms:
        return {"count": 0}
    return {"count": len(ms), "p50_ms": round(median(ms), 2), "p95_ms": round(percentile(ms, 0.95), 2), "p99_ms": round(percentile(ms, 0.99), 2)}


def around(ms: Sequence[float], turn: int, width: int) -> float | None:
    """The median of the turns `turn` ± width (turns count from 1), None where there are none."""
    chosen = ms[max(0, turn - 1 - width): turn + width] if turn <= len(ms) else []
    return round(median(chosen), 2) if chosen else None


def ratio(over: float | None, under: float | None) -> float | None:
    """over / under, None where one of them is missing."""
    return over / under if over is not None and under else None
