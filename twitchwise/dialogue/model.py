"""What goes into a turn and what comes out of it."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from twitchwise.understanding.findings import Finding

if TYPE_CHECKING:
    from twitchwise.answers.catalogue import Answers
    from twitchwise.dialogue.state import DialogueState
    from twitchwise.dialogue.texts import Texts
    from twitchwise.triage import Assessment

#: Things that the layer around has to do, beside saying the words (Turn.effects).
EXPORT = "export"
DELETE = "delete"
#: A person of the staff is asked for. Only where the kit says that there is a staff (`Kit.extra["staff"]`).
HAND_OVER = "hand_over"


@dataclass(frozen=True)
class Message:
    """One message as it was understood. `topics`: question topics, best first: (code, confidence, start, end) where the classifier settled
    them (topics.topics_of), or (code, confidence) from a ranking of intents; `emergency_said`: the safety policy
    has said this message's emergency words already; `payload`: what a pressed button stands for; `handed_over`: a person of the staff
    has taken over and answers this message."""

    text: str = ""
    intent: str | None = None
    intent_confidence: float = 0.0
    topics: Sequence[tuple[Any, ...]] = ()
    findings: Sequence[Finding] = ()
    message_id: str = ""
    now: datetime = datetime(1970, 1, 1, tzinfo=timezone.utc)
    channel: str = ""
    country: str | None = None
    emergency_said: bool = False
    payload: Mapping[str, Any] | None = None
    handed_over: bool = False


@dataclass(frozen=True)
class Button:
    """A button. `payload`: a JSON object as text with any of answer, topic, intent, place, symptom, duration_days, trigger, text."""

    title: str
    payload: str

    @classmethod
    def of(cls, title: str, **meaning: Any) -> Button:
        """A button that means what the keywords say; empty ones are left out."""
        return cls(title, json.dumps({key: value for key, value in meaning.items() if value not in (None, [], "")}, sort_keys=True))


@dataclass(frozen=True)
class Reply:
    """One message to the person: light markdown, quick replies, and a card for channels that can show one."""

    text: str
    buttons: tuple[Button, ...] = ()
    card: dict[str, Any] | None = None


@dataclass(frozen=True)
class Escalation:
    """Red flags or a level that came up in this turn. `said` holds codes only ('symptom:weakness:present'), never words."""

    flags: tuple[str, ...]
    new_flags: tuple[str, ...]
    level: str
    previous_level: str | None
    said: tuple[str, ...]
    rules_version: str
    message_id: str
    at: str
    country: str | None = None


@dataclass(frozen=True)
class Turn:
    """What one message led to. `slots`: every slot of the contract; `requested_slot`: code of the open question of the check, else None;
    `effects`: export, delete, hand_over, to be carried out by the layer around; `assessment`: of the case after the message."""

    replies: tuple[Reply, ...]
    state: DialogueState
    slots: dict[str, Any]
    check_open: bool = False
    requested_slot: str | None = None
    escalate: Escalation | None = None
    effects: tuple[str, ...] = ()
    assessment: Assessment | None = None


@dataclass(frozen=True)
class Kit:
    """What a turn works with: the answers and the dialogue's own texts."""

    answers: Answers
    texts: Texts
    extra: Mapping[str, Any] = field(default_factory=dict)
