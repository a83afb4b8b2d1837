"""Every red flag and amber feature: just inside and just outside."""
from __future__ import annotations

import pytest

from tests.support.build import after, lasting, maybe, no, person, place, sig, sym, trig
from twitchwise.triage import assess_findings
from twitchwise.understanding.findings import FAMILY, HISTORICAL, HYPOTHETICAL, Finding
from twitchwise.vocabulary.codes import load_codes

TWITCH = sym("twitching")
BOTH_LEGS = place("leg", "both", of=("weakness",))

#: flag, findings inside, findings just outside
RED = [
    ("breathing_difficulty", [maybe("breathing_difficulty")], [no("breathing_difficulty")]),
    ("stroke_signs", [sym("facial_droop")], [no("facial_droop")]),
    ("stroke_signs", [sym("one_sided_weakness", onset="sudden")], [sym("one_sided_weakness")]),
    ("stroke_signs", [sym("one_sided_weakness"), lasting(1, ("one_sided_weakness",))],
     [sym("one_sided_weakness"), lasting(2, ("one_sided_weakness",))]),
    ("stroke_signs", [sym("speech_difficulty", onset="sudden")], [sym("speech_difficulty", onset="gradual")]),
    ("stroke_signs", [sym("speech_difficulty"), lasting(0.5, ("speech_difficulty",))], [sym("speech_difficulty"), lasting(0.5)]),
    ("stroke_signs", [sym("weakness", onset="sudden"), place("arm", "left", of=("weakness",))],
     [sym("weakness", onset="gradual"), place("arm", "left", of=("weakness",))]),
    ("stroke_signs", [sym("numbness", onset="sudden"), place("hand", "right", of=("numbness",))],
     [sym("numbness", onset="sudden"), place("abdomen", of=("numbness",))]),
    ("stroke_signs", [sig("vision_loss")], [sym("vision_problem")]),
    ("stroke_signs", [sym("confusion", onset="sudden")], [sym("confusion", onset="gradual")]),
    ("stroke_signs", [sig("worst_headache")], [sig("severe_headache"), sym("headache")]),
    ("stroke_signs", [sym("fever"), sig("stiff_neck")], [sym("fever"), sym("stiffness")]),
    ("stroke_signs", [sym("fever"), sym("confusion")], [sym("fever"), sym("headache")]),
    ("seizure", [sym("seizure")], [sym("seizure", HISTORICAL)]),
    ("seizure", [sig("jerk_cluster"), sig("baby")], [sig("jerk_cluster"), person("child", relation="son", age_years=7)]),
    ("seizure", [sig("floppy_or_blue"), sig("baby")], [sig("floppy_or_blue")]),
    ("seizure", [sig("pregnant"), sig("severe_headache")], [sig("pregnant"), sym("headache")]),
    ("seizure", [sig("just_delivered"), sym("vision_problem")], [sym("vision_problem")]),
    ("seizure", [sig("pregnant"), sig("upper_belly_pain")], [sig("upper_belly_pain")]),
    ("seizure", [sig("pregnant"), sig("jerks")], [sig("pregnant"), TWITCH]),
    ("chest_pain", [maybe("chest_pain")], [sym("chest_pain", HYPOTHETICAL)]),
    ("rapid_weakness", [sym("rapid_weakness")], [sym("weakness")]),
    ("rapid_weakness", [sym("weakness"), BOTH_LEGS, lasting(28, ("weakness",))], [sym("weakness"), BOTH_LEGS, lasting(29, ("weakness",))]),
    ("rapid_weakness", [sym("weakness", onset="sudden"), sig("both_limbs")], [sym("weakness"), sig("both_limbs")]),
    ("rapid_weakness", [sig("head_neck_injury"), sym("numbness")], [sig("head_neck_injury"), sym("headache")]),
    ("rapid_weakness", [sig("head_neck_injury"), sym("weakness")], [sig("head_neck_injury"), no("weakness")]),
    ("cauda_equina", [sym("saddle_numbness")], [sym("numbness")]),
    ("cauda_equina", [sym("incontinence")], [sym("incontinence", HISTORICAL)]),
    ("poisoning", [sym("poisoning")], [sym("poisoning", HYPOTHETICAL)]),
    ("poisoning", [sig("overdose_taken")], [sig("takes_medicine")]),
    ("lockjaw", [sym("lockjaw")], [sym("stiffness"), place("jaw", of=("stiffness",))]),
    ("suicidal_thoughts", [sym("suicidal_thoughts")], [sym("suicidal_thoughts", FAMILY)]),
    ("medication_reaction", [sig("medication_change"), sym("fever")], [sig("takes_medicine"), sym("fever")]),
    ("medication_reaction", [sig("medication_change"), sym("rigidity")], [sig("medication_change"), sym("stiffness")]),
    ("medication_reaction", [sig("substance_stopped"), sym("tremor"), sig("sweating")], [sig("substance_stopped"), sym("tremor")]),
    ("medication_reaction", [sig("substance_stopped"), sym("agitation")], [sym("agitation")]),
    ("medication_reaction", [sig("stimulant_use"), sig("overheating")], [sig("overheating")]),
    ("medication_reaction", [sig("lithium"), sym("diarrhoea")], [sig("lithium"), sym("headache")]),
    ("medication_reaction", [sig("insulin"), sym("tremor"), sig("sweating")], [sig("insulin"), sym("tremor")]),
    ("speech_difficulty", [maybe("speech_difficulty")], [no("speech_difficulty")]),
    ("swallowing_difficulty", [sym("swallowing_difficulty")], [sym("swallowing_difficulty", FAMILY)]),
    ("dark_urine", [sym("dark_urine"), sym("pain")], [no("dark_urine"), sym("pain")]),
    ("severe_fluid_loss", [sym("vomiting"), sig("cannot_keep_down")], [sym("vomiting")]),
    ("severe_fluid_loss", [sig("tetany"), sig("mouth_tingling")], [sig("tetany")]),
    ("severe_fluid_loss", [sig("electrolyte_danger")], [trig("nutrition")]),
    ("persistent_twitching", [TWITCH, lasting(15)], [TWITCH, lasting(14)]),
    ("persistent_twitching", [TWITCH, lasting(35)], [TWITCH, lasting(35), sym("improving")]),
    ("persistent_twitching", [TWITCH, lasting(35)], [TWITCH, sym("swallowing_difficulty"), lasting(35, ("swallowing_difficulty",))]),
    ("persistent_twitching", [TWITCH, lasting(35)], [TWITCH, lasting(35, role="episode")]),
    ("progressive_weakness", [maybe("weakness")], [sym("fatigue")]),
    ("progressive_weakness", [sym("one_sided_weakness")], [sym("weakness", HYPOTHETICAL)]),
    ("atrophy", [maybe("atrophy")], [sym("atrophy", HISTORICAL)]),
    ("spreading", [sym("spreading")], [no("spreading")]),
    ("spreading", [TWITCH, place("calf"), place("upper_arm")], [TWITCH, place("calf"), place("thigh")]),
    ("spreading", [TWITCH, place("calf"), place("hand")], [TWITCH, place("calf"), place("hand", of=("numbness",))]),
    ("spreading", [TWITCH, place("calf"), place("hand")], [TWITCH, place("calf"), place("hand", role="historical")]),
    ("spreading", [TWITCH, place("neck"), place("shoulder")], [TWITCH, place("neck", one_spot=True), place("shoulder", one_spot=True)]),
    ("spreading", [TWITCH, place("whole_body")], [sym("pain"), place("whole_body", of=("pain",))]),
    ("spreading", [TWITCH, place("calf", "left"), place("arm", "left")], [TWITCH, place("calf", "left"), place("calf", "right")]),
    ("weight_loss", [maybe("weight_loss")], [sym("weight_loss"), sig("intentional_weight_loss")]),
]


