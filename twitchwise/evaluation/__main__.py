"""`python -m twitchwise.evaluation`: measure, print the figures, write docs/evaluation."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from twitchwise.evaluation.data import ROOT, case_directories, load_cases
from twitchwise.evaluation.scoring import number
from twitchwise.nlu.phrases import NLU, load_phrases


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when everything asked for was measured."""
    parser = argparse.ArgumentParser(prog="python -m twitchwise.evaluation", description="Score the assistant on held-out cases.")
    parser.add_argument("directories", nargs="*", type=Path, help="further folders with faq.jsonl and messages.jsonl")
    choices = ("questions", "messages", "cross-validation")
    parser.add_argument("--only", choices=choices, action="append", help="measure this part only (repeatable)")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "evaluation", help="where the page goes (default: docs/evaluation)")
    parser.add_argument("--no-page", action="store_true", help="print the figures, write nothing")
    options = parser.parse_args(arguments)
    missing = [str(path) for path in options.directories if not path.is_dir()]
    if missing:
        print(f"There is no folder {', '.join(missing)}.", file=sys.stderr)
        return 2
    parts = options.only or ["questions", "messages", "cross-validation"]
    directories = case_directories(options.directories)

    questions, messages, cross = {}, {}, None
    if "messages" in parts:
        messages = _messages(directories)
    if {"questions", "cross-validation"} & set(parts):
        questions, cross = _intents(directories, "questions" in parts, "cross-validation" in parts)
    if cross:
        print(f"intents, cross-validated: {cross.accuracy:.3f} of {len(cross.texts)}")
    if not options.no_page:
        from twitchwise.evaluation.report import write

        print(f"Written: {write(options.output, cross, questions, messages)}")
    return 0


def _messages(directories: list[Path]) -> dict:
    from dataclasses import replace

    from twitchwise.evaluation.scoring import score_messages
    from twitchwise.nlu import wordings
    from twitchwise.settings import Settings
    from twitchwise.triage.update import assess_findings
    from twitchwise.understanding.reader import load_reader
    from twitchwise.vocabulary.codes import load_codes

    codes = load_codes()
    emergencies = {flag for flag, level in codes.red_flags.items() if level == "emergency"}
    reader = replace(load_reader(), likeness=wordings.load(Settings().models_dir))
    scores = {}
    for name, cases in load_cases("messages", directories).items():
        scores[name] = score_messages(reader.read, assess_findings, cases, list(codes.levels), emergencies)
        _print(f"messages, {name}", scores[name].figures())
    return scores


def _intents(directories: list[Path], questions: bool, crossing: bool) -> tuple:
    from twitchwise.evaluation.crossval import cross_validate
    from twitchwise.evaluation.scoring import score_questions
    from twitchwise.nlu.encoder import Encoder, prepare
    from twitchwise.nlu.intents import IntentReader
    from twitchwise.settings import Settings

    models = Settings().models_dir
    prepare(models)
    encoder = Encoder.load(models)
    phrases = load_phrases(NLU)
    scores = {}
    if questions:
        # trained here, from the data as it is: the model in models/ may be of yesterday
        reader = IntentReader.train(encoder, phrases)
        for name, cases in load_cases("faq", directories).items():
            scores[name] = score_questions(reader.read, cases)
            _print(f"questions, {name}", scores[name].figures())
    return scores, cross_validate(encoder, phrases) if crossing else None


def _print(title: str, figures: Mapping[str, float | None]) -> None:
    values = ", ".join(f"{name} {number(value)}" for name, value in figures.items())
    print(f"{title}: {values}")


if __name__ == "__main__":
    raise SystemExit(main())
