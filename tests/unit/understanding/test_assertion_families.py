"""Families of wordings that decide an assertion, each with its near misses, in own sentences."""
from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from .build import asserted, counting, reader

OVER = [
    ("In 2016 I had a weak arm after surgery, full recovery within a year. Now my eyelid twitches", "weakness"),
    ("Bell's palsy in '09, everything came back. Now the eyelid twitches", "facial_droop"),
    ("Chest pain in 2015, full recovery after a stent. Now calf twitching", "chest_pain"),
    ("2019 numb right hand, came back good as new after the op. Now lid twitching", "numbness"),
    ("Winter 2018: numb foot for six weeks, slipped disc, all good afterwards. Now: calf twitch.", "numbness"),
    ("I was sick twice on Monday, that's all over now. calf twitching", "vomiting"),
    ("I had fits until I was twelve. Now my thumb twitches", "seizure"),
    ("I was dizzy for a week in March, that's history. Now forearm twitches 2 days", "dizziness"),
    ("One year before I lost ten kilos from grief, then all the weight came back. Knee twitching 3 days.", "weight_loss"),
    ("My left leg was weak after the fall, it's totally fine now. Foot twitch 1 week.", "weakness"),
    ("Bell's palsy in 1994, my cheek sagged for weeks, all put right since. Now the knee twitches", "facial_droop"),
    ("Threw up twice after the fish in June, that is over since long. Now a lid jumps", "vomiting"),
]
NOT_OVER = [
    ("seeing double since noon and it will not go away", "vision_problem"),
    ("my speech is slurred, it hasn't gone away at all", "speech_difficulty"),
    ("my arm went numb and the feeling has not come back to normal", "numbness"),
    ("I used to open every jar in the house and now I can not open one", "weakness"),
    ("no I can't get up the step any more", "weakness"),
    ("without the rail I can't get upstairs", "weakness"),
    ("is it normal at my age that I choke on soup", "swallowing_difficulty"),
    ("it's as if I sat on a cushion, no feeling between my legs", "saddle_numbness"),
    ("slurred speech, MRI totally fine", "speech_difficulty"),
    ("my heart races and my hands shake, breathing's totally fine", "tremor"),
    ("The hollow beside my thumb wasn't there in June.", "atrophy"),
    ("My left bicep is half the size it was in August.", "atrophy"),
    ("There's a dent in my shin that wasn't there last year", "atrophy"),
    ("my arm is weaker than it was last summer", "weakness"),
    ("My EMG was clean two years ago, even so I can't open jars any more.", "weakness"),
    ("last year I ran marathons, all the same I can't get up the stairs", "weakness"),
    ("Bell's palsy in '09. This morning my face is drooping again.", "facial_droop"),
    ("my face dropped this morning, came back good as new by noon", "facial_droop"),
    ("weak left arm since 2019", "weakness"),
    ("2019 weak left hand, 2021 weak left arm, 2023 weak leg", "weakness"),
    ("I had a weak foot after surgery in 2014, it came back last month", "weakness"),
    ("my grip was weak last month, now even worse", "weakness"),
    ("weak grip for a month. Everything was normal in the MRI.", "weakness"),
    ("My words come out slurred. Everything came back normal on the blood tests.", "speech_difficulty"),
    ("started in my calf and now it's all over", "spreading"),
    ("threw up twice today, it's all over the carpet", "vomiting"),
    ("I'm back at work and my hand is numb again", "numbness"),
    ("I have had chest pain since this morning, had a stent in 2012", "chest_pain"),
]
OF_A_RELATIVE = [
    ("dad had mnd. started with a weak hand, then he couldnt walk. i'm 30 and my thumb twitches", "weakness"),
    ("My nan had a stroke: slurred speech, dropped face. Me, I've just a flickering eyelid.", "speech_difficulty"),
    ("an uncle of mine with ALS could not hold a cup. I have a twitch", "weakness"),
    ("my wife slurs since her stroke. i am not asking for her. my foot twitches", "speech_difficulty"),
    ("not asking about my husband, he slurs after his stroke, I ask about myself: sole twitching", "speech_difficulty"),
    ("I care for my uncle, he has Parkinson's, his hands shake. Me, I only have a jumpy lid.", "tremor"),
    ("The mother of my wife cannot swallow since her stroke. I write for my wife: her chin twitches.", "swallowing_difficulty"),
]
NOT_OF_A_RELATIVE = [
    ("Mum of three here, knackered. Lip twitching 5 days.", "fatigue"),
    ("Nurse and mother here: my left hand drops things.", "weakness"),
    ("My mum here says her hand is weak.", "weakness"),
    ("I can't do up the buttons on the baby's coat any more, fingers too weak.", "weakness"),
    ("My brother had fits. Weak hand, 6 days", "weakness"),
    ("My dad has MND. Dropped a cup twice this week, thumb is weak.", "weakness"),
    ("My uncle had MND. Then I started dropping things.", "weakness"),
    ("My dad had ALS. First my hand got weak, then my arm. I am scared.", "weakness"),
    ("I don't ask for me. It is my wife, she speaks slurred since Monday", "speech_difficulty"),
    ("My grandad was fine at breakfast. At noon he did not know his own name or where he was.", "confusion"),
    ("a child has stopped breathing, what do I do", "breathing_difficulty"),
]
ONLY_ASKED = [
    ("can a baby stop breathing from hiccups? mine just twitches in sleep", "breathing_difficulty"),
    ("If I ever start slurring, should I call? And trouble swallowing?", "swallowing_difficulty"),
    ("What are the chances: a) it goes away; b) weakness; c) something else?", "weakness"),
    ("Does everyone with twitching eventually get weak hands", "weakness"),
    ("At which point does one get weak, after weeks or years? calf twitch 4 days", "weakness"),
    ("when should i expect the muscle to shrink", "atrophy"),
    ("Shall I eventually end up with numb hands? So far only a lid flickers", "numbness"),
    ("If somebody's calf shrinks from this disease, does it come back?", "atrophy"),
    ("If it wastes away, will physio help? Only a twitchy shoulder so far", "atrophy"),
    ("If it creeps up the leg, do I ring? For now it's the toe", "rapid_weakness"),
    ("Suppose a hand goes weak, which doctor is it? Mine only twitches", "weakness"),
    ("In my head I'm already in the hospice, unable to lift a spoon. In truth my thumb flickers", "weakness"),
    ("No hurry: does a twitchy muscle always end up wasted? One lid, 3 days", "atrophy"),
    ("At night I am scared I will quit breathing, over a toe that ticks", "breathing_difficulty"),
    ("Do all of us with this get a mushy voice and gag on our food? Chin twitch", "speech_difficulty"),
]
NOT_ONLY_ASKED = [
    ("If it helps: my grip has got weak since May.", "weakness"),
    ("as if I cannot move my leg at all, it feels", "weakness"),
    ("I suppose the weak hand is new", "weakness"),
    ("I can't stop seeing my calf jump and I cannot lift my arm", "weakness"),
    ("If I lift a cup my arm gives way", "weakness"),
    ("Is this slurring ALS? And why do I choke on soup?", "swallowing_difficulty"),
    ("Should I worry? Weak right hand, dropping cups", "weakness"),
    ("Does anybody know a good doctor? I choke on water.", "swallowing_difficulty"),
    ("Can stress do this? Slurred speech since March?", "speech_difficulty"),
    ("does everybody get this? My foot is numb", "numbness"),
    ("what if this is als, I cannot open jars any more", "weakness"),
    ("Wife and I read the leaflet. I slur.", "speech_difficulty"),
]
DENIED = [
    ("Fever is not there, only the lid jumps", "fever"),
    ("Numb is nothing. Only the lid jumps", "numbness"),
    ("Pain have I none, but a twitch in the arm", "pain"),
    ("he's not in pain, only the twitch", "pain"),
    ("Pain: 0/10. Lid twitch.", "pain"),
    ("The leaflet says to watch for trouble swallowing. I have none of that.", "swallowing_difficulty"),
    ("been through every checklist on reddit: no weakness, swallowing fine", "swallowing_difficulty"),
    ("Weakness ❌ numbness ❌ twitching ✅", "weakness"),
    ("heel walk ✅ jars ✅ only the twitch", "weakness"),
    ("I open all the jars at home myself. calf twitches", "weakness"),
    ("She skips, climbs and cartwheels like always, just one eyelid flutters", "weakness"),
    ("talks, sings and plays as usual, one eyelid flutters", "speech_difficulty"),
    ("his smile is even, only the lid twitches", "facial_droop"),
    ("bladder and bowels behave", "incontinence"),
    ("He is perfectly with it, no fever", "confusion"),
    ("Swallowing, chewing, talking: zero problems", "swallowing_difficulty"),
    ("Numbness can be ruled out", "numbness"),
    ("temp 36.7, so no fever", "fever"),
    ("he did not find any weakness", "weakness"),
    ("lifted a washing machine yesterday no problem, I talk totally normal. lid twitch", "weakness"),
    ("Nae weakness, nae numbness, just a jumpy lid", "weakness"),
    ("Nae weakness, nae numbness, just a jumpy lid", "numbness"),
    ("Still deadlifting what I always did, one lid flutters", "weakness"),
    ("She throws her hammer as always, just the eyelid ticks", "weakness"),
    ("Ladder, 6 m, with a toolbox: passed. Lid twitches 2 d", "weakness"),
    ("Reading the news aloud: clear as a bell. Lid twitches", "speech_difficulty"),
    ("Glass of water in one go: passed. Lid twitches", "swallowing_difficulty"),
    ("Puff: plenty. Lid twitches", "breathing_difficulty"),
    ("List (y/n): cramps N, dyspnoea N, twitch Y in the calf", "breathing_difficulty"),
    ("My head does not ache, only the lid jumps", "headache"),
    ("No fever, no trots, one lid jumps", "diarrhoea"),
    ("Toilet as usual and she has all her feeling down there, the buttock ticks", "saddle_numbness"),
    ("no sensation of insects on the arm, one lid jumps", "tingling"),
    ("For my sister, she hates forms. A tick in her chin. It opens as wide as it ever did.", "lockjaw"),
]
NOT_DENIED = [
    ("dosnt no her own kichen, shakin n drenchd in swet", "tremor"),
    ("No rush, but my left hand is weak.", "weakness"),
    ("No numbness anywhere. No, wrong: there's a patch on my thigh I can't feel.", "numbness"),
    ("I sit there and cannot feel my foot, nor the floor, its gone all numb", "numbness"),
    ("It's nothing really, chest tightness and a sore arm", "chest_pain"),
    ("my chest pain is nothing, my wife says", "chest_pain"),
    ("The leaflet says to watch for choking on food. I do choke on my food every day.", "swallowing_difficulty"),
    ("I open jars with pliers now because my hand is too weak", "weakness"),
    ("bowels fine but I wet myself since yesterday", "incontinence"),
    ("his smile is not even, one side of his face hangs", "facial_droop"),
    ("I can't tell if my left hand is weaker", "weakness"),
    ("if I carry the bags, my arm goes weak", "weakness"),
    ("when I climb the stairs my legs give way", "weakness"),
    ("Both legs have been weak for half a year", "weakness"),
    ("without my husband I would not get out of the chair, legs too weak", "weakness"),
    ("I'm 30, no history of anything, weak left leg for 3 weeks", "weakness"),
    ("rest has not improved the weakness", "weakness"),
    ("The doctor found no cause for the weakness in my hand", "weakness"),
    ("I can nae lift my bags since Monday, arms too weak", "weakness"),
    ("Stairs: passed in June, but now my legs give way on them", "weakness"),
    ("My head hurts so much, and my words come out slurred", "headache"),
    ("My brother says it's only wind, but I can't get my breath", "breathing_difficulty"),
    ("The front of my shoe keeps catching on the rug", "weakness"),
    ("I bench half of what I always did, my arm is weak", "weakness"),
    ("I have no runs left in me, my legs give way", "weakness"),
    ("My uncle quit breathing an hour ago, what do I do", "breathing_difficulty"),
    ("no feeling in my foot since Monday", "numbness"),
]
DOUBTED = [
    ("not 100% sure but my speech might be slurring", "speech_difficulty"),
    ("Wouldn't swear to it but my grip is weaker", "weakness"),
    ("Confidence 60 %: left calf thinner than the right", "atrophy"),
    ("50/50 on this one: my thigh looks thinner", "atrophy"),
    ("I've lost ten kilos since May", "weight_loss"),
    ("My niece fancies the muscle of my forearm is smaller", "atrophy"),
]
CERTAIN = [
    ("I've lost ten kilos since May and I eat as always", "weight_loss"),
    ("slightly dizzy when I stand up", "dizziness"),
    ("I've a touch of diarrhoea and my lid twitches", "diarrhoea"),
    ("my face drooped for maybe a minute", "facial_droop"),
]


