"""Which question topics a message asks about, from the scores of its parts. Plain functions, no model.

A topic is taken when it beats every reason to refuse: the out-of-scope class, the control and small-talk intents,
a floor for the score, and a floor for the likeness to any training phrase. Reports and fears ("my calf jumps, could it
be the tea?") do not stand against a topic: they are told and asked at once.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twitchwise.nlu.questions import Span, questions, sentences

PREFIX = "ask_"
OUT_OF_SCOPE = "out_of_scope"
#: Said beside a question, not in place of one.
BESIDE = frozenset({"describe_symptoms", "correct_something", "take_back", "fear", "minimise", "affirm", "deny", "unsure"})
MAX_TOPICS = 3

# Words that name nothing: a question made of them alone ("could that be it?") is about what was said before it.
_EMPTY = frozenset(
    "a about again all also am an and any anything are as at be been behind being but by can cant cause caused causes causing come comes "
    "connected connection could did do does doing done due even explain for from get give go going good had happen happening has have he "
    "help her him his how i if in is it its just kind lead like link linked make makes making maybe me might mine mum my need normal not "
    "now of off ok on one or our please possible reason related relation result say see set she should so some something sort tell than "
    "that the their them then there these they thing things think this those though to too u us was we well were what whats when where "
    "whether which while who why will with wonder wondering would you your really actually mean means bad serious worry worried "
    "dangerous culprit blame guilty".split()
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Thresholds:
    """Tuned on held-out questions of other authors; see docs/evaluation."""

    score: float = 0.14     # a topic's least score
    margin: float = 0.0     # by which it must beat the refusing intents
    nearest: float = 0.30   # the least cosine to a training phrase
    second: float = 0.25    # the least score of a further topic of the same question
    close: float = 0.6      # and its least share of the best one's score


@dataclass(frozen=True)
class Topic:
    """A topic code, its confidence, and the question's place in the message.

    Topics of one place are readings of one question; topics of different places are different questions.
    """

    code: str
    confidence: float
    start: int
    end: int


@dataclass(frozen=True)
class Unit:
    """A text to score, and the part of the message that it stands for."""

    text: str
    span: Span
    whole: bool = False
    leans: bool = False   # the question says nothing by itself and was joined to what came before


def units(text: str) -> list[Unit]:
    """The whole message first, then its questions where they are not the whole message."""
    whole = _stripped(text)
    found = [Unit(text, whole, whole=True)]
    told = sentences(text)
    for question in questions(text):
        if question.end - question.start >= 0.85 * (whole.end - whole.start):
            continue
        if any(word not in _EMPTY for word in _WORD.findall(question.text.lower().replace("'", ""))):
            found.append(Unit(question.text, question))
            continue
        # the sentence before it, or what stands before it in its own sentence
        start = max((span.start for span in told if span.start < question.start), default=question.start)
        found.append(Unit(text[start : question.end], question, leans=True))
    return found


def decide(
    parts: Sequence[Unit], scores: np.ndarray, nearest: np.ndarray, intents: Sequence[str], sharpness: float, thresholds: Thresholds | None = None
) -> list[Topic]:
    """Best first, at most three; `scores` (len(parts), len(intents)), `nearest` (len(parts),).

    The whole message counts when it reads as a question or its best intent is one. A question that leans on what was said
    before is not looked at where the whole message is out of scope.
    """
    limits = thresholds or Thresholds()
    asks = np.array([number for number, name in enumerate(intents) if name.startswith(PREFIX)])
    against = np.array([number for number, name in enumerate(intents) if not name.startswith(PREFIX) and name not in BESIDE])
    if not len(asks):
        return []
    best = intents[int(scores[0].argmax())]
    asked = bool(questions(parts[0].text))
    found: dict[str, Topic] = {}
    for unit, row, alike in zip(parts, scores, nearest):
        if unit.whole and not (asked or best.startswith(PREFIX)):
            continue
        if unit.leans and best == OUT_OF_SCOPE:
            continue
        if unit.whole and len(parts) > 1 and not best.startswith(PREFIX) and best in BESIDE:
            # a story with a question in it: the question speaks for itself
            continue
        for topic in _of_unit(unit, row, float(alike), intents, asks, against, sharpness, limits):
            known = found.get(topic.code)
            if known is None or topic.confidence > known.confidence or (known.start, known.end) == (parts[0].span.start, parts[0].span.end):
                found[topic.code] = topic if known is None or topic.confidence >= known.confidence else _moved(known, topic)
    return sorted(found.values(), key=lambda topic: -topic.confidence)[:MAX_TOPICS]


def _of_unit(
    unit: Unit,
    row: np.ndarray,
    nearest: float,
    intents: Sequence[str],
    asks: np.ndarray,
    against: np.ndarray,
    sharpness: float,
    limits: Thresholds,
) -> list[Topic]:
    order = asks[np.argsort(-row[asks])]
    top = float(row[order[0]])
    refusing = float(row[against].max()) if len(against) else -1.0
    if top < limits.score or top < refusing + limits.margin or nearest < limits.nearest:
        return []
    rivals = np.concatenate([asks, against])
    powers = np.exp((row - row[rivals].max()) * sharpness)
    shares = powers / powers[rivals].sum()
    kept = [order[0]] + [number for number in order[1:MAX_TOPICS] if row[number] >= max(limits.second, limits.close * top)]
    return [Topic(intents[number][len(PREFIX) :], round(float(shares[number]), 4), unit.span.start, unit.span.end) for number in kept]


def _moved(topic: Topic, place: Topic) -> Topic:
    return Topic(topic.code, topic.confidence, place.start, place.end)


def _stripped(text: str) -> Span:
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return Span(text[start:end], start, max(start, end))
