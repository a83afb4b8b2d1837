"""Stock Rasa: the project that `rasa init` makes, with our training phrases, domain and rules, and one custom action for each message.

"As far as it can take them": components of ours (entities, safety policy, form with its validation) are left out; intents, phrases,
slots, responses and rules are ours; pipeline and policies are those Rasa puts in where config.yml names none, which is what
`rasa init` does. The learned policies of that default need stories: each recorded conversation is one.
"""
from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from benchmarks.conversations import Recorded, load
from twitchwise.settings import ROOT

HERE = Path(__file__).parent
ACTION = "action_turn"
#: Rules of ours that stock Rasa cannot run: they belong to the form.
FORM = "check_form"


def make_project(folder: Path, action_port: int, epochs: int | None = None, every: int = 1) -> Path:
    """A project folder that plain `rasa train` and `rasa run` work on. `epochs`: fewer than Rasa's 100; `every`: only one phrase in so
    many, for a quick run."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "data" / "nlu").mkdir()
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        (folder / "data" / "nlu" / file.name).write_text(thinned(file.read_text(encoding="utf-8"), every), encoding="utf-8")
    write(folder / "config.yml", config(epochs))
    shutil.copy(HERE / "stock_project" / "actions.py", folder / "actions.py")
    write(folder / "domain.yml", domain(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))))
    write(folder / "data" / "rules.yml", rules(yaml.safe_load((ROOT / "data" / "rules" / "turn.yml").read_text(encoding="utf-8"))))
    write(folder / "data" / "stories.yml", stories(load()))
    write(folder / "endpoints.yml", {"action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"}})
    write(folder / "credentials.yml", {"rest": None})
    return folder


def thinned(phrases: str, every: int) -> str:
    """A file of training phrases with one phrase in `every`, two of each intent at least."""
    if every <= 1:
        return phrases
    data = yaml.safe_load(phrases)
    for entry in data["nlu"]:
        lines = [line for line in entry["examples"].splitlines() if line.strip()]
        entry["examples"] = "\n".join(lines[::every] if len(lines) >= 2 * every else lines[:2]) + "\n"
    return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


def write(path: Path, content: Any) -> None:
    """A YAML file."""
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


def domain(ours: dict[str, Any]) -> dict[str, Any]:
    """Our domain without what needs our code."""
    return {
        "version": ours["version"],
        "session_config": ours["session_config"],
        "intents": [*ours["intents"], "nlu_fallback"],
        # Nothing marks entities in our training phrases (the understanding does): stock Rasa would look for none either way.
        "slots": ours["slots"],
        "responses": ours["responses"],
        "actions": [ACTION],
    }


def rules(ours: dict[str, Any]) -> dict[str, Any]:
    """Our rules without those of the form, and one for messages that its FallbackClassifier gives up: they get the action too."""
    kept = [rule for rule in ours["rules"] if FORM not in yaml.safe_dump(rule)]
    return {"version": ours["version"], "rules": [
        *kept, {"rule": "a message that is not understood", "steps": [{"intent": "nlu_fallback"}, {"action": ACTION}]}]}


def stories(recorded: tuple[Recorded, ...]) -> dict[str, Any]:
    """The recorded conversations as stories: each message is answered by the action."""
    return {
        "version": "3.1",
        "stories": [
            {"story": each.id, "steps": [step for said in each.said for step in ({"intent": said.intent}, {"action": ACTION})]}
            for each in recorded
        ],
    }



def config(epochs: int | None = None) -> dict[str, Any]:
    """Rasa's own default configuration (`rasa init` names no component, and Rasa then puts these in); `epochs` for a quick run."""
    from rasa.engine.recipes import config_files

    made: dict[str, Any] = yaml.safe_load((Path(next(iter(config_files.__path__))) / "default_config.yml").read_text(encoding="utf-8"))
    if epochs is not None:
        for part in (*made["pipeline"], *made["policies"]):
            if "epochs" in part:
                part["epochs"] = epochs
    return made
