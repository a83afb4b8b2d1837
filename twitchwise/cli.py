"""`python -m twitchwise <command>`: what the Makefile calls."""
from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from twitchwise.settings import ROOT, Settings, SettingsError, load_settings


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="twitchwise", description="An open assistant for people worried about twitching muscles")
    commands = top.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="start the assistant")
    serve.add_argument("--actions", help="in-process, http, or the address of an action server (TWITCHWISE_ACTIONS)")
    actions = commands.add_parser("actions", help="start only the action process, on loopback")
    actions.add_argument("--port", type=int, help="default: TWITCHWISE_ACTIONS_PORT")
    actions.add_argument("--follow-parent", action="store_true", help=argparse.SUPPRESS)
    cluster = commands.add_parser("cluster", help="start several servers with PostgreSQL, Redis and a proxy on this machine")
    cluster.add_argument("--servers", type=int, default=2, choices=range(1, 17), metavar="N", help="how many (2)")
    cluster.add_argument("--actions", type=int, default=0, choices=range(0, 17), metavar="N",
                         help="action processes beside them (0: actions run in each server)")
    cluster.add_argument("--folder", type=lambda name: Path(name).resolve(), help="where its data lies (cluster/ in TWITCHWISE_VAR_DIR)")
    train = commands.add_parser("train", help="train the model if its sources changed")
    train.add_argument("--force", action="store_true", help="train in any case")
    build = commands.add_parser("build", help="prepare, train if needed, migrate: what make run does first")
    build.add_argument("--force", action="store_true", help="train in any case")
    commands.add_parser("evaluate", help="score the assistant on the project's own held-out cases", add_help=False)
    commands.add_parser("prepare", help="build the files of the sentence encoder and of the wordings in models/")
    commands.add_parser("migrate", help="bring the database to the present schema")
    commands.add_parser("shell", help="talk to the assistant in this terminal")
    trace = commands.add_parser("trace", help="show how a sentence is understood: phrase, cue, rule, clause, days")
    trace.add_argument("sentence", help="in quotes")
    trace.add_argument("--html", type=lambda name: Path(name).resolve(), metavar="FILE", help="also write it as a page")
    from twitchwise.channels.telegram import cli as telegram

    telegram.add_parser(commands)
    from twitchwise.records import cli as records

    records.add_parser(commands)
    from twitchwise.staff import cli as staff

    staff.add_parser(commands)
    return top


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Print `what`, a dot every few seconds, and how long it took."""
    done = threading.Event()
    out = sys.stdout  # what runs meanwhile may redirect its own
    print(f"{what} ", end="", flush=True, file=out)

    def dots() -> None:
        while not done.wait(3):
            print(".", end="", flush=True, file=out)

    thread = threading.Thread(target=dots, daemon=True)
    start = time.monotonic()
    thread.start()
    try:
        yield
        end = f" done in {time.monotonic() - start:.0f} s"
    except BaseException:
        end = " failed"
        raise
    finally:
        done.set()
        thread.join()
        print(end, flush=True, file=out)


def _serve(settings: Settings, arguments: argparse.Namespace) -> int:
    from twitchwise.serve import run

    return run(load_settings(actions=arguments.actions) if arguments.actions else settings)


def _actions(settings: Settings, arguments: argparse.Namespace) -> int:
    from twitchwise.action_server import run
    from twitchwise.logging import configure_logging

    configure_logging(settings.log_level, settings.log_format, settings.key())
    run(arguments.port or settings.actions_port, follow_parent=arguments.follow_parent)
    return 0


def _cluster(settings: Settings, arguments: argparse.Namespace) -> int:
    from twitchwise.cluster import run

    return run(settings, servers=arguments.servers, actions=arguments.actions, folder=arguments.folder)


def _train(settings: Settings, arguments: argparse.Namespace) -> int:
    from twitchwise import models, tensorflow_guard
    from twitchwise.logging import configure_logging

    if not arguments.force and models.is_current(settings.models_dir):
        return 0
    configure_logging("ERROR", settings.log_format)
    os.environ["LOG_LEVEL"] = "ERROR"  # or Rasa draws a progress bar for each step
    tensorflow_guard.install()
    with progress("Training the model (about half a minute)"):
        models.train(settings.models_dir)
    return 0


def _prepare(settings: Settings, _arguments: argparse.Namespace) -> int:
    from twitchwise import models

    if not models.encoder_is_current(settings.models_dir):
        from twitchwise.nlu.encoder import prepare

        with progress("Building the sentence encoder"):
            prepare(settings.models_dir)
        models.stamp_encoder(settings.models_dir)
    if not models.wordings_are_current(settings.models_dir):
        from twitchwise.nlu import wordings

        with progress("Learning the wordings of each finding"):
            wordings.load(settings.models_dir)
        models.stamp_wordings(settings.models_dir)
    return 0


def _migrate(settings: Settings, _arguments: argparse.Namespace) -> int:
    from twitchwise.records import migrate

    settings.var_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url)
    return 0


def _build(settings: Settings, arguments: argparse.Namespace) -> int:
    return _prepare(settings, arguments) or _train(settings, arguments) or _migrate(settings, arguments)


def _evaluate(_settings: Settings, _arguments: argparse.Namespace) -> int:
    from twitchwise.evaluation.__main__ import main as evaluate

    return evaluate(sys.argv[2:])


def _shell(settings: Settings, _arguments: argparse.Namespace) -> int:
    from twitchwise.shell import talk

    return talk(settings)


def _trace(settings: Settings, arguments: argparse.Namespace) -> int:
    from dataclasses import replace

    from twitchwise.nlu import wordings
    from twitchwise.understanding import trace as tracing

    return tracing.run(arguments.sentence, arguments.html, lambda: replace(tracing.load_reader(), likeness=wordings.load(settings.models_dir)))


def _telegram(settings: Settings, arguments: argparse.Namespace) -> int:
    from twitchwise.channels.telegram.cli import run

    return run(settings, arguments)


def _records(settings: Settings, arguments: argparse.Namespace) -> int:
    from twitchwise.records.cli import run

    return run(settings, arguments)


def _staff(settings: Settings, arguments: argparse.Namespace) -> int:
    from twitchwise.staff.cli import run

    return run(settings, arguments)


COMMANDS: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "serve": _serve, "cluster": _cluster, "actions": _actions, "shell": _shell, "evaluate": _evaluate,
    "build": _build, "prepare": _prepare, "train": _train, "migrate": _migrate,
    "telegram": _telegram, "records": _records, "staff": _staff, "trace": _trace,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; an error that we foresaw is one line and exit code 1."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    parsed, rest = parser().parse_known_args(arguments)
    if rest and parsed.command != "evaluate":
        parser().error(f"unknown: {' '.join(rest)}")
    os.chdir(ROOT)
    try:
        return COMMANDS[parsed.command](load_settings(), parsed)
    except SettingsError as error:
        print(f"twitchwise: {error}", file=sys.stderr)
    except RuntimeError as error:
        print(f"twitchwise: {error}", file=sys.stderr)
    return 1
