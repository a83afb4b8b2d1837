"""Which questions a message asks: the topics to answer, and the one to offer as a button."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from twitchwise.dialogue.model import Message
from twitchwise.vocabulary.codes import load_codes

#: The entity by which the intent classifier hands on a question's topic.
QUESTION = "question"
MOST_ANSWERED = 2
#: The rest is for rankings of intents, where nothing was settled. A topic that leads the ranking counts from here; beside another intent it
#: must be surer, unless the words read as a question.
LEADING = 0.25
BESIDE = 0.45
BESIDE_QUESTION = 0.2
#: A second topic is offered from this share of the first, and answered as well when the message holds two questions.
CLOSE = 0.5
SECOND = 0.3
#: A follow-up such as "and tea?" needs less, for the topic before gives the rest.
LEANING = 0.25
_OTHER_QUESTIONS = frozenset({
    "why_ask", "explain_question", "what_found", "help", "out_of_scope", "other_language", "gibberish", "are_you_human", "talk_to_human",
    "export_my_data", "delete_my_data", "get_summary", "start_over", "stop_check", "later", "start_check", "typed_command",
})  # fmt: skip
_QUESTION = re.compile(
    r"\?|(?:^|[.,;!:]\s*|\b(?:and|but|so|or|also|wondering|know|wait|okay?|hey|oh|well|sorry|please|lol|btw|then|anyway|actually)\s+)"
    r"(?:can|could|does|do|did|is|are|was|what|what's|whats|why|how|which|when(?!\s+(?:i|he|she|it|we|they|my|his|her|the)\b)|should|shall|will|would|who)\b"
    r"|\b(?:isn'?t|aren'?t|doesn'?t|don'?t|can'?t|won'?t)\s+(?:it|this|that|they|he|she|i|you)\W*$"
    r"|\b(?:tell me|explain|info(?:rmation)? (?:on|about)|want to know|wonder|curious|talk about|more about)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """`answered`: at most two topics, in order; `offered`: one more that may have been meant; `leaning`: it leans on the last topic."""

    answered: tuple[str, ...] = ()
    offered: str | None = None
    leaning: bool = False


def reads_as_question(text: str) -> bool:
    """Whether the words read as a question."""
    return bool(_QUESTION.search(text))


def asked_topics(message: Message, payload: Mapping[str, Any], intent: str, text: str, last: str | None, leaning: Sequence[str], *,
                 told: bool, in_check: bool) -> Asked:
    """What `message` asks. `last`: the topic answered last, for questions that lean on it; `told`: it tells something about a body. In the
    check ("coffee and stress") that only asks where it reads as a question."""
    known = load_codes().faq_topics
    if payload:
        topic = payload.get("topic")
        return Asked((str(topic),)) if topic in known else Asked()
    if told and in_check and not reads_as_question(text):
        return Asked()
    if any(len(topic) > 2 for topic in message.topics):
        return _decided([topic for topic in message.topics if topic[0] in known])
    ranked = [(topic[0], topic[1]) for topic in message.topics if topic[0] in known]
    if intent.startswith("ask_") and intent[4:] in known and (not ranked or ranked[0][0] != intent[4:]):
        ranked.insert(0, (intent[4:], message.intent_confidence))
    lean = last is not None and _leans(text, leaning)
    if not ranked:
        return Asked((last,), leaning=True) if lean and last else Asked()
    best, confidence = ranked[0]
    if lean and last and confidence < LEANING:
        return Asked((last,), leaning=True)
    if not _asks(intent, confidence, text) or (told and not reads_as_question(text)):
        return Asked()
    second, close = ranked[1] if len(ranked) > 1 else ("", 0.0)
    near = close >= LEADING * CLOSE and close >= confidence * CLOSE
    if near and close >= SECOND and text.count("?") >= 2:
        return Asked((best, second))
    return Asked((best,), second if near else None)


def topics_of(entities: Iterable[Mapping[str, Any]]) -> list[tuple[str, float, int, int]]:
    """The topics of a message from its `question` entities, as Message.topics wants them: code, confidence, start and end."""
    return [(str(entity["value"]), float((entity.get("additional_info") or {}).get("confidence") or 0.0), int(entity["start"]),
             int(entity["end"])) for entity in entities if entity.get("entity") == QUESTION]


def _decided(topics: Sequence[tuple[Any, ...]]) -> Asked:
    """Topics that the classifier has settled: those of one place are readings of one question, those of another place are another."""
    answered: list[str] = []
    offered, places = None, []
    for code, _, *place in topics:
        if place not in places:
            places.append(place)
            answered.append(str(code))
        elif offered is None and place == places[0]:
            offered = str(code)
    answered = answered[:MOST_ANSWERED]
    return Asked(tuple(answered), offered if offered not in answered else None)


def _asks(intent: str, confidence: float, text: str) -> bool:
    if intent.startswith("ask_"):
        return confidence >= LEADING
    if intent in _OTHER_QUESTIONS:
        return False
    return confidence >= BESIDE or (reads_as_question(text) and confidence >= BESIDE_QUESTION)


def _leans(text: str, leaning: Sequence[str]) -> bool:
    """Short, and beginning as a question that goes on from the one before."""
    words = text.lower().replace("?", " ").split()
    if not 1 < len(words) <= 5:
        return False
    return any(" ".join(words).startswith(f"{start} ") for start in leaning)
