"""One message as the dialogue hears it: intent, questions asked, findings, and what a pressed button stands for."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from twitchwise.dialogue.model import Message
from twitchwise.dialogue.state import CHECK, DialogueState
from twitchwise.dialogue.texts import Texts
from twitchwise.dialogue.topics import Asked, asked_topics
from twitchwise.understanding.findings import ANSWER, DURATION, EDIT, LOCATION, PERSON, PRESENT, SIGNAL, SYMPTOM, TRIGGER, Finding

#: Below this an intent says nothing.
CLEAR = 0.3
#: Intents that end or wipe something need to be surer, and so does a bare "no" to a warning sign.
SURE = 0.5
RISKY = frozenset({"start_over", "stop_check", "later", "delete_my_data", "export_my_data", "goodbye", "deny"})
_CLINICAL = (SYMPTOM, TRIGGER, SIGNAL, LOCATION, DURATION, EDIT)
_NOT_TOLD = ("hypothetical", "family")
_ANSWERS = {"affirm": "yes", "deny": "no", "unsure": "unsure"}
_EDGES = re.compile(r"^[\s.,;:!]+|[\s.,;:!]+$")


@dataclass(frozen=True)
class Heard:
    """`intent`: '' when unclear, `confidence` its own; `shape`: words, empty, emoji or signs (punctuation only)."""

    text: str
    intent: str
    shape: str
    findings: tuple[Finding, ...]
    asked: Asked
    confidence: float = 0.0

    def of(self, *kinds: str) -> list[Finding]:
        """The findings of these kinds."""
        return [finding for finding in self.findings if finding.kind in kinds]

    @property
    def told(self) -> bool:
        """Whether the message says anything about a body, an edit or a person."""
        return any(finding.kind in _CLINICAL and finding.assertion not in _NOT_TOLD and finding.role not in ("family", "other")
                   for finding in self.findings)

    @property
    def reports(self) -> bool:
        """Whether it reports twitching or another symptom that is there, or where or since when it is."""
        if any(finding.kind == SYMPTOM and finding.counts for finding in self.findings):
            return True
        if any(finding.kind == SYMPTOM and finding.assertion in _NOT_TOLD for finding in self.findings) or self.asked.answered:
            return False      # "can it make an eyelid twitch?" tells of no eyelid
        return any((finding.kind == LOCATION and finding.role in (None, "site")) or (finding.kind == DURATION and finding.role == "course")
                   for finding in self.findings) or (self.intent == "describe_symptoms" and self.confidence >= SURE)

    @property
    def edits(self) -> bool:
        """Whether it corrects or takes back something."""
        return any(finding.kind == EDIT for finding in self.findings)

    @property
    def answer(self) -> str | None:
        """yes, no, unsure or partly, where the message answers."""
        codes = {finding.code for finding in self.findings if finding.kind == ANSWER}
        return next((code for code in ("yes", "partly", "unsure", "no") if code in codes), None)

    def says(self, code: str) -> bool:
        """Whether it says that `code` is there."""
        return any(finding.code == code and finding.counts for finding in self.findings)


def hear(message: Message, state: DialogueState, texts: Texts) -> Heard:
    """Read a message in the light of the conversation."""
    payload = message.payload or {}
    text = str(payload.get("text") or message.text)
    shape = shape_of(text)
    findings = [*message.findings, *_pressed(payload, message.findings)]
    intent = _intent(message, payload, text, texts.data)
    told = any(finding.kind in (*_CLINICAL, ANSWER) for finding in findings)
    asked = asked_topics(message, payload, intent, text, state.faq_topic, texts.data["leaning"], told=told, in_check=state.phase == CHECK)
    if asked.answered and not intent.startswith("ask_") and not payload:
        # A question put among other things; what else the message is stays its intent.
        intent = "" if intent in ("out_of_scope", "chitchat", "gibberish") else intent
    findings += _answered(intent, findings, state, message)
    return Heard(text, intent, shape, tuple(findings), asked, 1.0 if payload else message.intent_confidence)


def shape_of(text: str) -> str:
    """words, empty, emoji (pictures only) or signs (punctuation only)."""
    if not text.strip():
        return "empty"
    if any(character.isalnum() for character in text):
        return "words"
    return "emoji" if any(unicodedata.category(character) == "So" for character in text) else "signs"


def plain(text: str) -> str:
    """Lower case, one blank between words, no punctuation at the ends."""
    return _EDGES.sub("", " ".join(text.lower().replace("’", "'").split())).rstrip("?").strip()


def _intent(message: Message, payload: Mapping[str, Any], text: str, data: Mapping[str, Any]) -> str:
    if payload.get("intent"):
        return str(payload["intent"])
    if payload.get("topic"):
        return f"ask_{payload['topic']}"
    if message.intent == "typed_command":
        return message.intent
    bare = plain(text)
    control = next((intent for intent, phrases in data["controls"].items() if bare in phrases), None)
    if control:
        return control
    name = message.intent or ""
    least = SURE if name in RISKY else CLEAR
    return name if message.intent_confidence >= least else ""


def _answered(intent: str, findings: Sequence[Finding], state: DialogueState, message: Message) -> list[Finding]:
    """The answer that the intent gives, where the understanding saw none."""
    code = _ANSWERS.get(intent)
    if code is None or any(finding.kind == ANSWER for finding in findings):
        return []
    if code == "no" and any(finding.kind == SYMPTOM and finding.counts for finding in findings):
        return []      # "no, it is my arm that is weak": what is said counts, not the first word
    if state.phase != CHECK and state.awaiting is None and not state.case.pending_withdrawal:
        return []
    return [Finding(ANSWER, code, end=len(message.text))]


def _pressed(payload: Mapping[str, Any], known: Sequence[Finding]) -> list[Finding]:
    """The findings of a pressed button that the message does not carry yet."""
    found: list[Finding] = []
    if payload.get("answer") and not any(finding.kind == ANSWER for finding in known):
        found.append(Finding(ANSWER, str(payload["answer"]), detail={"nothing": True} if payload.get("nothing") else {}))
    if not any(finding.kind == LOCATION for finding in known):
        for place in payload.get("place") or payload.get("places") or []:
            code, side = place if isinstance(place, (list, tuple)) else (place, None)
            found.append(Finding(LOCATION, str(code), laterality=side, role="site", of=("twitching",)))
    days = payload.get("duration_days")
    if days is not None and not any(finding.kind == DURATION for finding in known):
        found.append(Finding(DURATION, "", role="course", of=("twitching",), days=float(days), low=float(days), high=float(days),
                             iso=f"P{float(days):g}D"))
    if payload.get("trigger") and not any(finding.kind == TRIGGER for finding in known):
        found.append(Finding(TRIGGER, str(payload["trigger"]), assertion=PRESENT))
    for code in payload.get("symptom") or []:
        if not any(finding.kind == SYMPTOM and finding.code == code for finding in known):
            found.append(Finding(SYMPTOM, str(code), assertion=PRESENT))
    return found


def names_person(findings: Sequence[Finding]) -> bool:
    """Whether the message says who it is about."""
    return any(finding.kind == PERSON for finding in findings)
