"""Merging over messages: what stays, what goes, what is asked back."""
from __future__ import annotations

import pytest

from tests.support.build import after, answer, edit, lasting, maybe, no, person, place, sig, sym, talk, tell, trig
from twitchwise.triage import WITHDRAWAL, Case, assess
from twitchwise.triage.update import MOST_SERVED
from twitchwise.understanding.findings import FAMILY, HISTORICAL, HYPOTHETICAL

TWITCH = sym("twitching")


def test_a_message_counts_once() -> None:
    first = tell(Case(), TWITCH, place("calf"), message_id="a").case
    again = tell(first, sym("weakness"), message_id="a")
    assert again.case == first
    assert again.changes == ()


def test_the_case_given_is_left_as_it_is() -> None:
    case = talk([TWITCH, place("calf")])
    before = case.to_dict()
    tell(case, sym("weakness"), place("hand"), lasting(30))
    assert case.to_dict() == before


@pytest.mark.parametrize("code", ["weakness", "numbness", "speech_difficulty", "weight_loss"])
def test_a_later_bare_denial_keeps_what_was_said(code: str) -> None:
    assert talk([sym(code)], [no(code)]).assertion(code) == "present"


@pytest.mark.parametrize("code", ["weakness", "numbness", "speech_difficulty"])
def test_a_correction_removes_it(code: str) -> None:
    assert talk([sym(code)], [edit(), no(code)]).assertion(code) == "absent"
    assert talk([sym(code)], [edit("take_back", code)]).assertion(code) == "absent"


def test_a_wrong_word_is_replaced() -> None:
    case = talk([sym("numbness")], [edit(), sym("tingling"), no("numbness", 9)])
    assert (case.assertion("numbness"), case.assertion("tingling")) == ("absent", "present")


def test_a_doubt_can_be_denied_and_a_denial_can_turn_into_a_doubt() -> None:
    assert talk([maybe("weakness")], [no("weakness")]).assertion("weakness") == "absent"
    assert talk([no("weakness")], [maybe("weakness")]).assertion("weakness") == "possible"
    assert talk([sym("weakness")], [maybe("weakness")]).assertion("weakness") == "present"


def test_present_wins_within_one_message_without_a_correction() -> None:
    assert talk([sym("weakness"), no("weakness", 40)]).assertion("weakness") == "present"
    assert talk([sym("numbness"), edit(start=20), no("numbness", 40)]).assertion("numbness") == "absent"


@pytest.mark.parametrize("assertion", [HYPOTHETICAL, HISTORICAL, FAMILY])
def test_what_is_not_there_never_becomes_a_fact(assertion: str) -> None:
    case = talk([sym("weakness", assertion)])
    assert not case.has("weakness")
    assert case.symptoms_present() == case.symptoms_absent() == []
    assert case.background == ({} if assertion == HYPOTHETICAL else {"weakness": assertion})


def test_a_correction_that_gives_a_symptom_to_a_relative() -> None:
    assert talk([sym("weakness")], [edit(), sym("weakness", FAMILY)]).assertion("weakness") == "absent"


def test_minimising_and_normal_tests_remove_nothing() -> None:
    found = after([TWITCH, sym("weakness")], [sig("tests_normal")], [sig("fear_als")], [])
    assert found.red_flags == ("progressive_weakness",)


# -- emergencies -------------------------------------------------------------------------------------
@pytest.mark.parametrize("withdrawal", [
    [edit("take_back"), no("breathing_difficulty")], [edit(), no("breathing_difficulty")], [no("breathing_difficulty")],
    [edit("take_back", "breathing_difficulty")], [edit("take_back")],
])
def test_an_emergency_is_asked_back_before_it_goes(withdrawal: list) -> None:
    first = talk([TWITCH, sym("breathing_difficulty")])
    back = tell(first, *withdrawal)
    assert back.ask_back == ("breathing_difficulty",)
    assert assess(back.case).level == "emergency"
    confirmed = tell(back.case, answer("yes"), asked=WITHDRAWAL)
    assert confirmed.withdrawn == ("breathing_difficulty",)
    assert confirmed.case.pending_withdrawal == {}
    assert assess(confirmed.case).red_flags == ()
    again = tell(back.case, no("breathing_difficulty"))
    assert assess(again.case).red_flags == ()


