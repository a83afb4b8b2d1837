"""Places that twitch, over messages: spread, corrections, places of other symptoms."""
from __future__ import annotations

import pytest

from tests.support.build import after, answer, edit, lasting, maybe, no, place, sig, sym, talk, tell, trig
from twitchwise.triage import Case, assess
from twitchwise.understanding.findings import LOCATION, Finding

TWITCH = sym("twitching")


def spread(*messages: list) -> bool:
    return "spreading" in after(*messages).red_flags


@pytest.mark.parametrize(("messages", "expected"), [
    ([[TWITCH, place("calf")], [TWITCH, place("foot")]], True),                          # a new place in the same region
    ([[TWITCH, place("leg")], [TWITCH, place("calf")]], False),                          # the same place, more exactly
    ([[TWITCH, place("thumb")], [TWITCH, place("hand")]], False),
    ([[TWITCH, place("calf", "left")], [TWITCH, place("calf", "right")]], True),         # the other side later
    ([[TWITCH, place("calf", "left")], [TWITCH, place("calf", "both")]], True),
    ([[TWITCH, place("calf", "both")], [TWITCH, place("calf", "left")]], False),
    ([[TWITCH, place("calf")], [TWITCH, place("calf", "left")]], False),
    ([[TWITCH, place("leg", "left")], [TWITCH, place("calf", "right")]], True),
    ([[TWITCH, place("calf")], [sym("numbness"), place("foot", of=("numbness",))]], False),
    ([[TWITCH, place("calf")], [sym("pain"), place("back", of=())]], False),
    ([[TWITCH, place("calf")], [TWITCH, place("eyelid", role="historical")]], False),
    ([[TWITCH, place("calf")], [TWITCH, place("eyelid", role="family")]], False),
    ([[TWITCH, place("calf")], [edit(), place("thigh"), place("calf", role="denied")]], False),
    ([[TWITCH, place("calf")], [edit(), place("thigh", of=())]], False),
    ([[TWITCH, place("face")], [no("spreading"), TWITCH, place("scalp")]], False),
    ([[TWITCH, place("neck", one_spot=True), place("shoulder", one_spot=True)], [TWITCH, place("shoulder")]], False),
    ([[TWITCH, place("neck")], [TWITCH, place("neck", one_spot=True), place("shoulder", one_spot=True)]], False),
    ([[TWITCH, place("neck", one_spot=True), place("shoulder", one_spot=True)], [TWITCH, place("calf")]], True),
])
def test_spread_over_messages(messages: list, expected: bool) -> None:
    assert spread(*messages) is expected


def test_a_corrected_place_leaves_the_list() -> None:
    case = talk([TWITCH, place("calf", "right")], [edit(), place("thigh", "right", of=()), place("calf", of=(), role="denied")])
    assert case.body_locations() == ["thigh"]


def test_a_correction_without_the_wrong_place() -> None:
    assert talk([TWITCH, place("finger")], [edit(), place("toe", of=())]).body_locations() == ["toe"]
    assert talk([TWITCH, place("finger")], [edit("correction", "finger"), place("toe")]).body_locations() == ["toe"]


def test_as_well_is_an_addition_even_beside_a_correction() -> None:
    also = Finding(LOCATION, "foot", of=("twitching",), role="site", detail={"additional": True})
    case = talk([TWITCH, place("calf")], [edit(), TWITCH, also])
    assert (case.body_locations(), assess(case).red_flags) == (["calf", "foot"], ("spreading",))


def test_actually_my_hand_twitches_may_be_an_addition() -> None:
    case = talk([TWITCH, place("calf")], [edit(), TWITCH, place("hand")])
    assert (case.body_locations(), assess(case).red_flags) == (["calf", "hand"], ("spreading",))


def test_the_wrong_side() -> None:
    case = talk([TWITCH, place("calf", "left")], [edit(), TWITCH, place("calf", "right")])
    assert [(site.code, site.laterality) for site in case.sites()] == [("calf", "right")]


def test_a_corrected_side() -> None:
    case = talk([TWITCH, place("calf", "left")], [edit(), place("calf", "right"), place("calf", "left", role="denied")])
    assert [(site.code, site.laterality) for site in case.sites()] == [("calf", "right")]
    assert not assess(case).red_flags


def test_a_flag_that_rested_on_the_wrong_place_goes() -> None:
    case = talk([TWITCH, place("calf"), place("hand")], [edit(), place("hand", role="denied")])
    assert (case.body_locations(), assess(case).red_flags) == (["calf"], ())


def test_a_correction_of_something_else_keeps_the_place() -> None:
    case = talk([TWITCH, place("calf")], [edit(), TWITCH, place("calf")])
    assert case.body_locations() == ["calf"]


def test_a_place_in_the_answer_to_another_question_is_no_site() -> None:
    assert tell(talk([TWITCH]), answer("yes"), place("chest", of=()), asked="breathing").case.body_locations() == []


def test_an_answer_to_where_may_name_several_regions() -> None:
    case = tell(Case(), *[place(code, of=()) for code in ("foot", "back", "arm")], asked="where").case
    assert case.body_locations() == ["arm", "back", "foot"] or set(case.body_locations()) == {"arm", "back", "foot"}
    assert assess(case).red_flags == ("spreading",)


def test_weakness_of_one_limb_and_of_both() -> None:
    one = talk([maybe("weakness"), place("arm", "left", of=("weakness",))])
    assert one.single_limb("weakness") and not one.both_limbs("weakness")
    both = talk([maybe("weakness"), place("leg", "left", of=("weakness",)), place("leg", "right", of=("weakness",))])
    assert both.both_limbs("weakness") and not both.single_limb("weakness")
    assert both.body_locations() == []


@pytest.mark.parametrize("said", [[], [TWITCH]])
def test_taking_back_with_another_place_replaces_the_only_one(said: list) -> None:
    case = talk([TWITCH, place("calf")], [edit("take_back"), *said, place("forearm", of=("twitching",) if said else ())])
    assert (case.body_locations(), assess(case).red_flags) == (["forearm"], ())


def test_taking_back_with_several_places_known_replaces_none() -> None:
    case = talk([TWITCH, place("calf"), place("hand")], [edit("take_back"), place("forearm", of=())])
    assert {"calf", "hand"} <= set(case.body_locations())


@pytest.mark.parametrize("asked", [None, "duration", "medication"])
def test_a_time_of_something_else_is_never_the_course(asked: str | None) -> None:
    case = talk([TWITCH, place("calf"), lasting(4)])
    told = [sig("medication_change"), trig("medication"), lasting(21, of=(), role="other")]
    assert tell(case, *told, asked=asked).case.duration_days() == 4
    assert tell(Case(), TWITCH, *told, asked=asked).case.duration_days() is None


def test_how_long_a_medicine_is_taken_is_not_how_long_it_twitches() -> None:
    case = talk([TWITCH, place("calf"), lasting(4)])
    told = [sig("takes_medicine"), lasting(365, of=())]
    assert tell(case, *told, asked="medication").case.duration_days() == 4
    assert tell(case, *told, asked="duration").case.duration_days() == 365


def test_a_time_of_nothing_in_particular_answers_how_long() -> None:
    case = talk([TWITCH, place("calf")])
    assert tell(case, lasting(20, of=(), role="other"), sym("improving"), asked="duration").case.duration_days() == 20
    assert tell(case, lasting(20, of=(), role="other"), asked=None).case.duration_days() is None
    assert tell(case, lasting(20, of=(), role="other"), sym("pain"), asked="duration").case.duration_days() is None
