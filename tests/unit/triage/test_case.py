"""The case as stored data."""
from __future__ import annotations

import pytest

from tests.support.build import edit, lasting, no, person, place, sym, talk, tell, trig
from twitchwise.triage import Case


def test_round_trip() -> None:
    case = talk([person("child", relation="son", age_years=7), sym("twitching"), place("calf", "left"), lasting(20), trig("stress")],
                [sym("breathing_difficulty")])
    case = tell(case, edit("take_back"), no("breathing_difficulty")).case
    assert case.pending_withdrawal
    assert Case.from_dict(case.to_dict()) == case


def test_nothing_stored_is_an_empty_case() -> None:
    assert Case.from_dict(None) == Case.from_dict({}) == Case()
    assert Case().is_empty


def test_another_schema_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="Migrate the stored cases"):
        Case.from_dict({**Case().to_dict(), "schema": 99})


def test_views() -> None:
    case = talk([sym("twitching"), place("calf"), place("foot", of=("numbness",)), sym("numbness"), no("weakness"),
                 trig("caffeine"), lasting(3)])
    assert case.body_locations() == ["calf"]
    assert set(case.symptoms_present()) == {"twitching", "numbness"}
    assert case.symptoms_absent() == ["weakness"]
    assert (case.triggers(), case.duration_days()) == (["caffeine"], 3)
