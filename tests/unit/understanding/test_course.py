"""Which time of a message says how long it has gone on."""
from __future__ import annotations

import pytest

from .build import course, findings


@pytest.mark.parametrize(("text", "days"), [
    ("my calf has been twitching for 3 weeks", 21),
    ("eyelid twitch since yesterday", 1),
    ("twitching for a fortnight now", 14),
    ("twitching for about ten days", 10),
    ("It's been two months and I am worn out by this twitching calf", 61),
    ("twitching for three weeks, sorry, three days", 3),
    ("it went away but came back four days ago, the twitch in my lid", 4),
    ("my eyelid twitches. Started 5 days ago.", 5),
    ("thumb twitching, 8 days", 8),
    ("calf twitching and cramping for six weeks", 42),
    ("Fell off my bike two days ago. Since then my hands tingle.", 2),
    ("New tablets ten days ago and my leg has been twitching ever since", 10),
    ("It twitched last summer for two months and then it stopped. Now my eyelid twitches again, four days", 4),
    ("This week my lip has started", 7),
    ("sorry, I meant four days, not four weeks", 4),
    ("I think since about three weeks, doctor", 21),
    ("It began about six weeks ago, I think after that bad flu which I had", 42),
    ("calf twitching for three months. No, I tell a lie, three days", 3),
    ("knee twitching three weeks now. Three days, sorry", 3),
    ("Log.\n02 Mar: foot flickers.\n09 Mar: foot and hand.\n16 Mar (today): the same, flickers", 14),
    ("R calf fasciculation x 12/7. Power 5/5", 12),
    ("twitchy calf for 3/52", 21),
    ("The tank burst an hour ago and I got soaked. now my calves are jumping", 1 / 24),
    ("my tablets were changed ten days ago, and for the last two days my foot has been twitching", 2),
])
def test_the_course(text: str, days: float) -> None:
    assert course(text) == pytest.approx(days, rel=0.08)


@pytest.mark.parametrize("text", [
    "my calf twitches, each twitch lasts 10 seconds", "I am 45 and my calf twitches", "my calf twitches, I see my doctor in two weeks",
    "my calf twitches. My dad was ill for three years.", "my calf twitches a while now", "my calf twitches three times a day",
    "I broke my leg 12 years ago. My eyelid twitches.", "Trod on a rusty nail last week. My jaw is locked.", "when does weakness come, month six?",
    "I am hanging on for my pension, two more years", "the dog was ill for three weeks and now he eats again",
    "my calf twitches after running for 40 minutes", "Married 51 years and never heard her complain. My calves jump.",
    "I'm 66 and I do puff on the hill, the way I have for twenty years. My thighs twitch.", "diabetic for twenty years, my toe twitches",
    "a Sunday roast makes my lip twitch", "twitching, the same as in week one", "I feel brighter in myself today, though my toe twitches",
])
def test_other_times_are_no_course(text: str) -> None:
    assert course(text) is None


def test_how_long_one_twitch_lasts_is_an_episode() -> None:
    (time,) = findings("each twitch lasts about 30 seconds", "duration")
    assert (time.role, time.iso, time.of) == ("episode", "PT30S", ("twitching",))


def test_each_time_has_its_own_symptom() -> None:
    times = {finding.days: finding.of for finding in findings("my hand has been numb for two days. My calf has been twitching for 30 days.", "duration")}
    assert times[2] == ("numbness",) and times[30] == ("twitching",)
    assert course("my hand has been numb for two days. My calf has been twitching for 30 days.") == 30


def test_there_is_at_most_one_course() -> None:
    roles = [finding.role for finding in findings("twitching for 3 weeks, then 4 weeks, then 2 months, since March", "duration")]
    assert roles.count("course") <= 1
