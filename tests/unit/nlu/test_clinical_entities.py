from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from twitchwise.nlu.clinical_entities import ClinicalEntityExtractor
from twitchwise.understanding.findings import findings_of
from twitchwise.understanding.reader import load_reader


@pytest.fixture(scope="module")
def extractor() -> ClinicalEntityExtractor:
    return ClinicalEntityExtractor.create({}, None, None, None)  # type: ignore[arg-type]


def test_findings_become_entities_and_come_back(extractor: ClinicalEntityExtractor) -> None:
    text = "my left calf has been twitching for 3 weeks, no numbness"
    (message,) = extractor.process([Message.build(text)])
    entities = message.as_dict(only_output_properties=True)["entities"]
    assert {(entity["entity"], entity["value"]) for entity in entities} >= {("body_location", "calf"), ("duration", "P3W")}
    told = load_reader().read(text).findings
    assert [(found.kind, found.code, found.assertion) for found in findings_of(entities)] == [
        (found.kind, found.code, found.assertion) for found in told
    ]


def test_entities_of_others_stay(extractor: ClinicalEntityExtractor) -> None:
    message = Message.build("my calf twitches")
    message.set("entities", [{"entity": "question", "value": "x"}])
    extractor.process([message])
    assert message.get("entities")[0]["value"] == "x" and len(message.get("entities")) > 1


@pytest.mark.parametrize("text", ["", None])
def test_nothing_to_read(extractor: ClinicalEntityExtractor, text: Any) -> None:
    (message,) = extractor.process([Message({"text": text})])
    assert message.get("entities") is None


def test_a_fault_ends_the_turn_rather_than_hide_a_red_flag() -> None:
    class Broken:
        def read(self, text: str) -> Any:
            raise RuntimeError("boom")

    with pytest.raises(RuntimeError):
        ClinicalEntityExtractor(Broken()).process([Message.build("I can't breathe")])
