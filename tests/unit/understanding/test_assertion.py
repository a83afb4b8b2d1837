"""Whether a finding is there: own sentences for every verdict and its near misses."""
from __future__ import annotations

import pytest

from .build import asserted, counting

ABSENT = [
    ("I have no weakness anywhere.", "weakness"),
    ("Without any numbness so far", "numbness"),
    ("never had any trouble swallowing", "swallowing_difficulty"),
    ("I am not dropping things", "weakness"),
    ("there is no pain at all", "pain"),
    ("Numbness: none", "numbness"),
    ("neither cramps nor pins and needles", "cramping"),
    ("neither cramps nor pins and needles", "tingling"),
    ("dont have chest pain", "chest_pain"),
    ("she denies any shortness of breath", "breathing_difficulty"),
    ("I can swallow fine", "swallowing_difficulty"),
    ("my speech is perfectly normal", "speech_difficulty"),
    ("grip is as strong as ever", "weakness"),
    ("I haven't lost any strength", "weakness"),
    ("I haven't lost any weight", "weight_loss"),
    ("my weight has been stable", "weight_loss"),
    ("free of tremor", "tremor"),
    ("[ ] weakness\n[x] cramps", "weakness"),
    ("not on the list: weakness, tingling", "tingling"),
    ("Cramps I have not, but my toe jumps", "cramping"),
    ("I don't want to kill myself, I am only fed up", "suicidal_thoughts"),
    ("my bench press is going up every week so no strength problem", "weakness"),
    ("he still carries the coal in every morning", "weakness"),
    ("she talks and swallows just as she always did", "swallowing_difficulty"),
    ("checked my wee and it is not dark", "dark_urine"),
]
PRESENT = [
    ("I can't do up my shirt buttons any more", "weakness"),
    ("my left foot won't lift off the floor", "weakness"),
    ("not only numb but also tingling", "numbness"),
    ("Is this slurring ALS?", "speech_difficulty"),
    ("is it normal that my fingers tingle", "tingling"),
    ("I worry because my hand is numb", "numbness"),
    ("It is not that I am lazy, my words are slurred", "speech_difficulty"),
    ("the twitching won't stop", "twitching"),
    ("my wife noticed that I slur", "speech_difficulty"),
    ("my husband thinks it is nothing but my speech is slurred", "speech_difficulty"),
    ("The scan was clean last year, yet my calf is visibly thinner", "atrophy"),
    ("No pain, but a dent in my thigh", "atrophy"),
    ("I never had cramps until last week", "cramping"),
    ("it went away for a month but now the numbness is back", "numbness"),
    ("I sound as if I'm drunk", "speech_difficulty"),
    ("my daughter keeps choking on her food", "swallowing_difficulty"),
    ("can't catch my breath", "breathing_difficulty"),
]
POSSIBLE = [
    ("I think my grip might be weaker", "weakness"),
    ("maybe my calf looks a bit thinner", "atrophy"),
    ("perhaps some tingling in the toes", "tingling"),
]
HYPOTHETICAL = [
    ("Can twitching lead to weakness later on?", "weakness"),
    ("what if I get weak legs", "weakness"),
    ("I'm scared it turns into slurred speech", "speech_difficulty"),
    ("Does it start with numbness?", "numbness"),
    ("I read that people end up with slurred speech", "speech_difficulty"),
    ("what are the odds that I will have trouble swallowing", "swallowing_difficulty"),
    ("terrified of losing weight", "weight_loss"),
    ("When would muscle wasting show up?", "atrophy"),
    ("is weakness a sign of ALS", "weakness"),
    ("should I look out for a dropped foot?", "weakness"),
]
HISTORICAL = [
    ("I had numbness in my hand two years ago and it went away", "numbness"),
    ("Years ago I used to get cramps", "cramping"),
    ("the tingling has completely gone", "tingling"),
    ("When I was fifteen I had tremors", "tremor"),
]
FAMILY = [
    ("My dad had slurred speech from his stroke ten years ago. I just have a twitching eyelid.", "speech_difficulty"),
    ("my late uncle had muscle wasting, I only twitch in the calf", "atrophy"),
    ("Gran lost a lot of weight before she died. My thumb twitches.", "weight_loss"),
]


@pytest.mark.parametrize(("text", "code", "assertion"), [
    (text, code, assertion) for assertion, rows in {
        "absent": ABSENT, "present": PRESENT, "possible": POSSIBLE, "hypothetical": HYPOTHETICAL, "historical": HISTORICAL, "family": FAMILY,
    }.items() for text, code in rows])
def test_assertion(text: str, code: str, assertion: str) -> None:
    assert asserted(text).get(code) == assertion


@pytest.mark.parametrize("text", [
    "My face drooped this morning, it is fine again now", "I had chest pain yesterday evening but it passed", "I had a fit three days ago and I am ok now",
])
def test_an_attack_of_the_last_week_counts_although_it_is_over(text: str) -> None:
    assert counting(text) & {"facial_droop", "chest_pain", "seizure"}


