"""Conversations for the tests of the summary: what was typed, with what was understood in it, as Rasa's events and as a case."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from twitchwise.summary import Summary, build, messages_of
from twitchwise.triage import Case, assess, update_case
from twitchwise.understanding.findings import Finding, to_entity

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=timezone.utc)
#: One message: the words, the findings with the words that they rest on, and the question that was open.
Told = tuple[str, list[tuple[Finding, str]], str | None]


def told(text: str, *findings: tuple[Finding, str], asked: str | None = None) -> Told:
    """A message; each finding goes with the words of the text that it was found in ("" for the whole text)."""
    return text, list(findings), asked


def event(number: int, message: Told) -> dict[str, Any]:
    """The message as Rasa's event."""
    text, findings, _ = message
    placed = []
    for finding, words in findings:
        start = text.index(words) if words else 0
        placed.append(to_entity(Finding(**{**vars(finding), "start": start, "end": start + len(words or text)}), text))
    return {"event": "user", "text": text, "message_id": f"m{number}", "timestamp": (NOW + timedelta(minutes=number)).timestamp(),
            "parse_data": {"entities": placed}}


def conversation(*messages: Told) -> tuple[Case, list[dict[str, Any]]]:
    """The case and the events after these messages."""
    case, events = Case(), []
    for number, message in enumerate(messages):
        events.append(event(number, message))
        case = update_case(case, [finding for finding, _ in message[1]], message_id=f"m{number}", now=NOW + timedelta(minutes=number),
                           asked=message[2]).case
    return case, events


def summary(*messages: Told, complete: bool = True, country: str | None = None) -> Summary:
    """The summary after these messages."""
    case, events = conversation(*messages)
    assessment = assess(case)
    return build(case, assessment, messages_of(events), level=assessment.level if complete else assessment.flag_level, complete=complete,
                 made_at=NOW + timedelta(hours=1), country=country)


def words_of(blocks: Any) -> str:
    """Everything that stands on a page."""
    said: list[str] = []
    for block in blocks:
        lines = [line for row in block.rows for cell in row for line in cell] if hasattr(block, "rows") else [block]
        said += ["".join(text for text, _ in line.parts) for line in lines]
    return "\n".join(said)
