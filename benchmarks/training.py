"""Parts "setup" and "train": from nothing to a trained model, ours and stock Rasa's."""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.processes import free_port, run
from benchmarks.servers import PYTHON, RASA, environment
from benchmarks.stock import make_project
from twitchwise.settings import ROOT

MODEL = "stock"
#: In the configuration that `rasa init` gives.
STOCK_EPOCHS = 100


def measure_setup(bench: Bench) -> None:
    """`make setup` on a fresh copy of the last commit; the installer's download cache is whatever this machine has."""
    copy = bench.folder / "fresh"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x"], cwd=copy, input=archive, check=True)
    bench.say("setting everything up from nothing, in a fresh copy")
    env = {name: value for name, value in environment().items() if name != "VIRTUAL_ENV"}
    seconds = run([_other_python(), "scripts/setup.py"], cwd=copy, env=env, log=bench.folder / "setup.log", limit_s=bench.plan.setup_limit_s)
    bench.put("setup", {"seconds": round(seconds, 1) if seconds else None, "limit_s": bench.plan.setup_limit_s})
    shutil.rmtree(copy, ignore_errors=True)


def _other_python() -> str:
    """Set-up is run by any Python 3, not by the environment that it makes."""
    return shutil.which("python3") or sys.executable


def measure_training(bench: Bench) -> None:
    """Ours with the project's own command, and with plain `rasa train`; stock Rasa's with plain `rasa train`."""
    models = bench.folder / "models"
    env = environment(TWITCHWISE_MODELS_DIR=str(models))
    bench.say("training Twitchwise")
    run([PYTHON, "-m", "twitchwise", "prepare"], cwd=ROOT, env=env, log=bench.folder / "prepare.log", limit_s=300)
    ours = [run([PYTHON, "-m", "twitchwise", "train", "--force"], cwd=ROOT, env={**env, **_no_cache(bench.folder)},
                log=bench.folder / "train.log", limit_s=600) for _ in range(bench.plan.starts)]
    bench.put("train", {"twitchwise_s": [round(each, 1) if each else None for each in ours]})
    bench.say("training Twitchwise with plain `rasa train`")
    plain = run([RASA, "train", "--force", "--out", str(bench.folder / "plain")], cwd=ROOT, env={**environment(), **_no_cache(bench.folder)},
                log=bench.folder / "rasa-train.log", limit_s=900)
    bench.put("train", {"rasa_train_s": round(plain, 1) if plain else None})
    stock_model(bench)


def _no_cache(folder: Path) -> dict[str, str]:
    """Rasa keeps parts of earlier trainings; a benchmark must not use them, nor leave any."""
    cache = folder / "rasa-cache"
    shutil.rmtree(cache, ignore_errors=True)
    return {"RASA_CACHE_DIRECTORY": str(cache)}


def stock_model(bench: Bench) -> Path:
    """Stock Rasa's model, trained the first time; with a few epochs of Rasa's hundred, because those take hours on these phrases. The
    weights are worse for it, the work for each message is the same."""
    if bench.model is not None:
        return bench.model
    plan = bench.plan
    bench.action_port = bench.action_port or free_port()
    make_project(bench.project, bench.action_port, plan.stock_epochs, plan.stock_every)
    bench.say(f"training stock Rasa ({plan.stock_epochs} epochs of {STOCK_EPOCHS}, at most {plan.stock_train_limit_s:.0f} s)")
    log = bench.folder / "stock-train.log"
    seconds = run([RASA, "train", "--fixed-model-name", MODEL], cwd=bench.project, env={**environment(), **_no_cache(bench.folder)},
                  log=log, limit_s=plan.stock_train_limit_s)
    if seconds is None:
        raise RuntimeError(f"Stock Rasa could not be trained within {plan.stock_train_limit_s:.0f} s.")
    bench.put("train", {"stock_s": round(seconds, 1), "stock_epochs": plan.stock_epochs, "stock_every": plan.stock_every,
                        "stock_epochs_s": epochs_s(log.read_text(encoding="utf-8", errors="replace"))})
    bench.model = bench.project / "models" / f"{MODEL}.tar.gz"
    return bench.model


_PROGRESS = re.compile(r"Epochs: 100%\|[^|]*\| (\d+)/\1 \[(?:(\d+):)?(\d+):(\d+)<")


def epochs_s(log: str) -> float:
    """Seconds that the epochs themselves took, all components together, from Rasa's progress bars."""
    total, last = 0, 0
    for line in re.split(r"[\r\n]", log):
        found = _PROGRESS.search(line)
        if found:
            # The bar at 100 % is drawn several times; the last one counts.
            last = int(found[2] or 0) * 3600 + int(found[3]) * 60 + int(found[4])
        elif last:
            total, last = total + last, 0
    return float(total + last)
