"""Whole messages: what holds for every finding, and for every text."""
from __future__ import annotations

import sys
import unicodedata
from itertools import combinations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from twitchwise.understanding import patterns
from twitchwise.understanding.findings import Finding, findings_of, to_entity
from twitchwise.understanding.reader import Understanding
from twitchwise.understanding.spelling import english_frequencies
from twitchwise.understanding.text import MOST_CHARACTERS
from twitchwise.vocabulary.codes import load_codes

from .build import asserted, counting, findings, reader

#: A plain name of symptoms that a list can hold, and their codes.
LISTED = {
    "weakness": "weakness", "atrophy": "atrophy", "tingling": "tingling", "numbness": "numbness", "cramps": "cramping", "tremor": "tremor",
    "slurred speech": "speech_difficulty", "trouble swallowing": "swallowing_difficulty", "chest pain": "chest_pain", "stiffness": "stiffness",
    "weight loss": "weight_loss", "fever": "fever", "headaches": "headache", "dizziness": "dizziness", "palpitations": "palpitations",
    "shortness of breath": "breathing_difficulty", "double vision": "vision_problem", "seizures": "seizure", "confusion": "confusion",
}
#: Messages with findings of every kind, none of them near another's topic.
MESSAGES = [
    "My left calf has been twitching for three weeks.",
    "No weakness, atrophy or numbness.",
    "I can't do up my buttons and I keep dropping cups.",
    "My speech sounds slurred since this morning!",
    "I'm scared it turns into ALS, but my grip is fine.",
    "Food sticks in my throat when I eat.",
    "What if I get weak legs?",
    "I had chest pain five years ago, all fine since.",
    "My eyelid flutters after too much coffee and short nights.",
    "I haven't lost any weight.",
    "I want to kill myself.",
    "Pins and needles in both feet, maybe some cramps.",
    "My daughter's hand shakes and she CAN'T breathe.",
    "numb between my legs since yesterday",
    "My dad had a stroke years ago. I just have a twitching thumb.",
]
#: These speak of other people, of the past or of what follows, so a neighbour may be read with them.
NEIGHBOURLY = ("What if", "My da", "I had", "I'm scared", "My sp", "numb")
TYPOS = [      # (sentence, a long word in it that the reading hangs on)
    ("my calf keeps twitching", "twitching"), ("I have trouble swallowing", "swallowing"), ("my shoulder twitches", "shoulder"),
    ("I have fasciculations in the thigh", "fasciculations"), ("numbness in my hand", "numbness"), ("tingling in my toes", "tingling"),
    ("there is visible atrophy", "atrophy"), ("my weakness gets worse", "weakness"), ("palpitations at night", "palpitations"),
]

Key = tuple[str, str, str | None, str | None, str | None]


def keys(text: str, *without: str) -> set[Key]:
    """What matters of the findings of a text; answers and edits depend on how a message opens."""
    return {(found.kind, found.iso or found.code, found.assertion, found.laterality, found.role)
            for found in reader().read(text).findings if found.kind not in ("answer", "edit", *without)}


lists = st.lists(st.sampled_from(sorted(LISTED)), min_size=1, max_size=6, unique=True)


def listing(items: list[str], last: str) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + f" {last} {items[-1]}"


# ---- denial, hypothesis


@settings(max_examples=60, deadline=None)
@given(lists, st.sampled_from(["no", "No", "I have no", "without any", "there is no", "never had any", "I don't have any"]), st.sampled_from(["or", "and"]))
def test_a_denial_before_a_list_denies_all_of_it(items: list[str], opening: str, last: str) -> None:
    said = asserted(f"{opening} {listing(items, last)}")
    assert {LISTED[item]: said.get(LISTED[item]) for item in items} == dict.fromkeys((LISTED[item] for item in items), "absent")


@settings(max_examples=40, deadline=None)
@given(lists)
def test_the_same_list_without_a_denial_counts(items: list[str]) -> None:
    assert counting(f"I have {listing(items, 'and')}") >= {LISTED[item] for item in items}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(LISTED)), st.sampled_from(["what if I get", "What if I develop", "scared that I will get", "what are the odds of getting"]))
def test_a_what_if_makes_it_hypothetical(item: str, opening: str) -> None:
    assert asserted(f"{opening} {item}").get(LISTED[item]) == "hypothetical"


