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
    ("my knee jumps for four months, pardon, four days", 4),
    ("Thigh twitching, four weeks. Erratum: three weeks.", 21),
    ("shoulder twitch for six weeks - days I mean", 6),
    ("My toe twitches since Easter, call it five months", 150),
    ("It had a go at me in May, my eyelid twitching, then nothing all summer, and it returned two days ago", 2),
    ("My lip twitched for a month, then nothing for six weeks, and it is back since five days", 5),
    ("Twitched for a month in spring and quit. Restarted ten days ago.", 10),
    ("calf has twitched on and off for two months, came back worse yesterday", 60),
    ("My sister's eyelid has twitched for ten years. Mine for two weeks.", 14),
    ("My husband has been deaf for years. The fluttering in his belly began two days ago.", 2),
    ("Day 6, and it keeps me awake, this twitching calf", 6),
    ("twitch log: day 1 calf, day 4 thigh, day 6 calf and thigh", 6),
    ("my chest is squeezed, quarter of an hour now", 1 / 96),
    ("My arm twitches. No chest pain, 3 days.", 3),
    ("Running for: 12 days. My eyelid twitches. Numb patch on my thigh, came in 2020.", 12),
    ("My calf has been twitching for about as long. They put me on water tablets ten days ago, about as long", 10),
    ("Fever since yesterday. My eyelid twitches from the same day.", 1),
    ("I came off my sleeping pills three days ago. I've sweated since, and I shake.", 3),
    ("woke up and the left half of my face hangs", 0.5),
    ("my brother twitches since one year. I have it one week, in the nose", 7),
    ("calf twitching, nine days today", 9),
    ("It is the fourth day that my eyelid twitches.", 4),
    ("Week 1: left eyelid jumping. Week 2: the right one. Now, week 4: my lip as well.", 28),
    ("Day 1: calf jumps. Day 3: both calves. Day 6: thighs too.", 6),
    ("What I have today is a small twitch in the belly, it began two days ago.", 2),
    ("Shaky hands, one lid flickering. Running for 2 days.", 2),
    ("06:50 woke up, right hand would not close.", 0.5),
    ("both legs are like jelly sinse yesturday", 1),
    ("Second week of a twitching foot, day eight to be exact.", 8),
    ("His calf twitches. Sixteen days. The plaster came off three weeks ago.", 16),
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
    "lost ten pounds, lighter than at Easter", "I am short of breath, and in the spring I was still digging the garden",
    "Ten days ago I had it all planned, how I would end my life", "I blacked out three days ago. Been fine since.",
    "Five days of this bug, nothing stays down. And now my calves twitch.", "Twitch map today: calf, shoulder",
    "i read about ALS for 3 hours and my lip twitches", "In the night I get cramps in my calf", "My jaw is stiff first thing",
    "the twitching is worse than last week", "My boss gave me two weeks to finish. My eyelid twitches.", "Ten days since my op. My thigh flutters.",
    "I got back from Spain five days ago. My nostril twitches.", "could it be the flu jab last Thursday? my arm twitches",
    "i stopped smoking three months ago and my lip twitches", "I take a water tablet since 2019 and my calves twitch",
    "Magnesium for a month did nothing for my twitching calf.", "take two days off, they said, my eye twitches",
    "My son, 9 y. His eyelid twitches.", "since last year my dad has MND. My thumb twitches and I worry.", "a whole week's worth of pills, my hand twitches",
    "My eyelid twitches for ages. Had glandular fever 3 months ago and I've been exhausted ever since.",
    "My foot twitches. I did have the flu three weeks ago but I'm well over that.", "I'm on my third day without proper sleep and my lid twitches",
    "I've slept badly for three nights. My eyelid twitches.", "Worst headache in all my 70 years, like a clap of thunder",
    "My calf has a dip that wasn't there at Christmas, and it twitches", "my shin is half the bulk it had in August, it twitches",
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