def test_the_table_covers_every_flag() -> None:
    assert {flag for flag, _, _ in RED} == set(load_codes().red_flags)


@pytest.mark.parametrize(("flag", "inside", "outside"), RED)
def test_red_flag(flag: str, inside: list[Finding], outside: list[Finding]) -> None:
    found = assess_findings(inside)
    assert flag in found.red_flags
    assert load_codes().rank(found.level) >= load_codes().rank(load_codes().red_flags[flag])
    assert found.flag_level == found.level
    assert flag not in assess_findings(outside).red_flags


AMBER = [
    ("numbness", [sym("numbness")]), ("tingling", [sym("tingling")]), ("tingling", [sig("mouth_tingling")]),
    ("cramping", [sym("cramping")]),
    ("stiffness", [sym("stiffness")]), ("tremor", [sym("tremor")]), ("vision_problem", [sym("vision_problem")]),
    ("palpitations", [sym("palpitations")]), ("medication", [sig("takes_medicine")]), ("medication", [trig("medication")]),
    ("medication", [sig("medication_change")]), ("no_clear_trigger", [sig("no_clear_trigger")]),
    ("no_improvement", [sig("no_improvement")]),
    ("family_history", [sig("family_history")]), ("family_history", [sig("family_history", FAMILY)]),
    ("sleep_disruption", [sym("sleep_disruption")]), ("fever", [sym("fever")]), ("vomiting", [sym("vomiting")]),
    ("diarrhoea", [sym("diarrhoea")]), ("headache", [sym("headache")]), ("dizziness", [sym("dizziness")]),
    ("worsening", [sym("worsening")]),
    ("tongue", [TWITCH, place("tongue")]), ("risk_condition", [sig("risk_condition")]), ("risk_condition", [sig("pregnant")]),
    ("risk_condition", [sig("lithium")]),
]


