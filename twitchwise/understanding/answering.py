"""Bare answers to the last question, and corrections of what was said before."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from .context import Verdict
from .findings import ABSENT, ANSWER, EDIT, Evidence, Finding
from .lexicon import VOCABULARY, make_compiler, read_yaml
from .mentions import Mention
from .patterns import Match, PatternIndex, Words


@lru_cache(maxsize=1)
def _index() -> PatternIndex:
    compiler = make_compiler()
    raw = read_yaml(VOCABULARY / "answers.yml")
    return PatternIndex(
        [compiler.compile(phrase, (kind, code)) for kind in (ANSWER, EDIT) for code, phrases in raw[kind].items() for phrase in map(str, phrases)]
    )


def find_answers(words: Words) -> list[Finding]:
    """At most one answer (the words the message opens with) and one edit of each code."""
    matches = _index().find(words)
    found = []
    answers = [match for match in matches if match.entry[0] == ANSWER and match.first <= _opening(words)]
    if answers:
        best = max(answers, key=lambda match: (-match.first, match.last - match.first, match.entry[1] in ("unsure", "partly")))
        found.append(replace(_finding(best, words), detail={"nothing": True} if "nothing" in words.texts[best.first : best.last] else {}))
    for code in ("take_back", "correction"):
        edits = [match for match in matches if match.entry == (EDIT, code)]
        if edits:
            found.append(_finding(max(edits, key=lambda match: match.last - match.first), words))
    return found


_NAMES_WHAT = frozenset(["ignore", "forget", "disregard", "scrap", "scratch", "strike", "delete", "take", "took", "nevermind"])


def taken_back(standing: list[tuple[Mention, Verdict]], answers: list[Finding], words: Words) -> list[tuple[Mention, Verdict]]:
    """'ignore what I said about the weakness': what a take-back names is denied, not told."""
    edit = next((finding for finding in answers if finding.code == "take_back"), None)
    if edit is None or not _NAMES_WHAT & set(edit.evidence.phrase.split()):
        return standing
    first, last = words.span_at(edit.start, edit.end)
    return [
        (mention, Verdict(ABSENT, edit.evidence.phrase, "taken back"))
        if mention.kind == "symptom" and first <= mention.first <= last + 6 and not (mention.code == "twitching" and _told_anew(words, last))
        else (mention, verdict)
        for mention, verdict in standing
    ]


def _told_anew(words: Words, after: int) -> bool:
    """'scrap that, the twitching started 9 weeks ago', 'scratch that, it is not getting better': corrected, not taken back."""
    return bool(_TOLD & set(words.texts[after:]))


_TOLD = frozenset(["started", "began", "ago", "since", "weeks", "days", "months", "week", "day", "month", "in", "getting", "still", "moved", "now"])


def without_list(answers: list[Finding], standing: list[tuple[Mention, Verdict]], words: Words) -> list[Finding]:
    """'no weakness' denies weakness; it does not answer 'no' to whatever was asked."""

    def opens_a_list(finding: Finding) -> bool:
        first, last = words.span_at(finding.start, finding.end)
        return (
            finding.code == "no"
            and last - first == 1
            and words.texts[first] == "no"
            and any(mention.kind == "symptom" and last <= mention.first <= last + 2 for mention, _ in standing)
            and words.texts[last] not in (",", ".", "-", "!")
        )

    return [finding for finding in answers if not opens_a_list(finding)]


def _opening(words: Words) -> int:
    """Answers may follow 'well,' or 'um'."""
    index = 0
    while index < len(words) and words.texts[index] in (
        "well",
        "um",
        "uh",
        "er",
        "erm",
        "hmm",
        "oh",
        ",",
        "so",
        "ah",
        "ok",
        "okay",
        "...",
        "-",
        "and",
        "eh",
        "honestly",
        "tbh",
    ):
        index += 1
    return index


def _finding(match: Match, words: Words) -> Finding:
    kind, code = match.entry
    return Finding(
        kind=kind,
        code=code,
        start=words.starts[match.first],
        end=words.ends[match.last - 1],
        evidence=Evidence(phrase=words.phrase(match.first, match.last), rule=match.pattern.source),
    )
