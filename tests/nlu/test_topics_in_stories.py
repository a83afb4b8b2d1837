"""Questions inside longer messages, two questions at once, follow-ups; and reports that ask nothing."""
from __future__ import annotations

import pytest

from twitchwise.nlu.intents import IntentReader


@pytest.mark.parametrize(("text", "topics"), [
    ("my left thumb has been hopping for ten days, it doesn't hurt. could it be all the cola I get through?", {"cause_caffeine"}),
    ("I drink six espressos a day and now my arm jumps. could that be it?", {"cause_caffeine"}),
    ("no weakness, no numbness. just my calf, two weeks now. which doctor deals with that?", {"which_doctor"}),
    ("My son is 14 and his eyelid keeps going. He games until midnight. Is it the screen?", {"eyelid_twitch"}),
    ("it started after leg day on Tuesday and hasn't stopped, is it from the squats", {"cause_exercise"}),
    ("left foot, nine days. does magnesium help and do I need an MRI?", {"supplements", "mri"}),
    ("what is an EMG and does it hurt? also how much water should a person drink", {"emg", "hydration"}),
    ("the neurologist wants a nerve conduction study on Monday, what do they do there?", {"nerve_conduction_study"}),
    ("my forearm flickers since the weekend, I'm scared it's ALS. is it?", {"is_it_als"}),
    ("yes, both calves. by the way does beer make it worse?", {"alcohol"}),
    ("no. what about stretching?", {"stretching"}),
    ("and green tea?", {"cause_caffeine", "reduce_caffeine"}),
    ("how long does that usually take to go away?", {"how_long_it_lasts"}),
    ("my arm jumps since I changed to sertraline last month, any connection?", {"cause_medication"}),
])
def test_topics(intents: IntentReader, text: str, topics: set[str]) -> None:
    found = [topic.code for topic in intents.read(text).topics]
    assert found
    # a caffeine question may be read either way; of two questions both are found
    assert topics & set(found) if len(topics) == 1 or "reduce_caffeine" in topics else topics <= set(found)
    assert found[0] in topics


@pytest.mark.parametrize("text", [
    "my left calf has been twitching for three weeks now",
    "I keep dropping my keys and my grip is not what it was",
    "no, nothing like that",
    "about ten days, on and off, mostly in the evening when I sit on the sofa",
    "when I lie on my back my shoulder starts to flutter",
    "sorry, I meant the right leg and not the left one",
    "thanks, that helps a lot",
    "can you delete everything you know about me?",
    "what do you mean by breathless?",
    "why are you asking me about my weight?",
    "what time does the library close?",
    "my knee is swollen and red, what cream should I use?",
    "asdfgh jkl qwertz",
    "wie lange dauert das noch?",
])
def test_no_topics(intents: IntentReader, text: str) -> None:
    assert intents.read(text).topics == ()