@pytest.mark.parametrize(("assertion", "text", "code"), [
    (assertion, text, code)
    for assertion, cases in (
        ("historical", OVER), ("family", OF_A_RELATIVE), ("hypothetical", ONLY_ASKED), ("absent", DENIED), ("possible", DOUBTED), ("present", CERTAIN),
    )
    for text, code in cases
])
def test_the_family_decides(assertion: str, text: str, code: str) -> None:
    assert asserted(text).get(code) == assertion


@pytest.mark.parametrize("text", ["He no longer lifts what he used to lift", "he never swings his arm as before"])
def test_an_ability_lost_is_not_denied(text: str) -> None:
    assert asserted(text).get("weakness") != "absent"


@pytest.mark.parametrize(("text", "code"), [*NOT_OVER, *NOT_OF_A_RELATIVE, *NOT_ONLY_ASKED, *NOT_DENIED])
def test_a_near_miss_counts(text: str, code: str) -> None:
    assert code in counting(text)


@pytest.mark.parametrize(("text", "code"), [
    ("I lost no weight and feel well", "weight_loss"),
    ("Form: weakness N, numbness N, cramps N. Twitching Y (lid).", "weakness"),
    ("Symptoms (Y/N): slurring N, choking N, twitch Y", "speech_difficulty"),
    ("the twitching has never gone away", "improving"),
])
def test_more_ways_to_say_no(text: str, code: str) -> None:
    assert asserted(text).get(code) in ("absent", None)


def test_a_rule_for_later_is_no_complaint() -> None:
    assert asserted("If my speech slurs -> doctor. So far only the toe twitches.").get("speech_difficulty") == "hypothetical"


def test_a_twitching_that_goes_up_is_spread_and_lost_feeling_that_goes_up_is_not() -> None:
    assert "rapid_weakness" not in asserted("the twitching began in my foot and then it went up to my thigh")
    assert asserted("the numbness began in my feet and then it went up to my thighs").get("rapid_weakness") == "present"


def test_a_year_is_long_ago_by_the_readers_day_not_by_the_machines() -> None:
    told = "2031: left foot was weak. Now a lid twitches."
    late = replace(reader(), today=lambda: datetime.date(2040, 3, 1))
    found = {item.code: item.assertion for item in late.read(told).findings if item.kind == "symptom"}
    assert found["weakness"] == "historical"
    assert asserted(told)["weakness"] != "historical"
