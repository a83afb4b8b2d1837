"""A pressed button as the parse of a message. Pure: the same shape that Rasa's NLU would have given."""
from __future__ import annotations

import json
from typing import Any

from twitchwise.understanding.findings import ANSWER, DURATION, LOCATION, PRESENT, SYMPTOM, TRIGGER, Finding, to_entity

_ANSWER_INTENTS = {"yes": "affirm", "no": "deny", "unsure": "unsure", "partly": "affirm"}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def parse_data_of(text: str, intent: str, findings: list[Finding], **extra: Any) -> dict[str, Any]:
    """Parse data with one certain intent and these findings."""
    named = {"name": intent, "confidence": 1.0}
    entities = [to_entity(finding, text) for finding in findings]
    return {"text": text, "intent": named, "intent_ranking": [named], "entities": entities, **extra}


def press_of(title: str, payload: str, findings: list[Finding]) -> tuple[str, dict[str, Any]]:
    """The text and the parse data for a press of the button `title`.

    `payload` is the JSON object that the dialogue made: intent, answer (yes, no, unsure, partly), topic, place (codes, or
    [code, laterality] pairs), symptom, trigger (codes), duration_days and text. `findings`: those read from that text, if there is one.
    """
    meaning = json.loads(payload)
    if not isinstance(meaning, dict):
        raise ValueError("A button's payload must be a JSON object.")
    answer = meaning.get("answer")
    topic = meaning.get("topic")
    intent = meaning.get("intent") or (f"ask_{topic}" if topic else _ANSWER_INTENTS.get(str(answer), "describe_symptoms"))
    text = str(meaning.get("text") or title)
    pressed = list(findings)
    if answer:
        pressed.append(Finding(kind=ANSWER, code=answer, end=len(text)))
    for place in _listed(meaning.get("place")):
        code, side = place if isinstance(place, list) else (place, None)
        pressed.append(Finding(kind=LOCATION, code=code, laterality=side, role="site", of=("twitching",), end=len(text)))
    for kind in (SYMPTOM, TRIGGER):
        for code in _listed(meaning.get(kind)):
            pressed.append(Finding(kind=kind, code=code, assertion=PRESENT, end=len(text)))
    days = meaning.get("duration_days")
    if days is not None:
        pressed.append(Finding(kind=DURATION, code="", role="course", low=days, high=days, days=days, iso=f"P{days:g}D", end=len(text)))
    return text, parse_data_of(text, str(intent), pressed, button=meaning)
