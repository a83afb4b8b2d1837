"""What the dialogue remembers between messages: JSON-able, whole."""
from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, fields, replace
from typing import Any

from twitchwise.triage import Case

SCHEMA = 1
REMEMBERED_IDS = 50

# -- phases: where the conversation is
IDLE = "idle"               # no check yet
CHECK = "check"             # a question of the check is open
STOPPED = "stopped"         # the person wants no more questions; only asking for it opens the check again
PAUSED = "paused"           # "later"
DONE = "done"               # the result was given
EMERGENCY = "emergency"     # the check is over; the conversation stays on the emergency

# -- what the last reply asked beside the check (`awaiting`)
OFFER = "offer"             # shall we start, or go on with, the check?
WHICH_MUSCLE = "which"      # a greeting asked which muscle it is
WITHDRAWAL = "withdrawal"   # "So your breathing is fine?"
HELP = "help"               # has help been reached?
COMPANY = "company"         # is someone with you?
CHANGED = "changed"         # what has changed since last time?
DELETE = "delete"           # really delete everything?
EXPORT = "export"           # really show everything?
#: Questions about the person's own data, and the intent of each.
DATA = {DELETE: "delete_my_data", EXPORT: "export_my_data"}


@dataclass
class DialogueState:
    """`question`: code of the open question; `puts`: how often each question (and each follow-up) was put; `given_up`: questions
    left without an answer; `level`: the slot triage_level; `stopped`: the
    person has said "stop asking"; `floor`: the level that a returning person who is worse reaches at least; `previous`: the last case."""

    case: Case = field(default_factory=Case)
    phase: str = IDLE
    question: str | None = None
    puts: dict[str, int] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    awaiting: str | None = None
    level: str | None = None
    floor: str | None = None
    faq_topic: str | None = None
    misunderstood: int = 0
    asked_turns: int = 0
    stopped: bool = False
    card_shown: bool = False
    fears: int = 0
    turns: int = 0
    previous: dict[str, Any] | None = None
    last_at: str = ""
    served: list[str] = field(default_factory=list)

    def copy(self) -> DialogueState:
        """A deep copy: `serve` never changes the state that it was given. By hand: it is made for each message."""
        return replace(
            self, case=self.case.copy(), puts=dict(self.puts), given_up=list(self.given_up), served=list(self.served),
            previous=deepcopy(self.previous),
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; `from_dict` reads it back."""
        data = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "case"}
        return {
            "schema": SCHEMA, **data, "puts": dict(self.puts), "given_up": list(self.given_up), "previous": deepcopy(self.previous),
            "served": self.served[-REMEMBERED_IDS:], "case": self.case.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any] | None) -> DialogueState:
        """The state behind `to_dict`; None or {} gives a new one. Raises ValueError for another schema."""
        if not data:
            return cls()
        if data.get("schema") != SCHEMA:
            raise ValueError(f"This conversation was stored with schema {data.get('schema')}; this version reads schema {SCHEMA}. "
                             "Migrate the stored conversations, or start the conversation over.")
        known = {item.name for item in fields(cls)} - {"case"}
        return cls(case=Case.from_dict(data.get("case")), **{key: deepcopy(value) for key, value in data.items() if key in known})

    def leave_check(self, phase: str) -> None:
        """No question of the check stays open."""
        self.phase, self.question = phase, None

    def new_case(self, case: Case | None = None) -> None:
        """Begin the next case: nothing of the last one is kept but what the conversation needs."""
        self.case = case or Case()
        self.leave_check(IDLE)
        self.given_up, self.puts, self.awaiting, self.level, self.floor = [], {}, None, None, None
        self.asked_turns, self.card_shown, self.stopped = 0, False, False
