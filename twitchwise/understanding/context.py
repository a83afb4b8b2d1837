"""What the rules of assertion look at: one message with its words, clauses, cues, people and times."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from .clauses import Clauses
from .comparing import holds_against
from .cues import Cue, Cues
from .durations import TimeExpression
from .experiencer import Experiencer
from .mentions import Mention
from .patterns import Words

#: Attacks that still count when they are over, if they are of the last days (ontology, assertions.historical).
LASTING = frozenset({"facial_droop", "one_sided_weakness", "seizure", "chest_pain", "poisoning"})
LASTING_DAYS = 7.0
#: These count likewise when they came suddenly: a stroke sign that passed is still one.
TIMED = frozenset({"speech_difficulty", "weakness", "numbness", "confusion", "vision_problem"})
#: How people put right what they have just said, between the wrong word and the right one.
SLIPS = (
    "no sorry", "sorry", "i mean", "i meant", "oops", "wait no", "no wait", "correction", "tell a lie", "scratch that", "make that", "should say",
    "my mistake",
)
NEGATIONS = frozenset(["not", "no", "without", "never", "nothing", "hardly", "barely", "unable", "nobody", "neither", "none", "cannot"])
_YEAR = re.compile(r"(?:19[3-9]|20[0-4])\d")
_SHORT_YEAR = re.compile(r"[3-9]\d|'?[0-9]\d")
_BEFORE_YEARS = frozenset(["in", "of", "'", "back", "during", "spring", "summer", "autumn", "fall", "winter"])
_MEASURED = frozenset(["temperature", "temp", "fever", "age", "total", "pulse", "rate", "score", "grip", "weight", "out"])
_ENDS = frozenset([",", ".", ";", ":", ")", "(", "and", "but", "after", "when", "\n", "my", "i", "then"])


@dataclass(frozen=True)
class Verdict:
    """An assertion with what decided it."""

    assertion: str | None  # None: a simile, no finding at all
    cue: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Context:
    """One message, read but not yet judged."""

    words: Words
    clauses: Clauses
    cues: Cues
    people: Experiencer
    times: tuple[tuple[int, int, TimeExpression], ...]  # (first word, last word + 1, time)
    today: datetime.date

    def negated_between(self, first: int, last: int) -> bool:
        """Whether a denial begins in words [first, last): 'left calf, 5 days, no weakness' places no weakness in the calf."""
        return last > first and self._negations_before[last] > self._negations_before[first]

    @cached_property
    def _negations_before(self) -> list[int]:
        """How many negations stand before each word."""
        return [0, *accumulate(word in NEGATIONS for word in self.words.texts)]

    def days_ago(self, mention: Mention) -> float | None:
        """How long ago the clause, else the sentence, places the mention; None where it does not say."""
        same = [
            (first, time)
            for first, last, time in self.times
            if (time.kind == "ago" or (time.kind == "since" and (time.low_days or 99.0) < 1.0) or self._since_follows(last, time))
            and time.low_days is not None
            and self.clauses.sentence[min(first, len(self.words) - 1)] == self.clauses.sentence[mention.first]
            and not holds_against(first, self.words, self.clauses)  # 'half the size it was in August'
            and not self.cues.contrast_between(last, mention.first)  # 'tests were clear last year, all the same I cannot lift it'
        ]
        if not same:
            return None
        _first, time = min(
            same,
            key=lambda item: (
                abs(item[0] - mention.first) + (30 if self.clauses.clause[min(item[0], len(self.words) - 1)] != self.clauses.clause[mention.first] else 0)
            ),
        )
        return time.low_days

    def _since_follows(self, last: int, time: TimeExpression) -> bool:
        """'about five minutes since' is a while ago."""
        return time.kind == "for" and self.words.texts[last : last + 1] in (("since",), ("back",))

    def in_a_year(self, mention: Mention) -> bool:
        """'Bell's palsy in 88', '2014 weak foot': the sentence names a year of long ago, not one since which it goes on."""
        return self.clauses.sentence[mention.first] in self._dated_sentences

    @cached_property
    def _dated_sentences(self) -> frozenset[int]:
        texts, dated = self.words.texts, set()
        latest = self.today.year - 2
        for index, (text, before, after) in enumerate(zip(texts, (".", *texts), (*texts[1:], "."), strict=False)):
            if before in ("since", "from", "until", "started", "began"):
                continue
            if _YEAR.fullmatch(text) and holds_against(index, self.words, self.clauses):
                continue
            if before == "of" and index > 1 and texts[index - 2] in _MEASURED:
                continue  # 'a temperature of 39'
            short = bool(_SHORT_YEAR.fullmatch(text)) and (text >= "3" or "'" in (before, text[0]))
            if (_YEAR.fullmatch(text) and int(text) <= latest) or (short and (before in _BEFORE_YEARS or text[0] == "'") and after in _ENDS):
                dated.add(self.clauses.sentence[index])
        return frozenset(dated)

    def under_a_year(self, mention: Mention) -> bool:
        """'2019: right hand numb, operated': a list that names its years needs no verb in the past."""
        start = self.clauses.bounds(mention.first)[0]
        listed = bool(_YEAR.fullmatch(self.words.texts[start])) and self.words.texts[start + 1 : start + 2] in ((":",), ("-",))
        told = self.words.texts[start] in ("history", "past", "prior", "previously", "earlier")
        return listed or (told and any(_YEAR.fullmatch(word) for word in self.words.texts[max(0, mention.first - 2) : mention.first]))

    @cached_property
    def names_one_year(self) -> bool:
        """'breathless in 2021'; '2019 weak hand, 2021 weak arm' tells a course."""
        return sum(bool(_YEAR.fullmatch(word)) for word in self.words.texts) == 1

    def past_form(self, mention: Mention) -> bool:
        return any(word.endswith("ed") and len(word) > 3 for word in self.words.texts[mention.first : mention.last])

    def clause_words(self, mention: Mention) -> tuple[str, ...]:
        return self.words_of_clause(mention.first)

    def words_of_clause(self, index: int) -> tuple[str, ...]:
        """The words of the clause that word `index` stands in, in their order; a clause may be broken by another."""
        return tuple(self._words_of_clauses[self.clauses.clause[index]])

    @cached_property
    def _words_of_clauses(self) -> dict[int, list[str]]:
        clauses: dict[int, list[str]] = {}
        for word, number in zip(self.words.texts, self.clauses.clause, strict=True):
            clauses.setdefault(number, []).append(word)
        return clauses

    def text(self, cue: Cue) -> str:
        return self.words.phrase(cue.first, cue.last)

    def own_negation(self, mention: Mention) -> bool:
        """'not getting enough air': the words of the symptom hold their negation themselves."""
        return bool(NEGATIONS & set(self.words.texts[mention.first : mention.last]))
