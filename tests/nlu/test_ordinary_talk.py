"""In a live chat every message is read for warning signs: talk that holds no complaint must raise none.

The rules and the likeness to wordings are asked together, as the service asks them.
"""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from twitchwise import triage
from twitchwise.nlu import wordings
from twitchwise.nlu.encoder import EncoderError
from twitchwise.settings import Settings
from twitchwise.understanding.reader import Reader, load_reader

TRAINING = Path(__file__).parents[2] / "data" / "nlu"
#: Intents whose phrases tell of no complaint. Not `take_back`, `fear` and `minimise`, which name one.
NO_COMPLAINT = frozenset(
    ["affirm", "deny", "unsure", "greet", "thank", "goodbye", "chitchat", "insult", "are_you_human", "gibberish", "help", "start_check", "stop_check",
     "start_over", "later", "why_ask", "explain_question", "what_found", "get_summary",
     "talk_to_human", "delete_my_data", "export_my_data", "correct_something", "out_of_scope"]
)
#: Phrases of these intents that rightly raise a flag, or where doubt goes up.
RIGHTLY = frozenset(
    [
        # corrections that tell of weeks and months, of a loss of weight, of things dropped
        "sorry, I meant three weeks, not three days", "wait, that's not right, it was two months ago", "actually it's 2 months",
        "actually it's been longer than that, more like a year", "I made a typo, 20 days not 2", "I mistyped, it's 4 weeks", "correction, 3 months",
        "change that to six weeks", "make that three months", "on second thoughts it's been at least a month",
        "I've checked my diary and it began on the 3rd", "I should have said half a year",
        "when I said a year I was thinking of something else, it's been two weeks", "edit, 7 weeks", "I lost 5 pounds, not 5 stone",
        "I answered no to weakness, that was wrong, I do drop things",
        # a person who cannot speak or type, or who writes that they cannot talk now
        "she can't talk so I don't know", "can't talk now", "my father can't type, can he talk to someone",
        # a blind person: whether that is new is for a person to ask
        "I'm blind and use a screen reader, how do I use this",
        # dangers outside the field, and slimming, which is still a loss of weight
        "croup, does steam help", "how do I use an epipen", "best diet to lose weight fast", "does vinegar help you lose weight",
        "speech therapist for a child with a lisp", "I've got a bladder infection again", "urine dipstick showed protein",
        # loose dentures can be a loss of weight; the other two are lengths of time that belong to something else
        "my dentures are loose", "is it safe to fly at 34 weeks", "when is Easter this year",
        "mum's bladder is weak when she laughs, which pads are best",
    ]
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    try:
        return replace(load_reader(), likeness=wordings.load(Settings().models_dir))
    except EncoderError:
        pytest.skip("There is no encoder. Run `make setup`.")


def flags(reader: Reader, text: str) -> list[str]:
    return sorted(triage.assess_findings(reader.read(text).findings).red_flags)


def training_phrases() -> list[str]:
    groups = [group for path in sorted(TRAINING.glob("*.yml")) for group in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]]
    return [line[2:].strip() for group in groups if group["intent"] in NO_COMPLAINT
            for line in group["examples"].splitlines() if line.startswith("- ")]


def test_training_phrases_without_a_complaint_raise_no_flag(reader: Reader) -> None:
    phrases = training_phrases()
    assert len(phrases) > 3000
    raised = {text: found for text in phrases if text not in RIGHTLY and (found := flags(reader, text))}
    assert raised == {}


def test_what_people_say_when_all_is_well_raises_no_flag(reader: Reader) -> None:
    groups = yaml.safe_load((Path(__file__).parent / "ordinary_talk.yml").read_text(encoding="utf-8"))
    texts = [str(text) for group in groups.values() for text in group]
    assert len(texts) >= 300
    assert {text: found for text in texts if (found := flags(reader, text))} == {}


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("why do my words come out mushy", "speech_difficulty"),
        ("is it normal that I choke on water", "swallowing_difficulty"),
        ("why am I dropping things", "progressive_weakness"),
        ("how do I stop choking on my tea", "swallowing_difficulty"),
        ("everyone asks me to say it again", "speech_difficulty"),
        ("people keep saying come again? when I talk", "speech_difficulty"),
        ("I pick up a cup and drop it", "progressive_weakness"),
        ("she won't answer me and she's on the floor", "seizure"),
        ("he is not answering, he was shaking", "seizure"),
        ("my husband collapsed and would not answer", "seizure"),
        ("I've written a note to my kids", "suicidal_thoughts"),
        ("I wrote a note and I'm ready to go", "suicidal_thoughts"),
        ("I don't want to be here any more", "suicidal_thoughts"),
        ("I've been saving my tablets", "suicidal_thoughts"),
        ("I keep my tablets by the bed for when it gets too much", "suicidal_thoughts"),
        ("I'm going to do it tonight", "suicidal_thoughts"),
        ("I would rather go before it takes me", "suicidal_thoughts"),
        ("there is no way out of this", "suicidal_thoughts"),
        ("I tried to od last night", "suicidal_thoughts"),
        ("how can I do up my shirt with these useless fingers", "progressive_weakness"),
        ("is there a reason why my tongue feels thick when I talk", "speech_difficulty"),
        ("od on paracetamol", "poisoning"),
        ("I have lost weight and I am on no diet", "weight_loss"),
        ("my legs have always been skinny but now my calf is wasting away", "atrophy"),
        ("I'm still ten kilos lighter than in spring", "weight_loss"),
        ("her phone fell and she will not wake up", "seizure"),
        ("my left hand, not my right, is weak", "progressive_weakness"),
        ("he swallowed a button battery", "poisoning"),
        ("I took my husband's pills by mistake", "poisoning"),
        ("he had a fit", "seizure"),
        ("it comes out without me knowing and I'm wet", "cauda_equina"),
        ("the twitching is generalised now", "spreading"),
        ("tablets get stuck in my throat", "swallowing_difficulty"),
        ("letters are difficult to say", "speech_difficulty"),
        ("my arm is weak", "progressive_weakness"),
        ("my voice sounds like a robot", "speech_difficulty"),
        ("the voice assistant does not understand me any more", "speech_difficulty"),
    ],
)
def test_complaints_in_the_same_words_stay(reader: Reader, text: str, flag: str) -> None:
    assert flag in flags(reader, text)
