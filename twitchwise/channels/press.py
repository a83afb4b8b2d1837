"""A pressed button as the parse of a message. Pure: the same shape that Rasa's NLU would have given."""
from __future__ import annotations

import json
from typing import Any

from twitchwise.understanding.findings import ANSWER, LOCATION, PRESENT, SYMPTOM, Finding, to_entity

_ANSWER_INTENTS = {"yes": "affirm", "no": "deny", "unsure": "unsure", "partly": "affirm"}


def parse_data_of(text: str, intent: str, findings: list[Finding], **extra: Any) -> dict[str, Any]:
    """Parse data with one certain intent and these findings."""
    named = {"name": intent, "confidence": 1.0}
    return {"text": text, "intent": named, "intent_ranking": [named], "entities": [to_entity(finding, text) for finding in findings], **extra}


def press_of(title: str, payload: str, findings: list[Finding]) -> tuple[str, dict[str, Any]]:
    """The text and the parse data for a press of the button `title`.

    `payload` is the JSON object that the dialogue made: intent, answer (yes, no, unsure, partly), topic, place (codes, or
    [code, laterality] pairs), symptom (codes) and text. `findings` are those read from the payload's text, if it has one.
    """
    meaning = json.loads(payload)
    if not isinstance(meaning, dict):
        raise ValueError("A button's payload must be a JSON object.")
    answer = meaning.get("answer")
    topic = meaning.get("topic")
    intent = meaning.get("intent") or (f"ask_{topic}" if topic else _ANSWER_INTENTS.get(answer, "describe_symptoms"))
    text = str(meaning.get("text") or title)
    pressed = list(findings)
    if answer:
        pressed.append(Finding(kind=ANSWER, code=answer, end=len(text)))
    for place in meaning.get("place") or []:
        code, side = place if isinstance(place, list) else (place, None)
        pressed.append(Finding(kind=LOCATION, code=code, laterality=side, role="site", of=("twitching",), end=len(text)))
    for code in meaning.get("symptom") or []:
        pressed.append(Finding(kind=SYMPTOM, code=code, assertion=PRESENT, end=len(text)))
    return text, parse_data_of(text, str(intent), pressed, button=meaning)
