from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.answers.catalogue import Answers
from twitchwise.answers.loader import SMALL_TALK, load_answers

COUNTRIES = [None, "UK", "US", "IE", "CA", "AU", "EU"]
ALL_NUMBERS = "999 (UK), 112 (Europe, Ireland), 911 (US, Canada) or 000 (Australia)"


@pytest.mark.parametrize(
    ("said", "country"),
    [
        ("UK", "UK"), ("gb", "UK"), ("en-GB", "UK"), ("en_us", "US"), (" us ", "US"), ("IE", "IE"), ("fr-CA", "CA"), ("au", "AU"),
        ("de", "EU"), ("pl_PL", "EU"), ("NO", "EU"), ("EU", "EU"), ("XX", None), ("", None), ("en", None), (None, None), ("-", None),
    ],
)  # fmt: skip
def test_numbers_by_code_alias_or_locale(answers: Answers, said: str | None, country: str | None) -> None:
    assert answers.numbers(said).country == country


@pytest.mark.parametrize(
    ("country", "emergency", "crisis"),
    [
        ("UK", "999", "116 123"), ("US", "911", "988"), ("IE", "112 or 999", "116 123"), ("CA", "911", "988"),
        ("AU", "000", "13 11 14"), ("EU", "112", "116 123"), (None, ALL_NUMBERS, "Samaritans on 116 123"),
    ],
)  # fmt: skip
def test_numbers_of_a_country(answers: Answers, country: str | None, emergency: str, crisis: str) -> None:
    numbers = answers.numbers(country)
    assert numbers.emergency_text == emergency
    assert crisis in numbers.crisis_text
    assert {link.tel for link in numbers.tel} == set(numbers.emergency)
    assert numbers.source


def test_links_dial_what_the_text_says(answers: Answers) -> None:
    for country in COUNTRIES:
        numbers = answers.numbers(country)
        crisis = "".join(each for each in numbers.crisis_text if each.isdigit())
        poison = "".join(each for each in numbers.poison_text if each.isdigit())
        assert all(link.tel in crisis for link in (*numbers.crisis_tel, *numbers.crisis_sms))
        assert all(link.tel.lstrip("+")[-7:] in poison for link in numbers.poison_tel)


@given(country=st.text(max_size=12))
def test_any_country_gets_a_number(country: str) -> None:
    assert load_answers().numbers(country).emergency_text


@given(
    code=st.sampled_from([*SMALL_TALK, "other_language"]),
    country=st.sampled_from(COUNTRIES),
    seed=st.integers(),
    after=st.sampled_from([None, "emergency", "crisis"]),
)
def test_small_talk_always_speaks_and_repeats_the_number(code: str, country: str | None, seed: int, after) -> None:
    answers = load_answers()
    text = answers.small_talk(code, country, seed=seed, after=after)
    assert text.strip() and "{" not in text
    assert text == answers.small_talk(code, country, seed=seed, after=after)
    if after is not None:
        assert answers.numbers(country).emergency_text in text
    if after == "crisis":
        assert answers.numbers(country).crisis_text in text


def test_seeds_turn_through_the_variants(answers: Answers) -> None:
    assert len({answers.small_talk("greet", seed=seed) for seed in range(6)}) == 3


def test_unknown_codes_are_errors(answers: Answers) -> None:
    with pytest.raises(KeyError):
        answers.small_talk("no_such_text")
    with pytest.raises(KeyError):
        answers.topic_text("no_such_topic")


def test_topic_text_has_the_caveat_in_its_own_paragraph(answers: Answers) -> None:
    first, second = answers.topic_text("cause_exercise", "US").split("\n\n")
    assert "911" in second and "911" not in first
    assert "\n\n" not in answers.topic_text("how_common")


def test_words_for_somebody_else(answers: Answers) -> None:
    assert "hurt yourself" in answers.what_to_do("suicidal_thoughts")
    assert "yourself" not in answers.what_to_do("suicidal_thoughts", other=True)
    assert answers.what_to_do("chest_pain", other=True) == answers.what_to_do("chest_pain")


def test_other_language_shows_all_lines_or_the_known_one(answers: Answers) -> None:
    everything = answers.other_language().splitlines()
    assert len(everything) == 11
    assert all("112" in line for line in everything)
    german, english = answers.other_language("UK", language="de-DE").splitlines()
    assert german.startswith("Deutsch") and "999" in german and "112" not in german
    assert "English" in english
    assert len(answers.other_language(language="en").splitlines()) == 11
    assert len(answers.other_language(language="xx").splitlines()) == 11


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("is it normal that my dog licks his paw", "pets"),
        ("which dose of ibuprofen for a grown up", "medicine_dose"),
        ("can my cat have a paracetamol tablet", "medicine_dose"),
        ("Please book an appointment", "appointment_admin"),
        ("what will the weather be", "general_knowledge"),
        ("i have had a sore throat and a cough", "other_illness"),
        ("there is a FIRE in my kitchen and the dog is inside with the cat", "other_emergency"),
        ("colourless green ideas", "default"),
        ("", "default"),
    ],
)
def test_refusals(answers: Answers, message: str, kind: str) -> None:
    assert answers.refusal_for(set(message.split())).kind == kind


@given(words=st.sets(st.text(max_size=10), max_size=20), country=st.sampled_from(COUNTRIES))
def test_every_refusal_speaks(words: set[str], country: str | None) -> None:
    text = load_answers().refusal_text(words, country)
    assert text and "{" not in text


def test_every_kind_can_be_chosen_by_each_of_its_words(answers: Answers) -> None:
    earlier: set[str] = set()
    for kind in answers.refusals.kinds:
        assert not kind.keywords & earlier, "a word that stands for two kinds never chooses the later one"
        earlier |= kind.keywords
        for word in kind.keywords:
            assert answers.refusal_for({word.upper()}) is kind


def test_typographic_apostrophes_are_understood(answers: Answers) -> None:
    assert answers.refusal_for(["dog’s"]).kind == "pets"
