"""The phrase language: what each form matches, what is refused, and how the index picks candidates."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitchwise.understanding import patterns
from twitchwise.understanding.patterns import Compiler, Match, Pattern, PatternError, PatternIndex, Words, inflections

from .build import plain

CLASSES = {"limb": ["arm", "leg", "big toe"], "side": ["left", "right"], "sided": ["$side $limb"]}


def find(phrase: str, text: str) -> list[str]:
    words = plain(text)
    index = PatternIndex([Compiler(CLASSES).compile(phrase, "entry")])
    return [words.phrase(match.first, match.last) for match in index.find(words)]


@pytest.mark.parametrize(("phrase", "text", "found"), [
    ("calf", "my calf jumps", ["calf"]),
    ("calf", "my calfskin bag", []),
    ("calf|shin", "calf and shin", ["calf", "shin"]),
    ("~drop cups", "she dropped cups", ["dropped cups"]),
    ("~drop cups", "dropping cups", ["dropping cups"]),
    ("weak*", "weakly weakness weak", ["weakly", "weakness", "weak"]),
    ("weak* arm", "a weakened arm", ["weakened arm"]),
    ("my $limb jumps", "my big toe jumps", ["my big toe jumps"]),
    ("my $sided jumps", "my left leg jumps", ["my left leg jumps"]),
    ("very? weak", "weak", ["weak"]),
    ("very? weak", "very weak", ["very weak"]),
    ("(so|too very)? weak", "too very weak", ["too very weak"]),
    ("arm _ weak", "arm feels weak", ["arm feels weak"]),
    ("arm _ weak", "arm weak", []),
    ("arm _3 weak", "arm weak", ["arm weak"]),
    ("arm _3 weak", "arm is now really weak", ["arm is now really weak"]),
    ("arm _3 weak", "arm is now really quite weak", []),
    ("arm _3 weak", "arm . it is weak", []),
    ("arm _3 weak", "arm is \n weak", []),
    ("jars?", "a jar and jars", ["jar", "jars"]),
    ("lost # kg", "lost 5.5 kg", ["lost 5.5 kg"]),
    ("lost # kg", "lost some kg", []),
    ("(give way|give) now", "give way now", ["give way now"]),
    ("stop (.|,)", "please stop .", ["stop ."]),
    ("stop (.|,)", "please stop \n", ["stop \n"]),
    (r"stop (now|\n)", "please stop \n", ["stop \n"]),
    ("a (b|c (d|e)) f", "a c e f", ["a c e f"]),
])
def test_forms(phrase: str, text: str, found: list[str]) -> None:
    assert find(phrase, text) == found


def test_a_gap_crosses_no_denial() -> None:
    assert find("arm _3 weak", "arm is not weak") == []
    assert find("arm (is)? not weak", "arm is not weak") == ["arm is not weak"]


def test_only_a_long_gap_crosses_a_comma() -> None:
    assert find("arm _3 weak", "arm , really weak") == []
    assert find("arm _6 weak", "arm , really weak") == ["arm , really weak"]


def test_the_longest_alternative_comes_first() -> None:
    assert find("(get up|get up from the chair)", "get up from the chair") == ["get up from the chair"]


@pytest.mark.parametrize(("phrase", "says"), [
    ("$nonsense", "nonsense"), ("(a b", "parentheses"), ("a b)", "parentheses"), ("_3", "cannot read"), ("ab?", "cannot read"),
    ("#", "must be there"), ("a||b", "empty"), ("x(a)y", "cannot read"), ("", "empty"), ("(very)? (so)?", "must be there"),
    ("(spot|place)s pop up", "closing bracket"),
])
def test_a_phrase_that_cannot_be_is_refused_with_its_name(phrase: str, says: str) -> None:
    with pytest.raises(PatternError, match=says.replace("(", r"\(")):
        Compiler(CLASSES).compile(phrase, None)


def test_inflections() -> None:
    assert inflections("swallow")[0] == "swallow"
    assert {"swallows", "swallowed", "swallowing"} <= set(inflections("swallow"))
    assert {"fell", "fallen", "falling"} <= set(inflections("fall"))


def test_only_patterns_whose_rarest_word_is_there_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    original = Pattern.finditer

    def watched(self: Pattern, joined: str) -> Iterator:
        tried.append(self.source)
        return original(self, joined)

    monkeypatch.setattr(patterns.Pattern, "finditer", watched)
    compiler = Compiler(rarity={"my": 1000.0, "calf": 1.0, "jumps": 5.0}.get)
    index = PatternIndex([compiler.compile("my calf", 1), compiler.compile("my _1 jumps", 2), compiler.compile("calf*", 3)])
    assert [match.entry for match in index.find(plain("my leg jumps"))] == [2]
    assert tried == ["my _1 jumps"]
    assert index.find(plain("my dog")) == []
    assert tried == ["my _1 jumps"]


def test_a_prefix_anchor_is_found_by_a_longer_word() -> None:
    index = PatternIndex([Compiler().compile("fascic*", 1)])
    assert index.find(plain("fasciculations")) == [Match(index.find(plain("fasciculations"))[0].pattern, 0, 1)]
    assert index.find(plain("fasci")) == []


def test_words_lead_from_characters_to_words() -> None:
    words = plain("my left calf")
    assert words.span_at(3, 7) == (1, 2)
    assert words.span_at(3, 12) == (1, 3)
    assert words.index_at(words.positions[2]) == 2
    assert words.phrase(1, 3) == "left calf"
    assert len(Words.build([])) == 0


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["arm", "leg", "my", "weak", ".", "not", "is"]), min_size=1, max_size=12))
def test_every_match_reads_as_its_phrase(texts: list[str]) -> None:
    words = plain(" ".join(texts))
    index = PatternIndex([Compiler().compile("(arm|leg) _1 weak", 1)])
    for match in index.find(words):
        inside = words.texts[match.first:match.last]
        assert inside[0] in ("arm", "leg") and inside[-1] == "weak" and len(inside) <= 3 and "." not in inside


def test_the_order_of_matches_is_that_of_the_message() -> None:
    names = [f"w{number}" for number in range(40)]
    index = PatternIndex([Compiler().compile(name, name) for name in reversed(names)])
    assert [match.entry for match in index.find(plain(" ".join(names)))] == names


def test_a_match_tells_what_its_gaps_cover() -> None:
    (match,) = PatternIndex([Compiler().compile("arm _3 weak _2 now", 1)]).find(plain("arm is really weak now"))
    assert match.gaps == ((1, 3),)
