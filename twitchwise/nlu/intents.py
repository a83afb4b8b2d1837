"""Intent and question topics of one message: the encoder, the kernel model and the topic rules in one place. No Rasa."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from twitchwise.nlu.encoder import Encoder
from twitchwise.nlu.kernel_model import KernelModel, Settings
from twitchwise.nlu.phrase_vectors import phrase_vectors
from twitchwise.nlu.topics import OUT_OF_SCOPE, PREFIX, Topic, decide, units

#: Readings of messages of up to so many characters are kept, at most so many of them.
SHORT, KEPT = 20, 1000
#: An empty message is nobody's question.
_EMPTY_INTENT = "gibberish"


@dataclass(frozen=True)
class Reading:
    """`ranking`: (intent, confidence), best first, all intents; `topics`: at most three, best first."""

    ranking: tuple[tuple[str, float], ...]
    topics: tuple[Topic, ...]

    @property
    def intent(self) -> str:
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        return self.ranking[0][1]


class IntentReader:
    """Reads messages with a trained model; safe to share between threads."""

    def __init__(self, encoder: Encoder, model: KernelModel) -> None:
        self.encoder = encoder
        self.model = model
        self._short: dict[str, Reading] = {}

    @classmethod
    def train(cls, encoder: Encoder, phrases: Sequence[tuple[str, str]], settings: Settings | None = None, kept: Path | None = None) -> IntentReader:
        """`phrases`: (text, intent); `kept`: a file for their vectors, which a later training need not work out again."""
        texts = [text for text, _ in phrases]
        return cls(encoder, KernelModel.fit(texts, lambda: phrase_vectors(encoder, texts, kept), [intent for _, intent in phrases], settings))

    def read(self, text: str) -> Reading:
        """Never raises on any text."""
        if len(text) > SHORT:
            return self._read(text)
        # Half of all messages are answers like "no", "yes" and "two weeks", the same ones again and again.
        known = self._short.get(text)
        if known is None:
            if len(self._short) >= KEPT:
                self._short.clear()
            known = self._short[text] = self._read(text)
        return known

    def _read(self, text: str) -> Reading:
        if not any(character.isalnum() for character in text):
            rest = tuple((name, 0.0) for name in self.model.intents if name != _EMPTY_INTENT)
            return Reading(((_EMPTY_INTENT, 1.0), *rest), ())
        parts = units(text)
        texts = [part.text for part in parts]
        prediction = self.model.predict(texts, self.encoder.encode(texts))
        topics = decide(parts, prediction.scores, prediction.nearest, self.model.intents, self.model.sharpness)
        pairs = zip(self.model.intents, prediction.confidence[0].tolist(), strict=True)
        ranking = sorted(pairs, key=lambda pair: -pair[1])
        if ranking[0][0].startswith(PREFIX) and not topics:
            ranking = _refused(ranking)
        return Reading(tuple(ranking), tuple(topics))


def _refused(ranking: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """The question was refused although its topic came first: out of scope takes its place, with its confidence."""
    out = next((position for position, (name, _) in enumerate(ranking) if name == OUT_OF_SCOPE), None)
    if out is None:
        return ranking
    names = [name for name, _ in ranking]
    names.insert(0, names.pop(out))
    return [(name, confidence) for name, (_, confidence) in zip(names, ranking, strict=True)]
