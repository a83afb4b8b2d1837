"""The person's own words: whose, where from, and how much of them."""
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.build import lasting, no, person, place, sym
from tests.unit.summary.build import NOW, conversation, event, told
from twitchwise.summary.model import Said
from twitchwise.summary.words import COURSE, MOST_CHARS, SITE, messages_of, of_case, quote, quotes_for, united


def test_a_quote_is_the_sentence_and_marks_the_words_that_count() -> None:
    message = told("I am tired. My grip is weak since May! Is it ALS?", (sym("weakness"), "grip is weak"))
    (found,) = quotes_for("weakness", "present", messages_of([event(0, message)]))
    assert found.text == "My grip is weak since May!"
    assert [found.text[start:end] for start, end in found.marks] == ["grip is weak"]
    assert found.message == "m0" and found.at == NOW


def test_words_that_deny_are_no_words_for_what_is_there() -> None:
    said = messages_of([event(0, told("no cramps", (no("cramping"), "cramps"))), event(1, told("well, cramps at night", (sym("cramping"), "cramps")))])
    assert [each.text for each in quotes_for("cramping", "present", said)] == ["well, cramps at night"]
    assert [each.text for each in quotes_for("cramping", "absent", said)] == ["no cramps"]


def test_place_and_time_of_the_twitching_are_quoted_and_no_places_of_something_else() -> None:
    said = messages_of([event(0, told("my calf, for two days; and my toes tingle", (place("calf"), "calf"), (lasting(2), "two days"),
                                      (sym("tingling"), "tingle"), (place("toe", of=("tingling",)), "toes")))])
    assert [each.text for each in quotes_for(SITE, "present", said)] == ["my calf, for two days;"]
    assert [each.text[low:high] for each in quotes_for(COURSE, "present", said) for low, high in each.marks] == ["two days"]


def test_another_persons_messages_are_not_among_them() -> None:
    case, events = conversation(
        told("my son's thigh twitches and is weak", (person("child", relation="son"), "son"), (sym("twitching"), "twitches"),
             (sym("weakness"), "weak"), (place("thigh"), "thigh")),
        told("this is about me and not him, my eyelid flickers", (person("self", switch=True), "me"), (sym("twitching"), "flickers"),
             (place("eyelid"), "eyelid")),
    )
    assert [each.text for each in of_case(case, messages_of(events))] == ["this is about me and not him, my eyelid flickers"]


def test_what_was_said_before_a_restart_is_gone() -> None:
    events = [event(0, told("one", (sym("pain"), "one"))), {"event": "restart"}, event(1, told("two", (sym("pain"), "two")))]
    assert [each.text for each in messages_of(events)] == ["two"]


def test_a_press_is_shown_whole() -> None:
    raw = event(0, told("Left calf", (place("calf", "left"), "calf")))
    raw["parse_data"]["button"] = {"place": [["calf", "left"]]}
    assert messages_of([raw])[0].codes == ((SITE, "present", 0, 9),)


def test_the_same_words_are_one_quote() -> None:
    said = messages_of([event(0, told("my calf for two days", (place("calf"), "calf"), (lasting(2), "two days")))])
    both = united([*quotes_for(SITE, "present", said), *quotes_for(COURSE, "present", said)])
    assert len(both) == 1 and len(both[0].marks) == 2


def test_spans_outside_the_text_are_left_out() -> None:
    raw = event(0, told("short", (sym("pain"), "short")))
    raw["parse_data"]["entities"][0]["end"] = 99
    assert messages_of([raw])[0].codes == ()


@given(before=st.text(max_size=300), words=st.text(min_size=1, max_size=40), after=st.text(max_size=300))
def test_a_quote_is_never_long_and_its_marks_are_the_words(before: str, words: str, after: str) -> None:
    message = Said("m", before + words + after, NOW, ())
    found = quote(message, [(len(before), len(before) + len(words))])
    assert len(found.text) <= MOST_CHARS + 4 * len(words) + 10
    plain = words.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    assert [found.text[low:high] for low, high in found.marks] == [plain]