@pytest.mark.parametrize("reply", [[answer("no")], [sig("fear_als")], [sym("breathing_difficulty")], [answer("unsure")], []])
def test_anything_but_a_confirmation_keeps_the_emergency(reply: list) -> None:
    back = tell(talk([sym("breathing_difficulty")]), edit("take_back"), no("breathing_difficulty"))
    kept = tell(back.case, *reply, asked=WITHDRAWAL)
    assert assess(kept.case).red_flags == ("breathing_difficulty",)
    assert kept.case.pending_withdrawal == {}
    assert assess(tell(kept.case, answer("yes")).case).red_flags == ("breathing_difficulty",)


def test_a_new_emergency_in_place_of_the_confirmation() -> None:
    back = tell(talk([sym("breathing_difficulty")]), edit("take_back"), no("breathing_difficulty"))
    found = assess(tell(back.case, sym("lockjaw")).case)
    assert {"breathing_difficulty", "lockjaw"} <= set(found.red_flags)


def test_thoughts_of_dying_are_never_taken_back() -> None:
    case = talk([sym("suicidal_thoughts")], [edit("take_back"), no("suicidal_thoughts")], [answer("yes")], [no("suicidal_thoughts")])
    assert assess(case).red_flags == ("suicidal_thoughts",)
    assert case.pending_withdrawal == {}


def test_the_onset_of_an_emergency_is_asked_back_too() -> None:
    first = talk([sym("speech_difficulty", onset="sudden")])
    back = tell(first, edit(), sym("speech_difficulty", onset="gradual"))
    assert assess(back.case).red_flags == ("stroke_signs",)
    assert back.ask_back == ("speech_difficulty",)
    assert assess(tell(back.case, answer("yes")).case).red_flags == ("speech_difficulty",)


def test_an_emergency_of_two_parts_is_asked_back() -> None:
    back = tell(talk([sig("medication_change")], [sym("fever")]), edit(), no("fever"))
    assert back.ask_back == ("fever",)
    assert "medication_reaction" in assess(back.case).red_flags


def test_other_emergencies_survive_a_withdrawal() -> None:
    case = talk([sym("breathing_difficulty"), sym("chest_pain")], [edit("take_back"), no("breathing_difficulty")], [answer("yes")])
    assert assess(case).red_flags == ("chest_pain",)


# -- duration ----------------------------------------------------------------------------------------
def test_a_corrected_duration_replaces() -> None:
    assert talk([TWITCH, lasting(60)], [edit(), lasting(5)]).duration_days() == 5
    assert talk([TWITCH, lasting(12)], [edit(), lasting(21, start=5), lasting(12, start=30)]).duration_days() == 21
    assert talk([TWITCH, lasting(21, start=0), edit(start=10), lasting(3, start=20)]).duration_days() == 3


def test_a_raised_flag_does_not_fall_by_a_shorter_time_without_a_correction() -> None:
    assert talk([TWITCH, lasting(30)], [TWITCH, lasting(3)]).duration_days() == 30
    assert talk([TWITCH, lasting(10)], [TWITCH, lasting(5)]).duration_days() == 5
    assert talk([TWITCH, lasting(10)], [TWITCH, lasting(50)]).duration_days() == 50


def test_the_time_of_a_new_place_is_not_the_time_of_the_twitching() -> None:
    case = talk([TWITCH, place("thigh"), lasting(10)], [TWITCH, place("hand"), lasting(0.5)])
    assert case.duration_days() == 10


def test_the_longest_within_one_message() -> None:
    assert talk([TWITCH, lasting(180, start=0), lasting(14, start=30)]).duration_days() == 180


@pytest.mark.parametrize("finding", [lasting(30, ("swallowing_difficulty",)), lasting(30, ()), lasting(30, role="episode")])
def test_the_time_of_another_symptom_is_not_the_twitchings(finding) -> None:
    assert talk([TWITCH, lasting(6)], [sym("swallowing_difficulty"), finding]).duration_days() == 6


def test_bare_times_and_places_answer_their_questions() -> None:
    case = tell(Case(), TWITCH).case
    case = tell(case, place("calf", of=()), asked="where").case
    case = tell(case, lasting(24, ()), asked="duration").case
    assert (case.body_locations(), case.duration_days()) == (["calf"], 24)
    assert {case.asked["where"], case.asked["duration"]} == {"said"}


