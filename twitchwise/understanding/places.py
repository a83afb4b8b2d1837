"""Body parts: which symptom each belongs to, on which side, and which the person takes back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .assertion import Judge
from .context import SLIPS
from .findings import ABSENT, FAMILY, HISTORICAL, HYPOTHETICAL, POSSIBLE, PRESENT, Evidence, Finding
from .mentions import Mention
from .other_places import Elsewhere

_LEFT = frozenset(["left", "l", "lh", "lhs", "left-hand"])
_RIGHT = frozenset(["right", "r", "rh", "rhs"])
_BOTH = frozenset(["both", "either", "two"])
_NOT_BEFORE = frozenset(["not", "isn", "neither", "nor"])
_PLACE_WORDS = frozenset(
    ["side", "hand", "lower", "upper", "outer", "inner", "the", "my", "his", "her", "of", "and", "big", "little", "front", "back", "index", "middle", "ring"]
)

#: Corrections that may stand further from the right place: 'left leg that twitches, sorry no, got that wrong, his left ARM'.
_PLAIN_SLIPS = (
    "got that wrong", "got it wrong", "that 's wrong", "that is wrong", "i mean", "i meant", "scratch that", "strike that", "erratum", "correction", "typo",
    "autocorrect", "wrong word", "wrong one", "no sorry", "sorry no", "misspoke", "mistyped", "should say", "should read", "tell a lie",
)
_TWITCHES = ("twitch", "jump", "hop", "flicker", "flutter", "tick", "puls", "jerk")
_OWN_WORDS = frozenset(["my", "the", "his", "her"])


@dataclass(frozen=True)
class Said:
    """A symptom mention with its assertion."""

    mention: Mention
    assertion: str


def find_places(mentions: list[Mention], said: list[Said], judge: Judge) -> list[Finding]:
    """One finding for each place and side, in the order of the message."""
    findings: list[Finding] = []
    places = [mention for mention in mentions if mention.kind == "body_location"]
    wrong = _taken_back(places, judge)
    elsewhere = Elsewhere.read(places, [item.mention for item in said], judge)
    for place in places:
        if _names_only_a_side(place, places, judge) or elsewhere.names(place):
            continue
        owners = _owners(place, places, said, judge)
        happening = any(owner.assertion in (PRESENT, POSSIBLE) and judge.people.is_background(owner.mention) for owner in owners)
        if judge.people.is_background(place) and not happening:
            continue  # a relative's illness has no place here; somebody's emergency of this moment has
        unable = any(owner.assertion in (PRESENT, POSSIBLE) and _names_neither(owner.mention, place, judge) for owner in owners)
        denied = place.first < wrong.get(place.code, 0) or _denied(place, places, judge)
        role = "denied" if denied and not unable else "site"  # 'neither leg will hold me' names the legs
        if place.code == "torso" and not owners and judge.words.texts[place.first - 1 : place.first] == ("on",):
            continue  # 'all fine on my side'
        assertions = {owner.assertion for owner in owners}
        if role == "site" and assertions and assertions <= {HYPOTHETICAL, FAMILY} and not _own_beside_a_relatives(place, owners, judge) and (
                not _mine_next(place, judge)):
            continue
        if role == "site" and not owners and _only_imagined(place, judge):
            continue
        if role == "site" and assertions and assertions <= {HISTORICAL}:
            role = "historical"
        detail = {key: True for key, holds in (("one_spot", _one_spot(place, places, judge)), ("additional", _additional(place, judge))) if holds}
        findings.append(
            Finding(
                detail=detail,
                kind="body_location",
                code=place.code,
                start=judge.words.starts[place.first],
                end=judge.words.ends[place.last - 1],
                laterality=_side(place, judge),
                of=tuple(dict.fromkeys(owner.mention.code for owner in owners)),
                role=role,
                evidence=Evidence(phrase=judge.words.phrase(place.first, place.last)),
            )
        )
    return findings


def _names_neither(mention: Mention, place: Mention, judge: Judge) -> bool:
    return place.inside(mention) and "neither" in judge.words.texts[mention.first : place.first]


_MINE = re.compile(
    r"(?:and |because |since )?mine (?:has|have|is|'s|are|do|does|go|goes|twitch\w*|jump\w*|flicker\w*|flutter\w*|start\w*|began|keep|keeps|will) "
    r"(?!not |fine |ok |never )"
)


def _mine_next(place: Mention, judge: Judge) -> bool:
    """'Do people with twitchy eyelids get fits? Mine has been at it for days': what is asked of others is said of one's own."""
    _, last = judge.clauses.bounds(place.first)
    return judge.clauses.is_question(place.first) and bool(_MINE.match(judge.words.phrase(last, min(last + 5, len(judge.words))) + " "))


