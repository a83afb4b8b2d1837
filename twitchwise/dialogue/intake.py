"""One message as the dialogue hears it: intent, questions asked, findings, and what a pressed button stands for."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from twitchwise.dialogue.model import Message
from twitchwise.dialogue.person import names_somebody
from twitchwise.dialogue.state import CHECK, DATA, DONE, EMERGENCY, DialogueState
from twitchwise.dialogue.texts import Texts
from twitchwise.dialogue.topics import Asked, asked_topics, reads_as_question
from twitchwise.understanding.findings import ANSWER, DURATION, EDIT, FAMILY, LOCATION, PERSON, PRESENT, SIGNAL, SYMPTOM, TRIGGER, Finding

#: Below this an intent says nothing.
CLEAR = 0.3
#: Intents that end or wipe something need to be surer, and so does a bare "no" to a warning sign.
SURE = 0.5
RISKY = frozenset({"start_over", "stop_check", "later", "delete_my_data", "export_my_data", "goodbye", "deny", "affirm"})
_CLINICAL = (SYMPTOM, TRIGGER, SIGNAL, LOCATION, DURATION, EDIT)
_NOT_TOLD = ("hypothetical", "family")
_ANSWERS = {"affirm": "yes", "deny": "no", "unsure": "unsure"}
#: A message of these intents answers no question of the check, whatever its words look like ("what do you mean" is no "not sure").
_NO_ANSWER = frozenset({"why_ask", "explain_question", "what_found", "help", "are_you_human", "talk_to_human", "get_summary", "insult",
                        "export_my_data", "delete_my_data", "start_over", "stop_check", "later", "start_check", "typed_command"})
#: In these a time by itself ("nice weather today") says nothing about a body.
_CHATTER = frozenset({"chitchat", "out_of_scope", "greet", "thank", "goodbye", "insult", "later", "stop_check", "are_you_human"})
#: Words that only open a sentence when more follows.
_MARKERS = frozenset({"right", "ok", "okay", "alright", "all right", "sure", "fine", "true", "well", "good", "k"})
#: Symptoms that are said of anybody in passing.
_SLIGHT = frozenset({"fatigue", "pain", "headache", "agitation", "worsening", "improving"})
_TIMED = ("onset", "duration", "weakness_time")
#: Any words may answer these.
_ANY_WORDS = ("where", "duration", "trigger", "medication")
_PRONOUNS = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she", "they": "they", "them": "they",
             "their": "they"}
_WORD = re.compile(r"[a-z]+")
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
    agreed: bool = False            # to what was asked back about the person's data
    other: Finding | None = None    # somebody named beside the person of the case, with nothing told: "my son has it too"

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
        there = {finding.code for finding in self.findings if finding.kind == SYMPTOM and finding.counts}
        if there - {"twitching"} or (there and not (self.asked.answered and not self.of(LOCATION, DURATION))):
            return True      # "when should I see a doctor about twitching?" only asks
        if any(finding.kind == SYMPTOM and finding.assertion in _NOT_TOLD for finding in self.findings) or self.asked.answered:
            return False      # "can it make an eyelid twitch?" tells of no eyelid
        return any((finding.kind == LOCATION and finding.role in (None, "site")) or (finding.kind == DURATION and finding.role == "course")
                   for finding in self.findings) or (self.intent == "describe_symptoms" and self.confidence >= SURE)

    @property
    def edits(self) -> bool:
        """Whether it corrects or takes back something."""
        return any(finding.kind == EDIT for finding in self.findings)

    @property
    def afraid(self) -> bool:
        """Whether it tells of a fear."""
        return self.intent == "fear" or any(finding.code == "fear_als" and finding.assertion not in ("absent", "family")
                                            for finding in self.findings)

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
    read = message.findings
    if any(payload.get(key) for key in ("intent", "topic", "answer")):
        # What a button means is certain; an answer read in its title would be another one.
        read = [finding for finding in read if finding.kind != ANSWER]
    findings = [*read, *_pressed(payload, read)]
    intent = _intent(message, payload, text, texts.data)
    told = any(finding.kind in (*_CLINICAL, ANSWER) and finding.assertion not in _NOT_TOLD and finding.code != "fear_als"
               for finding in findings)
    if state.phase == CHECK and state.question == "trigger" and state.awaiting not in DATA and not payload and not reads_as_question(text):
        findings += _named_trigger(message, findings, texts.data["topic_triggers"])
        told = True      # whatever is named here answers the question
    asked = asked_topics(message, payload, intent, text, state.faq_topic, texts.data["leaning"], told=told, in_check=state.phase == CHECK)
    if asked.answered and not intent.startswith("ask_") and not payload:
        # A question put among other things; what else the message is stays its intent.
        intent = "" if intent in ("out_of_scope", "chitchat", "gibberish") else intent
    other = _other(findings, state)
    if other is not None:
        findings = [finding for finding in findings if finding.kind != PERSON]
    findings = _about_data(intent, findings, state)
    findings = _of_the_person(_meant(intent, findings, state, message), state, text)
    if intent == "out_of_scope" and not payload and _replies(findings, state, text):
        intent = ""
    findings += _answered(intent, findings, state, message)
    return Heard(text, intent, shape, tuple(findings), asked, 1.0 if payload else message.intent_confidence, other=other)


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


def _about_data(intent: str, findings: list[Finding], state: DialogueState) -> list[Finding]:
    """"Delete my data" and "yes, delete it" take nothing back of what was told, least of all an emergency."""
    deleting = intent in DATA.values() or (state.awaiting in DATA and any(finding.kind == ANSWER for finding in findings))
    if not deleting or any(finding.kind in _CLINICAL and finding.kind != EDIT for finding in findings):
        return findings
    return [finding for finding in findings if finding.kind != EDIT or finding.detail.get("targets")]


def _meant(intent: str, findings: list[Finding], state: DialogueState, message: Message) -> list[Finding]:
    """The findings without those that only look like an answer or a time, in the light of what the message is."""
    if not _changes_person(intent, findings, state):
        findings = [finding for finding in findings if finding.kind != PERSON or finding.detail.get("switch")]
    if message.intent_confidence < SURE and not message.payload:
        return findings
    if intent == "insult":
        # "You are no help" is not about rest and water.
        findings = [finding for finding in findings if finding.code not in ("no_improvement", "helped")]
    if intent in _NO_ANSWER and not message.payload and DATA.get(state.awaiting or "") != intent:
        findings = [finding for finding in findings if finding.kind != ANSWER]
    if len(findings) > 1 and len(message.text.split()) > 3:
        # "Right, and now about me ..." agrees to nothing.
        findings = [finding for finding in findings if not (
            finding.kind == ANSWER and finding.code == "yes" and plain(message.text[finding.start:finding.end]) in _MARKERS)]
    if any(finding.kind == SYMPTOM and finding.counts for finding in findings):
        # "... and little by little my speech has become slurred" is no "a little".
        findings = [finding for finding in findings
                    if not (finding.kind == ANSWER and finding.code in ("partly", "unsure") and finding.start > 0)]
    only_times = all(finding.kind == DURATION or finding.code in ("sudden_onset", "gradual_onset") for finding in findings)
    return [] if intent in _CHATTER and only_times and state.question not in _TIMED else findings


def _replies(findings: Sequence[Finding], state: DialogueState, text: str) -> bool:
    """Whether a message is a reply to the open question, however far from it its words look: no question, and it tells something, or the
    question is one that any words may answer."""
    if state.phase != CHECK or state.question is None or reads_as_question(text):
        return False
    return state.question in _ANY_WORDS or any(finding.kind in (*_CLINICAL, ANSWER) for finding in findings)


def _of_the_person(findings: list[Finding], state: DialogueState, text: str) -> list[Finding]:
    """In a case about somebody else "he" without a name is that person: "it began after he changed his tablets" is no background. While it is
    open whom the case is about ("one of my ladies"), a "she" who was not named can only be that person."""
    person, spoken = state.case.person, words_of(text)
    meant = [word for word in spoken if person.relation in (word, word.removesuffix("s")) or (
        word in _PRONOUNS and person.pronoun in (None, _PRONOUNS[word]))]
    if person.code == "self" or not meant or names_somebody(word for word in spoken if word not in meant):
        return findings
    return [replace(finding, assertion=PRESENT) if finding.assertion == FAMILY and finding.kind in (TRIGGER, SIGNAL) and
            finding.code != "family_history" else finding for finding in findings]


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return _WORD.findall(text.lower())


def _changes_person(intent: str, findings: Sequence[Finding], state: DialogueState) -> bool:
    """Whether a person named without more ("my mother says it is only tiredness") may begin another case. Somebody who plays things down
    does not, and an emergency is only left for another person's twitching or another sign."""
    told = {finding.code for finding in findings if finding.kind == SYMPTOM and finding.counts} - _SLIGHT
    return bool(told) if state.phase == EMERGENCY else intent != "minimise" or "twitching" in told


