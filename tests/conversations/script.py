"""Scripted conversations: the YAML files beside this one, a client over HTTP, and what must hold after a turn.

A turn is one of
    say: text                     what the person types
    press: title                  the newest button of that title
    answers: {default: no, ...}   answers every question of the check, by the question's code, until it ends
    wait: days                    time passes (only without a server: a real one has its own clock)
with `expect`, whose keys are those of `HELD` below. A turn that is only a text is a `say`.
"""
from __future__ import annotations

import json
import re
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import yaml

HERE = Path(__file__).parent
LEVELS = ["self_care", "see_gp", "neurologist", "urgent", "emergency"]
MOST_QUESTIONS = 20
#: Nothing of this may ever reach a person.
NEVER = re.compile(r"utter_|Traceback|\{[a-z_]+\}|\bNone\b|dialogue_state")


class Speaker(Protocol):
    """A conversation in progress."""

    slots: dict[str, Any]
    replies: list[dict[str, Any]]

    def say(self, text: str) -> Any:
        """Send a message."""

    def press(self, title: str) -> Any:
        """Press the newest button of this title."""

    def wait(self, days: float) -> None:
        """Let time pass."""


@dataclass
class OverHttp:
    """A conversation with a running server, over the two routes that the contract names."""

    url: str
    token: str | None = None
    sender: str = field(default_factory=lambda: f"conversation-{uuid.uuid4().hex}")
    slots: dict[str, Any] = field(default_factory=dict)
    replies: list[dict[str, Any]] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.replies = self._call("/webhooks/rest/webhook", {"sender": self.sender, "message": text})
        token = f"?token={urllib.parse.quote(self.token)}" if self.token else ""
        self.slots = self._call(f"/conversations/{urllib.parse.quote(self.sender)}/tracker{token}")["slots"]

    def press(self, title: str) -> None:
        payload = next(button["payload"] for reply in reversed(self.replies) for button in reply.get("buttons") or []
                       if button["title"] == title)
        self.say(payload)

    def wait(self, days: float) -> None:
        raise NotImplementedError("A server's clock cannot be moved; mark the conversation `needs: clock`.")

    def _call(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())


@dataclass(frozen=True)
class Conversation:
    """One scripted conversation. `needs`: "clock" when time has to pass."""

    id: str
    about: str
    turns: tuple[dict[str, Any], ...]
    needs: str | None = None


def load() -> list[Conversation]:
    """Every conversation of the YAML files; raises ValueError for a turn or an expectation that nobody knows."""
    found: list[Conversation] = []
    for path in sorted(HERE.glob("*.yml")):
        for raw in yaml.safe_load(path.read_text(encoding="utf-8")):
            turns = tuple({"say": turn} if isinstance(turn, str) else turn for turn in raw["turns"])
            for turn in turns:
                unknown = (set(turn) - {"say", "press", "answers", "wait", "expect"}) | (set(turn.get("expect") or {}) - set(HELD))
                if unknown or len(set(turn) - {"expect"}) != 1:
                    raise ValueError(f"{path.name}, {raw['id']}: a turn has one of say, press, answers, wait; unknown: {unknown}")
            found.append(Conversation(raw["id"], raw["about"], turns, raw.get("needs")))
    return found


def play(conversation: Conversation, speaker: Speaker) -> list[str]:
    """Hold the conversation; what did not hold, a line each."""
    broken: list[str] = []
    for number, turn in enumerate(conversation.turns, 1):
        if "wait" in turn:
            speaker.wait(float(turn["wait"]))
            continue
        if "press" in turn:
            speaker.press(turn["press"])
        elif "answers" in turn:
            broken += _answer_all(speaker, turn["answers"])
        else:
            speaker.say(turn["say"])
        words = said(speaker)
        if not words.strip():
            broken.append(f"turn {number}: no answer")
        if NEVER.search(words):
            broken.append(f"turn {number}: {NEVER.search(words).group()!r} in the reply")  # type: ignore[union-attr]
        for key, wanted in (turn.get("expect") or {}).items():
            if not HELD[key](wanted, speaker.slots, words, speaker.replies):
                broken.append(f"turn {number} ({turn.get('say') or turn.get('press') or 'answers'}): {key} {wanted}, "
                              f"slots {_short(speaker.slots)}, said {words[-300:]!r}")
    return broken


