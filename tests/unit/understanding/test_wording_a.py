"""Plain words of home: what is told over the fence, with the sentences beside it that must stay as they are."""
from __future__ import annotations

import pytest

from twitchwise.triage.update import assess_findings

from .build import asserted, course, findings, sites

READ = [
    # what somebody says is jumbled
    ("Every word she says is garbled since lunch", {"speech_difficulty": "present"}),
    ("Everything my husband says comes out jumbled", {"speech_difficulty": "present"}),
    ("Everything Dad has said since breakfast is garbled", {"speech_difficulty": "present"}),
    ("Nothing my wife says this morning makes sense", {"speech_difficulty": "present"}),
    ("Not a word he has said since breakfast makes sense", {"speech_difficulty": "present"}),
    ("She called the kettle a spade at tea time", {"speech_difficulty": "present"}),
    ("He asked for the comb a fork", {"speech_difficulty": "present"}),
    ("My voice is no thicker than it was last year", {"speech_difficulty": "absent"}),
    ("My speech is no worse than it was when we wed in 1967", {"speech_difficulty": "absent"}),
    ("My speech is no worse than last week, still slurred", {"speech_difficulty": "present"}),
    ("My slurred speech is no worse than before", {"speech_difficulty": "present"}),
    # strength shown by a deed
    ("I opened the gherkins on Sunday no bother", {"weakness": "absent"}),
    ("There is a dip by my thumb, though I undid a bottle of squash yesterday without any bother", {"weakness": "absent", "atrophy": "present"}),
    ("Thigh thinner, but I twisted the lid off a jar last week first go", {"weakness": "absent", "atrophy": "present"}),
    ("My husband opened the jam for me no bother, my hand is too weak", {"weakness": "present"}),
    ("I am not able to get the key round in the back gate", {"weakness": "present"}),
    # a loss of feeling is no doubt
    ("I can hardly feel the loo roll and on Tuesday I wet the sofa", {"incontinence": "present", "saddle_numbness": "present"}),
    ("No feeling in my backside, and I messed myself on the bus", {"incontinence": "present"}),
    ("My leg feels like it is weak", {"weakness": "possible"}),
    # doubt beside a word that says how much
    ("Perhaps a mild tremor in my fingers", {"tremor": "possible"}),
    ("Might be a touch of dizziness when I stand", {"dizziness": "possible"}),
    ("I have a slight tremor in my hand", {"tremor": "present"}),
    # the past
    ("Cramps tormented me years back", {"cramping": "historical"}),
    ("Tremor plagued me as a lad", {"tremor": "historical"}),
    ("Cramp plagued me all night", {"cramping": "present"}),
    ("Weakness bothered me three weeks ago and it still does", {"weakness": "present"}),
    ("The dizziness I was getting cleared after a week", {"dizziness": "historical"}),
    ("The headaches she was having went with the new glasses", {"headache": "historical"}),
    ("The weakness I was having has not gone away", {"weakness": "present"}),
    ("The numbness I was having went up to my knees", {"rapid_weakness": "present"}),
    ("Weak in both hands since my physio sessions stopped", {"weakness": "present"}),
    ("Twitching since March, stopped in June", {"twitching": "historical"}),
    # asked and told
    ("Shall I be slurring in a year?", {"speech_difficulty": "hypothetical"}),
    ("Shall my hands waste away?", {"atrophy": "hypothetical"}),
    ("Shall I end up choking on my food?", {"swallowing_difficulty": "hypothetical"}),
    ("Shall I tell the doctor I am slurring?", {"speech_difficulty": "present"}),
    ("Shall I ring 999, my speech has gone?", {"speech_difficulty": "present"}),
    ("Shall I have my weak hand looked at?", {"weakness": "present"}),
    ("My neighbour swears twitches will lead to fits", {"seizure": "hypothetical"}),
    ("The woman in the shop told me it could turn into slurred speech", {"speech_difficulty": "hypothetical"}),
    ("It often ends in a fit and I black out", {"seizure": "present"}),
    ("My twitches can end in a cramp that lasts an hour", {"cramping": "present"}),
    ("Is she talking nonsense? She fell this morning.", {"speech_difficulty": "possible"}),
    # relatives
    ("My nan was one for fits. I only have a jumping lip.", {"seizure": "family"}),
    ("My brother was a martyr to fits", {"seizure": "family"}),
    ("My uncle had fits, God rest him", {"seizure": "family"}),
    ("My brother is having a fit", {"seizure": "present"}),
    ("My brother was prone to fits and he is having one now, on the floor", {"seizure": "present"}),
    # stomach
    ("Been sick all night, she can't keep a sip of tea down", {"vomiting": "present"}),
    ("Motions firm, but I keep being sick", {"vomiting": "present", "diarrhoea": "absent"}),
    ("Bowels are loose since Monday", {"diarrhoea": "present"}),
    # what jumps
    ("Summat keeps hopping in my left hip", {"twitching": "present"}),
    ("I get a jumping by my shoulder blade after lifting", {"twitching": "present"}),
    ("There is a wee thing jumping under my jaw", {"twitching": "present"}),
]
NOT_TOLD = [
    ("Nothing he says makes sense", "speech_difficulty"),
    ("Everything he says at meetings is muddled up but that is just him", "speech_difficulty"),
    ("I called the cat a rascal", "speech_difficulty"),
    ("Is she talking daft?", "confusion"),
    ("He's down on the kitchen floor thrashing like a landed fish", "breathing_difficulty"),
    ("The dog was jumping at my feet", "twitching"),
    ("The baby is jumping in my belly", "twitching"),
    ("A flutter keeps going in my left calf", "spreading"),
    ("I opened the letter no bother", "weakness"),
    ("I opened the jam with pliers no bother", "weakness"),
    ("She won't be settled", "improving"),
    ("The shirt, that one fits, the other is too tight", "seizure"),
]
DAYS = [
    ("My eyelid has twitched since the clocks went forward", 238),
    ("Calf twitching since the clock change", 28),
    ("It started when the clocks went back, the jumping in my thigh", 28),
    ("Had this flutter in my bicep from before the clocks went back", 28),
    ("Twitchy eyelid since daylight saving ended", 21),
    ("Calf twitching since the clocks went back, so that is nine days", 9),
    ("Calf twitching since June, so two weeks ago I saw the GP", 174),
    ("There's a hollow in my hand, though I undid the jar yesterday no bother", None),
]
PLACES = [
    ("A twitch been going in my upper arm for weeks", {"upper_arm"}),
    ("My hand is weak turning the key in the back door", {"hand"}),
    ("My back aches after digging in the back garden", {"back"}),
]
FLAGS = [
    ("By the top of the stairs I am like a landed fish", "breathing_difficulty"),
    ("Something's been hopping in my chin and now it's at it in my calf too", "spreading"),
    ("The twitch has gone in my other arm now", "spreading"),
    ("Is she talking nonsense? She fell this morning.", "stroke_signs"),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_reads(text, expected):
    found = asserted(text)
    assert {code: found.get(code) for code in expected} == expected


@pytest.mark.parametrize(("text", "code"), NOT_TOLD)
def test_is_not_told(text, code):
    assert code not in asserted(text)


@pytest.mark.parametrize(("text", "days"), DAYS)
def test_days(text, days):
    assert course(text) == days


@pytest.mark.parametrize(("text", "places"), PLACES)
def test_places(text, places):
    assert set(sites(text)) == places


@pytest.mark.parametrize(("text", "flag"), FLAGS)
def test_flags(text, flag):
    assert flag in assess_findings(findings(text)).red_flags
