"""What cues, denials and idioms must not hide, and what they must not raise: sentences of a second reader who tried the rules."""
from __future__ import annotations

import pytest

from .build import counting

ALIKE = {
    "weakness": {"weakness", "one_sided_weakness", "rapid_weakness"},
    "numbness": {"numbness", "one_sided_weakness", "rapid_weakness"},
}
THERE = [
    ("It is bad when I lie flat, I can't breathe.", "breathing_difficulty"),
    ("It is only when I lie down that I can't breathe.", "breathing_difficulty"),
    ("It is bad when I climb stairs, I get chest pain.", "chest_pain"),
    ("It only happens when I eat, I choke on my food.", "swallowing_difficulty"),
    ("I'm worried when I choke on my food.", "swallowing_difficulty"),
    ("My back hurts and when I stand my legs go numb.", "numbness"),
    ("I rush to the loo when I need a wee and wet myself, numb down below.", "incontinence"),
    ("It comes on when I climb stairs, a tightness in my chest.", "chest_pain"),
    ("I come over faint when I stand and my speech goes slurred.", "speech_difficulty"),
    ("I panic when I can't breathe at night.", "breathing_difficulty"),
    ("Do I call an ambulance when my chest hurts like this?", "chest_pain"),
    ("Should I call 999 if my face has dropped?", "facial_droop"),
    ("Am I going to die, my chest is crushing and I can't breathe.", "chest_pain"),
    ("Is he going to be ok, he had a fit and is blue.", "seizure"),
    ("Are we going to A&E, my husband's face has dropped on one side.", "facial_droop"),
    ("I had a bad dream and woke up with crushing chest pain.", "chest_pain"),
    ("This is a nightmare, my legs have gone numb and I can't walk.", "numbness"),
    ("It's a nightmare as I can't swallow solid food any more.", "swallowing_difficulty"),
    ("In the night I had a dream, then my face drooped on one side.", "facial_droop"),
    ("What should I do when he can't speak and his face droops?", "facial_droop"),
    ("What should I do now when I can't lift my arm?", "weakness"),
    ("How quickly can an ambulance come, he can't breathe.", "breathing_difficulty"),
    ("How fast will someone see me, I have crushing chest pain.", "chest_pain"),
    ("How long can I wait, my arm is weak and I can't swallow?", "weakness"),
    ("I have lost control of my bladder and bowels, walking is fine.", "incontinence"),
    ("Can't empty my bladder, bowels normal.", "incontinence"),
    ("Lost all control of my bladder this morning, I was completely fine yesterday.", "incontinence"),
    ("I could not say a word this morning, face drooped.", "facial_droop"),
    ("I can't say \"British constitution\", it comes out slurred.", "speech_difficulty"),
    ("I can't say much, slurred speech.", "speech_difficulty"),
    ("I can't say why my leg is weak.", "weakness"),
    ("The pain is not that bad, my leg gave way twice.", "weakness"),
    ("It is not right that I can't lift my arm.", "weakness"),
    ("It's not like me to drop things.", "weakness"),
    ("My speech is not like before, I slur my words.", "speech_difficulty"),
    ("It's not that I am tired, my legs give way.", "weakness"),
    ("My head went fuzzy, my left arm went weak and I couldn't speak properly.", "speech_difficulty"),
    ("My head went bang like a thunderclap, the worst headache ever.", "headache"),
    ("My head is like it is splitting, the worst headache of my life.", "headache"),
    ("My brain: fog, slurred speech, confusion since morning.", "speech_difficulty"),
    ("My mind says lift and my arm won't move.", "weakness"),
    ("I have the red flags: weak leg, numb saddle area, can't pee.", "saddle_numbness"),
    ("My red flags are: foot drop and slurring.", "speech_difficulty"),
    ("I need to see the doctor for : weakness in left hand.", "weakness"),
    ("I did get chest pain this morning.", "chest_pain"),
    ("He did have slurred speech this morning for an hour.", "speech_difficulty"),
    ("I did have a seizure an hour ago.", "seizure"),
    ("He did get very confused tonight.", "confusion"),
    ("My left hand is numb and weak, MRI found nothing.", "weakness"),
    ("Slurred speech, CT found nothing.", "speech_difficulty"),
    ("My legs went numb and felt nothing when pinched.", "numbness"),
    ("I tried to talk, my mouth drooped, nothing.", "facial_droop"),
    ("My left arm went weak, tried to move it, nothing.", "weakness"),
    ("His arms and legs went stiff and started jerking.", "seizure"),
    ("I can hardly eat anything without choking.", "swallowing_difficulty"),
    ("I can't drink anything without coughing.", "swallowing_difficulty"),
    ("I can't get through a meal without coughing.", "swallowing_difficulty"),
    ("I can't seem to swallow without coughing.", "swallowing_difficulty"),
    ("It is impossible to drink water without spluttering.", "swallowing_difficulty"),
    ("The feeling between my legs is hardly there.", "saddle_numbness"),
    ("The feeling in my groin is barely there.", "saddle_numbness"),
    ("The feeling down below has gone, legs are fine.", "saddle_numbness"),
    ("I got crushing chest pain when I was working this morning.", "chest_pain"),
    ("My arm went numb when I was working in the garden this morning.", "numbness"),
    ("I passed out and my pulse is in the 50s.", "seizure"),
    ("My hands got weak the year I retired.", "weakness"),
    ("My speech is slurred - not at all normal for me.", "speech_difficulty"),
    ("Right hand weak - also no feeling in the fingers.", "weakness"),
    ("Left leg numb - also no reflexes.", "numbness"),
    ("My left leg is weak - not at all painful.", "weakness"),
    ("At some point last week my left hand lost its grip.", "weakness"),
    ("At some stage my speech began to slur and it still does.", "speech_difficulty"),
    ("I'm sure one day last week my hand went weak.", "weakness"),
    ("They will see me next month, my left arm is weak and getting weaker.", "weakness"),
    ("My surgery is two weeks from now and my hand is numb and weak.", "weakness"),
    ("In two months I will see the neurologist, my left hand is weak.", "weakness"),
    ("Has the weakness in my hand eased? No.", "weakness"),
    ("Is the slurring gone? Never.", "speech_difficulty"),
    ("Did the chest pain go? Nope, still here.", "chest_pain"),
    ("My speech slurs, but I said no to tests.", "speech_difficulty"),
    ("My speech is slurring and I told him no.", "speech_difficulty"),
    ("The video shows him having a fit.", "seizure"),
    ("My list has: weak hand, slurred speech, choking.", "speech_difficulty"),
    ("The nurse said you will need A&E as my face droops.", "facial_droop"),
    ("My doctor said you just have a weak arm from a stroke.", "weakness"),
    ("I have a weak, thin left hand.", "weakness"),
    ("One weak, numb arm since Monday.", "weakness"),
    ("I have a weak and wasted right hand.", "weakness"),
    ("If my speech is slurred since this morning, would that be a stroke?", "speech_difficulty"),
    ("My bladder control is terrible since the back pain began.", "incontinence"),
    ("Weak bladder control, numb bottom.", "incontinence"),
    ("My wee stream has gone since yesterday.", "incontinence"),
    ("I am breathless when I walk past the gym.", "breathing_difficulty"),
    ("My husband is the one who noticed. My speech slurs.", "speech_difficulty"),
]
NOT_THERE = [
    ("I drink less in the evening so I don't wake up.", "suicidal_thoughts"),
    ("I wear a mouth guard so I do not wake up.", "suicidal_thoughts"),
    ("I'm scared of muscle weakness because I have this twitch in my thumb.", "weakness"),
    ("I read about slurred speech and paralysis as I have this eyelid twitch.", "speech_difficulty"),
    ("I'm terrified of losing my speech. I have this twitch in my calf.", "speech_difficulty"),
    ("I'm worried, slurred speech, paralysis, all the stuff I read.", "speech_difficulty"),
    ("The pill I take, it is blood thinners.", "poisoning"),
    ("The smell in the pool, it was bleach.", "poisoning"),
    ("The chest of drawers had a lamp sitting on top.", "chest_pain"),
    ("My cat likes to lie on my chest and is always sitting on me.", "chest_pain"),
    ("My foot went floppy in my blue shoes.", "seizure"),
    ("Had a virus aged 39, now twitching.", "fever"),
    ("It could be worse, it is just my eyelid twitching.", "worsening"),
    ("And no, it is not numb.", "numbness"),
    ("I may as well be stuck in traffic all day.", "weakness"),
    ("It is pain, not strength, that stops me.", "weakness"),
]
HEDGED = [
    ("I fancy my grip's maybe not quite what it was", "weakness"),
    ("my porridge seems to stick a bit on the way down", "swallowing_difficulty"),
    ("I reckon my left foot could be getting a bit floppy", "weakness"),
    ("my left leg might be giving out a little on the stairs", "weakness"),
]


@pytest.mark.parametrize(("sentence", "code"), THERE)
def test_what_is_there_is_not_hidden(sentence: str, code: str) -> None:
    assert ALIKE.get(code, {code}) & counting(sentence)


@pytest.mark.parametrize(("sentence", "code"), NOT_THERE)
def test_what_is_not_there_is_not_raised(sentence: str, code: str) -> None:
    assert code not in counting(sentence)


@pytest.mark.parametrize(("sentence", "code"), HEDGED)
def test_hedges_hide_no_sign(sentence: str, code: str) -> None:
    assert ALIKE.get(code, {code}) & counting(sentence)
