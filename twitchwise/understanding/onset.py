"""When a symptom came: suddenly (said so, or within 24 hours) or slowly; and what follows from that (derived.yml)."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from .assertion import Judge
from .findings import PRESENT, SIGNAL, SYMPTOM, Evidence, Finding
from .lexicon import VOCABULARY, read_yaml
from .mentions import Mention

#: Symptoms whose onset decides a rule.
TIMED = frozenset({"speech_difficulty", "weakness", "numbness", "one_sided_weakness", "facial_droop", "vision_problem", "confusion", "swallowing_difficulty"})
_ONE_DAY = 1.05
_WEEKS = 28.0
_ONE_LIMB = frozenset(["arm", "hand", "leg", "foot", "wrist", "ankle", "forearm", "thigh", "side", "fingers"])
_BOTH = frozenset(["both", "legs", "arms", "hands", "feet", "limbs", "knees", "thighs", "neither"])
_LIMB_WORDS = _ONE_LIMB | _BOTH


@lru_cache(maxsize=1)
def _rules() -> list[dict[str, Any]]:
    return list(read_yaml(VOCABULARY / "derived.yml")["derived"])


def with_onsets(findings: list[Finding], mentions: dict[tuple[str, str], Mention], standing: list[tuple[Mention, Any]], judge: Judge) -> list[Finding]:
    """The findings with onset filled in, and the derived ones added."""
    result = []
    for finding in findings:
        if finding.code == "rapid_weakness" and finding.counts and (_days_near(mentions[(SYMPTOM, finding.code)], judge) or 0.0) > _WEEKS:
            finding = replace(finding, code="weakness", onset="gradual")  # 'for a couple of years, both legs as useless as each other'
        if finding.code == "rapid_weakness" and finding.counts and finding.evidence.rule != "derived" and _only_it(mentions[(SYMPTOM, finding.code)], judge):
            finding = replace(finding, code="spreading")
        if finding.kind == SYMPTOM and finding.code in TIMED and finding.counts and (SYMPTOM, finding.code) in mentions:
            mention = mentions[(SYMPTOM, finding.code)]
            finding = replace(
                finding,
                onset=finding.onset or _onset(mention, standing, judge),
                detail={**finding.detail, **({"limb": limb} if (limb := _limb(mention, judge)) else {})},
            )
        result.append(finding)
    return result + _derived(result, mentions, judge)


_FEEBLE = re.compile(r" (?:weak\w*|numb\w*|tingl\w*|heavy|dead|useless|paraly\w*|floppy|jelly|lead|rubber\w*|legless|buckl\w*|collaps\w*|not|no|cannot|pins) ")
_TWITCHES = re.compile(r" (?:twitch\w*|jump\w*|flicker\w*|flutter\w*|fascic\w*|ripple\w*|spasm\w*|at it) ")


def _only_it(mention: Mention, judge: Judge) -> bool:
    """'The twitch began in my toes, then the calf, now the tummy': 'it' that moves on is the twitch, where nothing is told of force or feeling."""
    joined = judge.words.joined
    return judge.words.texts[mention.first] in ("it", "this", "they") and bool(_TWITCHES.search(joined)) and not _FEEBLE.search(joined)


def _onset(mention: Mention, standing: list[tuple[Mention, Any]], judge: Judge) -> str | None:
    sentence, clause = judge.clauses.sentence, judge.clauses.clause
    marks = [
        (other, verdict)
        for other, verdict in standing
        if other.kind == SIGNAL and verdict.assertion in ("present", "possible") and other.code in ("sudden_onset", "gradual_onset")
    ]
    for numbers in (clause, sentence):
        here = [other.code for other, _ in marks if numbers[other.first] == numbers[mention.first] or numbers[other.last - 1] == numbers[mention.last - 1]]
        if "gradual_onset" in here and "sudden_onset" not in here:
            return "gradual"
        if "sudden_onset" in here and not _only_a_time(mention, judge, numbers):
            return "sudden"
    days = _days(mention, judge)
    if days is not None and days <= _ONE_DAY:
        return "gradual" if _remarked(mention, judge) and {other.code for other, _ in marks} == {"gradual_onset"} else "sudden"
    if days is None and _by_the_clock(mention, judge):
        return "sudden"
    return "gradual" if days is not None and days > 28 else None


_CLOCK = re.compile(r" (?:[01]?\d|2[0-3]) ?[:.h] ?[0-5]\d(?: ?[ap]m)?(?= )")


def _by_the_clock(mention: Mention, judge: Judge) -> bool:
    """'14:05 right arm went dead. 14:20 cannot lift it': who writes down minutes tells of hours."""
    first, last = judge.clauses.bounds(mention.first)
    rows = [judge.words.index_at(match.start() + 1) for match in _CLOCK.finditer(judge.words.joined)]
    return len(rows) > 1 and any(first <= row < last for row in rows)


_REMARKS = frozenset([
    "asked", "said", "joked", "noticed", "wondered", "commented", "remarked", "told", "teased", "complained", "thought", "pointed", "asks", "says",
])
_NOT_UNDERSTOOD = frozenset([("make", "out"), ("not", "understand"), ("not", "follow")])


def _remarked(mention: Mention, judge: Judge) -> bool:
    """'Yesterday someone asked if I was drunk': the day is that of the remark."""
    words = judge.clause_words(mention)
    return bool(_REMARKS & set(words)) or any(pair in _NOT_UNDERSTOOD for pair in itertools.pairwise(words))


def _only_a_time(mention: Mention, judge: Judge, numbers: list[int]) -> bool:
    """A course of weeks in the same words outweighs a 'today'."""
    days = _days(mention, judge)
    return (
        days is not None
        and days > _ONE_DAY
        and not {"suddenly", "sudden"} & set(word for word, number in zip(judge.words.texts, numbers, strict=False) if number == numbers[mention.first])
    )


_ALL_DAY = frozenset(["all", "whole", "entire", "every"])
#: With one of these 'all day' is this day; without, it says how often: 'the cups keep slipping from my grasp all day long'.
_HAS_BEEN = frozenset([
    "been", "was", "were", "had", "could", "did", "since", "today", "now", "this", "woke", "suddenly", "sudden", "new", "yesterday", "started", "began", "went",
    "just", "first", "dropped", "fell", "slipped", "never", "before", "has", "have", "'ve", "got", "gone",
])


def _days(mention: Mention, judge: Judge) -> float | None:
    """How long ago the symptom came, from the nearest time of its sentence."""
    sentence = judge.clauses.clause
    near = [
        (abs(first - mention.first), time.days)
        for first, last, time in judge.times
        if time.kind in ("since", "for", "ago") and time.days is not None and sentence[min(first, len(sentence) - 1)] == sentence[mention.first]
        and judge.words.texts[max(0, first - 1) : first] != ("after",)  # 'blurred after ten hours of screen' tells no onset
        and not (_ALL_DAY & set(judge.words.texts[max(0, first - 1) : first + 1]) and time.kind == "for" and not _HAS_BEEN & set(judge.clause_words(mention)))
        # 'holding a pen for more than a minute is impossible' tells how long it is done
        and not (mention.entry.inability and time.kind == "for" and mention.first < first and last < mention.last)
    ]
    return min(near)[1] if near else None


def _limb(mention: Mention, judge: Judge) -> str | None:
    """one | both: which limbs the symptom's words, else its clause, name."""
    inside = set(judge.words.texts[mention.first : mention.last]) & _LIMB_WORDS
    number = judge.clauses.clause[mention.first]
    around = (
        set(word for index, word in enumerate(judge.words.texts) if judge.clauses.clause[index] == number and abs(index - mention.first) <= 8) & _LIMB_WORDS
    )
    words = inside or around or _limbs_meant(mention, judge)
    if words & _BOTH:
        return "both"
    return "one" if words else None


