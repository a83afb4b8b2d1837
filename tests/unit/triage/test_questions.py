"""The questions: order, subjects, at most twelve, over when it must be."""
from __future__ import annotations

import re

import pytest

from tests.support.build import answer, lasting, maybe, no, person, place, sig, sym, talk, tell, trig
from twitchwise.triage import Case, assess, get_question, next_question, question_codes
from twitchwise.triage.questions import MOST_QUESTIONS, load_questions
from twitchwise.understanding.findings import Finding

TWITCH = sym("twitching")

#: What a reader takes a question to be about, first match wins: life-threatening subjects before the others.
SUBJECTS = [
    ("breathing", "breath"), ("swallowing", "swallow|chok"), ("speech", "speech|speak|slur|talk"),
    ("atrophy", "shrink|shrunk|thin|wast|smaller|atroph|bulk"), ("weakness", "weak|strength|grip|stairs|dropping"), ("weight", "weight"),
    ("spread", "spread|moved|other (part|place|area|muscle)|more than one|elsewhere"), ("numbness", "numb|tingl|pins"),
    ("cramps", "cramp|stiff"), ("duration", "how long|since when|when did|how many (days|weeks)|start"),
    ("where", "where|which (part|muscle|body)|body part|location"), ("medication", "medic|drug|tablet|pill|inhaler|supplement"),
    ("lifestyle", "helped|improve|better|rest,? |cutting|tried|gone away"),
    ("trigger", "trigger|caffeine|coffee|stress|sleep|exercise|bring|set it off|lately"), ("family", "family|relative|parent"),
]
OWN_SUBJECT = {"function": "weakness", "onset": "other", "weakness_time": "other", "reaction": "other"}


def subject(text: str) -> str:
    question = re.findall(r"[^.?!\n]*\?", text)[-1].lower()
    return next((name for name, pattern in SUBJECTS if re.search(pattern, question)), "other")


PEOPLE = [[], [person("child", relation="son", pronoun="he", age_years=7)], [person("adult", relation="mother", pronoun="she")],
          [person("adult", pronoun="she")], [person("child")]]


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("code", question_codes())
def test_every_question_is_about_its_own_subject(code: str, who: list[Finding]) -> None:
    case = talk([*who, TWITCH])
    expected = OWN_SUBJECT.get(code, code)
    question = get_question(code, case)
    assert question is not None
    assert subject(question.text) == expected
    assert question.text.rstrip().endswith("?") and "{" not in question.text + question.why + question.means
    if load_questions().get(code).follow_up:
        case.asked[code] = "unsure"
        again = get_question(code, case)
        assert again.follow_up and again.text != question.text
        assert subject(again.text) == expected or code == "weakness_time"


def test_the_words_fit_the_person() -> None:
    assert get_question("breathing", talk([TWITCH])).text.startswith("Do you ")
    assert get_question("breathing", talk([PEOPLE[1][0], TWITCH])).text.startswith("Does your son ")
    assert get_question("weight", talk([PEOPLE[2][0], TWITCH])).text.startswith("Has your mother ")
    assert get_question("weight", talk([PEOPLE[3][0], TWITCH])).text.startswith("Has she ")
    assert get_question("nonsense", Case()) is None


def check(case: Case, facts: dict[str, list[Finding]], default: str = "no") -> tuple[Case, list[str]]:
    """Ask until the check is over; `facts`: what the patient says by question code."""
    asked: list[str] = []
    while (question := next_question(case, assess(case))) is not None:
        asked.append(question.code)
        assert len(asked) < 30
        case = tell(case, *facts.get(question.code, [answer(default)]), asked=question.code).case
    return case, asked


NOTHING = {"where": [place("eyelid", of=())], "duration": [lasting(4, ())], "trigger": [trig("caffeine")]}


@pytest.mark.parametrize("opening", [[], [TWITCH], [TWITCH, place("eyelid")], [TWITCH, lasting(4)], [PEOPLE[1][0], TWITCH]])
def test_whoever_has_nothing_to_report_ends_in_self_care_after_at_most_twelve(opening: list[Finding]) -> None:
    case, asked = check(talk(opening), NOTHING)
    assert assess(case).level == "self_care"
    assert len(asked) <= MOST_QUESTIONS
    assert len(set(asked)) == len(asked)


def test_a_patient_who_only_says_no_ends_in_self_care() -> None:
    case, asked = check(talk([TWITCH]), {})
    assert assess(case).level == "self_care"
    assert len(asked) <= MOST_QUESTIONS


def test_life_threatening_things_first() -> None:
    _, asked = check(talk([TWITCH]), NOTHING)
    assert asked[:4] == ["breathing", "swallowing", "speech", "weakness"]
    ranks = [asked.index(code) for code in ("breathing", "weakness", "atrophy", "numbness", "medication")]
    assert ranks == sorted(ranks)


def test_what_is_known_is_not_asked() -> None:
    known = [TWITCH, place("eyelid"), lasting(3), no("weakness"), no("speech_difficulty"), no("swallowing_difficulty"), no("weight_loss"),
             no("spreading"), no("numbness"), trig("stress")]
    _, asked = check(talk(known), {})
    assert asked == ["breathing", "atrophy", "medication", "lifestyle", "cramps"]


def test_an_emergency_ends_the_check_at_once() -> None:
    case, asked = check(talk([TWITCH]), {"breathing": [answer("yes")]})
    assert asked == ["breathing"]
    assert next_question(talk([sym("chest_pain")]), assess(talk([sym("chest_pain")]))) is None
    assert assess(case).red_flags == ("breathing_difficulty",)


