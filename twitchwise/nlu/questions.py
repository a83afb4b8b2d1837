"""The questions inside a message: "twitching for a week. could it be the tea? and do I need a scan" holds two.

Plain functions over text; no model. Which sentences end where is decided by punctuation and by the openings of questions,
because people leave the question mark out. spaCy's sentence splitter needs the same punctuation and costs more.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

#: More questions than this in one message are not looked at.
MAX_QUESTIONS = 3


@dataclass(frozen=True)
class Span:
    """A part of a message; `start` and `end` are offsets in the message as it was written."""

    text: str
    start: int
    end: int


# "when I lie down" and "where the muscle was" are no questions, "when do I" and "where is it" are.
_WH = (
    r"(?:(?:what(?!\s+i\s+(?:have|had|do|did|am|was|feel|need|want|can|notice\w*)\b)|"
    r"why|how|which|whose|whats|hows|whys|wheres|whos|wot)(?:'s|'re|'ll|'d)?"
    r"|(?:when|where|who)(?:'s|(?=\s+(?:is|are|do|does|did|will|would|should|can|could|must|may|to|was|were|exactly|else)\b)))"
)
# Inside a sentence "which" and "whose" mostly begin a relative clause.
_JOINT_WH = (
    r"(?:(?:what|why|how|whats|hows|whys|wot)(?:'s|'re)?|which\s+(?:doctor|test|kind|one|sort|type|food|specialist|vitamin)s?"
    r"|(?:when|where|who)\s+(?:do|does|should|can|will|would)\b)"
)
# A verb opens a question when a subject follows: "can coffee", "is it", not "can hardly", "is worse", "have weakness".
_PRONOUN = (
    r"(?:i|it|this|that|these|those|there|they|he|she|we|you|u|ya|my|mine|me|our|his|her|their|your|the|an?|any|anyone|everyone|people|someone)"
)
_NOT_SUBJECT = (
    r"(?:not|n't|hardly|barely|only|still|just|feel|see|hear|also|even|now|no|too|very|so|quite|really|worse|better|getting|been|"
    r"never|always|often|sometimes|usually|and|or|but|have|be|get|move|walk|grip|lift|stand|do|tell)"
)
_VERB = (
    rf"(?:(?:is|isn't|isnt|are|aren't|arent|was|were|wasn't|does|doesn't|doesnt|can|could|couldn't|would|wouldn't|will|"
    rf"should|shouldn't|shall|may|might|must|wont)\s+(?!{_NOT_SUBJECT}\b)\w"
    rf"|(?:do|did|don't|didn't|have|has|had|am|need)\s+{_PRONOUN}\b|do\s+(?:twitches|muscles|doctors|others|kids|men|women)\b"
    r"|ought\s+i\b|any\s+(?:tips?|advice|ideas?|tricks?|way|chance|point|link|good|reason|thoughts|fix|remed\w+|cure|known)\b)"
)
_ASKING = (
    r"(?:tell\s+me|say\s+me|talk\s+about|explain|describe|define|list|give\s+me|gimme|show\s+me|(?:walk|talk|take)\s+me|help\s+me\s+understand|"
    r"i\s+(?:wonder|want\s+to\s+know|need\s+to\s+know|would\s+like\s+to\s+know|'d\s+like\s+to\s+know)|"
    r"(?:just\s+)?wondering|curious|wanna\s+know|"
    r"(?:what|how)\s+about|is\s+it|is\s+this|is\s+that|could\s+it|can\s+it|might\s+it|would\s+it)"
)
_FILLER = (
    r"(?:(?:hi|hello|hey|hiya|ok|okay|so|and|but|or|also|plus|btw|oh|well|um|erm|please|pls|plz|sorry|now|then|right|doctor|doc|sir|"
    r"honestly|actually|seriously|basically|lol|dumb question|quick question|stupid question|question|be honest|just)[\s,:;.!-]+){0,6}"
)
_OPENING = re.compile(rf"^[\W_]*{_FILLER}(?:(?:at|for|from|in|to|by|with|of|like)\s+)?(?:{_WH}\b|{_VERB}|{_ASKING}\b)", re.IGNORECASE)
_INSIDE = re.compile(
    r"\b(?:could it|can it|might it|would it|is it|is this|is that|is there|isn't it|does it|does that|"
    r"do i|should i|am i|have i|can i|must i|"
    r"(?:wonder|wondering|tell me|to know|wanna know)\s+(?:if|whether|what|why|how|which|when|about)|"
    r"(?:asking|know|sure|idk|unsure)\s+(?:if|whether)\b|"
    r"what (?:is|are|causes|does|do|about|can|should)|what's|whats|how (?:long|much|many|do|does|can|to|come|is|are|common|likely)|"
    r"why (?:is|does|do|am|are|would)|any (?:idea|tips|advice|link|connection|relation)|tell me|to blame|the reason why|"
    r"related|connected|linked)\b|\b(?:why|how come)\W*$",
    re.IGNORECASE,
)
_FOLLOW_UP = re.compile(r"^[\W_]*(?:and|or|what about|how about|also)\s+\S+(?:\s+\S+){0,3}\W*$", re.IGNORECASE)

# A sentence ends at . ! ? or ; before a space, at a line break; not inside "4.5", "e.g." or "dr."
_END = re.compile(
    r"(?:(?<![.!?;])(?<!\bdr)(?<!\bmr)(?<!\bmrs)(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bapprox)[.!?;]+[\"')\]]*(?=\s|$))|\n+|\?(?=\w)",
    re.IGNORECASE,
)
# A question may begin inside a sentence: "my calf jumps, is it the coffee", "I twitch a lot - why", "which doctor and what tests".
_JOINT = re.compile(
    r"(?:,|:|\s[-–—]+|…|\.\.+|\s(?:and|but|or|also|plus)(?=\s))\s*"
    rf"(?=(?:(?:so|and|but|or|also|then|plus)\s+){{0,3}}(?:{_JOINT_WH}\b|{_VERB}|{_ASKING}\b))",
    re.IGNORECASE,
)


def sentences(text: str) -> list[Span]:
    """The sentences of a message, in order, without surrounding white space; empty ones are left out."""
    spans = []
    start = 0
    for end in [match.end() for match in _END.finditer(text)] + [len(text)]:
        spans.append(_trimmed(text, start, end))
        start = end
    return [span for span in spans if any(character.isalnum() for character in span.text)]


def is_question(text: str) -> bool:
    """Whether a sentence reads as a question, with or without its mark, or may hold one."""
    return is_plain_question(text) or bool(_INSIDE.search(text) or _JOINT.search(text))


def is_plain_question(text: str) -> bool:
    """Whether a sentence has the mark or the opening of a question; others may be reports ("no idea if it's related")."""
    return bool("?" in text or _OPENING.search(text) or _FOLLOW_UP.search(text))


def questions(text: str) -> list[Span]:
    """The question-like parts of a message, at most three; the whole sentence where no part can be told."""
    found: list[Span] = []
    for sentence in sentences(text):
        if not is_question(sentence.text):
            continue
        parts = _parts(text, sentence)
        asked = [part for part in parts if is_question(part.text)]
        found.extend(asked or [sentence])
    return found[:MAX_QUESTIONS]


def _parts(text: str, sentence: Span) -> list[Span]:
    parts = []
    start = sentence.start
    for match in _JOINT.finditer(text, sentence.start, sentence.end):
        if match.start() > start:
            parts.append(_trimmed(text, start, match.start()))
            start = match.end()
    parts.append(_trimmed(text, start, sentence.end))
    return [part for part in parts if part.text]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(text[start:end], start, end)
