from __future__ import annotations

import json

import pytest

from twitchwise.turn_state import REMEMBERED_IDS, SCHEMA, TurnState


def test_it_survives_json() -> None:
    state = TurnState({"a": 1}, "m2", {"red_flags": []}, "breathing", True, ["m1", "m2"])
    assert TurnState.from_dict(json.loads(json.dumps(state.to_dict()))) == state


@pytest.mark.parametrize("raw", [None, {}, [], "x", 3, {"schema": SCHEMA + 1, "message_id": "m"}])
def test_anything_else_is_an_empty_state(raw: object) -> None:
    assert TurnState.from_dict(raw) == TurnState()


def test_ids_are_bounded() -> None:
    kept = TurnState(served=[str(number) for number in range(200)]).to_dict()["served"]
    assert len(kept) == REMEMBERED_IDS and kept[-1] == "199"
