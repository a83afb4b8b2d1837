"""The FHIR document: valid for the models, whole, and the same after reading it back."""
from __future__ import annotations

import json
import uuid
from typing import Any
from xml.etree import ElementTree

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from pydantic import ValidationError

from tests.support.build import lasting, person, place, sym
from tests.unit.summary.build import Told, summary, told
from tests.unit.summary.cases import conversations
from tests.unit.summary.test_build import TEACHER
from twitchwise.summary import fhir


def resources(content: bytes) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in json.loads(content)["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    return found


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*([value["reference"]] if isinstance(value.get("reference"), str) else []), *(each for part in value.values() for each in references(part))]
    return [each for part in value for each in references(part)] if isinstance(value, list) else []


@settings(max_examples=40, deadline=None)
@given(messages=conversations)
def test_any_case_is_a_valid_document_that_reads_back_the_same(messages: list[Told]) -> None:
    made = summary(*messages)
    content = fhir.render(made)
    again = Bundle.parse_raw(content)
    assert (again.json(indent=1) + "\n").encode() == content
    bundle = json.loads(content)
    urns = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(urns)) == len(urns) and set(references(bundle)) <= set(urns)
    risk = resources(content)["RiskAssessment"][0]
    assert [each["outcome"]["text"] for each in risk.get("prediction", [])] == [flag.term for flag in made.flags]
    for section in resources(content)["Composition"][0]["section"]:
        ElementTree.fromstring(section["text"]["div"])      # well-formed, whatever the person typed


def test_it_is_a_document_with_all_its_parts() -> None:
    content = fhir.render(summary(*TEACHER))
    bundle, parts = json.loads(content), resources(content)
    assert bundle["type"] == "document" and bundle["identifier"]["value"].startswith("urn:uuid:") and bundle["timestamp"]
    assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"
    assert set(parts) == {"Composition", "Patient", "Device", "QuestionnaireResponse", "Observation", "RiskAssessment"}
    assert parts["QuestionnaireResponse"][0]["status"] == "completed" and parts["Composition"][0]["status"] == "final"
    assert parts["RiskAssessment"][0]["mitigation"] == "Advice given: To be seen the same day."


def test_findings_carry_snomed_codes_places_and_the_persons_words() -> None:
    observed = resources(fhir.render(summary(*TEACHER)))["Observation"]
    coded = {coding["code"]: each for each in observed for coding in each["code"].get("coding", [])}
    assert coded["26544005"]["valueCodeableConcept"]["coding"][0]["display"] == "Present"
    assert coded["26544005"]["note"][0]["text"] == "“I keep dropping pens”"
    assert coded["267036007"]["valueCodeableConcept"]["coding"][0]["display"] == "Absent"
    twitching = [each for each in observed if each["code"].get("text", "").startswith("Fasciculation")]
    assert {each["bodySite"]["text"] for each in twitching} == {"left thumb", "shoulder"}
    left = next(each for each in twitching if each["bodySite"]["text"] == "left thumb")
    assert left["bodySite"]["coding"][0]["code"] == "76505004"
    assert {part["code"]["text"] for part in left["component"]} == {"Duration", "Side"}
    assert next(part["valueQuantity"]["value"] for part in left["component"] if "valueQuantity" in part) == 90
    assert all(each["status"] == "preliminary" for each in observed)


def test_the_answers_stand_in_the_questionnaire_response() -> None:
    (response,) = resources(fhir.render(summary(*TEACHER)))["QuestionnaireResponse"]
    groups = {group["linkId"]: group["item"] for group in response["item"]}
    asked = {item["linkId"]: item["answer"][0]["valueString"] for item in groups["check"]}
    assert asked["breathing"] == "no"
    assert "I keep dropping pens" in [item["answer"][0]["valueString"] for item in groups["words"]]


def test_about_somebody_else_the_words_are_a_related_persons() -> None:
    told_of = told("my son, 7, his lid twitches", (person("child", relation="son", age_years=7.0), "son"), (sym("twitching"), "twitches"),
                   (place("eyelid"), "lid"), (lasting(3), ""))
    parts = resources(fhir.render(summary(told_of)))
    (related,) = parts["RelatedPerson"]
    assert parts["QuestionnaireResponse"][0]["source"]["reference"].endswith(related["id"])
    assert [each["valueQuantity"]["value"] for each in parts["Observation"] if each["code"]["text"] == "Age"] == [7]


def test_an_unfinished_check_is_preliminary() -> None:
    parts = resources(fhir.render(summary(*TEACHER[:2], complete=False)))
    assert parts["Composition"][0]["status"] == "preliminary" and parts["QuestionnaireResponse"][0]["status"] == "in-progress"


def test_given_an_id_the_document_is_the_same() -> None:
    identity = uuid.UUID(int=7)
    assert fhir.render(summary(*TEACHER), identity) == fhir.render(summary(*TEACHER), identity)
    assert fhir.render(summary(*TEACHER)) != fhir.render(summary(*TEACHER))


def test_what_is_no_resource_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fhir._Document, "_answers", lambda *_: {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [{"text": 7}]})
    with pytest.raises(ValidationError):
        fhir.render(summary(*TEACHER))