def _other(findings: Sequence[Finding], state: DialogueState) -> Finding | None:
    """Somebody else whom a message names after the result, where it tells nothing of them."""
    if state.phase != DONE or not state.case.person.is_self or any(finding.kind in _CLINICAL for finding in findings):
        return None
    return next((finding for finding in findings if finding.kind == PERSON and finding.code != "self"), None)


def _named_trigger(message: Message, findings: Sequence[Finding], triggers: Mapping[str, str]) -> list[Finding]:
    """What brings it on, from the topic of the answer, where the understanding named no trigger: "too much sport"."""
    known = ("no_clear_trigger", "takes_medicine", "medication_change")
    if any(finding.kind in (TRIGGER, ANSWER) or finding.code in known for finding in findings):
        return []
    ranked = [topic[0] for topic in message.topics]
    if (message.intent or "").startswith("ask_"):
        ranked.insert(0, (message.intent or "")[4:])
    code = next((triggers[topic] for topic in ranked if topic in triggers), None)
    return [Finding(TRIGGER, code, assertion=PRESENT, end=len(message.text))] if code else []


def _answered(intent: str, findings: Sequence[Finding], state: DialogueState, message: Message) -> list[Finding]:
    """The answer that the intent gives, where the understanding saw none."""
    code = _ANSWERS.get(intent)
    if code is None or any(finding.kind == ANSWER for finding in findings):
        return []
    if code == "no" and any(finding.kind == SYMPTOM and finding.counts for finding in findings):
        return []      # "no, it is my arm that is weak": what is said counts, not the first word
    if state.phase not in (CHECK, DONE) and state.awaiting is None and not state.case.pending_withdrawal:
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
