"""`python -m benchmarks`: measure, write benchmarks/last.json, docs/performance.md and docs/images/performance_*.png."""
from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from benchmarks import bench as benches
from benchmarks import report
from benchmarks.bench import Bench
from benchmarks.floor import measure_floor, measure_profile
from benchmarks.measuring import (
    measure_first,
    measure_growth_turns,
    measure_parse,
    measure_start,
    measure_throughput,
    measure_turns,
)
from benchmarks.plan import FULL, QUICK
from benchmarks.storing import measure_growth_stored, measure_processes
from benchmarks.training import measure_setup, measure_training

#: In this order. Parts that use both running servers stand together: they are started once.
PARTS: dict[str, Callable[[Bench], None]] = {
    "setup": measure_setup, "train": measure_training, "start": measure_start, "parse": measure_parse, "first": measure_first,
    "turns": measure_turns, "throughput": measure_throughput, "growth_turns": measure_growth_turns, "floor": measure_floor,
    "profile": measure_profile, "processes": measure_processes, "growth_stored": measure_growth_stored,
}
#: Not in the quick form: it takes some minutes whatever the counts.
LONG = ("setup",)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="benchmarks", description="Measure Twitchwise against stock Rasa on this machine.")
    made.add_argument("--only", type=lambda text: text.split(","), metavar="PART,...", help=f"some parts: {', '.join(PARTS)}")
    made.add_argument("--skip", type=lambda text: text.split(","), default=[], metavar="PART,...", help="leave these out")
    made.add_argument("--quick", action="store_true", help="fewer messages: some ten minutes for everything")
    made.add_argument("--doc", action="store_true", help="only write the page and the plots again from the last results")
    made.add_argument("--folder", type=Path, help="where models and databases of the benchmark go (default: a temporary folder)")
    made.add_argument("--stock-model", type=Path, help="the folder of an earlier run (--folder) whose stock model is used again")
    return made


def chosen(only: list[str] | None, skip: list[str], quick: bool) -> list[str]:
    """The parts to run, in their order. Raises ValueError for a part that nobody knows."""
    unknown = [name for name in (*(only or ()), *skip) if name not in PARTS]
    if unknown:
        raise ValueError(f"There is no part {', '.join(unknown)}. There are: {', '.join(PARTS)}.")
    return [name for name in PARTS if (name in only if only else not (quick and name in LONG)) and name not in skip]


def main(arguments: list[str] | None = None) -> int:
    """0 when every part was measured, 1 when one failed (its error is kept with the results)."""
    options = parser().parse_args(arguments)
    if options.doc:
        report.write_all(benches.read())
        return 0
    try:
        parts = chosen(options.only, options.skip, options.quick)
    except ValueError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    folder = options.folder or Path(tempfile.mkdtemp(prefix="twitchwise-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    whole = not options.only
    results = {} if whole else benches.read()
    results["about"] = {**benches.about(), "quick": options.quick, "whole": whole and not options.skip}
    bench = Bench(QUICK if options.quick else FULL, folder.resolve(), results)
    _use_again(bench, options.stock_model)
    failed = []
    begin = time.monotonic()
    try:
        for part in parts:
            bench.say(f"== {part}")
            results.get("failed", {}).pop(part, None)
            try:
                PARTS[part](bench)
            except Exception as error:
                traceback.print_exc()
                failed.append(part)
                results.setdefault("failed", {})[part] = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200]
    finally:
        bench.stop()
        results["about"]["minutes"] = round((time.monotonic() - begin) / 60, 1)
        benches.save(results)
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    report.write_all(results)
    bench.say(f"{report.PAGE.name} is written; {results['about']['minutes']} minutes"
              + (f"; these parts failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


def _use_again(bench: Bench, folder: Path | None) -> None:
    if folder is None:
        return
    from benchmarks.processes import free_port
    from benchmarks.stock import make_project
    from benchmarks.training import MODEL

    old = folder.resolve() / "stock" / "models" / f"{MODEL}.tar.gz"
    keep = bench.folder / f"{MODEL}.tar.gz"
    if not old.is_file():
        raise SystemExit(f"benchmarks: {old} is no model of an earlier run.")
    shutil.copy(old, keep)
    bench.action_port = free_port()
    make_project(bench.project, bench.action_port)
    bench.model = keep


if __name__ == "__main__":
    sys.exit(main())
