"""The explanation: words for every code, true to the case, fit for the person."""
from __future__ import annotations

import pytest
import yaml

from tests.support.build import edit, lasting, maybe, no, person, place, sig, sym, talk, trig
from twitchwise.triage import Case, ask_back, assess, explain, name_of
from twitchwise.triage.explain import days_in_words, words
from twitchwise.triage.rules import SIGNALS
from twitchwise.understanding.findings import ABSENT
from twitchwise.vocabulary.codes import load_codes

CODES = load_codes()
#: Signals that say how another fact is meant: nothing of their own is told back.
SILENT = {"sudden_onset", "gradual_onset", "baby", "not_tried", "fear_als", "resolved_now", "happening_now", "returned", "did_not_go_away"}


def test_there_are_words_for_every_code() -> None:
    book = words()
    assert set(book["symptoms"]) == set(CODES.symptoms)
    assert set(book["triggers"]) == set(CODES.triggers)
    assert set(book["places"]) == set(CODES.region_of)
    assert set(book["red_flags"]) == set(CODES.red_flags)
    assert set(book["amber"]) == set(CODES.amber_features)
    assert set(book["look_again"]) == set(CODES.levels)
    signals = set(yaml.safe_load(SIGNALS.read_text(encoding="utf-8"))["signals"])
    assert signals - SILENT <= set(book["signals"])


def told(*findings) -> str:
    case = talk(list(findings))
    return " ".join(explain(case, assess(case)).findings_said)


def test_what_was_said_is_told_back_in_the_words_for_the_person() -> None:
    mine = told(sym("twitching"), place("calf", "left"), lasting(21), maybe("weakness"), trig("caffeine"))
    assert "You have twitching in the left calf." in mine
    assert "about 3 weeks" in mine and "You may have weakness" in mine and "coffee" in mine
    his = told(person("child", relation="son", pronoun="he"), sym("twitching"), place("eyelid"), sym("chest_pain"), sig("takes_medicine"))
    assert "Your son has twitching in the eyelid." in his
    assert "Your son has pain" in his and "Your son takes a medicine." in his
    assert "twitching all over the body" in told(sym("twitching"), place("whole_body"))


def test_reasons_put_the_most_urgent_first_and_say_where_they_come_from() -> None:
    case = talk([sym("twitching"), lasting(30), sym("speech_difficulty", onset="gradual"), sym("numbness")])
    found = explain(case, assess(case))
    assert [line.level for line in found.reasons] == ["urgent", "neurologist"]
    assert all(line.source for line in found.reasons)


def test_what_was_denied_and_what_would_change_it() -> None:
    case = talk([sym("twitching"), no("weakness"), no("breathing_difficulty"), no("numbness"), lasting(5)])
    found = explain(case, assess(case))
    assert {"progressive_weakness", "breathing_difficulty", "numbness"} <= {line.code for line in found.not_found}
    levels = [line.level for line in found.would_change]
    assert set(levels) == {"neurologist", "urgent", "emergency"}
    assert len(levels) <= 9
    emergency = explain(talk([sym("chest_pain")]), assess(talk([sym("chest_pain")])))
    assert emergency.would_change == ()


def test_an_amber_feature_is_a_reason_only_where_it_decides() -> None:
    amber = explain(talk([sym("numbness")]), assess(talk([sym("numbness")])))
    assert [line.code for line in amber.reasons] == ["numbness"]
    assert explain(Case(), assess(Case())).reasons == ()


@pytest.mark.parametrize(("days", "text"), [(0.5, "less than a day"), (1, "1 day"), (10, "10 days"), (14, "2 weeks"), (21, "3 weeks"),
                                            (61, "2 months"), (365, "1 year"), (730, "2 years")])
def test_days_in_words(days: float, text: str) -> None:
    assert days_in_words(days) == text


def test_a_withdrawal_is_asked_back_in_plain_words() -> None:
    case = talk([sym("breathing_difficulty")], [edit("take_back"), no("breathing_difficulty")])
    assert ask_back(case) == "So your breathing is fine?"
    slower = talk([sym("speech_difficulty", onset="sudden")], [edit(), sym("speech_difficulty", onset="gradual")])
    assert ask_back(slower) == "So it came on slowly, not suddenly?"
    parts = talk([sig("medication_change"), sym("fever")], [edit(), sig("medication_change", ABSENT)])
    assert ask_back(parts) == "So what you told me before was not so?"
    assert ask_back(Case()) is None


def test_names() -> None:
    assert name_of("calf") == "calf"
    assert name_of("stress") == "stress or worry"
    assert name_of("some_code") == "some code"
