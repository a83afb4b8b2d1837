"""A second pair of eyes: what the lexicon leaves unexplained is compared with wordings of each finding.

The lexicon's rules come first and are never overruled. Only sentences with several words of meaning that no phrase,
cue or time explains are shown to the judge of likeness (vocabulary/wordings, nlu/wordings.py), and what it suggests is a mention
like any other: fear, knowledge, the past and relatives are judged by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from spacy.lang.en.stop_words import STOP_WORDS

from .clauses import Clauses
from .cues import Cues
from .lexicon import Entry
from .mentions import LIKENESS, Mention
from .patterns import Match, Words


@dataclass(frozen=True)
class Suggestion:
    """A code that a text is like; `score` about 0 (not alike) to 1 (as alike as the wordings among themselves)."""

    code: str
    score: float


class Likeness(Protocol):
    """Judges texts; for each the codes it is alike enough to, best first."""

    def suggest(self, texts: Sequence[str]) -> list[list[Suggestion]]: ...


#: Fewer unexplained words tell nothing.
FEWEST_WORDS = 2
#: With one of these a single word will do: 'I come not any more out of the chair'.
_UNABLE = frozenset(["not", "cannot", "never", "unable", "hardly", "barely"])
#: Beside words of health ('appetite good', 'otherwise normal') a likeness must be closer: .5, .44 and .6 found as much on unseen sets, give or take one sign.
LEAST_BESIDE_HEALTH = 0.5
#: More are judged in the order of the message up to here, so that the work is bounded.
MOST_SENTENCES = 8

#: Words without a meaning of their own, with those of every chat.
_EMPTY = frozenset(STOP_WORDS) | frozenset(
    ["'s", "'m", "'re", "'ve", "'d", "'ll", "n't", "ok", "okay", "hi", "hello", "thanks", "thank", "doctor", "lot", "lots", "bit", "kind", "sort", "thing",
     "things", "like", "got", "get", "gets", "getting", "goes", "going", "went", "come", "comes", "came", "said", "says", "know", "think", "want", "need"]
)


#: A sentence that puts a word right tells of words.
_SLIPS = frozenset(["oops", "meant", "typo", "mistyped", "erratum", "autocorrect", "correction", "dictation", "misread", "misspelt"])

#: Questions of knowledge or how-to, and orders to the assistant: 'how do I swallow big pills', 'which foods set off gout'.
#: People ask about their complaints too ('how do I stop choking on my tea', 'is there a reason my words come out mushy'),
#: so a word of a complaint or of somebody's own body lets the sentence through to the judge.
_ASKS = re.compile(
    r"^(?:(?:ok|okay|hi|hello|and|so|but|please|pls|sorry|thanks|just|curious|also|or|well|um|then|,|:) )*"
    r"(?:(?:which|who|whose|what (?:is|'s|are|does|do|did|should|can|could|would|suits|helps|counts|about|colou?r|sort|kind|foods?)"
    r"|how (?:do|can|could|should|would|to|much|many|often|long|far)|where (?:do|can|is|are|could)|when (?:do|is|should|does|can)"
    r"|(?:is|are) there|is it (?:ok|okay|safe|worth|true|fine|all right)"
    r"|are (?:these|those|you)|does|do|would|could you|will you|should i"
    r"|can (?:you|we|one|a|i (?:eat|drink|have|take|use))|why (?:do|are|did|would) you|why ask\w*"
    r"|tell me|give me|show me|teach|help me|explain|write|send|read|print|list|speak (?:to|soon)|talk (?:to|soon)|foods?|diets?|recipes?) )"
)
_COMPLAINS = re.compile(
    r" (?:my|me|us|his|her|their|our|mine|myself|she|he|him|someone|anyone|anybody|else|am i|i am|i 'm|i have|i 've|i get|when i|while i|if i"
    r"|not|no longer|never|without|unable|keeps?|kept|keeping|stop(?:s|ped|ping)?|since|lately|now|nowadays|these days|again|any more|anymore|worse|sudden\w*"
    r"|hard(?:er)?|trouble|struggl\w*|difficult\w*|chok\w+|drop\w*|slur\w*|weak\w*|numb\w*|feel\w*|felt|stuck|sticks?|hurts?|pain\w*|droop\w*|heavy|useless"
    r"|lazy|clumsy|limp|dead|funny|thick|mush\w*|wobbl\w*|shak\w*|lost|losing|goes|went|gone|wrong|kill|die|end it|suicid\w*|swallowed|ate|drank|took) "
)
#: Which side or which measure was meant: 'my left side not my right', 'pounds, not kilos'.
_PUTS_RIGHT = re.compile(
    r"(?:^| )(?:left|right)(?: \w+)? (?:, )?(?:and )?(?:not|instead of|rather than) (?:my |the |on the )?(?:left|right) "
    r"|(?:it is|it 's|i mean|i meant|that is|should be) (?:(?:my|the|his|her|in) ){0,2}(?:\w+ ){1,3}(?:, )?(?:and )?"
    r"(?:not|instead of|rather than) (?:my |the |his |her |in )"
    r"|^(?:(?:no|sorry|,) )*(?:pounds|kilos|stone|grams|ounces|inches|centimetres) (?:, )?not (?:pounds|kilos|stone|grams|ounces|inches|centimetres) "
)


@dataclass(frozen=True)
class _Unit:
    first: int
    last: int
    text: str
    asks: bool = False          # a plain question of knowledge, an order or a word put right


def suggested(
    mentions: list[Mention],
    matches: list[Match],
    words: Words,
    clauses: Clauses,
    cues: Cues,
    times: Sequence[tuple[int, int, object]],
    text: str,
    likeness: Likeness,
) -> list[Mention]:
    """Mentions for sentences that the rules leave unexplained; one for each code, where no phrase of that code, shields
    included, stands in the sentence."""
    spans = [
        *((mention.first, mention.last) for mention in mentions),
        *((match.first, match.last) for match in matches if "shield" in (match.entry.kind, match.entry.says)),
        *((cue.first, cue.last) for cue in cues.all),
        *((first, last) for first, last, _ in times),
    ]
    units = _units(spans, words, clauses, text)
    found: dict[str, tuple[float, Mention]] = {}
    here = {(match.entry.code, clauses.sentence[word]) for match in matches
            if match.entry.kind != "function" and match.entry.says != "shield" for word in range(match.first, match.last)}
    here |= {(mention.code, clauses.sentence[mention.first]) for mention in mentions}
    shielded = {(match.entry.code, clauses.sentence[match.first]) for match in matches if match.entry.says == "shield"}
    fine = {clauses.sentence[cue.first] for cue in cues.of("fine")} - {clauses.sentence[cue.first] for cue in cues.of("stop")}
    # 'I meant my calf' tells of words
    units = [unit for unit in units if not unit.asks and not _SLIPS & set(words.texts[slice(*clauses.bounds(unit.first))])]
    timed = {clauses.sentence[min(first, len(words) - 1)] for first, _, _ in times}
    denying = {clauses.sentence[cue.first] for cue in cues.of("negation")}
    for unit, suggestions in zip(units, likeness.suggest([unit.text for unit in units]), strict=True):
        for suggestion in suggestions:
            family = _FAMILIES.get(suggestion.code, frozenset([suggestion.code]))
            number = clauses.sentence[unit.first]
            if any((code, number) in here for code in family) or (suggestion.code, number) in shielded:
                continue
            if number in fine and (suggestion.score < LEAST_BESIDE_HEALTH or _begins_well(unit, words)):
                continue  # 'every recording sounds normal' tells of health
            if suggestion.code in _NEVER_AN_INABILITY and number in denying:
                continue
            if suggestion.code == "one_sided_weakness" and ("atrophy", number) in here and number not in timed:
                continue  # 'grooves between the bones that the right one does not have': the other side only shows what is thinner
            if suggestion.code not in found or suggestion.score > found[suggestion.code][0]:
                entry = Entry("symptom", suggestion.code, f"{suggestion.code}/wordings {suggestion.score:.2f}", inability=True)
                found[suggestion.code] = (suggestion.score, Mention(entry, unit.first, unit.last, LIKENESS))
    return sorted([*mentions, *(mention for _, mention in found.values())], key=lambda mention: (mention.first, mention.last))


_WELL = re.compile(r"(?:nothing|not anything|no problems?|no trouble|no issues?|all (?:is )?(?:well|fine|ok)|fine) "
                   r"(?:is )?(?:wrong |amiss |the matter |up )?(?:with|on|in) ")


def _begins_well(unit: _Unit, words: Words) -> bool:
    """'Nothing wrong with my bladder, I get there in time': the words of health open what the likeness is of."""
    return bool(_WELL.search(words.phrase(max(0, unit.first - 6), unit.first + 1) + " "))


#: 'cannot' and 'no longer' tell of lost strength or speech; in a sentence on one of these a negation is a denial.
_NEVER_AN_INABILITY = frozenset(["atrophy", "dark_urine", "chest_pain", "facial_droop", "fever", "tremor", "palpitations", "rigidity"])
#: Where the rules have found one of these in a sentence, the others would only say the same again.
_STRENGTH = frozenset(["weakness", "one_sided_weakness", "rapid_weakness", "fatigue", "numbness"])
_FAMILIES = {
    **{code: _STRENGTH | {code} for code in ("weakness", "one_sided_weakness", "rapid_weakness")},
    "swallowing_difficulty": frozenset(["swallowing_difficulty", "breathing_difficulty", "vomiting"]),
    "breathing_difficulty": frozenset(["breathing_difficulty", "swallowing_difficulty", "chest_pain", "palpitations"]),
    "atrophy": frozenset(["atrophy", "weight_loss"]),
    "weight_loss": frozenset(["atrophy", "weight_loss"]),
    "incontinence": frozenset(["incontinence", "saddle_numbness", "dark_urine"]),
    "saddle_numbness": frozenset(["incontinence", "saddle_numbness"]),
    "spreading": frozenset(["spreading", "rapid_weakness"]),
}


def _units(spans: list[tuple[int, int]], words: Words, clauses: Clauses, text: str) -> list[_Unit]:
    explained = [word in _EMPTY or not any(char.isalpha() for char in word) for word in words.texts]
    for first, last in spans:
        explained[first:last] = [True] * (last - first)
    units: list[_Unit] = []
    start = 0
    while start < len(words) and len(units) < MOST_SENTENCES:
        number, end = clauses.sentence[start], start
        while end < len(words) and clauses.sentence[end] == number:
            end += 1
        open_words = [index for index in range(start, end) if not explained[index]]
        unable = any(text in _UNABLE for text in words.texts[start:end])
        if len(open_words) >= (1 if unable else FEWEST_WORDS):
            said = text[words.starts[start] : words.ends[end - 1]].strip()
            joined = f"{words.phrase(start, end)} "
            opening = _ASKS.match(joined)
            asks = bool(_PUTS_RIGHT.search(joined) or (opening and not _COMPLAINS.search(joined, opening.end() - 1)))
            units.append(_Unit(open_words[0], open_words[-1] + 1, said, asks))
        start = end
    return units