def _limbs_meant(mention: Mention, judge: Judge) -> set[str]:
    """'Both my legs have been going. They buckle on the kerb': the limbs of the sentence before, where it names no others."""
    first, last = judge.clauses.bounds(mention.first)
    if not first or not {"they", "them", "neither"} & set(judge.words.texts[first:last]):
        return set()
    return set(judge.words.texts[slice(*judge.clauses.bounds(first - 1))]) & _LIMB_WORDS


def _days_near(mention: Mention, judge: Judge) -> float | None:
    """How long ago, also from the sentence before: 'Four days ago I lifted spuds. Since then my legs have been going'."""
    days = _days(mention, judge)
    first, _ = judge.clauses.bounds(mention.first)
    if days is not None:
        return days
    before = judge.clauses.sentence[first - 1] if first else -1
    near = [time.days for index, _, time in judge.times
            if time.kind in ("since", "for", "ago") and time.days is not None
            and judge.clauses.sentence[min(index, len(judge.words) - 1)] in (before, judge.clauses.sentence[mention.first])]
    return min(near) if near else None


def _derived(findings: list[Finding], mentions: dict[tuple[str, str], Mention], judge: Judge) -> list[Finding]:
    symptoms = {finding.code: finding for finding in findings if finding.kind == SYMPTOM and finding.counts}
    signals = {finding.code for finding in findings if finding.kind == SIGNAL and finding.counts}
    added: dict[str, Finding] = {}
    for rule in _rules():
        if rule["code"] in symptoms or rule["code"] in added:
            continue
        for code in rule["any"]:
            finding = symptoms.get(code)
            if finding and _holds(rule, finding, signals, mentions, judge):
                added[rule["code"]] = replace(
                    finding,
                    code=rule["code"],
                    assertion=PRESENT if finding.assertion == PRESENT else finding.assertion,
                    evidence=Evidence(finding.evidence.phrase, finding.evidence.cue, "derived"),
                )
                break
    return list(added.values())


def _holds(rule: dict[str, Any], finding: Finding, signals: set[str], mentions: dict[tuple[str, str], Mention], judge: Judge) -> bool:
    if "signal" in rule and rule["signal"] not in signals:
        return False
    if "limb" in rule and finding.detail.get("limb") != rule["limb"]:
        return False
    if rule.get("sudden") and finding.onset != "sudden":
        return False
    if "within_days" in rule:
        mention = mentions.get((SYMPTOM, finding.code))
        days = _days_near(mention, judge) if mention else None
        if finding.onset != "sudden" and (days is None or days > rule["within_days"]):
            return False
    return True
