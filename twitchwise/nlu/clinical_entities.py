"""Rasa component: the understanding's findings as entities. A thin wrapper; nothing is trained."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from twitchwise.settings import Settings
from twitchwise.understanding.findings import to_entity


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ClinicalEntityExtractor(GraphComponent):
    """Adds body_location, duration, symptom, trigger and the project's own kinds of entity to each message."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`models_dir`: where encoder/ and wordings/ lie; null: as the settings say."""
        return {"models_dir": None}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> ClinicalEntityExtractor:
        """Loads the reader; a damaged lexicon or damaged wordings raise here, not at the first message."""
        from twitchwise.nlu import wordings
        from twitchwise.understanding.reader import load_reader

        models_dir = Path(config.get("models_dir") or Settings().models_dir)
        return cls(replace(load_reader(), likeness=wordings.load(models_dir)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the entities of each message. A fault ends the turn: without findings a red flag would pass unseen, so the guard's safe
        words are the better answer."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            found = [to_entity(finding, text) for finding in self._reader.read(text).findings]
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), *found], add_to_output=True)
        return messages
