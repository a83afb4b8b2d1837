"""How often the database is asked for each message: counted, so that it does not creep up again. A round trip costs what a line of SQL does not show."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from sqlalchemy import event
from sqlalchemy.engine import Engine

from twitchwise.records import tracker_events
from twitchwise.records.keys import as_keys
from twitchwise.records.schema import migrate
from twitchwise.records.tracker_events import Batch, EventLine
from twitchwise.records.turns import AssessmentRecord, FindingRecord, TurnRecord
from twitchwise.records.writing import Written, write_turn

KEYS = as_keys(b"k" * 32)
NAME = KEYS.conversation("somebody")


def statements(engine: Engine, work: Callable[[], object]) -> int:
    """How many statements `work` sends, without BEGIN and COMMIT."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(not statement.startswith(("BEGIN", "PRAGMA")) for statement in sent)


def batch(name: str) -> Batch:
    now = datetime.now(timezone.utc).timestamp()
    return Batch(name, tuple(EventLine.of({"event": "slot", "name": f"s{number}", "value": 1, "timestamp": now}) for number in range(10)))


def turn(number: int) -> TurnRecord:
    return TurnRecord(NAME, KEYS.message(NAME, f"m{number}"), datetime.now(timezone.utc).isoformat(), channel="rest",
                      findings=(FindingRecord("symptom", "twitching", "present"),), assessment=AssessmentRecord("self_care"))


def test_the_events_of_a_message_are_written_with_two_statements_and_read_with_one(engine: Engine) -> None:
    migrate(engine)
    for number in range(2):
        assert statements(engine, lambda number=number: tracker_events.append(engine, KEYS, NAME, batch(f"b{number}"))) == 2     # type: ignore[misc]
    assert statements(engine, lambda: tracker_events.append(engine, KEYS, NAME, batch("b1"))) == 1     # it stands there already
    assert statements(engine, lambda: tracker_events.load_session(engine, KEYS, NAME, 30)) == 1


def test_a_turn_is_written_with_few_statements(engine: Engine) -> None:
    migrate(engine)
    became: list[Written] = []
    # The deletions, the conversation, the turn (and on SQLite its id), the case, its findings and its assessment.
    most = 6 if engine.dialect.name == "postgresql" else 7
    assert statements(engine, lambda: became.append(write_turn(engine, KEYS, turn(1), fresh=True))) == most
    assert statements(engine, lambda: became.append(write_turn(engine, KEYS, turn(1), fresh=True))) == 3
    assert became == [Written.NEW, Written.KNOWN]