@pytest.mark.parametrize("text", [
    "I had chest pain five years ago, all fine since", "Back in 2015 I had a seizure, just one", "I had one fit as a toddler, none since",
    "My face slid down in 1994 and came back after a month. Now my lip hops.", "a mini stroke in 2011, the arm went dead, but not a thing since",
])
def test_an_attack_of_years_ago_does_not_count(text: str) -> None:
    assert not counting(text) & {"chest_pain", "seizure", "facial_droop", "one_sided_weakness"}


@pytest.mark.parametrize("text", [
    "if it is ALS I will kill myself", "What if I just ended my life", "I wanted to die last week but I am joking now", "no weakness but I want to end it all",
    "sometimes I think about killing myself", "there is no point and I want to die",
    "no hope left, I want to end it all", "Since my husband died I lie here wanting to be gone with him",
])
def test_suicidal_words_always_count(text: str) -> None:
    assert "suicidal_thoughts" in counting(text)


@pytest.mark.parametrize("text", ["this cramp is killing me", "I am dying for a coffee", "my boss will kill me if I am late",
                                  "these jeans make my legs look killer", "I got the train to see my mum", "the car is in the garage again",
                                  "I have counted them, thirty a minute", "hope the baby does not wake up", "I will be back with them at five",
                                  "we picked a tree for Christmas", "I just want to be done with this twitch", "I put my tablets away"])
def test_idioms_are_never_suicidal(text: str) -> None:
    assert "suicidal_thoughts" not in asserted(text)


@pytest.mark.parametrize(("text", "code"), [
    ("My mum is having a seizure right now", "seizure"), ("my husband's face is drooping on one side since an hour", "facial_droop"),
    ("my flatmate can't breathe", "breathing_difficulty"),
])
def test_an_emergency_of_somebody_else_counts(text: str, code: str) -> None:
    assert code in counting(text)


@pytest.mark.parametrize("text", [
    "I didn't even notice that I had wet myself", "I have wet myself twice this week, that never happened before in my life",
])
def test_a_negation_beside_a_loss_of_control_denies_nothing(text: str) -> None:
    assert "incontinence" in counting(text)


@pytest.mark.parametrize("text", [
    "it's not six days that my toe has been twitching, it's six weeks", "scrap that, the twitching started nine weeks ago not nine days",
    "I haven't gone one day without my toe twitching",
])
def test_a_denied_time_denies_no_twitching(text: str) -> None:
    assert asserted(text)["twitching"] == "present"


@pytest.mark.parametrize(("text", "code"), [
    ("Suppose I can't hold my paint brush in the end?", "weakness"), ("if one morning I wake up and I can not speak?", "speech_difficulty"),
    ("Q2: could too little salt by itself produce weakness?", "weakness"), ("I lie awake wondering how long before I'm unable to grip", "weakness"),
    ("I keep imagining the day my boss asks why I am slurring", "speech_difficulty"),
])
def test_what_is_only_imagined_is_not_there(text: str, code: str) -> None:
    assert asserted(text).get(code) in (None, "hypothetical")


@pytest.mark.parametrize(("text", "code"), [
    ("What vexes me is that since spring I have become unable to raise my arm.", "weakness"),
    ("The tailor asked if I'd been ill, because one thigh is thinner than the other.", "atrophy"),
])
def test_what_only_looks_like_a_question_is_there(text: str, code: str) -> None:
    assert asserted(text)[code] == "present"


@pytest.mark.parametrize(("text", "code"), [("my wrist feels feeble", "weakness"), ("my arm feels sort of weak", "weakness")])
def test_weakness_that_is_only_felt_is_possible(text: str, code: str) -> None:
    assert asserted(text)[code] == "possible"


def test_what_a_pain_is_like_is_no_doubt() -> None:
    assert asserted("it feels like somebody tightened a belt round my chest")["chest_pain"] == "present"


@pytest.mark.parametrize(("text", "code"), [
    ("my heart was pounding like I had drunk ten coffees", "caffeine"), ("it buzzes like a phone on caffeine", "caffeine"),
])
def test_a_likeness_is_no_trigger(text: str, code: str) -> None:
    assert code not in asserted(text, "trigger")


@pytest.mark.parametrize(("text", "present", "absent"), [
    ("No weakness, atrophy or tingling, but my tongue feels thick when I talk", {"speech_difficulty"}, {"weakness", "atrophy", "tingling"}),
    ("my calf twitches and cramps, no numbness", {"twitching", "cramping"}, {"numbness"}),
    ("Tremor yes, pain no", {"tremor"}, {"pain"}),
    ("speech is fine, swallowing is hard", {"swallowing_difficulty"}, {"speech_difficulty"}),
])
def test_scopes_end_where_a_reader_ends_them(text: str, present: set[str], absent: set[str]) -> None:
    said = asserted(text)
    assert {code for code in said if said[code] == "present"} >= present
    assert {code for code in said if said[code] == "absent"} == absent