@pytest.mark.parametrize("words", ["kill myself", "end my life", "want to die", "take my own life", "am suicidal"])
@pytest.mark.parametrize("opening", ["what if I", "maybe I", "sometimes I"])
def test_a_what_if_never_hides_suicidal_words(opening: str, words: str) -> None:
    assert "suicidal_thoughts" in counting(f"{opening} {words}")


def test_a_what_if_leaves_what_is_already_there() -> None:
    said = asserted("My hand is numb. What if I get weak legs?")
    assert (said["numbness"], said["weakness"]) == ("present", "hypothetical")


@pytest.mark.parametrize("item", sorted(LISTED))
def test_no_with_a_comma_denies_nothing(item: str) -> None:
    assert asserted(f"No, {item}").get(LISTED[item]) in ("present", "possible")
    assert asserted(f"no {item}").get(LISTED[item]) == "absent"


# ---- what changes nothing


@pytest.mark.parametrize("text", MESSAGES)
@pytest.mark.parametrize("change", [str.upper, str.lower, str.title, str.swapcase], ids=lambda change: change.__name__)
def test_case_changes_nothing(text: str, change) -> None:
    assert keys(change(text)) == keys(text)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(MESSAGES), st.sampled_from(["  ", "   ", "\t", " \u00a0"]))
def test_extra_spaces_change_nothing(text: str, space: str) -> None:
    assert keys(f" {text.replace(' ', space)} ") == keys(text)


@pytest.mark.parametrize("text", MESSAGES)
def test_final_punctuation_changes_nothing(text: str) -> None:
    bare = text.rstrip(".!?")
    assert keys(bare) == keys(bare + ".")
    assert keys(bare) == keys(text)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(TYPOS), st.data())
def test_one_typing_error_in_a_long_word_changes_nothing(case: tuple[str, str], data: st.DataObject) -> None:
    text, word = case
    at = data.draw(st.integers(2, len(word) - 2))
    kind = data.draw(st.sampled_from(["left out", "doubled", "swapped"]))
    typed = {"left out": word[:at] + word[at + 1:], "doubled": word[:at] + word[at] + word[at:],
             "swapped": word[:at] + word[at + 1] + word[at] + word[at + 2:]}[kind]
    assume(typed not in english_frequencies())      # the error made another word
    assert keys(text.replace(word, typed)) == keys(text), typed


@pytest.mark.parametrize(("first", "second"), [
    pair for pair in combinations([message for message in MESSAGES if not message.startswith(NEIGHBOURLY)], 2)])
def test_two_unrelated_messages_joined_are_the_union(first: str, second: str) -> None:
    joined = {(kind, code, assertion) for kind, code, assertion, _, _ in keys(f"{first} {second}", "duration", "person")}
    apart = {(kind, code, assertion) for text in (first, second) for kind, code, assertion, _, _ in keys(text, "duration", "person")}
    strength = {"present": 3, "possible": 2, "absent": 1}
    strongest = {(kind, code, assertion) for kind, code, assertion in apart
                 if not any((kind, code) == other[:2] and strength.get(other[2] or "", 0) > strength.get(assertion or "", 0) for other in apart)}
    assert joined >= strongest
    assert {code for kind, code, _ in joined if kind == "symptom"} <= {code for kind, code, _ in apart if kind == "symptom"} | {"spreading"}


# ---- any text at all


def well_formed(understanding: Understanding) -> None:
    codes, text = load_codes(), understanding.text
    allowed = {"symptom": set(codes.symptoms), "trigger": set(codes.triggers), "body_location": set(codes.region_of)}
    for found in understanding.findings:
        assert 0 <= found.start <= found.end <= len(text)
        assert found.code in allowed.get(found.kind, {found.code})
        assert found.assertion in (None, *codes.assertions)
        if found.kind == "duration":
            assert found.iso and found.days is not None and found.days >= 0 and found.low <= found.high
    places = [(found.start, found.end) for found in understanding.findings]
    assert places == sorted(places)


WORDS = ["no", "not", "never", "my", "I", "can't", "what if", "weak", "numb", "calf", "twitching", ",", ".", "?", "\n", "-", ":", "3 weeks", "since", "and",
         "but", "he", "dad", "slurred", "speech", "fine", "chest", "pain", "kill", "myself", "it", "left", "ago", "1e9", "½", "(", "N", "…", "'", "’s", "R"]


@settings(max_examples=250, deadline=None)
@given(st.text(max_size=300))
@example("")
@example("\x00\ud7ff\u202e\u0301")
@example("İ" * 30 + " numb")
def test_no_text_raises(text: str) -> None:
    well_formed(reader().read(text))