def _own_beside_a_relatives(place: Mention, owners: list[Said], judge: Judge) -> bool:
    """'My sister had a twitch. Now mine is at it, right eyelid': a relative's symptom owns no place of one's own in another sentence."""
    sentence = judge.clauses.sentence
    return (
        judge.people.asked_for is None
        and judge.people.subjects[place.first] == "self"
        and all(item.assertion == FAMILY and sentence[item.mention.first] != sentence[place.first] for item in owners)
    )


def _owners(place: Mention, places: list[Mention], said: list[Said], judge: Judge) -> list[Said]:
    """The symptoms that a place belongs to: those whose words hold it, else the nearest of its clause, else of its sentence."""
    holding = [item for item in said if item.mention.first <= place.first and place.last <= item.mention.last]
    if holding:
        return holding
    clause, sentence = judge.clauses.clause, judge.clauses.sentence
    said = [item for item in said if not (item.assertion == ABSENT and judge.negated_between(place.last, item.mention.first))]
    concrete = [
        item for item in said if item.mention.code not in ("worsening", "improving", "sleep_disruption", "weight_loss", "fatigue") or place.code == "whole_body"
    ]
    for numbers in (clause, sentence):
        near = [item for item in concrete if numbers[item.mention.first] == numbers[place.first] or numbers[item.mention.last - 1] == numbers[place.first]]
        if near:
            nearest = min(_gap(item.mention, place) for item in near)
            return [item for item in near if _gap(item.mention, place) <= nearest + 1]
    before = [
        item
        for item in concrete
        if item.mention.first < place.first and sentence[place.first] - sentence[item.mention.last - 1] <= 1 and item.mention.code == "twitching"
    ]
    return before[-1:]


def _gap(mention: Mention, place: Mention) -> int:
    return place.first - mention.last if mention.last <= place.first else mention.first - place.last


def _one_spot(place: Mention, places: list[Mention], judge: Judge) -> bool:
    """One spot with two names: 'where the neck turns into the shoulder', 'between thumb and wrist'."""
    texts = judge.words.texts
    for other in places:
        first, second = sorted((place, other), key=lambda item: item.first)
        if first is second or not 0 < second.first - first.last <= 7:
            continue
        between, before = texts[first.last : second.first], texts[max(0, first.first - 4) : first.first]
        if _runs_into(first, second, judge):
            return True
        if set(between) & {"turns", "meets", "meet", "joins", "join", "becomes"} or ("and" in between and {"between", "where"} & set(before)):
            return True
    return False


_MERGES = frozenset([
    "runs", "run", "goes", "passes", "merges", "flows", "blends", "slopes", "ends", "melts", "grows", "changes", "bends", "curves", "touches", "touch",
])
#: What such a stretch is called.
_STRIP = frozenset(["where", "spot", "place", "point", "muscle", "bit", "line",
                    "strip", "strap", "cord", "corner", "crease", "fold", "curve", "slope", "ridge"])


def _runs_into(first: Mention, second: Mention, judge: Judge) -> bool:
    """'Where my neck runs into my shoulder', 'the muscle that goes from my neck to my shoulder': a spot described, nothing that moves."""
    texts = judge.words.texts
    between = texts[first.last : second.first]
    before = texts[max(judge.clauses.bounds(first.first)[0], first.first - 6) : first.first]
    return len(between) <= 4 and bool(
        (set(between) & _MERGES and "where" in before) or ("to" in between and "from" in before and bool(_MERGES & set(before)) and bool(_STRIP & set(before)))
    )


def _additional(place: Mention, judge: Judge) -> bool:
    """'and my hand too', 'my hand as well', 'also in the cheek'."""
    after, before = judge.words.texts[place.last : place.last + 5], judge.words.texts[max(0, place.first - 5) : place.first]
    return bool({"too", "also"} & set(after) or "also" in before or " ".join(after).find("as well") >= 0 or "another" in before or "and all" in " ".join(after))


def _names_only_a_side(place: Mention, places: list[Mention], judge: Judge) -> bool:
    """'my calf, on the left side': the flank is not meant."""
    inside = set(judge.words.texts[place.first:place.last])
    before = judge.words.texts[place.first - 1:place.first]
    return place.code == "torso" and "side" in inside and before == ("on",) and any(
        other.last <= place.first and judge.clauses.clause[other.first] == judge.clauses.clause[place.first] for other in places)


def _only_imagined(place: Mention, judge: Judge) -> bool:
    probe = judge.cues.scope("hypothetical", place.first, place.last) or judge.cues.scope("knowledge", place.first, place.last)
    probe = probe or judge.cues.scope("fear", place.first, place.last)
    return probe is not None and not {"my", "this"} & set(judge.words.texts[max(0, place.first - 2) : place.first])


