"""Text in, findings out: the understanding of one message."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import spacy

from . import answering, course, functions, onset, paraphrase, places
from .assertion import Judge
from .clauses import Clauses
from .context import Verdict
from .cues import Cues
from .durations import find_times
from .experiencer import Experiencer
from .findings import ABSENT, FAMILY, HISTORICAL, HYPOTHETICAL, PERSON, POSSIBLE, PRESENT, SIGNAL, SYMPTOM, TRIGGER, Evidence, Finding
from .hedges import found_without
from .lexicon import VOCABULARY, Lexicon, load_cues, load_lexicon, read_yaml
from .measures import measured
from .mentions import Mention, choose
from .paraphrase import Likeness
from .patterns import Words
from .places import Said
from .sense import sensible
from .spelling import Speller
from .text import MOST_CHARACTERS, Normaliser

#: Which assertion stands when one message says several things of one symptom.
_STRENGTH = {PRESENT: 6, POSSIBLE: 5, ABSENT: 4, HISTORICAL: 3, FAMILY: 2, HYPOTHETICAL: 1}


@dataclass(frozen=True)
class Understanding:
    """What was understood from one message."""

    text: str
    findings: tuple[Finding, ...]
    words: Words | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Reader:
    """Understands messages. `today` gives the date that 'since March' counts from."""

    normaliser: Normaliser
    lexicon: Lexicon
    cues: Lexicon
    today: Callable[[], datetime.date]
    likeness: Likeness | None = None  # without it the rules read alone

    def read(self, text: str) -> Understanding:
        """The findings of one message, in its order; never raises on any text."""
        text = text[:MOST_CHARACTERS]
        words = self.normaliser.words(self.normaliser.tokens(text))
        clauses = Clauses(words)
        cues = Cues(words, clauses, self.cues)
        matches = self.lexicon.find(words)
        matches += found_without(words, matches, self.lexicon)
        mentions = measured(text, words, clauses, functions.resolve(choose(matches, words), words, clauses, cues))
        cues.consume(
            [
                # 'I cannot stand my slurred speech': the idiom's own 'not' denies nothing
                *((match.first, match.last) for match in matches
                  if "shield" in (match.entry.kind, match.entry.says) and words.texts[match.first : match.first + 2] in (("can", "not"), ("could", "not"))),
            ]
            + [
                (mention.first, mention.last)
                for mention in mentions
                if mention.kind in (SYMPTOM, SIGNAL)
                and (mention.entry.inability or {"not", "no"} & set(words.texts[mention.first : mention.last]))
                and mention.entry.says != ABSENT
            ]
        )
        today = self.today()
        times = tuple((*_word_span(words, time.start, time.end), time) for time in find_times(text, today))
        if self.likeness:
            mentions = paraphrase.suggested(mentions, matches, words, clauses, cues, times, text, self.likeness)
        people = Experiencer(words, clauses)
        people.settle(mentions)
        judge = Judge(words, clauses, cues, people, times, today)
        judged = [(mention, judge.judge(mention)) for mention in mentions if mention.kind in (SYMPTOM, TRIGGER, SIGNAL)]
        standing = [(mention, verdict) for mention, verdict in judged if verdict.assertion is not None]
        standing = sensible(standing, clauses, words, {mention.code for mention in mentions if mention.kind == "body_location"})
        said = [Said(mention, verdict.assertion or PRESENT) for mention, verdict in standing if mention.kind == SYMPTOM]
        sites = places.find_places(mentions, said, judge)
        answers = answering.without_list(answering.find_answers(words), standing, words)
        standing = answering.taken_back(standing, answers, words)
        findings = [
            *_asserted(standing, judge),
            *sites,
            *course.find_durations(said, judge, bool(sites), _clauses_of_changes(standing, said, clauses)),
            *answers,
            *_person(people, times),
        ]
        return Understanding(text, tuple(sorted(findings, key=lambda item: (item.start, item.end))), words)


def _word_span(words: Words, start: int, end: int) -> tuple[int, int]:
    first, last = words.span_at(start, end)
    return first, max(last, first + 1)


def _asserted(standing: list[tuple[Mention, Verdict]], judge: Judge) -> list[Finding]:
    """One finding for each code of a kind: the strongest assertion, with the onset that any of its mentions gives."""
    best: dict[tuple[str, str], tuple[Mention, Verdict]] = {}
    onsets: dict[tuple[str, str], str] = {}
    for mention, verdict, key in [(said, judged, key) for said, judged in standing for key in _keys(said)]:
        if mention.entry.onset and verdict.assertion in (PRESENT, POSSIBLE):
            onsets[key] = mention.entry.onset
        if key not in best or _STRENGTH[verdict.assertion or PRESENT] > _STRENGTH[best[key][1].assertion or PRESENT]:
            best[key] = (mention, verdict)
    findings = [
        Finding(
            kind=kind,
            code=code,
            start=judge.words.starts[mention.first],
            end=judge.words.ends[mention.last - 1],
            assertion=verdict.assertion,
            onset=onsets.get((kind, code)),
            detail=dict(mention.entry.detail),
            evidence=Evidence(judge.words.phrase(mention.first, mention.last), verdict.cue, f"{mention.entry.id}: {verdict.rule}"),
        )
        for (kind, code), (mention, verdict) in best.items()
    ]
    return onset.with_onsets(findings, {key: mention for key, (mention, _) in best.items()}, standing, judge)


def _clauses_of_changes(standing: list[tuple[Mention, Verdict]], said: list[Said], clauses: Clauses) -> frozenset[int]:
    """Clauses that tell of a changed medicine or an injury and of no symptom."""
    told = {clauses.clause[item.mention.first] for item in said}
    return (
        frozenset(
            clauses.clause[mention.first]
            for mention, _ in standing
            if mention.kind == SIGNAL and mention.code in ("medication_change", "substance_stopped", "head_neck_injury", "intentional_weight_loss")
        )
        - told
    )


def _keys(mention: Mention) -> list[tuple[str, str]]:
    """What a mention tells: its own code, and those that its entry says come with it."""
    return [(mention.kind, mention.code), *((mention.kind, code) for code in mention.entry.also)]


def _person(people: Experiencer, times: tuple[tuple[int, int, object], ...]) -> list[Finding]:
    person = people.person()
    if person is None:
        return []
    code, detail = person
    age = next((time.days for _, _, time in times if getattr(time, "kind", "") == "age" and time.days is not None), None)  # type: ignore[attr-defined]
    if age is not None:
        detail["age_years"] = round(age / 365.25, 2)
    return [Finding(kind=PERSON, code=code, detail=detail)]


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """The reader with the project's vocabulary; loaded once per process (about a second)."""
    lexicon, cues = load_lexicon(), load_cues()
    spelling = read_yaml(VOCABULARY / "spelling.yml")
    speller = Speller(set(lexicon.vocabulary()) - set(spelling["not_targets"]), mended=spelling["mended"], kept=frozenset(spelling["kept"]))
    language = spacy.blank("en")
    infixes = [*language.Defaults.infixes, r"(?<=[a-z])=(?=\w)"]  # 'weakness=0' is a label and its value
    language.tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
    normaliser = Normaliser(language, {str(key): str(value) for key, value in spelling["forms"].items()}, speller)
    return Reader(normaliser, lexicon, cues, datetime.date.today)
