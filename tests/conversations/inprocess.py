"""Conversations without a server: the understanding, the classifier and `serve`, in this process. For quick looks at wording and flow."""
from __future__ import annotations

import hashlib
import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from twitchwise.dialogue import DialogueState, Message, Turn, load_kit, serve
from twitchwise.understanding.findings import Finding

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


@lru_cache(maxsize=1)
def phrases() -> tuple[tuple[str, str], ...]:
    """(text, intent) of every training phrase."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found += [(line.strip()[2:], entry["intent"]) for line in entry["examples"].splitlines() if line.strip().startswith("- ")]
    return tuple(found)


def kernel_folder(cache: Path) -> Path:
    """The folder of the classifier: out of the trained model where there is one, else below `cache` for today's phrases and code."""
    folder = cache / _digest()
    model = ROOT / "models" / "twitchwise.tar.gz"
    if not folder.is_dir() and model.is_file():
        with tarfile.open(model) as archive:
            for member in archive.getmembers():
                if "IntentClassifier" in member.name and member.isfile():
                    folder.mkdir(parents=True, exist_ok=True)
                    content = archive.extractfile(member)
                    assert content is not None
                    (folder / Path(member.name).name).write_bytes(content.read())
    return folder


def _digest() -> str:
    digest = hashlib.blake2s(repr(phrases()).encode(), digest_size=8)
    for path in sorted((ROOT / "twitchwise" / "nlu").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=2)
def load_intents(kernel: Path) -> Any:
    """The intent reader in the folder `kernel`; trained into it first where it is empty, which takes a minute and a half."""
    from twitchwise.nlu.encoder import Encoder, prepare
    from twitchwise.nlu.intents import IntentReader
    from twitchwise.nlu.kernel_model import KernelModel

    prepare(ROOT / "models")
    encoder = Encoder.load(ROOT / "models")
    if kernel.is_dir() and any(kernel.iterdir()):
        return IntentReader(encoder, KernelModel.load(kernel))
    reader = IntentReader.train(encoder, phrases())
    kernel.mkdir(parents=True, exist_ok=True)
    reader.model.save(kernel)
    return reader


@lru_cache(maxsize=1)
def load_findings() -> Callable[[str], list[Finding]]:
    """What the understanding finds in a text."""
    from twitchwise.understanding.reader import load_reader

    reader = load_reader()
    return lambda text: list(reader.read(text).findings)


@dataclass
class InProcess:
    """One conversation. `say` takes what a person types; `wait` lets time pass."""

    kernel: Path
    country: str | None = "UK"
    state: DialogueState = field(default_factory=DialogueState)
    now: datetime = NOW
    turn: Turn | None = None
    count: int = 0

    def say(self, text: str, payload: dict[str, Any] | None = None) -> Turn:
        self.now += timedelta(minutes=1)
        self.count += 1
        intent, confidence, topics = "typed_command", 1.0, []
        said = str((payload or {}).get("text") or text)
        if not text.lstrip().startswith("/"):
            reading = load_intents(self.kernel).read(said)
            intent, confidence = reading.intent, reading.confidence
            topics = [(topic.code, topic.confidence, topic.start, topic.end) for topic in reading.topics]
        findings = [] if payload is not None and not payload.get("text") else load_findings()(said)
        message = Message(text=text, intent=intent, intent_confidence=confidence, topics=topics, findings=findings,
                          message_id=f"m{self.count}", now=self.now, channel="test", country=self.country, payload=payload)
        self.turn = serve(self.state, message, _kit())
        self.state = DialogueState.from_dict(json.loads(json.dumps(self.turn.state.to_dict())))
        return self.turn

    def press(self, title: str) -> Turn:
        """Press the newest button of this title."""
        assert self.turn is not None
        button = next(button for reply in reversed(self.turn.replies) for button in reply.buttons if button.title == title)
        return self.say(title, json.loads(button.payload))

    def wait(self, days: float) -> None:
        self.now += timedelta(days=days)

    @property
    def slots(self) -> dict[str, Any]:
        """The contract's slots, with requested_slot."""
        return {} if self.turn is None else {**self.turn.slots, "requested_slot": self.turn.requested_slot}

    @property
    def replies(self) -> list[dict[str, Any]]:
        """The last replies as a channel would send them."""
        return [] if self.turn is None else [
            {"text": reply.text, "buttons": [{"title": button.title} for button in reply.buttons]} for reply in self.turn.replies]


@lru_cache(maxsize=1)
def _kit() -> Any:
    return load_kit()
