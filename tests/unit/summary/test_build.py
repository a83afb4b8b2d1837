"""A case becomes a summary: what is on it, what is not, and nobody else's."""
from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.build import answer, lasting, person, place, sig, sym, trig
from tests.unit.summary.build import NOW, conversation, summary, told
from twitchwise.summary import build, messages_of
from twitchwise.summary.build import about
from twitchwise.triage import Case, Person, assess

TEACHER = (
    told("My left thumb has been twitching for three months, now the shoulder too", (sym("twitching"), "twitching"), (place("thumb", "left"), "thumb"),
         (lasting(90), "three months"), (sym("spreading"), "now the shoulder too"), (place("shoulder"), "shoulder")),
    told("I keep dropping pens", (sym("weakness"), "dropping pens")),
    told("no", (answer("no"), ""), asked="breathing"),
    told("my words slur by evening", (sym("speech_difficulty"), "words slur"), asked="speech"),
    told("coffee, a lot", (trig("caffeine"), "coffee"), asked="trigger"),
)


def test_every_warning_sign_stands_on_it_the_most_urgent_first() -> None:
    made = summary(*TEACHER)
    assert made.level == "urgent" and made.urgency == "To be seen the same day"
    assert [flag.code for flag in made.flags] == ["speech_difficulty", "persistent_twitching", "progressive_weakness", "spreading"]
    assert [row.code for row in made.found][:3] == ["speech_difficulty", "twitching", "weakness"]
    assert all(flag.why and flag.urgency for flag in made.flags)
    assert {row.code for row in made.found if row.flag} == {"speech_difficulty", "weakness", "spreading", "twitching"}


def test_findings_have_the_persons_words_beside_the_clinical_term() -> None:
    row = next(row for row in summary(*TEACHER).found if row.code == "weakness")
    assert row.term == "Muscle weakness" and [quote.text for quote in row.quotes] == ["I keep dropping pens"]


def test_a_bare_no_is_denied_with_the_question_that_was_asked() -> None:
    (row,) = summary(*TEACHER).denied
    assert row.term == "Dyspnoea" and row.quotes[0].text == "no" and "short of breath" in (row.quotes[0].question or "")


def test_what_was_not_asked_is_said() -> None:
    missing = summary(told("my calf twitches", (sym("twitching"), "twitches"), (place("calf"), "calf")), complete=False).not_asked
    assert {"breathing", "swallowing", "speech", "weakness", "weight"} <= set(missing) and "where it twitches" not in missing
    assert "breathing" not in summary(*TEACHER).not_asked


def test_place_course_and_triggers() -> None:
    made = summary(*TEACHER)
    assert {site.words for site in made.sites} == {"left thumb", "shoulder"} and made.course == "about 3 months"
    assert [row.term for row in made.triggers] == ["Caffeine"]
    assert made.quotes[0].text.startswith("My left thumb")


@pytest.mark.parametrize(("person", "words"), [
    (Person(), "the person who wrote this"),
    (Person("self", age_years=48.0), "the person who wrote this, 48 years"),
    (Person("child", "son", "he", 7.0), "son, 7 years, told by somebody close"),
    (Person("child", None, "they", 0.5), "child, 6 months, told by somebody close"),
    (Person("adult", None, "she"), "somebody else (she), told by somebody close"),
])
def test_whom_it_is_about(person: Person, words: str) -> None:
    assert about(person) == words


def test_another_persons_facts_and_words_are_not_on_it() -> None:
    made = summary(
        told("my son's thigh is weak", (person("child", relation="son"), "son"), (sym("weakness"), "weak"), (place("thigh"), "thigh")),
        told("now me, not him: my eyelid flickers", (person("self", switch=True), "me"), (sym("twitching"), "flickers"), (place("eyelid"), "eyelid")),
    )
    assert made.is_self and "thigh" not in str(made) and "weak" not in str([made.found, made.quotes])


def test_relatives_and_the_past_are_background() -> None:
    made = summary(told("my aunt had tremor", (sym("tremor", "family"), "tremor")), told("cramps last year", (sym("cramping", "historical"), "cramps")))
    assert made.background == ("Tremor (of a relative)", "Cramps (in the past)") and not made.found


def test_what_says_nothing_of_the_body_is_not_on_it() -> None:
    made = summary(told("is it ALS?", (sig("fear_als"), "ALS"), (sym("twitching"), "is it")))
    assert [row.code for row in made.found] == ["twitching"]


def test_an_advice_above_the_rules_stays() -> None:
    case, events = conversation(*TEACHER[:2])
    made = build(case, assess(case), messages_of(events), level="urgent", complete=True, made_at=NOW)
    assert made.level == "urgent"


def test_without_words_the_findings_stay() -> None:
    case, _ = conversation(*TEACHER)
    made = build(case, assess(case), [], level="urgent", complete=True, made_at=NOW + timedelta(days=1))
    assert made.found and all(row.quotes == () for row in made.found)


def test_an_empty_case_makes_a_page_too() -> None:
    made = build(Case(), assess(Case()), [], level=None, complete=False, made_at=NOW)
    assert made.level is None and made.flags == () and made.found == ()
