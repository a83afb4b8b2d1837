from __future__ import annotations

import time

import pytest

from tests.unit.understanding.build import asserted
from twitchwise.understanding import measures

FALLS = {
    "weakness": [
        "Grip right hand: 52 -> 44 -> 31 kg since August",
        "grip: 52, week 4: 44, week 8: 31 kg",
        "dynamometer 48, 41, 36 kg (three months)",
        "single leg heel raises: 25 → 18 → 9, same side every time",
        "squeeze test left 30kg then 24kg then 19kg",
    ],
    "weight_loss": [
        "weight 84, 81, 77 kg since June, eating as always",
        "Scales: 71.5 -> 69 -> 66.8 kg, not dieting",
        "weighed 180 lbs, now 168 lbs and I changed nothing",
        "Body weight: Feb 91 kg, Apr 87, Jun 83, eating as before",
        "91 kg February, 84 kg July, same diet",
        "my weight: 63 kg / 61 kg / 58 kg, same diet",
    ],
    "improving": ["twitches per day: 90, 60, 41, 20", "Counts by week of the eyelid jumping: 300 / 120 / 40"],
    "worsening": ["episodes each night: 2, 4, 9", "fasciculations per minute 3 -> 6 -> 11"],
    "atrophy": [
        "calf L 38 cm, R 34.5 cm",
        "Thigh circumference: left 52 cm vs right 48 cm",
        "forearm 28 → 27 → 25.5 cm in half a year",
        "upper arm r 31, l 28.5 cm with the same tape",
    ],
}
NOTHING = [
    "on the scales: 81, 81, 80.5 kg",
    "on keto since May: 92, 88, 85 kg as planned",
    "grip 44 -> 44 -> 45 kg",
    "tyre pressure 36, 32, 30 psi",
    "the parcel is 23 kg, then 20 kg without its box",
    "calf L 38 cm, R 37.5 cm",
    "leg: l 1 r 5 cm bruise",
    "twitches per hour: 30, 22, 31, 25",
    "we trained 5 x 5 squats 100, 90, 80 kg in drop sets",
    "my twitch was at 10, 11 and 12 today",
    "appointments on 12/10, 14/10 and 3/11",
]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in FALLS.items() for text in texts])
def test_numbers_that_fall_tell_a_sign(code: str, text: str) -> None:
    assert asserted(text).get(code) == "present"


@pytest.mark.parametrize("text", NOTHING)
def test_numbers_that_do_not_fall_or_were_meant_to_tell_none(text: str) -> None:
    assert not {"weakness", "weight_loss", "atrophy"} & set(asserted(text))


def test_blanks_take_no_more_time_than_words() -> None:
    text = "l 1" + "\n " * 1500 + "x"
    begin = time.process_time()
    for pattern in (measures._ROW, measures._SIDES):
        assert not pattern.findall(text) and not pattern.findall("1, now" + " \n" * 1500)
    assert time.process_time() - begin < 0.5  # seconds; cubic time took minutes


@pytest.mark.parametrize("text", ["0 -> 0 kg", "grip: -> kg", "1,2,3,4,5,6,7,8,9 kg" * 50, "l 0 r 0 cm", "weight " + "9" * 500, "5 " + " " * 1900 + "kg"])
def test_odd_numbers_tell_nothing(text: str) -> None:
    assert "weight_loss" not in asserted(text)
