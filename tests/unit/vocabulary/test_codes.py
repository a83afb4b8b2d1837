"""The codes and the small data files beside them."""
from __future__ import annotations

import pytest

from twitchwise.understanding.lexicon import VOCABULARY, read_yaml
from twitchwise.understanding.people import load_people
from twitchwise.vocabulary.codes import load_codes


def test_the_size_of_the_vocabulary() -> None:
    codes = load_codes()
    assert (len(codes.levels), len(codes.faq_topics)) == (5, 42)
    assert codes.levels == ("self_care", "see_gp", "neurologist", "urgent", "emergency")
    assert codes.assertions == ("present", "possible", "absent", "hypothetical", "historical", "family")


def test_every_red_flag_has_a_level_above_the_doctors_appointment() -> None:
    codes = load_codes()
    assert codes.red_flags
    assert {codes.rank(level) >= codes.rank("neurologist") for level in codes.red_flags.values()} == {True}


def test_every_place_lies_in_one_region() -> None:
    assert set(load_codes().region_of.values()) == {"head", "arm", "trunk", "leg", "all"}


@pytest.mark.parametrize("field", ["symptoms", "triggers", "faq_topics", "amber_features"])
def test_no_code_twice(field: str) -> None:
    values = getattr(load_codes(), field)
    assert len(values) == len(set(values)) > 0


def test_levels_are_ordered() -> None:
    codes = load_codes()
    assert codes.rank(None) == -1 and codes.rank("self_care") == 0
    assert codes.highest(["see_gp", "urgent", "neurologist"]) == "urgent"
    assert codes.highest([]) is None


def test_derived_findings_use_codes_that_exist() -> None:
    codes, signals = load_codes(), read_yaml(VOCABULARY / "signals.yml")["signals"]
    for rule in read_yaml(VOCABULARY / "derived.yml")["derived"]:
        assert {rule["code"], *rule["any"]} <= set(codes.symptoms)
        assert rule.get("signal") in (None, *signals)
        assert rule.get("limb") in (None, "one", "both")


@pytest.mark.parametrize("name", ["codes", "signals", "derived", "answers", "people", "spelling"])
def test_every_data_file_that_says_where_it_comes_from(name: str) -> None:
    raw = read_yaml(VOCABULARY / f"{name}.yml")
    text = (VOCABULARY / f"{name}.yml").read_text(encoding="utf-8")
    assert raw and ("source" in raw or text.startswith("#"))


def test_spelling_mends_to_words_and_never_keeps_what_it_mends() -> None:
    raw = read_yaml(VOCABULARY / "spelling.yml")
    assert not set(raw["mended"]) & set(raw["kept"])
    for typed, meant in raw["mended"].items():
        assert isinstance(typed, str) and isinstance(meant, str), (typed, meant)
        assert meant not in raw["mended"] or raw["mended"][meant] == meant, f"{typed} -> {meant} is mended on"


def test_people_have_a_pronoun_only_if_they_are_people() -> None:
    people = load_people()
    assert set(people.pronoun) <= people.child | people.adult
    assert not people.child & people.adult
    assert people.relative("hubbys") == "hubby" and people.relative("calf") == ""
