"""Rows of buttons, and the body keyboard."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_telegram import _keyboard
from twitchwise.channels.telegram import keyboards
from twitchwise.vocabulary.codes import load_codes


def data_of(markup: keyboards.Markup) -> list[str]:
    return [button["callback_data"] for row in markup["inline_keyboard"] for button in row]


def test_short_buttons_stand_side_by_side_long_ones_alone() -> None:
    made = keyboards.rows([("Yes", "a"), ("No", "b"), ("Not sure", "c"), ("When should I worry about my twitching?", "d")])
    assert [[button["text"] for button in row] for row in made] == [["Yes", "No", "Not sure"], ["When should I worry about my twitching?"]]


@given(st.lists(st.tuples(st.text(max_size=100), st.text(max_size=80)), max_size=60))
def test_telegram_takes_every_keyboard(buttons: list[tuple[str, str]]) -> None:
    usable = [(title, data.encode("utf-8", "ignore").decode()) for title, data in buttons]
    _keyboard(keyboards.markup(keyboards.rows(usable)))


def test_every_place_can_be_reached_and_fits() -> None:
    reached = set()
    for region in data_of(keyboards.regions()):
        step = keyboards.press(region, [])
        assert step is not None
        if step.finished:
            reached.update(place[0] for place in step.places)
            continue
        for part in data_of(step.keyboard or {}):
            after = keyboards.press(part, [])
            assert after is not None
            if part == keyboards.ROOT:
                continue
            if after.places:
                reached.add(after.places[0][0])
            for side in data_of(after.keyboard or {}):
                last = keyboards.press(side, [])
                assert last is not None and len(side.encode()) <= 64
                reached.update(place[0] for place in last.places)
    assert reached == set(load_codes().region_of)


@pytest.mark.parametrize("data", ["p:nowhere", "p:calf:up", "p:calf:left:x", "p:all", "p::left", "q", "", "tw-x"])
def test_other_data_is_refused(data: str) -> None:
    assert keyboards.press(data, []) is None


def test_a_place_counts_once_and_there_is_a_most() -> None:
    step = keyboards.press("p:calf:left", [["calf", "left"]])
    assert step is not None and step.places == [["calf", "left"]]
    full = [[code, "left"] for code in ("calf", "thigh", "foot", "toe", "knee", "shin", "ankle", "hip")]
    step = keyboards.press("p:hand:right", full)
    assert step is not None and step.places == full and keyboards.ROOT not in data_of(step.keyboard or {})
    _keyboard(step.keyboard or {})


def test_done_without_a_place_asks_again() -> None:
    step = keyboards.press(keyboards.DONE, [])
    assert step is not None and not step.finished and step.keyboard == keyboards.regions()


def test_places_in_words() -> None:
    assert keyboards.places_in_words([["calf", "left"], ["eyelid", "both"], ["back", None]]) == "left calf, eyelid (both sides) and back"