def test_the_amber_table_covers_every_feature() -> None:
    assert {feature for feature, _ in AMBER} == set(load_codes().amber_features)


@pytest.mark.parametrize(("feature", "findings"), AMBER)
def test_amber_feature(feature: str, findings: list[Finding]) -> None:
    found = assess_findings(findings)
    assert feature in found.amber
    assert found.level == "see_gp"
    assert found.flag_level is None


def test_nothing_is_self_care() -> None:
    found = assess_findings([])
    assert (found.level, found.flag_level, found.red_flags, found.amber) == ("self_care", None, (), ())


@pytest.mark.parametrize(("findings", "level"), [
    ([person("child", relation="son", age_years=4), sig("jerks")], "urgent"),
    ([person("child", relation="son", age_years=5), sig("jerks")], "self_care"),
    ([person("child", relation="son", age_years=4), TWITCH, place("eyelid")], "self_care"),
    ([person("child", relation="toddler"), TWITCH, place("arm")], "urgent"),
    ([sym("facial_droop", onset="gradual")], "urgent"),
    ([sym("confusion", onset="gradual")], "urgent"),
    ([sig("lithium"), sym("tremor")], "urgent"),
])
def test_modifiers_raise_the_level_without_a_flag(findings: list[Finding], level: str) -> None:
    found = assess_findings(findings)
    assert found.level == level
    assert found.red_flags == ()


@pytest.mark.parametrize(("findings", "flags"), [
    ([sym("speech_difficulty", onset="sudden")], {"stroke_signs"}),
    ([sym("weakness", onset="sudden"), place("arm", "left", of=("weakness",))], {"stroke_signs"}),
    ([sym("rapid_weakness"), sym("weakness")], {"rapid_weakness"}),
    ([sig("medication_change"), sym("fever"), sym("confusion")], {"medication_reaction"}),
    ([sym("facial_droop"), sym("speech_difficulty", onset="gradual")], {"stroke_signs", "speech_difficulty"}),
])
def test_the_specific_flag_replaces_the_general_one(findings: list[Finding], flags: set[str]) -> None:
    assert set(assess_findings(findings).red_flags) == flags


@pytest.mark.parametrize(("first", "second", "flag"), [
    ([sig("medication_change")], [sym("fever")], "medication_reaction"),
    ([sym("weakness"), place("arm", "right", of=("weakness",))], [sig("sudden_onset")], "stroke_signs"),
    ([sym("speech_difficulty")], [sig("sudden_onset")], "stroke_signs"),
    ([sig("head_neck_injury")], [sym("weakness")], "rapid_weakness"),
    ([sym("fever")], [sig("stiff_neck")], "stroke_signs"),
    ([sig("pregnant")], [sig("severe_headache")], "seizure"),
    ([sig("baby")], [sig("jerk_cluster")], "seizure"),
    ([sig("tetany")], [sig("mouth_tingling")], "severe_fluid_loss"),
    ([TWITCH, place("calf")], [TWITCH, place("hand")], "spreading"),
    ([TWITCH], [lasting(30)], "persistent_twitching"),
    ([sym("weakness"), BOTH_LEGS], [lasting(10, ("weakness",))], "rapid_weakness"),
    ([sig("lithium")], [sym("speech_difficulty")], "medication_reaction"),
])
def test_parts_of_a_flag_may_come_in_different_messages(first: list[Finding], second: list[Finding], flag: str) -> None:
    assert flag not in after(first).red_flags
    assert flag in after(first, second).red_flags
    if second[0].code != "sudden_onset" and second[0].kind != "duration":      # these speak of what was told before
        assert flag in after(second, first).red_flags


def test_reasons_name_rule_facts_and_source() -> None:
    reasons = assess_findings([sig("medication_change"), sym("fever")]).reasons
    top = next(reason for reason in reasons if reason.flag == "medication_reaction")
    assert top.findings == ("fever", "medication_change")
    assert top.source and top.explain and top.level == "emergency"


def test_a_named_trigger_outweighs_at_rest() -> None:
    assert "no_clear_trigger" in after([sig("no_clear_trigger")]).amber
    assert "no_clear_trigger" not in after([sig("no_clear_trigger"), trig("exercise")]).amber
    assert "no_clear_trigger" not in after([sig("no_clear_trigger")], [trig("exercise")]).amber
    assert "no_clear_trigger" in after([trig("exercise")], [sig("no_clear_trigger")]).amber, "said later, nothing sets it off"


def test_what_was_not_tried_cannot_have_failed() -> None:
    assert "no_improvement" not in after([sig("no_improvement"), sig("not_tried")]).amber
    assert "no_improvement" in after([sig("not_tried")], [sig("no_improvement")]).amber
    assert "no_improvement" in after([sig("no_improvement")], [sig("not_tried")]).amber, "one thing failed, another was not tried"
