"""Coming back after days: the next case, what changed, whether it ever stopped, worse goes up."""
from __future__ import annotations

from datetime import timedelta

from tests.support.build import CALF, Talk, answer, lasting, no, place, sig, sym, titles, trig, words

DAY = timedelta(days=1)


def finished() -> Talk:
    talk = Talk()
    talk.say("calf", *CALF, trig("stress"), intent="describe_symptoms")
    assert talk.no_until_the_end().slots["triage_level"] == "self_care"
    return talk


def test_hours_are_no_return() -> None:
    talk = finished()
    turn = talk.say("hello", intent="greet", after=timedelta(hours=5))
    assert "Welcome back" not in words(turn) and turn.slots["triage_level"] == "self_care"


def test_a_finished_case_gives_way_to_the_next() -> None:
    talk = finished()
    turn = talk.say("hello", intent="greet", after=5 * DAY)
    assert not turn.check_open and turn.slots["triage_level"] is None and turn.slots["body_locations"] == []
    assert "Welcome back" in words(turn) and "left calf" in words(turn) and {"Better", "Worse"} <= set(titles(turn))


def test_what_changed_leads_into_the_check_and_it_never_stopped() -> None:
    talk = finished()
    talk.say("hello", intent="greet", after=15 * DAY)
    turn = talk.say("the same", intent=None)
    assert turn.requested_slot == "between"
    turn = talk.yes()
    assert turn.slots["duration_days"] == 19 and turn.slots["body_locations"] == ["calf"]
    assert turn.slots["red_flags"] == ["persistent_twitching"] and turn.requested_slot == "breathing"


def test_twice_more_than_two_weeks_apart_is_not_persistent_when_it_went_away() -> None:
    talk = finished()
    turn = talk.say("my calf twitches again", sym("twitching"), place("calf", "left"), intent="describe_symptoms", after=21 * DAY)
    assert turn.requested_slot == "between"
    turn = talk.no()
    assert turn.slots["red_flags"] == [] and turn.slots["duration_days"] is None


def test_not_sure_whether_it_stopped_asks_for_the_time_instead() -> None:
    talk = finished()
    talk.say("my calf twitches", sym("twitching"), place("calf"), intent="describe_symptoms", after=21 * DAY)
    assert talk.unsure().slots["duration_days"] is None


def test_it_is_not_asked_when_it_was_said() -> None:
    talk = finished()
    turn = talk.say("it never stopped", sym("twitching"), sig("did_not_go_away"), intent="describe_symptoms", after=20 * DAY)
    assert turn.slots["duration_days"] == 24 and turn.requested_slot == "breathing"


def test_worse_goes_up_one_step() -> None:
    talk = finished()
    talk.say("hello", intent="greet", after=3 * DAY)
    talk.press("Worse")
    talk.yes()
    turn = talk.no_until_the_end()
    assert turn.slots["triage_level"] == "see_gp" and "getting worse" in words(turn)


def test_a_new_sign_goes_up_one_step_more_than_then() -> None:
    talk = Talk()
    talk.say("five weeks", sym("twitching"), place("calf"), lasting(35), intent="describe_symptoms")
    assert talk.no_until_the_end().slots["triage_level"] == "neurologist"
    talk.say("hi", intent="greet", after=4 * DAY)
    talk.say("now I drop things", sym("weakness"), sym("twitching"), place("calf"), intent="describe_symptoms")
    talk.yes()
    turn = talk.no_until_the_end()
    assert turn.slots["triage_level"] == "urgent" and "one step more" in words(turn)


def test_better_is_compared() -> None:
    talk = finished()
    talk.say("hello", intent="greet", after=3 * DAY)
    talk.press("Better")
    turn = talk.no_until_the_end()
    assert turn.slots["triage_level"] == "self_care" and "getting better" in words(turn)


def test_an_unfinished_check_is_taken_up_again() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    talk.no()
    talk.say("later", intent="later")
    turn = talk.say("hello", intent="greet", after=2 * DAY)
    assert turn.check_open and turn.requested_slot == "between" and "Welcome back" in words(turn)
    turn = talk.yes()
    assert turn.slots["duration_days"] == 6 and turn.requested_slot == "swallowing"


def test_stop_asking_holds_over_days() -> None:
    talk = Talk()
    talk.say("calf", *CALF, intent="describe_symptoms")
    talk.say("stop", intent="stop_check")
    assert not talk.say("hello", intent="greet", after=2 * DAY).check_open


def test_the_number_is_repeated_on_return_and_the_new_case_is_empty() -> None:
    for code, said in (("chest_pain", "999"), ("suicidal_thoughts", "116 123")):
        talk = Talk()
        talk.say("help", sym(code), intent="describe_symptoms")
        turn = talk.say("hello", intent="greet", after=3 * DAY)
        assert said in words(turn) and turn.slots["red_flags"] == []


def test_a_question_first_then_what_changed() -> None:
    turn = finished().ask("emg", after=5 * DAY)
    assert turn.slots["faq_topic"] == "emg" and "Worse" in titles(turn)


def test_gone_needs_no_check() -> None:
    talk = finished()
    talk.say("hello", intent="greet", after=5 * DAY)
    turn = talk.say("it has gone", no("twitching"), answer("no"), intent="describe_symptoms")
    assert not turn.check_open and "glad" in words(turn)


def test_a_new_place_that_came_while_it_never_stopped_has_spread() -> None:
    talk = finished()
    talk.say("my hand twitches", sym("twitching"), place("hand"), intent="describe_symptoms", after=4 * DAY)
    assert talk.yes().slots["red_flags"] == ["spreading"]
