"""The person's own words: from the events of the conversation to quotes about one finding. Pure."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from twitchwise.summary.model import Quote, Said
from twitchwise.triage import Case
from twitchwise.understanding.findings import ABSENT, ASSERTED, DURATION, LOCATION, POSSIBLE, PRESENT, findings_of

#: Codes under which the words about the place and the time of the twitching are kept.
SITE = "@site"
COURSE = "@course"
#: A quote is cut to about so many characters around the words that count.
MOST_CHARS = 170
_SENTENCE_END = re.compile(r"[.!?;\n]+(?=\s|$)|\n+")
_ELLIPSIS = "…"


def messages_of(events: Iterable[Any]) -> list[Said]:
    """Every message that the person typed or pressed, oldest first, out of Rasa's events (objects or their dictionaries)."""
    said: list[Said] = []
    for event in events:
        raw: Mapping[str, Any] = event if isinstance(event, Mapping) else event.as_dict()
        if raw.get("event") == "restart":
            said.clear()
        if raw.get("event") != "user" or not raw.get("text") or not raw.get("message_id"):
            continue
        parsed = raw.get("parse_data") or {}
        at = datetime.fromtimestamp(float(raw.get("timestamp") or 0), timezone.utc)
        text = str(raw["text"])
        # A press is no sentence of the person's: only its title is shown, whole.
        spans = tuple(_spans(parsed.get("entities") or (), text, whole=bool(parsed.get("button"))))
        said.append(Said(str(raw["message_id"]), text, at, spans))
    return said


def _spans(entities: Iterable[dict[str, Any]], text: str, *, whole: bool) -> Iterable[tuple[str, str, int, int]]:
    for finding in findings_of(entities):
        start, end = (0, len(text)) if whole else (finding.start, finding.end)
        if not 0 <= start < end <= len(text):
            continue
        if finding.kind in ASSERTED:
            yield finding.code, finding.assertion or "", start, end
        elif finding.kind == LOCATION and finding.role == "site" and (not finding.of or "twitching" in finding.of):
            yield SITE, PRESENT, start, end
        elif finding.kind == DURATION and finding.role == "course":
            yield COURSE, PRESENT, start, end


def of_case(case: Case, messages: Sequence[Said]) -> list[Said]:
    """The messages that made this case. What came before it (another person, a case before "start over") is never among them."""
    mine = set(case.served[-case.turn:]) if case.turn else set()
    return [each for each in messages if each.id in mine]


def quotes_for(code: str, assertion: str, messages: Sequence[Said]) -> list[Quote]:
    """What the person said about `code`, newest first. Words that deny are no words for what is there, and the other way round."""
    wanted = {ABSENT} if assertion == ABSENT else {PRESENT, POSSIBLE}
    found: list[Quote] = []
    for message in reversed(messages):
        spans = sorted({(start, end) for each, role, start, end in message.codes if each == code and role in wanted})
        if spans:
            found.append(quote(message, spans))
    return found


def quote(message: Said, spans: Sequence[tuple[int, int]]) -> Quote:
    """The sentence that holds the first of these spans, cut to a readable length; spans in it are marked."""
    start, end = _sentence(message.text, *spans[0])
    first = spans[0][0]
    before = after = ""
    if end - start > MOST_CHARS:
        room = max(MOST_CHARS - (spans[0][1] - first), 40)
        low, high = max(start, first - room // 2), min(end, max(spans[0][1] + room // 2, start + MOST_CHARS))
        if low > start:
            low, before = _word_start(message.text, low, first), _ELLIPSIS
        if high < end:
            high, after = _word_end(message.text, high, spans[0][1]), _ELLIPSIS
        start, end = low, high
    piece = message.text[start:end]
    text, moved = before + piece + after, len(before) - start
    marks = tuple((low + moved, high + moved) for low, high in spans if start <= low and high <= end)
    # Line breaks inside a quote become spaces: the spans stay where they are.
    return Quote(re.sub(r"[\r\n\t]", " ", text), message.at, marks, None, message.id)


def united(quotes: Iterable[Quote]) -> list[Quote]:
    """Quotes of the same words as one, with the marks of all."""
    found: dict[tuple[str, str], Quote] = {}
    for each in quotes:
        known = found.get((each.message, each.text))
        found[each.message, each.text] = replace(known, marks=tuple(sorted({*known.marks, *each.marks}))) if known else each
    return list(found.values())


def _sentence(text: str, first: int, last: int) -> tuple[int, int]:
    start, end = 0, len(text)
    for stop in _SENTENCE_END.finditer(text):
        if stop.end() <= first:
            start = stop.end()
        elif stop.start() >= last:
            end = stop.end()
            break
    while start < first and text[start].isspace():
        start += 1
    while end > last and text[end - 1].isspace():
        end -= 1
    return start, end


def _word_start(text: str, at: int, most: int) -> int:
    while at < most and not text[at - 1].isspace():
        at += 1
    return at


def _word_end(text: str, at: int, least: int) -> int:
    while at > least and not text[at - 1].isspace():
        at -= 1
    return at