def said(speaker: Speaker) -> str:
    """The words of the last replies."""
    return "\n".join(reply.get("text") or "" for reply in speaker.replies)


def last_question(words: str) -> str:
    """The last sentence that ends with a question mark."""
    return (re.findall(r"[^.?!\n]*\?", words) or [""])[-1].strip()


def _answer_all(speaker: Speaker, answers: dict[str, Any]) -> list[str]:
    asked: list[str] = []
    while code := speaker.slots.get("requested_slot"):
        if len(asked) >= MOST_QUESTIONS:
            return [f"still asking after {asked}"]
        # A question put again is a follow-up: it may have an answer of its own.
        key = f"{code}_again" if code in asked and f"{code}_again" in answers else code
        asked.append(code)
        speaker.say(str(answers.get(key, answers["default"])))
    return []


def _rank(level: str | None) -> int:
    return LEVELS.index(level) if level in LEVELS else -1


def _short(slots: dict[str, Any]) -> dict[str, Any]:
    kept = ("body_locations", "duration_days", "symptoms_present", "red_flags", "triage_level", "requested_slot", "faq_topic")
    return {key: slots.get(key) for key in kept if slots.get(key)}


def _titles(replies: list[dict[str, Any]]) -> set[str]:
    return {button["title"] for reply in replies for button in reply.get("buttons") or []}


Check = Callable[[Any, dict[str, Any], str, list[dict[str, Any]]], bool]
#: What can be expected of a turn: (wanted, slots, words, replies) -> whether it holds.
HELD: dict[str, Check] = {
    "checking": lambda want, slots, words, replies: bool(slots.get("requested_slot")) == want,
    "question": lambda want, slots, words, replies: slots.get("requested_slot") == want,
    "asks": lambda want, slots, words, replies: bool(re.search(want, last_question(words), re.IGNORECASE)),
    "level": lambda want, slots, words, replies: slots.get("triage_level") == want,
    "level_at_least": lambda want, slots, words, replies: _rank(slots.get("triage_level")) >= _rank(want),
    "red_flags": lambda want, slots, words, replies: set(want) <= set(slots.get("red_flags") or []),
    "no_red_flags": lambda want, slots, words, replies: not (set(slots.get("red_flags") or []) & set(want) if want is not True
                                                             else slots.get("red_flags")),
    "locations": lambda want, slots, words, replies: set(want) == set(slots.get("body_locations") or []),
    "days": lambda want, slots, words, replies: slots.get("duration_days") == want,
    "present": lambda want, slots, words, replies: set(want) <= set(slots.get("symptoms_present") or []),
    "not_present": lambda want, slots, words, replies: not set(want) & set(slots.get("symptoms_present") or []),
    "absent": lambda want, slots, words, replies: set(want) <= set(slots.get("symptoms_absent") or []),
    "triggers": lambda want, slots, words, replies: set(want) <= set(slots.get("triggers") or []),
    "faq_topic": lambda want, slots, words, replies: slots.get("faq_topic") == want,
    "reply": lambda want, slots, words, replies: all(re.search(each, words, re.IGNORECASE)
                                                     for each in ([want] if isinstance(want, str) else want)),
    "not_reply": lambda want, slots, words, replies: not re.search(want, words, re.IGNORECASE),
    "buttons": lambda want, slots, words, replies: set(want) <= _titles(replies),
    "empty": lambda want, slots, words, replies: not any(slots.get(key) for key in (
        "body_locations", "duration_days", "symptoms_present", "symptoms_absent", "triggers", "red_flags", "triage_level", "faq_topic",
        "requested_slot")),
}
