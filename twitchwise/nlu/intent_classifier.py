"""Rasa component: intent, ranking and question topics of each message. A thin wrapper over `intents.IntentReader`.

Topics become entities of the type `question` (value: topic code; additional_info: confidence), best first, at most three.
Those with the same start and end are readings of one question, others are different questions.
"""
from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from twitchwise.nlu.ahead import VECTORS
from twitchwise.nlu.encoder import WEIGHTS_SHA256, Encoder, prepare
from twitchwise.nlu.intents import IntentReader, Reading
from twitchwise.nlu.kernel_model import KernelModel
from twitchwise.settings import Settings

logger = logging.getLogger(__name__)

QUESTION = "question"
_PACKAGE = Path(__file__).parent
#: A sure thing for any model that was trained: read after each load.
_SMOKE = ("hello", "greet")


class IntentClassifierError(RasaException):
    """The trained classifier cannot be used; the text says what to do."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Sets `intent`, `intent_ranking` and the `question` entities of each message that has none yet."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, reader: IntentReader | None = None) -> None:
        self._ranking_length = int(config["ranking_length"])
        self._models_dir = _models_dir(config)
        self._storage = storage
        self._resource = resource
        self._reader = reader

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`models_dir`: where encoder/ lies; null: as the settings say."""
        return {"ranking_length": 10, "models_dir": None}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changes with any file of this package and with the weights: Rasa itself looks at this class's source only."""
        digest = hashlib.sha256(WEIGHTS_SHA256.encode())
        for path in sorted(_PACKAGE.glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> IntentClassifier:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Builds the encoder where it is missing, fits the model and stores it as npz and JSON."""
        phrases = [(example.get(TEXT), example.get(INTENT)) for example in training_data.intent_examples]
        phrases = [(text, intent) for text, intent in phrases if text and intent]
        if len({intent for _, intent in phrases}) < 2:
            raise IntentClassifierError("There are no training phrases of two intents. Is data/nlu there?")
        prepare(self._models_dir)
        self._reader = IntentReader.train(Encoder.load(self._models_dir), phrases, kept=self._models_dir / VECTORS)
        with self._storage.write_to(self._resource) as directory:
            self._reader.model.save(directory)
        return self._resource

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> IntentClassifier:
        """Raises IntentClassifierError or EncoderError rather than come up untrained."""
        prepare(_models_dir(config))
        encoder = Encoder.shared(_models_dir(config))
        try:
            with model_storage.read_from(resource) as directory:
                model = KernelModel.load(directory)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IntentClassifierError("The intent classifier in the model is missing or damaged. Train again: `make train`.") from error
        component = cls(config, model_storage, resource, IntentReader(encoder, model))
        component._check_trained()
        return component

    def _check_trained(self) -> None:
        text, intent = _SMOKE
        assert self._reader is not None
        if intent in self._reader.model.intents and self._reader.read(text).intent != intent:
            raise IntentClassifierError(f"The intent classifier reads '{text}' as something else than {intent}. Train again: `make train`.")

    def process(self, messages: list[Message]) -> list[Message]:
        """A message that brings its own intent (a pressed button, a typed command) is left as it is."""
        if self._reader is None:
            raise IntentClassifierError("The intent classifier was not trained. Run `make train`.")
        for message in messages:
            text = message.get(TEXT)
            if text is None or (message.get(INTENT) or {}).get("name"):
                continue
            self._set(message, self._reader.read(text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _set(self, message: Message, reading: Reading) -> None:
        ranking = [{"name": name, "confidence": confidence} for name, confidence in reading.ranking[: self._ranking_length]]
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        questions = [
            {
                "entity": QUESTION,
                "value": topic.code,
                "start": topic.start,
                "end": topic.end,
                "extractor": type(self).__name__,
                "additional_info": {"confidence": topic.confidence},
            }
            for topic in reading.topics
        ]
        if questions:
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), *questions], add_to_output=True)


def _models_dir(config: dict[str, Any]) -> Path:
    return Path(config.get("models_dir") or Settings().models_dir)
