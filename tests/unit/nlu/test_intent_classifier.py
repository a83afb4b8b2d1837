"""The component inside Rasa's own storage, on a handful of phrases."""
from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from twitchwise.nlu import intent_classifier as module
from twitchwise.nlu.intent_classifier import IntentClassifier, IntentClassifierError

from .test_intents import PHRASES

CONFIG = {**IntentClassifier.get_default_config(), "ranking_length": 3}
CONTEXT = ExecutionContext(GraphSchema({}), "test")
RESOURCE = Resource("classifier")


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("model"))
    data = TrainingData([Message({"text": text, "intent": intent}) for text, intent in PHRASES])
    IntentClassifier.create(CONFIG, storage, RESOURCE, CONTEXT).train(data)
    return storage


@pytest.fixture(scope="module")
def component(storage: LocalModelStorage) -> IntentClassifier:
    return IntentClassifier.load(CONFIG, storage, RESOURCE, CONTEXT)


def test_sets_intent_ranking_and_question(component: IntentClassifier) -> None:
    message = Message({"text": "my leg jumps. can cola make muscles twitch?", "entities": [{"entity": "symptom", "value": "twitching"}]})
    component.process([message])
    assert message.get("intent") == message.get("intent_ranking")[0]
    assert len(message.get("intent_ranking")) == 3
    symptom, question = message.get("entities")
    assert symptom == {"entity": "symptom", "value": "twitching"}
    assert (question["entity"], question["value"], question["start"], question["end"]) == ("question", "cause_caffeine", 14, 43)
    assert 0 < question["additional_info"]["confidence"] <= 1
    assert {"intent", "intent_ranking", "entities"} <= message.output_properties


def test_leaves_a_message_that_brings_its_intent(component: IntentClassifier) -> None:
    message = Message({"text": "hello", "intent": {"name": "typed_command", "confidence": 1.0}})
    component.process([message])
    assert message.get("intent")["name"] == "typed_command"


def test_empty_text_and_no_text(component: IntentClassifier) -> None:
    empty, without = Message({"text": ""}), Message({})
    component.process([empty, without])
    assert empty.get("intent")["name"] == "gibberish"
    assert without.get("intent") is None


def test_a_missing_model_is_an_error_and_not_an_untrained_component(tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)
    with storage.write_to(RESOURCE):
        pass
    with pytest.raises(IntentClassifierError, match="make train"):
        IntentClassifier.load(CONFIG, storage, RESOURCE, CONTEXT)


def test_a_model_that_reads_hello_as_something_else_is_refused(storage: LocalModelStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SMOKE", ("how do I bake a cake", "greet"))
    with pytest.raises(IntentClassifierError, match="something else"):
        IntentClassifier.load(CONFIG, storage, RESOURCE, CONTEXT)


def test_untrained_it_refuses_to_work(storage: LocalModelStorage) -> None:
    with pytest.raises(IntentClassifierError, match="not trained"):
        IntentClassifier.create(CONFIG, storage, RESOURCE, CONTEXT).process([Message({"text": "hello"})])


def test_no_training_phrases(storage: LocalModelStorage) -> None:
    with pytest.raises(IntentClassifierError, match="data/nlu"):
        IntentClassifier.create(CONFIG, storage, RESOURCE, CONTEXT).train(TrainingData())


def test_fingerprint_changes_with_any_file_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.py").write_text("1")
    monkeypatch.setattr(module, "_PACKAGE", tmp_path)
    before = IntentClassifier.fingerprint_addon(CONFIG)
    assert before == IntentClassifier.fingerprint_addon(CONFIG)
    (tmp_path / "one.py").write_text("2")
    assert IntentClassifier.fingerprint_addon(CONFIG) != before
