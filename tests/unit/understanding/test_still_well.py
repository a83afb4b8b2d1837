"""What people do as ever is noted as absent; the same words with trouble in them are not."""
from __future__ import annotations

import pytest

from .build import asserted, counting

WELL = [
    ("Granny still kneads her bread every Friday. Only a lid hops", "weakness"),
    ("he can still drag the boat up the slip, his shin flickers", "weakness"),
    ("I hammer, saw and carry planks same as ever, thumb jumps", "weakness"),
    ("ladders I climb like before, sacks I carry, only my cheek jumps", "weakness"),
    ("Strength is all there", "weakness"),
    ("She has never dropped so much as a cup", "weakness"),
    ("Grandad chats away nineteen to the dozen, only his thumb ticks", "speech_difficulty"),
    ("nobody in the office has any trouble understanding me", "speech_difficulty"),
    ("Siri understands me first time", "speech_difficulty"),
    ("I called the raffle on Saturday and nobody asked me to repeat a number", "speech_difficulty"),
    ("supper goes down no bother", "swallowing_difficulty"),
    ("just demolished a whole pizza with zero problems", "swallowing_difficulty"),
    ("She eats and drinks without so much as a cough", "swallowing_difficulty"),
    ("the scales have not budged since spring", "weight_loss"),
    ("weighs just what he did at Christmas", "weight_loss"),
    ("bowels are fine and I have all the feeling between my legs", "saddle_numbness"),
    ("nothing has gone dead on me", "numbness"),
]
ILL = [
    ("I can still open jars but my left foot slaps the floor", "weakness"),
    ("He can hardly lift the kettle any more", "weakness"),
    ("my dinner goes down the wrong way and I splutter", "swallowing_difficulty"),
    ("nobody understands me on the phone any more", "speech_difficulty"),
    ("the scales say eight kilos less and I eat as ever", "weight_loss"),
    ("my upper lid keeps shutting all by itself, I hold it open with a finger", "vision_problem"),
    ("the flesh at the bottom of my thumb has melted, as if somebody scooped it out", "atrophy"),
    ("I have a bit of a shake in one hand when I hold the cup", "tremor"),
    ("both my hands have cramped up into claws", "cramping"),
    ("the outside of my foot is dead to the touch", "numbness"),
]
NOT_HERE = [
    ("The lads were killing themselves laughing at my winking eye", "suicidal_thoughts"),
    ("puking for two days, can't even hold down a sip of water, my fingers twitch", "weakness"),
    ("I eat like a horse and my calf twitches", "swallowing_difficulty"),
    ("twelve days of twitching and I am kind of losing it", "rapid_weakness"),
    ("my uncle had Bell's palsy, his mouth drooped for six weeks", "facial_droop"),
    ("I get out of breath running for the train like anybody", "breathing_difficulty"),
    ("the concert left me breathless with delight", "breathing_difficulty"),
    ("woke with a numb arm from sleeping on it", "one_sided_weakness"),
    ("hoarse after cheering at the match", "speech_difficulty"),
    ("wanting to die of embarrassment when my eye winks at strangers", "suicidal_thoughts"),
]
ASSERTED = [
    ("I had a fit with a fever when I was three, and never another one. Now my cheek flickers", "seizure", "historical"),
    ("Does the weakness arrive overnight or creep in?", "weakness", "hypothetical"),
    ("Will my voice go one day? My calf twitches", "speech_difficulty", "hypothetical"),
    ("The flicker in my calf surely means I'll be choking on my dinner soon", "swallowing_difficulty", "hypothetical"),
    ("threw up all weekend from bad prawns, totally over that now, my hand twitches since yesterday", "vomiting", "historical"),
    ("My da got a terrible shake in both hands in his fifties. My finger has been fluttering for a week", "tremor", "family"),
    ("Gran had motor neurone disease. First she slurred, then she couldn't swallow her own tea. I have a thumb that jumps", "swallowing_difficulty", "family"),
    ("my sister clocked it first: one thigh is thinner, and it has been twitching for three weeks", "twitching", "present"),
]


@pytest.mark.parametrize(("text", "code"), WELL)
def test_what_is_done_as_ever_is_absent(text: str, code: str) -> None:
    assert asserted(text).get(code) == "absent"


