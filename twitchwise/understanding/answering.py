"""Bare answers to the last question, and corrections of what was said before."""
from __future__ import annotations

from functools import lru_cache

from .findings import ANSWER, EDIT, Evidence, Finding
from .lexicon import VOCABULARY, make_compiler, read_yaml
from .patterns import Match, PatternIndex, Words


@lru_cache(maxsize=1)
def _index() -> PatternIndex:
    compiler = make_compiler()
    raw = read_yaml(VOCABULARY / "answers.yml")
    return PatternIndex([compiler.compile(phrase, (kind, code)) for kind in (ANSWER, EDIT) for code, phrases in raw[kind].items() for phrase in map(str, phrases)])


def find_answers(words: Words) -> list[Finding]:
    """At most one answer (the words the message opens with) and one edit of each code."""
    matches = _index().find(words)
    found = []
    answers = [match for match in matches if match.entry[0] == ANSWER and match.first <= _opening(words)]
    if answers:
        best = max(answers, key=lambda match: (-match.first, match.last - match.first, match.entry[1] in ("unsure", "partly")))
        found.append(_finding(best, words))
    for code in ("take_back", "correction"):
        edits = [match for match in matches if match.entry == (EDIT, code)]
        if edits:
            found.append(_finding(max(edits, key=lambda match: match.last - match.first), words))
    return found


def _opening(words: Words) -> int:
    """Answers may follow 'well,' or 'um'."""
    index = 0
    while index < len(words) and words.texts[index] in ("well", "um", "uh", "er", "erm", "hmm", "oh", ",", "so", "ah", "ok", "okay", "...", "-", "and", "eh", "honestly", "tbh"):
        index += 1
    return index


def _finding(match: Match, words: Words) -> Finding:
    kind, code = match.entry
    return Finding(kind=kind, code=code, start=words.starts[match.first], end=words.ends[match.last - 1],
                   evidence=Evidence(phrase=words.phrase(match.first, match.last), rule=match.pattern.source))