def test_a_time_in_the_answer_about_another_symptom_is_of_that_symptom() -> None:
    case = tell(talk([TWITCH, lasting(5)]), answer("yes"), lasting(40, ()), asked="speech").case
    assert case.duration_days() == 5
    case = tell(talk([TWITCH, sym("speech_difficulty")]), lasting(40, ()), asked="onset").case
    assert case.facts["speech_difficulty"].onset == "gradual"
    assert case.duration_days() is None


def test_improving_cancels_persistence_only_before_it_was_raised() -> None:
    assert after([TWITCH, sym("improving")], [lasting(30)]).red_flags == ()
    assert after([TWITCH, lasting(30)], [sym("improving")]).red_flags == ("persistent_twitching",)
    assert after([TWITCH, lasting(30)], [edit(), sym("improving")]).red_flags == ()
    assert after([TWITCH, sym("improving")], [lasting(30)], [sym("worsening")]).red_flags == ("persistent_twitching",)


# -- bare answers ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("reply", "assertion"), [("yes", "present"), ("partly", "present"), ("no", "absent"), ("unsure", None)])
def test_a_bare_answer_is_about_the_open_question(reply: str, assertion: str | None) -> None:
    update = tell(talk([TWITCH]), answer(reply), asked="swallowing")
    assert update.case.assertion("swallowing_difficulty") == assertion
    assert update.answered
    assert update.case.asked["swallowing"] == reply


@pytest.mark.parametrize(("reply", "assertion"), [("yes", "present"), ("no", "absent"), ("unsure", "possible")])
def test_not_sure_gets_one_follow_up(reply: str, assertion: str) -> None:
    case = tell(talk([TWITCH]), answer("unsure"), asked="atrophy").case
    assert tell(case, answer(reply), asked="atrophy").case.assertion("atrophy") == assertion


def test_the_words_of_an_answer_go_before_its_yes_or_no() -> None:
    assert tell(Case(), answer("no"), sym("speech_difficulty"), asked="speech").case.assertion("speech_difficulty") == "present"
    assert tell(Case(), answer("yes"), no("speech_difficulty"), asked="speech").case.assertion("speech_difficulty") == "absent"
    assert tell(Case(), answer("no"), sym("spreading", HYPOTHETICAL), asked="spread").case.assertion("spreading") == "absent"
    mixed = tell(Case(), answer("no"), sym("numbness"), asked="swallowing").case
    assert (mixed.assertion("swallowing_difficulty"), mixed.assertion("numbness")) == ("absent", "present")


def test_a_message_about_something_else_leaves_the_question_open() -> None:
    update = tell(talk([TWITCH]), sig("fear_als"), asked="swallowing")
    assert not update.answered
    assert update.case.asked == {}


def test_a_bare_no_never_denies_what_was_said() -> None:
    assert tell(talk([sym("weakness")]), answer("no"), asked="weakness").case.assertion("weakness") == "present"


def test_function_changes_the_explanation_only() -> None:
    felt = talk([maybe("weakness")])
    assert tell(felt, answer("no"), asked="function").case.assertion("weakness") == "possible"
    assert tell(felt, no("weakness"), asked="function").case.assertion("weakness") == "possible"
    lost = tell(felt, answer("yes"), asked="function").case
    assert (lost.assertion("weakness"), lost.assertion("lost_function")) == ("present", "present")


@pytest.mark.parametrize(("reply", "flags"), [
    ([answer("yes")], {"stroke_signs"}), ([answer("no")], {"speech_difficulty"}), ([sig("sudden_onset")], {"stroke_signs"}),
    ([sig("gradual_onset")], {"speech_difficulty"}), ([lasting(0.2, ())], {"stroke_signs"}), ([lasting(40, ())], {"speech_difficulty"}),
])
def test_the_onset_decides(reply: list, flags: set[str]) -> None:
    update = tell(talk([sym("speech_difficulty")]), *reply, asked="onset")
    assert set(assess(update.case).red_flags) == flags
    assert update.answered


def test_sudden_is_said_of_the_symptom_told_last() -> None:
    arm = [sym("weakness"), place("arm", "left", of=("weakness",))]
    case = talk([sym("speech_difficulty", onset="gradual")], arm, [sig("sudden_onset")])
    assert case.facts["weakness"].onset == "sudden"
    assert case.facts["speech_difficulty"].onset == "gradual"


