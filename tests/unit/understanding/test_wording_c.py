"""Notes of carers, lists with values and calques of second languages: own sentences of the kinds that an unseen set got wrong."""
from __future__ import annotations

import pytest

from .build import asserted, counting, course, findings, sites

THERE = [
    ("My wife cannot lift the saucepan with her left hand", "weakness"),
    ("Neighbour can not carry his own shopping since last month, he asks you for advice", "weakness"),
    ("Teeth remain closed, not even a straw goes in since this morning", "lockjaw"),
    ("His jaw stays locked, a spoon will not fit in", "lockjaw"),
    ("the urine comes by itself since two days, I am thirty", "incontinence"),
    ("pee runs out without any control", "incontinence"),
    ("after one floor I must stop for to take air", "breathing_difficulty"),
    ("grandma needs to rest to get her breath between bed and bathroom", "breathing_difficulty"),
    ("I lost all the force of my right hand", "weakness"),
    ("my strength drops every week", "weakness"),
    ("he lost every force in both hands", "weakness"),
    ("her speaking goes away by evening", "speech_difficulty"),
    ("First her talking went, then the swallowing", "swallowing_difficulty"),
    ("something is eating my muscle at the thumb", "atrophy"),
    ("like someone cut the flesh out of my thigh", "atrophy"),
    ("my legs carry me badly since spring", "weakness"),
    ("the right leg is ok but the left buckles", "weakness"),
    ("Blackout? I had one this morning. Which of these tests do I need?", "seizure"),
    ("my hand is weak? which of these exercises helps", "weakness"),
    ("My problem is stairs, I cannot get up them", "weakness"),
    ("Signs today:\n- speech: slurred since noon\n- arm: ok", "speech_difficulty"),
]
NOT_THERE = [
    ("I lift bags that my husband cannot lift", "weakness"),
    ("Could this twitching, over time, destroy the muscle?", "atrophy"),
    ("This flutter, might it weaken my hand?", "weakness"),
    ("Choking? Fainting? Cola urine? Which of these means today?", "seizure"),
    ("Slurring? Droopy face? Are any of these urgent?", "facial_droop"),
    ("My colleague claims people with twitching always lose the voice", "speech_difficulty"),
    ("small tremor of the foot while asleep at night, 5 min, did not wake", "seizure"),
    ("hand twitching whilst asleep", "numbness"),
    ("Power was lost in our street, I cook on gas", "weakness"),
    ("Absent:\n- weakness: none\n- numbness: none", "weakness"),
    ("the legs are tired but carry me up the hill without a problem", "weakness"),
    ("I cook in a hotel kitchen and my calf flickers", "overheating"),
    ("My jaw stays shut when I sleep, the dentist is happy", "seizure"),
]
DOUBTED = [
    ("70 % sure that my left calf is thinner", "atrophy"),
    ("Perhaps I imagine it, but the grip is weaker", "weakness"),
    ("I could not swear to it, but his words sound slurred", "speech_difficulty"),
]
DAYS = [
    ("Resident, 88 y: lip flickers, 2 wks", 14),
    ("calf twitch quiet all spring, then again, now it is six days", 6),
    ("* twitch, left calf, 3 months: same\n* twitch, right calf: new since Friday", 90),
    ("my calf twitched all summer", 92),
    ("twitching in the thigh, 3 y, no weakness", 1095),
]
PLACES = [
    ("I have jumping in the eyelid", "eyelid"),
    ("a popping by my shoulder blade since Monday", "back"),
    ("My mother she has hopping under the left eye since her exam", "eyelid"),
]


@pytest.mark.parametrize(("sentence", "code"), THERE)
def test_what_is_told_counts(sentence: str, code: str) -> None:
    assert code in counting(sentence)


@pytest.mark.parametrize(("sentence", "code"), NOT_THERE)
def test_what_is_not_told_does_not_count(sentence: str, code: str) -> None:
    assert code not in counting(sentence) | {each.code for each in findings(sentence, "signal")}


@pytest.mark.parametrize(("sentence", "code"), DOUBTED)
def test_doubt_is_possible(sentence: str, code: str) -> None:
    assert asserted(sentence)[code] == "possible"