def test_after_a_flag_only_what_reaches_its_level_is_asked() -> None:
    _, asked = check(talk([sym("atrophy")]), {"duration": [lasting(30, ())], "where": [place("hand", of=())]})
    assert set(asked) == {"breathing", "swallowing", "speech", "weakness", "where", "duration", "spread", "weight"}
    _, asked = check(talk([TWITCH, sym("swallowing_difficulty")]), {})
    assert asked == ["breathing", "speech", "weakness"]
    _, asked = check(talk([TWITCH, sym("numbness")]), NOTHING)
    assert not {"cramps", "trigger", "medication", "lifestyle"} & set(asked)


def test_every_flag_of_one_level_is_found_whatever_was_known() -> None:
    facts = {**NOTHING, "weight": [answer("yes")], "atrophy": [answer("yes")], "spread": [answer("yes")], "duration": [lasting(30, ())],
             "weakness": [answer("yes")]}
    case, _ = check(talk([TWITCH]), facts)
    assert set(assess(case).red_flags) == {"progressive_weakness", "atrophy", "weight_loss", "spreading", "persistent_twitching"}


def test_the_onset_is_the_next_question() -> None:
    case = talk([TWITCH, sym("speech_difficulty")])
    assert next_question(case, assess(case)).code == "onset"
    timed = talk([sym("speech_difficulty", onset="gradual")])
    assert "onset" not in check(timed, {})[1]


def test_both_limbs_are_asked_for_their_time() -> None:
    case = talk([sym("weakness"), place("leg", "both", of=("weakness",))])
    done, asked = check(case, {"weakness_time": [answer("yes")]})
    assert "weakness_time" in asked
    assert assess(done).red_flags == ("rapid_weakness",)
    assert assess(check(case, {})[0]).red_flags == ("progressive_weakness",)


def test_felt_weakness_is_asked_for_function() -> None:
    done, asked = check(talk([TWITCH, maybe("weakness")]), NOTHING)
    assert "function" in asked
    assert assess(done).red_flags == ("progressive_weakness",)
    assert "function" not in check(talk([TWITCH, sym("weakness")]), NOTHING)[1]


def test_not_sure_is_followed_up_once() -> None:
    case = talk([TWITCH])
    case = tell(case, answer("unsure"), asked="breathing").case
    question = next_question(case, assess(case))
    assert (question.code, question.follow_up) == ("breathing", True)
    case = tell(case, answer("unsure"), asked="breathing").case
    assert assess(case).red_flags == ("breathing_difficulty",)


def test_stopped_and_given_up() -> None:
    case = talk([TWITCH])
    assert next_question(case, assess(case), stopped=True) is None
    assert next_question(case, assess(case), asked={"breathing"}).code == "swallowing"


def test_the_card_comes_with_the_first_question_only() -> None:
    case = talk([TWITCH])
    assert "chest pain" in next_question(case, assess(case)).card
    case = tell(case, answer("no"), asked="breathing").case
    assert next_question(case, assess(case)).card is None


def test_a_denied_twitch_is_not_asked_for_its_place() -> None:
    _, asked = check(talk([no("twitching"), sym("weight_loss")]), {})
    assert not {"where", "duration", "spread"} & set(asked)


def test_a_small_child_is_not_asked_for_speech() -> None:
    _, asked = check(talk([person("child", relation="daughter", age_years=1), TWITCH, place("eyelid")]), NOTHING)
    assert "speech" not in asked


def test_buttons_answer_their_question() -> None:
    for code in question_codes():
        for reply in get_question(code, talk([TWITCH])).buttons:
            base = talk([TWITCH, maybe("weakness")])
            assert tell(base, *reply.findings(), asked=code).answered, (code, reply.title)


def test_the_medicine_named_at_first_is_not_asked_again() -> None:
    _, asked = check(talk([TWITCH, sig("takes_medicine")]), NOTHING)
    assert "medication" not in asked


@pytest.mark.parametrize("changed", ["medication_change", "substance_stopped"])
def test_after_a_change_of_medicine_the_signs_of_a_reaction_are_asked_first(changed: str) -> None:
    case = talk([TWITCH, sig(changed)])
    question = next_question(case, assess(case))
    assert question is not None and question.code == "reaction"
    told = tell(case, answer("yes"), asked="reaction").case
    assert assess(told).red_flags == ("medication_reaction",)
    safe = tell(case, answer("no"), asked="reaction").case
    after_no = next_question(safe, assess(safe))
    assert not assess(safe).red_flags and after_no is not None and after_no.code == "breathing"


def test_not_sure_twice_of_a_reaction_is_possible() -> None:
    case = tell(talk([TWITCH, sig("medication_change")]), answer("unsure"), asked="reaction").case
    question = next_question(case, assess(case))
    assert question is not None and question.code == "reaction" and question.follow_up
    assert assess(tell(case, answer("unsure"), asked="reaction").case).red_flags == ("medication_reaction",)


def test_a_part_of_the_signs_of_a_reaction_is_judged_by_its_own_rule() -> None:
    case = talk([TWITCH, sig("medication_change")])
    for told, flags in (([no("fever")], ()), ([sym("tremor")], ()), ([sym("tremor"), answer("yes")], ("medication_reaction",)),
                        ([sym("fever")], ("medication_reaction",)), ([sym("tremor"), sig("sweating")], ("medication_reaction",))):
        update = tell(case, *told, asked="reaction")
        assert update.answered and assess(update.case).red_flags == flags


def test_without_a_change_of_medicine_it_is_not_asked() -> None:
    case = talk([TWITCH, sig("takes_medicine")])
    question = next_question(case, assess(case))
    assert question is not None and question.code == "breathing"
