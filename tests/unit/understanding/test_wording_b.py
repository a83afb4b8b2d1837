"""Ways to tell of what the hand no longer holds, of what goes next, of a relative's illness, and of days: with what must not change."""
from __future__ import annotations

import pytest

from .build import asserted, course, sites

ASSERTED = [
    # what is held, and what only looks like it
    ("Holding a pen longer than a minute is impossible now, it slips right out of my fingers.", {"weakness": "present", "incontinence": None}),
    ("hanging on to my phone for a few minutes is hopeless, it falls right out of my hand", {"weakness": "present", "incontinence": None}),
    ("I can not hold a fork anymore, it just slides out on me.", {"weakness": "present", "incontinence": None}),
    ("can't keep my hairdryer up long enough to dry my hair", {"weakness": "present"}),
    ("I cannot keep the camera up for longer than a few shots.", {"weakness": "present"}),
    ("I can hold my arms up long enough to wash my hair", {"weakness": None}),
    ("I can not keep my phone up to date", {"weakness": None}),
    ("my poo just slides out, I feel nothing", {"incontinence": "present"}),
    ("I can't hold my pee, it just runs out", {"incontinence": "present"}),
    ("the pen is broken, it just falls out of the case", {"incontinence": None}),
    # a lift that set it off
    ("quad flickering since I pulled a deadlift PR yesterday", {"twitching": "present", "weakness": None}),
    ("biceps jumping the day after I hit a new bench PR", {"weakness": None}),
    ("I hit a bench PR, only my lid twitches", {"weakness": "absent"}),
    ("after hitting a squat PR my legs will not hold me", {"weakness": "present"}),
    # what goes next
    ("eyelid twitch, scared the next thing to go is my voice or my swallowing", {"swallowing_difficulty": "hypothetical", "speech_difficulty": "hypothetical"}),
    ("terrified that the first part to go will be my grip", {"weakness": "hypothetical"}),
    ("The first thing to go was the grip in my left hand.", {"weakness": "present"}),
    ("what if my breathing is the next thing to go", {"breathing_difficulty": None}),
    ("should I watch for weight loss or trouble breathing?", {"weight_loss": "hypothetical", "breathing_difficulty": "hypothetical"}),
    ("weight loss and trouble breathing for a month", {"weight_loss": "possible", "breathing_difficulty": "present"}),
    ("a weight on my chest when breathing", {"breathing_difficulty": "present"}),
    # doubt
    ("I think I'm swallowing kinda funny, maybe", {"swallowing_difficulty": "possible"}),
    ("could be swallowing differently, not sure", {"swallowing_difficulty": "possible"}),
    ("he swallows funny lately and coughs on tea", {"swallowing_difficulty": "present"}),
    ("I am swallowing fine, no weirdness", {"swallowing_difficulty": "absent"}),
    ("my right arm may not be as strong as before", {"weakness": "possible"}),
    ("maybe my leg might not be as strong as it used to be", {"weakness": "possible"}),
    ("My leg is not as strong as it used to be.", {"weakness": "present"}),
    ("my thumb muscle looks scooped out next to the other one", {"atrophy": "present"}),
    ("the muscle looks a bit thin maybe", {"atrophy": "possible"}),
    # a relative's illness, told to ask of oneself
    ("Dad was diagnosed with MS at 40, for him it was a numb foot and blurred vision. I have an eyelid twitch.",
     {"numbness": "family", "vision_problem": "family", "twitching": "present"}),
    ("my sister was diagnosed with MS, it started with double vision. could I get it?", {"vision_problem": "family"}),
    ("gran died with parkinsons, her hands shook. will I get it too?", {"tremor": "family"}),
    ("my wife has MS and her face is drooping, should I be worried", {"facial_droop": "present"}),
    ("my mum was diagnosed with MND and now she cannot swallow. am I at risk?", {"swallowing_difficulty": "present"}),
    ("I was diagnosed with MS and my legs are numb", {"numbness": "present"}),
    # what used to be went away, not what stood before it
    ("bicep twitching since March, I used to get cramps in my feet but that went away", {"twitching": "present", "cramping": "historical"}),
    ("I used to have twitching in my eye but it went away", {"twitching": "historical"}),
    ("twitch in my thumb and tingling, it went away", {"twitching": "historical"}),
    # slang, and what it must not hide
    ("dead ass my calf won't stop twitching", {"saddle_numbness": None, "twitching": "present"}),
    ("my ass is dead and numb since the fall", {"saddle_numbness": "present"}),
    ("numb legs, dead ass, cannot pee", {"saddle_numbness": "present"}),
    ("I fell flat on my face and my foot drags", {"rapid_weakness": "present"}),
    # a reading without the word
    ("they doubled my Zoloft and since last night I'm at 102.5, soaked", {"fever": "present"}),
    ("I'm at 102.5 kg and happy", {"fever": None}),
]


@pytest.mark.parametrize(("text", "expected"), ASSERTED)
def test_assertions(text: str, expected: dict[str, str | None]) -> None:
    found = asserted(text)
    assert {code: found.get(code) for code in expected} == expected


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("my ass cheek keeps twitching", {"buttock"}),
        ("twitch in the left cheek of my butt", {"buttock"}),
        ("the twitching is in my right cheek, near the mouth", {"cheek"}),
        ("I face planted on the stairs because my foot drags", {"foot"}),
        ("my face twitches when I plant tomatoes", {"face"}),
        ("left glute cheek jumping", {"buttock"}),
        ("I fell flat on my face and my foot drags", {"foot"}),
        ("I worked my ass off, forearm twitching", {"forearm"}),
        ("the leg day kicked my ass, quad twitching", {"thigh"}),
        ("weird ass twitch in my calf", {"calf"}),
        ("long ass shift, my ass twitches now", {"buttock"}),
        ("my hnads are nubm and my clafs twicth", {"hand", "calf"}),
        ("sore nekc and a twitchin claf", {"neck", "calf"}),
    ],
)
def test_places(text: str, places: set[str]) -> None:
    assert set(sites(text)) == places


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("started around Veterans Day, my ankle does a flutter", 11),
        ("since labour day my calf jumps", 76),
        ("my speech is fine, but in ten days it travelled from eyelid to calf", 10),
        ("within a week the twitch jumped to my other leg", 7),
        ("no twitching today, no cramps", None),
        ("it doesn't twitch today, it started yesterday", 1),
        ("my lip twitched a couple times today", 1),
        ("calf twitched 5 times today, still as bad as ever", None),
        ("they raised my dose on Thursday and since yesterday my calf twitches", 1),
        ("I quit coffee on Friday and my arm twitches since then", 2),
        ("I sprayed weeds all morning, now my eyelids twitch", 0.5),
        ("had the runs since yesterday, and now my calves twitch", None),
        ("I worked all day, eyelid twitching for ages", None),
        ("The first thing to go was my grip. Twitching.", None),
    ],
)
def test_days(text: str, days: float | None) -> None:
    assert course(text) == days