@settings(max_examples=250, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_no_jumble_of_known_words_raises(words: list[str]) -> None:
    well_formed(reader().read(" ".join(words)))


@pytest.mark.faults
@settings(max_examples=5000, deadline=None)
@given(st.one_of(st.text(max_size=400), st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=60).map(" ".join)))
def test_ten_thousand_texts_raise_nothing(text: str) -> None:
    well_formed(reader().read(text))
    well_formed(reader().read(text[::-1]))


def test_every_unicode_block_is_read() -> None:
    """One message for every 256 code points, which is finer than the blocks, with a finding beside them."""
    for start in range(0, sys.maxunicode + 1, 256):
        letters = "".join(chr(point) for point in range(start, start + 256) if unicodedata.category(chr(point)) not in ("Cs", "Cn", "Co"))
        if letters:
            well_formed(reader().read(f"numb hand. {letters[:40]} . {letters[40:]}"))
    assert "numbness" in asserted(f"numb hand. {''.join(map(chr, range(0x4E00, 0x4E20)))}")


def test_a_long_message_is_cut_and_read() -> None:
    understanding = reader().read("my calf twitches. " * 1000)
    assert len(understanding.text) == MOST_CHARACTERS
    well_formed(understanding)


def test_work_grows_with_the_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patterns tried and characters searched: a message four times as long may cost about four times as much, not sixteen."""
    searched: list[int] = []
    original = patterns.Pattern.finditer

    def watched(self: patterns.Pattern, joined: str):
        searched.append(len(joined))
        return original(self, joined)

    monkeypatch.setattr(patterns.Pattern, "finditer", watched)
    text = "My left calf has been twitching for 3 weeks and I can't open jars, no numbness, my speech is fine. "
    once = text * 5
    reader().read(once)
    short_patterns, short_work = len(searched), sum(searched)
    searched.clear()
    reader().read(once * 4)
    assert len(once * 4) > 1900
    assert len(searched) == short_patterns
    assert sum(searched) < 4.5 * short_work


def test_calls_grow_with_the_length() -> None:
    """Function calls of the whole reading, counted, since time says nothing on a busy machine."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    def calls_for(text: str) -> int:
        nonlocal calls
        calls = 0
        sys.setprofile(count)
        try:
            reader().read(text)
        finally:
            sys.setprofile(None)
        return calls

    sentence = "My left calf has been twitching for 3 weeks and I can't open jars, no numbness, my speech is fine. "
    reader().read(sentence * 20)
    assert calls_for(sentence * 20) < 6 * calls_for(sentence * 5)


def test_few_patterns_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    original = patterns.Pattern.finditer

    def watched(self: patterns.Pattern, joined: str):
        tried.append(self.source)
        return original(self, joined)

    monkeypatch.setattr(patterns.Pattern, "finditer", watched)
    reader().read("hello, how are you today")
    assert len(tried) < len(reader().lexicon.patterns) / 5


# ---- as Rasa entities


@pytest.mark.parametrize("text", MESSAGES)
def test_findings_survive_as_entities(text: str) -> None:
    read = reader().read(text)

    def comparable(found: Finding) -> tuple:
        return (found.kind, found.iso or found.code, found.assertion, found.laterality, found.role, found.of, found.days, found.onset, dict(found.detail))

    back = findings_of([to_entity(found, text) for found in read.findings])
    assert [comparable(found) for found in back] == [comparable(found) for found in read.findings]


def test_entities_of_others_are_left_alone() -> None:
    assert findings_of([{"entity": "city", "value": "Rome"}, {}]) == []


def test_a_reading_holds_the_message_and_repeats_itself() -> None:
    first, second = reader().read(MESSAGES[0]), reader().read(MESSAGES[0])
    assert first == second and first.text == MESSAGES[0]


def test_one_finding_for_each_code() -> None:
    found = findings("numb hand, numb foot, no numbness in the face", "symptom")
    assert [(finding.code, finding.assertion) for finding in found] == [("numbness", "present")]


def test_a_long_phrase_of_strength_leaves_the_face_its_sign() -> None:
    """'Woke up and ... will not move' reaches over the face, which tells of a stroke."""
    found = {item.code: item.assertion for item in reader().read("woke up and the right half of my face will not move").findings if item.kind == "symptom"}
    assert found.get("facial_droop") == "present"
