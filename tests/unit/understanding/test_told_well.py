"""Ability and normality told in other words, and the courses of such messages, in own sentences with their near misses."""
from __future__ import annotations

import pytest

from twitchwise.understanding.reader import load_reader

from .build import asserted, counting

WELL = [
    ("Neuro exam at home: heel walk, toe walk, hopping. Passed all of it. Only the shin flickers", "weakness"),
    ("Gran eats, natters and gets herself to bed as ever, but her lid twitches", "weakness"),
    ("he still bounds up the stairs, only his shin flickers", "weakness"),
    ("weakness=0; twitching=1 (shin)", "weakness"),
    ("weight delta = 0 kg, only a lid flickers", "weight_loss"),
    ("swallowing: nominal, only a lid flickers", "swallowing_difficulty"),
    ("crackers and pills go down at normal speed, thumb hops", "swallowing_difficulty"),
    ("nobody has to ask me to repeat myself, my cheek flickers", "speech_difficulty"),
    ("no pain, head clear, a flicker in the cheek", "confusion"),
    ("He is not hot and he eats, his lid twitches", "fever"),
]
ILL = [
    ("weakness=1, left hand", "weakness"),
    ("bread goes down badly and water makes me cough", "swallowing_difficulty"),
    ("chips go down without any trouble but bread sticks in my throat", "swallowing_difficulty"),
    ("nobody can understand me on the phone", "speech_difficulty"),
    ("Getting out of the bath has become a two man job", "weakness"),
    ("Over the last year my legs have got so that I need a rail and somebody pushing from behind to get upstairs", "weakness"),
    ("twelve weeks of thumb twitching - no, 2, sorry", "twitching"),
    ("toe walk fine. Calf pops, 5 days", "twitching"),
    ("my arm shrank in 2021 and it never came back, and now the right is going too", "spreading"),
    ("My dad has Parkinson's so his tremor is nothing new. But his eyelid has begun to twitch.", "tremor"),
    ("I have MS and my left hand has gone weak", "weakness"),
    ("(a) my grip is weak (b) I choke on tea (c) what should I do?", "weakness"),
]
NOT_HERE = [
    ("Sophomore year I passed out in the gym, never again. Now my thumb twitches", "seizure", "historical"),
    ("2018: forearm shrank in plaster, regained its full size by summer. Now a thumb twitch", "atrophy", "historical"),
    ("Questions: (a) does weakness always come first? (b) at what stage would speech go?", "weakness", "hypothetical"),
    ("My wife, who I care for, has MND and can't swallow. I have a twitchy lid.", "swallowing_difficulty", "family"),
    ("If it went on for long enough, could the muscle waste away?", "atrophy", "hypothetical"),
]
COURSES = [
    ("Eyelid fluttered all through March, vanished by April, restarted two days ago.", 2.0),
    ("Six weeks since my lip started up, just one flutter the whole of yesterday.", 42.0),
    ("My mum's lid twitches. She's on day 6 and still climbs the stairs.", 6.0),
    ("Chin quivers, day 3 of my holiday, started 9 days ago", 9.0),
    ("It's the fifth day today that my lip flickers.", 5.0),
    ("w1 60 twitches, w2 41, w3 (now) 9, left calf", 21.0),
    ("At teatime his speech went all slurred.", 0.5),
    ("I've been teetotal since 1990. My shoulder twitches for 3 days.", 3.0),
    ("The flutter has been there since my 21st birthday party, which was 12 days ago.", 12.0),
    ("Last month I played squash for an hour. Calf twitches", None),
]


@pytest.mark.parametrize(("text", "code"), WELL)
def test_told_well_is_absent(text: str, code: str) -> None:
    assert asserted(text).get(code) == "absent"


@pytest.mark.parametrize(("text", "code"), ILL)
def test_a_present_sign_stays(text: str, code: str) -> None:
    assert code in counting(text)


@pytest.mark.parametrize(("text", "code", "assertion"), NOT_HERE)
def test_what_is_not_here(text: str, code: str, assertion: str) -> None:
    assert asserted(text).get(code) == assertion


@pytest.mark.parametrize(("text", "days"), COURSES)
def test_the_course(text: str, days: float | None) -> None:
    found = [item.days for item in load_reader().read(text).findings if item.kind == "duration" and item.role == "course"]
    assert found == ([] if days is None else [days])