_MODALS = frozenset(["will", "do", "does", "did", "can", "could", "would"])


def _asks_why_not(index: int, judge: Judge) -> bool:
    """'Why won't my legs climb stairs?', 'why doesn't my thumb stop?': the 'not' of a question denies no place."""
    texts = judge.words.texts
    return texts[index - 1] in _MODALS and (texts[index - 2 : index - 1] in (("why",), ("come",)) or index - 1 == judge.clauses.bounds(index)[0])


def _denied(place: Mention, places: list[Mention], judge: Judge) -> bool:
    """'not my calf', 'it is my thigh, not the calf', 'my palms do not twitch'."""
    before = judge.words.texts[max(0, place.first - 3) : place.first]
    for index, word in enumerate(before):
        if word == "not" and _asks_why_not(place.first - len(before) + index, judge):
            continue
        if word in _NOT_BEFORE and "of" not in before[index + 1 : index + 2] and not set(before[index + 1 :]) & {"only", "just", "in"}:
            return all(later in _PLACE_WORDS or later in _LEFT or later in _RIGHT for later in before[index + 1 :])
    if " ".join(word for word in before if word not in _OWN_WORDS)[-11:] in ("instead of", "rather than"):
        return True
    if _corrected(place, places, judge):
        return True
    after = judge.words.texts[place.last : place.last + 3]
    if after[:1] and after[0] in ("does", "do", "did", "is", "are", "was", "were") and after[1:2] == ("not",) and after[2:3] and after[2].startswith(_TWITCHES):
        return True
    after = judge.words.texts[place.last : place.last + 4]
    if set(after[:1]) & {"was", "is"} and set(after) & {"slip", "mistake", "typo", "wrong", "error"}:
        return True
    retracted = [word for word in before[-2:] if word in ("said", "wrote", "typed")]  # 'I said knee but I meant shin'
    return bool(retracted) and any(
        word in ("meant", "mean", "should", "actually", "wrong", "mistake", "error", "typo", "autocorrect", "before", "but")
        for word in judge.words.texts[place.last : place.last + 8]
    )


def _corrected(place: Mention, places: list[Mention], judge: Judge) -> bool:
    """'the left hand, no sorry, the left FOOT': the next place stands in its stead."""
    following = next((other for other in places if other.first >= place.last), None)
    if following is None or following.code == place.code or following.first - place.last > 14:
        return False
    between = judge.words.texts[place.last : following.first]
    joined = " " + " ".join(word for word in between if word not in (",", "-", "...")) + " "
    slips = (*SLIPS, *_PLAIN_SLIPS) if len(between) <= 9 else _PLAIN_SLIPS
    return any(f" {slip} " in joined for slip in slips) and not {"and", "also", "plus"} & set(between[-3:])


def _taken_back(places: list[Mention], judge: Judge) -> dict[str, int]:
    """'Twitch in the thigh, 6 weeks. Erratum: hip, not thigh': what is corrected later was wrong in the first place, too."""
    texts = judge.words.texts
    corrected: dict[str, int] = {}
    for place in places:
        first, last = judge.clauses.bounds(place.first)
        here = f" {' '.join(word for word in texts[first:last] if word not in (',', ':'))} "
        before = [word for word in texts[max(0, place.first - 3) : place.first] if word not in _OWN_WORDS and word not in _LEFT and word not in _RIGHT]
        named = any(first <= other.first < place.first and other.code != place.code and place.first - other.last <= 4 for other in places)
        if before[-1:] == ["not"] and named and any(f" {slip} " in here for slip in (*SLIPS, *_PLAIN_SLIPS)):
            corrected[place.code] = place.first
    return corrected


def _side(place: Mention, judge: Judge) -> str | None:
    texts = judge.words.texts
    inside = texts[place.first : place.last]
    near = list(inside)
    for index in range(place.first - 1, max(-1, place.first - 4), -1):
        word = texts[index]
        near.append(word)
        if word not in _PLACE_WORDS and word not in _LEFT and word not in _RIGHT and word not in _BOTH:
            break
    after = texts[place.last : place.last + 5]
    while after and after[0].startswith("twitch"):
        after = after[1:]                     # 'calf twitching on the left side'
    if set(near) & _BOTH:
        return "both"
    left, right = bool(set(near) & _LEFT), bool(set(near) & _RIGHT)
    if left and right:
        return "both"
    if (
        not (left or right)
        and len(after) > 1
        and after[0] in ("on", ",", "(")
        and set(after[1:]) & (_LEFT | _RIGHT)
        and set(after[1:]) & {"side", "one", "the", "my", "left", "right"}
    ):
        left, right = bool(set(after) & _LEFT), bool(set(after) & _RIGHT)
    return "left" if left else "right" if right else None