@pytest.mark.parametrize(("reply", "amber"), [
    ([answer("no", nothing=True)], ("no_clear_trigger",)), ([sig("no_clear_trigger")], ("no_clear_trigger",)), ([answer("unsure")], ()),
    ([answer("no")], ()), ([trig("caffeine")], ()),
])
def test_the_trigger_question(reply: list, amber: tuple[str, ...]) -> None:
    assert assess(tell(talk([TWITCH]), *reply, asked="trigger").case).amber == amber


def test_not_sure_about_the_time_counts_as_long() -> None:
    case = tell(talk([TWITCH]), answer("unsure"), asked="duration").case
    assert assess(tell(case, answer("unsure"), asked="duration").case).red_flags == ("persistent_twitching",)
    assert assess(tell(case, answer("no"), asked="duration").case).red_flags == ()
    assert assess(tell(case, lasting(3, ()), asked="duration").case).red_flags == ()


# -- people ------------------------------------------------------------------------------------------
SON = person("child", relation="son", pronoun="he", age_years=7)


def test_a_change_of_person_starts_a_new_case() -> None:
    case = talk([SON, TWITCH, place("eyelid"), lasting(30)])
    update = tell(case, person("self", switch=True), sym("weakness"))
    assert update.new_case
    assert assess(update.case).red_flags == ("progressive_weakness",)
    assert update.case.body_locations() == []


@pytest.mark.parametrize("who", [person("child", relation="daughter", pronoun="she"), person("adult", relation="mother", pronoun="she"),
                                 person("self")])
def test_another_relation_starts_a_new_case(who) -> None:
    assert tell(talk([SON, TWITCH]), who, sym("weakness")).new_case


def test_the_same_person_in_other_words_does_not() -> None:
    update = tell(talk([SON, TWITCH]), person("child", relation="child", pronoun="he"), sym("weakness"))
    assert not update.new_case
    assert (update.case.person.relation, update.case.person.age_years) == ("son", 7)


def test_a_question_for_oneself_keeps_the_childs_case() -> None:
    update = tell(talk([SON, TWITCH, place("eyelid")]), person("self"))
    assert not update.new_case
    assert update.case.person.relation == "son"


def test_he_first_and_his_age_later_is_one_person() -> None:
    update = tell(talk([person("adult", pronoun="he"), TWITCH]), person("child", pronoun="he", age_years=7), lasting(3))
    assert not update.new_case
    assert update.case.person.code == "child"


def test_a_message_about_oneself_is_no_change_for_the_user() -> None:
    assert not tell(talk([TWITCH, place("eyelid")]), person("self", switch=True), sym("weakness")).new_case


def test_he_as_a_relation_names_nobody() -> None:
    update = tell(talk([SON, TWITCH]), person("adult", relation="he", pronoun="he"), no("weakness"))
    assert not update.new_case
    assert (update.case.person.code, update.case.person.relation) == ("child", "son")


@pytest.mark.parametrize("findings", [[edit("take_back")], [edit("take_back"), sig("fear_als")]])
def test_below_an_emergency_nothing_goes_by_a_joke_that_names_nothing(findings: list) -> None:
    assert after([sym("weakness")], findings).red_flags == ("progressive_weakness",)


def test_a_long_conversation_does_not_grow_without_end() -> None:
    case = Case()
    for number in range(MOST_SERVED + 5):
        case = tell(case, message_id=str(number)).case
    assert len(case.served) == MOST_SERVED
    assert tell(case, sym("weakness"), message_id=str(MOST_SERVED + 4)).case == case


@pytest.mark.parametrize("code", ["chest_pain", "breathing_difficulty", "saddle_numbness", "seizure"])
@pytest.mark.parametrize("earlier", ["weakness", "numbness"])
def test_another_emergency_that_is_sudden_says_nothing_of_the_weakness_before(code: str, earlier: str) -> None:
    case = talk([sym(earlier), place("arm", "left", of=(earlier,))])
    for asked in (None, "onset"):
        flags = assess(tell(case, sig("sudden_onset"), sym(code), asked=asked).case).red_flags
        assert flags and "stroke_signs" not in flags


def test_sudden_with_a_lesser_sign_still_counts_for_the_weakness_before() -> None:
    case = talk([sym("weakness"), place("arm", "left", of=("weakness",))])
    assert "stroke_signs" in assess(tell(case, sig("sudden_onset"), sym("headache")).case).red_flags
    assert "stroke_signs" in assess(tell(case, sig("sudden_onset"), sym("chest_pain"), answer("yes"), asked="onset").case).red_flags
