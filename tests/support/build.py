"""Short ways to write findings, to make a case, and to hold a conversation with `serve`: findings are given, nothing is read."""
from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from twitchwise.dialogue import DialogueState, Message, Turn, load_kit, serve
from twitchwise.triage import Case, CaseUpdate, assess, update_case
from twitchwise.triage.engine import Assessment
from twitchwise.understanding.findings import (
    ABSENT,
    ANSWER,
    DURATION,
    EDIT,
    LOCATION,
    PERSON,
    POSSIBLE,
    PRESENT,
    SIGNAL,
    SYMPTOM,
    TRIGGER,
    Finding,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def sym(code: str, assertion: str = PRESENT, *, onset: str | None = None, start: int = 0) -> Finding:
    return Finding(SYMPTOM, code, start=start, assertion=assertion, onset=onset)


def no(code: str, start: int = 0) -> Finding:
    return sym(code, ABSENT, start=start)


def maybe(code: str) -> Finding:
    return sym(code, POSSIBLE)


def sig(code: str, assertion: str = PRESENT) -> Finding:
    return Finding(SIGNAL, code, assertion=assertion)


def trig(code: str, assertion: str = PRESENT) -> Finding:
    return Finding(TRIGGER, code, assertion=assertion)


def place(code: str, side: str | None = None, *, of: tuple[str, ...] = ("twitching",), role: str = "site", start: int = 0,
          one_spot: bool = False) -> Finding:
    return Finding(LOCATION, code, start=start, laterality=side, of=of, role=role, detail={"one_spot": True} if one_spot else {})


def lasting(days: float, of: tuple[str, ...] = ("twitching",), *, role: str = "course", start: int = 0) -> Finding:
    return Finding(DURATION, "", start=start, role=role, of=of, low=days, high=days, days=days, iso=f"P{days:g}D")


def answer(code: str, **detail: object) -> Finding:
    return Finding(ANSWER, code, detail=detail)


def edit(code: str = "correction", *targets: str, start: int = 0) -> Finding:
    return Finding(EDIT, code, start=start, detail={"targets": list(targets)} if targets else {})


def person(code: str, **detail: object) -> Finding:
    return Finding(PERSON, code, detail=detail)


# -- a case by itself ------------------------------------------------------------------------------
def tell(case: Case, *findings: Finding, asked: str | None = None, message_id: str | None = None) -> CaseUpdate:
    """One message more; the id is new unless given."""
    return update_case(case, findings, message_id=message_id or f"m{len(case.served)}", now=NOW, asked=asked)


def talk(*messages: Iterable[Finding]) -> Case:
    """A case after several messages, each a list of findings."""
    case = Case()
    for message in messages:
        case = tell(case, *message).case
    return case


def after(*messages: Iterable[Finding]) -> Assessment:
    return assess(talk(*messages))


# -- a conversation -----------------------------------------------------------------------------------
CALF = (sym("twitching"), place("calf", "left"), lasting(4))


@dataclass
class Talk:
    """One conversation. `say` serves a message a minute after the last one; the state goes through JSON in between."""

    country: str | None = "UK"
    state: DialogueState = field(default_factory=DialogueState)
    now: datetime = NOW
    turn: Turn | None = None

    def say(self, text: str, *findings: Finding, intent: str | None = None, confidence: float = 0.9, topics: tuple = (),
            payload: dict[str, Any] | None = None, after: timedelta = timedelta(minutes=1), message_id: str | None = None,
            emergency_said: bool = False) -> Turn:
        self.now += after
        message = Message(text=text, intent=intent, intent_confidence=confidence, topics=topics, findings=findings,
                          message_id=message_id or f"m{self.state.turns}", now=self.now, channel="test", country=self.country,
                          payload=payload, emergency_said=emergency_said)
        before = json.dumps(self.state.to_dict(), sort_keys=True)
        self.turn = serve(self.state, message, kit())
        assert json.dumps(self.state.to_dict(), sort_keys=True) == before, "serve changed the state it was given"
        self.state = DialogueState.from_dict(json.loads(json.dumps(self.turn.state.to_dict())))
        assert words(self.turn).strip(), "a turn without words"
        return self.turn

    def ask(self, topic: str, text: str = "what about that?", **more: Any) -> Turn:
        return self.say(text, intent=f"ask_{topic}", topics=((topic, 0.8),), **more)

    def yes(self) -> Turn:
        return self.say("yes", answer("yes"), intent="affirm")

    def no(self) -> Turn:
        return self.say("no", answer("no"), intent="deny")

    def unsure(self) -> Turn:
        return self.say("not sure", answer("unsure"), intent="unsure")

    def press(self, title: str) -> Turn:
        assert self.turn is not None
        button = next(button for reply in reversed(self.turn.replies) for button in reply.buttons if button.title == title)
        return self.say(title, payload=json.loads(button.payload))

    def no_until_the_end(self, most: int = 20) -> Turn:
        """Answer no as long as a question of the check is open."""
        turn = self.turn
        for _ in range(most):
            if turn is not None and not turn.check_open:
                break
            turn = self.no()
        assert turn is not None
        return turn


_KIT: list[Any] = []


def kit() -> Any:
    if not _KIT:
        _KIT.append(load_kit())
    return _KIT[0]


def words(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def titles(turn: Turn) -> list[str]:
    return [button.title for reply in turn.replies for button in reply.buttons]


def last_question(turn: Turn) -> str:
    return words(turn).rsplit("?", 1)[0].rsplit("\n", 1)[-1]
