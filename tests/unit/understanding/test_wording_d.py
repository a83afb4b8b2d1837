"""Other wordings, own sentences: things that no longer obey, the other side, times of an event, nurses called sister, those in one's care."""
from __future__ import annotations

import pytest

from twitchwise.triage.update import assess_findings

from .build import asserted, counting, course, findings, sites

SYMPTOMS = [
    # things and limbs that no longer obey
    ("The lid no longer opens for me, my husband does it without trouble.", {"weakness": "present"}),
    ("The tap no longer turns for me", {"weakness": "present"}),
    ("The old tin opener no longer turns in my hand.", {"weakness": "present"}),
    ("The twitching has spread from my calf to my thigh, and my buttons no longer close for me.", {"weakness": "present", "spreading": "present"}),
    ("Why don't my fingers obey me lately?", {"weakness": "present"}),
    ("Why will my left foot not lift off the pedal?", {"weakness": "present"}),
    ("Why can't my legs do stairs anymore", {"weakness": "present"}),
    ("My eyelid twitched and the twitch is no longer there.", {"twitching": "historical"}),
    ("My arm was numb last week, and the numbness is no longer there.", {"numbness": "historical"}),
    ("I had slurred speech, and the problem no longer exists.", {"speech_difficulty": "historical"}),
    # tripping
    ("I've begun to trip. What if it is ALS?", {"weakness": "present"}),
    ("I start tripping, fall, and twitch.", {"weakness": "present"}),
    ("what if I start tripping, or choke one day", {"weakness": "hypothetical"}),
    ("I'm afraid I'll start to trip.", {"weakness": "hypothetical"}),
    # an illness that took somebody's strength
    ("ALS stole my uncle's voice. My calf twitches.", {"speech_difficulty": "family", "twitching": "present"}),
    ("ALS took my dad's legs. My lip twitches.", {"weakness": "family", "twitching": "present"}),
    ("This illness is taking my strength bit by bit.", {"weakness": "present"}),
    # nurses called sister, and sisters
    ("Ward sister, so I know the list: no slurring, no wasting. The arch of my foot twitches.",
     {"speech_difficulty": "absent", "atrophy": "absent", "twitching": "present"}),
    ("Retired ward sister: dropping syringes for a month.", {"weakness": "present"}),
    ("My sister, on the stroke ward, had slurred speech. I have a jumpy thumb.", {"speech_difficulty": "family"}),
    ("The ward sister slurs her words since this morning.", {"speech_difficulty": "present"}),
    # those in one's care
    ("The gentleman I look after has had slurred speech since breakfast.", {"speech_difficulty": "present"}),
    ("The lady we clean for woke up today and her words were all muddled. No pain.", {"speech_difficulty": "present"}),
    ("The lady I care for has weakness in her legs. Me, my calf twitches.", {"weakness": "family"}),
    ("The woman I care for slurs since her stroke. My eyelid twitches, no other trouble.", {"speech_difficulty": "family"}),
    # asked of others, said of one's own; stories
    ("Do people with twitchy calves end up having seizures? Mine has been at it for a week.", {"seizure": "hypothetical"}),
    ("Are weak grips a sign of ALS? Mine has been weak since May.", {"weakness": "present"}),
    ("My story: weak left hand for two months.", {"weakness": "present"}),
    ("I read a story: a man with weak hands.", {"weakness": "hypothetical"}),
    # grooves
    ("There's a gutter between my thumb and first finger bones on the left hand.", {"atrophy": "present"}),
    ("deep hollows along the tendons of his right hand, other one is flat", {"atrophy": "present"}),
    # spent
    ("After the shift I am completely spent, eyelid flickers.", {"fatigue": "present"}),
]
NOT_THERE = [
    ("I go weak at the knees when he looks at me, thumb twitches since Tuesday.", "weakness"),
    ("My knees went weak when he proposed last night, so romantic. Eyelid twitch today.", "weakness"),
    ("The app no longer opens for me, calf twitches.", "weakness"),
    ("Why won't my eyelid stop twitching?", "weakness"),
    ("Circuit breaker started tripping, eyelid twitches.", "weakness"),
    ("The climb took my strength. Calf twitches.", "weakness"),
    ("The divorce took all my strength. Eyelid twitching for 10 days.", "poisoning"),
    ("We spent hours driving, calf twitch", "fatigue"),
    ("Spent a night in hospital. Calf twitches.", "fatigue"),
    ("The muscle that goes from my neck to my shoulder twitches", "spreading"),
    ("I see ALS signs everywhere since my calf twitches", "spreading"),
    ("My left eyelid twitches when I blink, the right one does not.", "spreading"),
    ("I started physio for my left knee and the right one did it too. My lip twitches.", "spreading"),
    ("The hollow at the base of my thumb has always been there. It twitches.", "atrophy"),
    ("My sleep is much better, but the twitch in my calf has been there for a month.", "improving"),
]
THERE = [
    ("I am weak at the knees since this morning and can hardly stand.", "weakness"),
    ("Weak in the knees whenever I climb stairs.", "weakness"),
    ("I keep tripping, is that bad?", "weakness"),
    ("Sleeping better since magnesium and the twitching is better too, 4 weeks.", "improving"),
    ("I took all my tablets, my strength is gone.", "poisoning"),
    ("My left calf has been jumping since Monday, the right one does the same now", "spreading"),
    ("My left thumb started twitching last week, the right one followed yesterday.", "spreading"),
    ("It began in the right thumb on Friday and the left one joined yesterday", "spreading"),
    ("Left eyelid twitched, now right one does it instead.", "spreading"),
    ("It started where the neck runs into the shoulder and is now in my thigh.", "spreading"),
    ("I see my muscles jumping everywhere.", "spreading"),
]
DAYS = [
    ("Thumb flickers since yesterday's exam", 1),
    ("since last night's shift my eye twitches", 1),
    ("thumb twitch since yesterdays gym", 1),
    ("Yesterday's blood results are fine, my calf twitches for 3 weeks.", 21),
    ("twitch started in foot, then thigh, all of it in ten days", 10),
    ("it moved from toe to knee in three days", 3),
    ("Doctor upped my dose on Monday. Since yesterday I sweat, shake and my arms twitch.", 1),
    ("My calf twitches for a month. Since yesterday I have a headache and the calf jumps more.", 30),
    ("Calf jumped all summer, then a lull; back since Tuesday.", 5),
    ("Lip twitch: five weeks in spring, then bliss. Since Friday it has returned.", 2),
    ("It has twitched for a month and gives me no peace, worse again since Friday.", 30),
    ("My eyelid has twitched for a month, no peace. I'm back at work since Friday.", 30),
]
PLACES = [
    ("uper tigh flickers", {"thigh"}),
    ("twitch in my sholder blaid", {"back"}),
    ("Why doesn't my thumb stop twitching?", {"thumb"}),
    ("It is not my calf, it is my thigh that twitches.", {"thigh"}),
    ("Do eyelids that flicker lead to strokes? Mine's been at it since Friday", {"eyelid"}),
    ("Is twitching in the calves dangerous? Mine never twitch.", set()),
    ("Current story: ankle twitching, two days.", {"ankle"}),
]
FLAGS = [
    # how often, and since when
    ("My pen falls from my fingers all day.", {"progressive_weakness"}),
    ("All day long I drop things.", {"progressive_weakness"}),
    ("My hand has been weak all day", {"stroke_signs"}),
    # one spot, two names
    ("The place where my jaw runs into my neck flickers, three days", set()),
    ("twitch in the corner where my arm joins the chest", set()),
    ("The twitch runs from my shoulder to my thumb.", {"spreading"}),
    # what is better beside the twitch
    ("Mood far better since therapy, calf still twitches after 3 weeks", {"persistent_twitching"}),
]


@pytest.mark.parametrize(("text", "expected"), SYMPTOMS)
def test_what_is_said_of_each(text: str, expected: dict[str, str]) -> None:
    found = asserted(text)
    assert {code: found.get(code) for code in expected} == expected


@pytest.mark.parametrize(("text", "code"), NOT_THERE)
def test_what_only_looks_alike(text: str, code: str) -> None:
    assert code not in counting(text)


@pytest.mark.parametrize(("text", "code"), THERE)
def test_what_is_not_hidden(text: str, code: str) -> None:
    assert code in counting(text) | ({"weakness"} if "rapid_weakness" in counting(text) else set())


@pytest.mark.parametrize(("text", "days"), DAYS)
def test_how_long(text: str, days: float) -> None:
    assert course(text) == days


@pytest.mark.parametrize(("text", "places"), PLACES)
def test_where(text: str, places: set[str]) -> None:
    assert set(sites(text)) == places


@pytest.mark.parametrize(("text", "flags"), FLAGS)
def test_which_flags(text: str, flags: set[str]) -> None:
    assert set(assess_findings(findings(text)).red_flags) == flags