@pytest.mark.parametrize(("text", "code"), ILL)
def test_trouble_in_the_same_words_is_there(text: str, code: str) -> None:
    assert code in counting(text)


@pytest.mark.parametrize(("text", "code"), NOT_HERE)
def test_ordinary_talk_raises_nothing(text: str, code: str) -> None:
    assert code not in counting(text)


@pytest.mark.parametrize(("text", "code", "assertion"), ASSERTED)
def test_whose_and_when(text: str, code: str, assertion: str) -> None:
    assert asserted(text).get(code) == assertion


PRESENT_ALL_THE_SAME = [
    ("my wife died two years ago and I want to kill myself", "suicidal_thoughts"),
    ("my son died eight years ago and I want to end my life", "suicidal_thoughts"),
    ("I got my diagnosis 7 years ago I plan to end my life", "suicidal_thoughts"),
    ("I picked the bridge to walk off", "suicidal_thoughts"),
    ("I climb stairs and my legs give way easily", "weakness"),
    ("my tea goes down the wrong way like always", "swallowing_difficulty"),
    ("she eats dinner and coughs as usual, it goes down the wrong way", "swallowing_difficulty"),
    ("he talks loud but slurs his words easily", "speech_difficulty"),
    ("he gave a speech and slurred every word", "speech_difficulty"),
    ("my arm is numb and then the movement came back a bit", "numbness"),
    ("slurred speech when I was five minutes into the call", "speech_difficulty"),
    ("my arm went weak when I was about two miles from home", "weakness"),
    ("if any food goes down I choke", "swallowing_difficulty"),
    ("my left arm is weak, and she has none", "weakness"),
    ("very cramped calves at night", "cramping"),
    ("grip right 52 -> 44 -> 31 kg, I plan to see a doctor", "weakness"),
    ("I can't hold even a cup any more", "weakness"),
    ("my uncle's face has drooped since this morning", "facial_droop"),
    ("I get out of breath running a bath", "breathing_difficulty"),
    ("my voice is slurred and hoarse", "speech_difficulty"),
    ("he keeps talking about killing himself over it", "suicidal_thoughts"),
    ("my arm has gone numb all over this side", "numbness"),
    ("Strength in my left hand: gone.", "weakness"),
    ("two years ago I started wanting to die, and I want to", "suicidal_thoughts"),
    ("for two years I have been wanting to die", "suicidal_thoughts"),
    ("I wanted to die two years ago and I still do", "suicidal_thoughts"),
    ("six years ago I thought about ending my life and I still do", "suicidal_thoughts"),
    ("when I got back in my legs gave way", "weakness"),
    ("I can barely get my toast down", "swallowing_difficulty"),
    ("I'm not sure if my speech is slurred", "speech_difficulty"),
    ("can't sit still, shaking, soaked in sweat, burning hot since the new tablets", "tremor"),
    ("as if somebody had poured stout in the toilet, my wee is that dark", "dark_urine"),
    ("my dad still walks the dog but he slurs his words", "speech_difficulty"),
    ("Gran talks nineteen to the dozen but nobody understands a word since this morning", "speech_difficulty"),
]


NOT_WELL = [
    ("he walks and trips easily", "weakness"),
    ("I can feel the seat only on one side", "saddle_numbness"),
    ("all the feeling between my legs is gone", "saddle_numbness"),
    ("nothing gets stuck except meat", "swallowing_difficulty"),
    ("everything he lifts, he drops", "weakness"),
    ("a stumble over my words all day", "speech_difficulty"),
    ("she has done the swallowing test and failed", "swallowing_difficulty"),
]
DENIED = [
    ("he can not report fever, fits, vomiting", "seizure"),
    ("I could not find any weakness, numbness, tingling", "numbness"),
]


@pytest.mark.parametrize(("text", "code"), NOT_WELL)
def test_what_fails_is_not_told_to_be_well(text: str, code: str) -> None:
    assert asserted(text).get(code) != "absent"


@pytest.mark.parametrize(("text", "code"), DENIED)
def test_a_list_of_what_was_not_found_is_denied(text: str, code: str) -> None:
    assert code not in counting(text)


@pytest.mark.parametrize(("text", "code"), PRESENT_ALL_THE_SAME)
def test_words_of_health_beside_a_sign_hide_nothing(text: str, code: str) -> None:
    assert code in counting(text)