@pytest.mark.parametrize(("sentence", "days"), DAYS)
def test_days_of_notes(sentence: str, days: float) -> None:
    assert course(sentence) == pytest.approx(days, rel=0.08)


@pytest.mark.parametrize(("sentence", "place"), PLACES)
def test_jumping_in_a_place_is_a_twitch_of_it(sentence: str, place: str) -> None:
    assert place in sites(sentence) and "twitching" in counting(sentence)


def test_a_row_of_dated_weights_needs_its_unit_once() -> None:
    row = "No diet, same sport. 02 Jul 81.0 kg; 02 Aug 79.1; 02 Sep 77.4; 02 Oct 75.0"
    assert "weight_loss" in counting(row)


def test_a_relatives_story_in_a_sentence_part() -> None:
    story = asserted("My eyelid flickers; with my uncle the talking went first, then the swallowing, it was ALS")
    assert {story.get("speech_difficulty"), story.get("swallowing_difficulty")} == {"family"}


FEARED = [
    ("Is there any risk that my throat closes one night?", "breathing_difficulty"),
    ("Half expecting my hands to go weak", "weakness"),
    ("Only a matter of time until I cannot hold a spoon", "weakness"),
    ("My fear: one day I can't swallow.", "swallowing_difficulty"),
    ("The chatbot listed seizures, wasting and slurred speech.", "seizure"),
    ("Safety net advice: blackouts, chest pain, weakness.", "chest_pain"),
    ("She wanted to know whether I had lost weight.", "weight_loss"),
    ("He enquired about weakness and numbness.", "weakness"),
    ("Suppose one day I could not raise my arm.", "weakness"),
    ("I scan my tongue every night for signs of wasting.", "atrophy"),
    ("Dreamt that I was slurring", "speech_difficulty"),
    ("come back straight away if your foot drops, they said", "weakness"),
]
GIVEN = [
    ("My biggest fear: my hand cannot hold a cup any more since May", "weakness"),
    ("My worst fear is happening: I can't lift my arm", "weakness"),
    ("praying it is not a stroke, my face has dropped", "facial_droop"),
    ("hope it is not als and I can't hold a pen", "weakness"),
    ("waiting for the ambulance, chest pain", "chest_pain"),
    ("please ring me if you can, I cannot swallow", "swallowing_difficulty"),
    ("the chatbot told me to ring you as my arm is weak", "weakness"),
    ("the nightmare is that I can't swallow my food any more", "swallowing_difficulty"),
    ("My sister keeps asking if I am drunk because I slur", "speech_difficulty"),
    ("is there a chance this weakness in my arm goes away", "weakness"),
    ("I looked at my calf for an hour and it is thinner", "atrophy"),
    ("Should weakness like this be seen today?", "weakness"),
]


@pytest.mark.parametrize(("sentence", "code"), FEARED)
def test_what_is_feared_asked_or_read_is_not_there(sentence: str, code: str) -> None:
    assert code not in counting(sentence)


@pytest.mark.parametrize(("sentence", "code"), GIVEN)
def test_what_is_told_beside_a_fear_is_there(sentence: str, code: str) -> None:
    assert code in counting(sentence)


STILL_THERE = [
    ("call me back if you have time: chest pain", "chest_pain"),
    ("she says everyone always hears me slur", "speech_difficulty"),
    ("My biggest worry is my hand, it can't grip", "weakness"),
    ("Reddit says wait but my speech is slurred since noon", "speech_difficulty"),
    ("safety advice said call for chest pain and I have chest pain now", "chest_pain"),
    ("Leaflet lists confusion and I am confused since the new tablets", "confusion"),
    ("shall I lose my other hand too, the right is already weak", "weakness"),
    ("is there a risk to wait with slurred speech since this morning", "speech_difficulty"),
    ("What I have:\n- arm: weak\n- face: drooping since noon", "facial_droop"),
]


@pytest.mark.parametrize(("sentence", "code"), STILL_THERE)
def test_new_cues_hide_nothing_that_is_told(sentence: str, code: str) -> None:
    assert code in counting(sentence)
