"""Which question topics a message asks about, from the scores of its parts. Plain functions, no model.

A topic is taken when it beats every reason to refuse: the out-of-scope class, the control and small-talk intents,
a floor for the score, and a floor for the likeness to any training phrase. Reports and fears ("my calf jumps, could it
be the tea?") do not stand against a topic: they are told and asked at once.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from twitchwise.nlu.questions import Span, is_plain_question, questions, sentences

PREFIX = "ask_"
OUT_OF_SCOPE = "out_of_scope"
#: Said beside a question, not in place of one.
BESIDE = frozenset({"describe_symptoms", "correct_something", "take_back", "fear", "minimise", "affirm", "deny", "unsure"})
MAX_TOPICS = 3

#: A longer question says what it asks in this much; it bounds what a long message costs.
_MAX_CHARS = 240

# Words that name nothing: a question made of them alone ("could that be it?") is about what was said before it.
_EMPTY = frozenset(re.findall(r"\w+", """
a about actually advice again alarmed all also am an and any anything are as at bad be been behind being best better blame
bothered but by can cant cause caused causes causing come comes concerned connected connection could culprit dangerous did do does
doing done due even explain far for freaking from get give go going good guilty had happen happening has have he help her him his
how i if in is it its just kind lead like link linked long make makes making many maybe me mean means might mine much mum my need
normal not now of off often ok on one or our panic panicking particular please possible really reason related relation relax
result say scared see serious set she should so some something sort standard stop take tell than that the their them then there
these they thing things think this those though tips to too took type u us was way we well were what whats when where whether
which while who why will with wonder wondering worried worry would you your
"""))
_WORD = re.compile(r"\w+")
_FEARED = re.compile(r"^\W*(?:and |but |so )?what (?:if|happens if|happens when)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Thresholds:
    """Tuned on held-out questions of other authors; see docs/evaluation."""

    score: float = 0.16     # a topic's least score
    margin: float = 0.0     # by which it must beat the refusing intents
    nearest: float = 0.30   # the least cosine to a training phrase
    part: float = 0.2       # the least score of a question inside a longer message
    weak: float = 0.35      # of one that leans on a story, of "what if ...", and of what may be no question at all
    statement: float = 0.3  # the least score of a topic named without asking: "magnesium glycinate dosage"
    words: int = 8          # and the most words of one
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
            found.append(Unit(question.text[:_MAX_CHARS], question))
            continue
        # the sentence before it, or what stands before it in its own sentence
        start = max((span.start for span in told if span.start < question.start), default=question.start)
        found.append(Unit(text[start : question.end][-_MAX_CHARS:], question, leans=True))
    return found


def decide(
    parts: Sequence[Unit],
    scores: np.ndarray,
    nearest: np.ndarray,
    intents: Sequence[str],
    sharpness: float,
    thresholds: Thresholds | None = None,
) -> list[Topic]:
    """Best first, at most three; `scores` (len(parts), len(intents)), `nearest` (len(parts),).

    The whole message counts when it reads as a question or names a topic in a few words. Where it is out of scope, a question
    inside it must be a sentence of its own and say what it is about.
    """
    limits = thresholds or Thresholds()
    asks = np.array([number for number, name in enumerate(intents) if name.startswith(PREFIX)])
    against = np.array([number for number, name in enumerate(intents) if not name.startswith(PREFIX) and name not in BESIDE])
    if not len(asks):
        return []
    best = intents[int(scores[0].argmax())]
    asked = bool(questions(parts[0].text))
    found: dict[str, Topic] = {}
    of_whole: set[str] = set()
    for unit, row, alike in zip(parts, scores, nearest, strict=True):
        floor = limits.score
        if unit.whole:
            if len(parts) > 1 and best in BESIDE:
                continue  # a story with a question in it: the question speaks for itself
            if not asked:
                if not best.startswith(PREFIX) or len(unit.text.split()) > limits.words:
                    continue
                floor = limits.statement
        else:
            floor = limits.part
            if best == OUT_OF_SCOPE:
                if unit.leans or len(sentences(parts[0].text)) == 1:
                    continue
                floor = limits.weak
        leaning = unit.leans and best in BESIDE
        if leaning or _FEARED.match(unit.span.text):
            floor = max(floor, limits.weak)
        if asked and not any(map(is_plain_question, _sentences(unit))):
            floor = max(floor, limits.part if unit.whole and best.startswith(PREFIX) else limits.weak)
        for topic in _of_unit(unit, row, float(alike), intents, asks, against, sharpness, floor, limits):
            known = found.get(topic.code)
            # the whole message comes first: a question inside it knows the better place
            confidence = max(known.confidence, topic.confidence) if known else topic.confidence
            found[topic.code] = replace(topic, confidence=confidence)
            if unit.whole:
                of_whole.add(topic.code)
            else:
                of_whole.discard(topic.code)
    # What the whole message is surest of leads: it has read the question with all that stands around it.
    ordered = sorted(found.values(), key=lambda topic: (best != PREFIX + topic.code, -topic.confidence))
    placed = next((topic for topic in ordered if topic.code not in of_whole), None)
    if placed:  # what only the whole message suggests is another reading of the question inside it, not a question of its own
        ordered = [replace(topic, start=placed.start, end=placed.end) if topic.code in of_whole else topic for topic in ordered]
    return ordered[:MAX_TOPICS]


def _of_unit(
    unit: Unit,
    row: np.ndarray,
    nearest: float,
    intents: Sequence[str],
    asks: np.ndarray,
    against: np.ndarray,
    sharpness: float,
    floor: float,
    limits: Thresholds,
) -> list[Topic]:
    order = asks[np.argsort(-row[asks])]
    top = float(row[order[0]])
    refusing = float(row[against].max()) if len(against) else -1.0
    if top < floor or top < refusing + limits.margin or nearest < limits.nearest:
        return []
    rivals = np.concatenate([asks, against])
    powers = np.exp((row - row[rivals].max()) * sharpness)
    shares = powers / powers[rivals].sum()
    kept = [order[0]] + [number for number in order[1:MAX_TOPICS] if row[number] >= max(limits.second, limits.close * top)]
    return [Topic(intents[number][len(PREFIX) :], round(float(shares[number]), 4), unit.span.start, unit.span.end) for number in kept]


def _sentences(unit: Unit) -> list[str]:
    return [span.text for span in sentences(unit.span.text)]


def _stripped(text: str) -> Span:
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return Span(text[start:end], start, max(start, end))
