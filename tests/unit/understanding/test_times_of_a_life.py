"""Years of a trade, ages, shifts and tablets are no course of the complaint; the complaint's own time beside them is."""
from __future__ import annotations

import pytest

from .build import findings

COURSES = [
    ("Roofer here, 22 years on the tools. For the last six weeks my right hand drops the nails", 42),
    ("I have nursed here for thirty years. A flicker in the calf, nine days", 9),
    ("somewhere between a week and twelve days, this flicker in my chin", 12),
    ("Thirty days, no hang on, I have counted: thirteen. My calf, jumpy", 13),
    ("two and a half weeks of rotten nights so far, my hip twitches", 17.5),
    ("it all began 3 months ago with the thumb, it was jumping alone. Then came the foot too", 90),
    ("years ago I had cramp in the leg every night, doctor gave salt and finished. Now only the lip jumps by itself, 5 days", 5),
]
NONE = [
    "He's 70 in March and he gasps for air lying flat",
    "Mum has swallowed a whole week of her heart tablets",
    "My daughter is 4 months only. Again and again her arms jerk",
    "Wrecked after five nights on the trot, and the eyelid jumps",
    "the screwdriver I cannot turn any more, I am a joiner with 51 years",
]


@pytest.mark.parametrize(("text", "days"), COURSES)
def test_the_complaints_own_time_stands(text: str, days: float) -> None:
    assert [found.days for found in findings(text, "duration") if found.role == "course"] == [pytest.approx(days, abs=1)]


@pytest.mark.parametrize("text", NONE)
def test_the_times_of_a_life_are_no_course(text: str) -> None:
    assert [found.evidence.phrase for found in findings(text, "duration") if found.role == "course"] == []
