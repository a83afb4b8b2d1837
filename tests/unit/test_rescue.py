"""The escalation of an emergency whose action failed is recorded once, whoever records it first."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from twitchwise import rescue
from twitchwise.inprocess_actions import InProcessActions
from twitchwise.records.adapter import TurnRecorder
from twitchwise.records.engine import make_engine, unit
from twitchwise.records.models import EscalationRow
from twitchwise.records.recorder import Recorder
from twitchwise.records.schema import migrate
from twitchwise.records.turns import Escalation
from twitchwise.turn_state import PROBE_PREFIX


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    url = f"sqlite:///{tmp_path / 'records.db'}"
    migrate(url)
    made = Recorder(make_engine(url), b"tests of the rescue " * 2, spool=tmp_path / "spool")
    monkeypatch.setattr(rescue, "_recorder", lambda: TurnRecorder(made))
    yield made
    made.close()


def escalations(recorder: Recorder) -> list[EscalationRow]:
    with unit(recorder.engine) as session:
        return list(session.scalars(select(EscalationRow)))


def call(message_id: str = "m1", planned: str | None = "m1", sender: str = "anna") -> dict[str, Any]:
    plan = {"message_id": planned, "steps": ["utter_emergency", "action_turn"], "flags": ["chest_pain"]} if planned else None
    slots = {"safety_plan": plan, "red_flags": ["chest_pain"], "triage_level": "emergency"}
    return {"next_action": "action_turn", "tracker": {"sender_id": sender, "slots": slots, "latest_message": {"message_id": message_id}}}


async def test_an_emergency_is_recorded_once(recorder: Recorder) -> None:
    await rescue.record_emergency(call())
    await rescue.record_emergency(call())
    (row,) = escalations(recorder)
    assert row.level == "emergency" and row.red_flags == ["chest_pain"]
    # The action is back and serves the message after all.
    recorder.record_turn("anna", "m1", (), {"level": "emergency"}, Escalation("emergency", ("chest_pain",)))
    assert len(escalations(recorder)) == 1


@pytest.mark.parametrize("made", [
    call(planned=None), call(planned="an earlier one"), call(message_id=""), call(sender=PROBE_PREFIX + "x"), {}, {"tracker": {}},
    {"tracker": {"slots": {"safety_plan": "?"}, "latest_message": {"message_id": "m"}}},
])
async def test_nothing_else_is(made: dict[str, Any], recorder: Recorder) -> None:
    await rescue.record_emergency(made)
    assert escalations(recorder) == []


async def test_records_that_cannot_be_opened_break_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise OSError("away")

    monkeypatch.setattr(rescue, "_recorder", broken)
    await rescue.record_emergency(call())


async def test_an_action_that_fails_in_process_is_one(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: Any) -> Any:
        raise RuntimeError("boom")

    actions = InProcessActions()
    monkeypatch.setattr(actions.executor, "run", broken)
    with pytest.raises(Exception, match="failed"):
        await actions.request(json=call())
    assert len(escalations(recorder)) == 1
