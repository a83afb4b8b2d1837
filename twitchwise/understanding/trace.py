"""Shows how a sentence was read, for the people who edit the vocabulary: `python -m twitchwise trace "..."`."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from .clauses import Clauses
from .findings import ABSENT, ASSERTED, DURATION, FAMILY, HISTORICAL, HYPOTHETICAL, POSSIBLE, PRESENT, Finding
from .mentions import choose
from .patterns import Match, Words
from .reader import Reader, Understanding, load_reader

#: Colours of the page, light enough for black letters.
_COLOURS = {PRESENT: "#f4a3a3", POSSIBLE: "#f9cf9c", ABSENT: "#b5e3b5", HYPOTHETICAL: "#c9c6f5", HISTORICAL: "#d8d8d8", FAMILY: "#bfe0ef"}
_OTHER_COLOUR = "#f3ecc2"
_LONGEST_PHRASE = 160  # some phrases hold a hundred alternatives; the group's name finds them


@dataclass(frozen=True)
class Step:
    """One finding and how it came about. Every field is ready to print; '' where there is nothing to say."""

    finding: Finding
    said: str  # the assertion of a symptom, the role of a time or a place
    words: str  # as they stand in the message
    phrase: str  # the phrase of the vocabulary that matched, and its group
    cue: str  # the words that set the assertion
    rule: str  # the rule that read them so
    clause: str  # the words that a cue can govern

    def lines(self) -> list[tuple[str, str]]:
        """(name, value) of what there is to tell."""
        finding = self.finding
        pairs = [
            ("words", self.words),
            ("phrase", self.phrase),
            ("cue", self.cue),
            ("rule", self.rule),
            ("clause", self.clause),
            ("days", _days(finding)),
            ("onset", finding.onset or ""),
            ("side", finding.laterality or ""),
            ("of", ", ".join(finding.of)),
            ("detail", ", ".join(f"{key}: {value}" for key, value in finding.detail.items())),
        ]
        return [(name, value) for name, value in pairs if value]


@dataclass(frozen=True)
class Trace:
    """A sentence, its findings, and the phrases that matched but stand for nothing."""

    understanding: Understanding
    steps: tuple[Step, ...]
    passed_over: tuple[str, ...]


def trace(text: str, reader: Reader | None = None) -> Trace:
    """How `text` is read. LexiconError where the vocabulary is damaged."""
    reader = reader or load_reader()
    understanding = reader.read(text)
    words = understanding.words
    assert words is not None  # read() always gives them
    clauses, matches = Clauses(words), reader.lexicon.find(words)
    steps = tuple(_step(finding, understanding.text, words, clauses, matches) for finding in understanding.findings)
    return Trace(understanding, steps, tuple(_passed_over(understanding, words, matches)))


def _days(finding: Finding) -> str:
    if finding.days is None:
        return ""
    return f"{finding.days:g}" + ("" if finding.low == finding.high else f" (between {finding.low:g} and {finding.high:g})")


def _step(finding: Finding, text: str, words: Words, clauses: Clauses, matches: list[Match]) -> Step:
    first, last = words.span_at(finding.start, finding.end)
    group, _, rule = finding.evidence.rule.rpartition(": ") if finding.kind in ASSERTED else ("", "", finding.evidence.rule)
    placed = finding.end > finding.start
    said = finding.assertion if finding.kind in ASSERTED else finding.role
    return Step(
        finding=finding,
        said=said or "",
        words=text[finding.start : finding.end],
        phrase=_phrase(finding, group, first, last, matches),
        cue=finding.evidence.cue,
        rule=rule,
        clause=_clause(words, clauses, first, last) if placed else "",
    )


def _phrase(finding: Finding, group: str, first: int, last: int, matches: list[Match]) -> str:
    """The longest phrase inside the finding's words that has its code, and its group; '' for what no phrase found."""
    own = [
        match
        for match in matches
        if first <= match.first
        and match.last <= last
        and (match.entry.id == group if group else match.entry.kind == finding.kind and match.entry.code == finding.code)
    ]
    if not own:
        return f"[{group}]" if group else ""
    match = max(own, key=lambda match: match.last - match.first)
    return f"{textwrap.shorten(match.pattern.source, _LONGEST_PHRASE, placeholder=' ...')}  [{match.entry.id}]"


def _clause(words: Words, clauses: Clauses, first: int, last: int) -> str:
    numbers = set(clauses.clause[first : max(last, first + 1)])
    return " ".join(text for text, number in zip(words.texts, clauses.clause, strict=True) if number in numbers and text != "\n")


def _passed_over(understanding: Understanding, words: Words, matches: list[Match]) -> list[str]:
    """Phrases that matched and gave no finding: hidden by an idiom, without a word of trouble, or a mere likeness."""
    chosen = choose(matches, words)
    found = {(finding.kind, finding.code) for finding in understanding.findings}
    lines = []
    for match in sorted(matches, key=lambda match: (match.first, match.last)):
        entry, said = match.entry, words.phrase(match.first, match.last).strip()
        if entry.kind == "shield" or entry.says == "shield":
            lines.append(f"'{said}' is an idiom that hides what lies inside it  [{entry.id}]")
        elif entry.kind == "function":
            if ("symptom", entry.code) not in found:
                lines.append(f"'{said}' tells nothing without a word of trouble or of health near it  [{entry.id}]")
        elif (entry.kind, entry.code) not in found:
            stands = any(mention.entry == entry and mention.first <= match.first and match.last <= mention.last for mention in chosen)
            why = "was found, but a likeness or another reading sets it aside" if stands else "lies inside a longer phrase or an idiom"
            lines.append(f"'{said}' ({entry.code}) {why}  [{entry.id}]")
    return list(dict.fromkeys(lines))


def as_text(traced: Trace) -> str:
    """The trace for a terminal."""
    lines = []
    for step in traced.steps:
        lines.append(" ".join(part for part in (step.finding.kind, _value(step.finding), f"= {step.said}" if step.said else "") if part))
        lines += [f"    {name:<8}{value}" for name, value in step.lines()]
    if not lines:
        lines.append("Nothing was understood.")
    if traced.passed_over:
        lines += ["", "Passed over:", *(f"    {line}" for line in traced.passed_over)]
    return "\n".join(lines)


def _value(finding: Finding) -> str:
    return finding.iso or "" if finding.kind == DURATION else finding.code


def as_page(traced: Trace, reader: Reader | None = None) -> str:
    """The trace as an HTML page: the sentence by spaCy's displaCy, a table of the findings below."""
    from spacy import displacy

    doc = (reader or load_reader()).normaliser.tokens(traced.understanding.text)
    spans, colours = [], {}
    for step in traced.steps:
        span = doc.char_span(step.finding.start, step.finding.end, alignment_mode="expand") if step.words.strip() else None
        if span is not None:
            label = " ".join(part for part in (_value(step.finding), step.said) if part)
            colours[label] = _COLOURS.get(step.finding.assertion or "", _OTHER_COLOUR)
            spans.append({"start_token": span.start, "end_token": span.end, "label": label})
    text = traced.understanding.text
    marked = {"text": text, "tokens": [text[token.idx : token.idx + len(token.text)] for token in doc], "spans": spans}
    page = str(displacy.render(marked, style="span", manual=True, page=True, jupyter=False, options={"colors": colours}))
    page = page.replace("<head>", '<head><meta charset="utf-8">', 1).replace("<title>displaCy</title>", "<title>Trace</title>", 1)
    return page.replace("</body>", f"{_STYLE}{_table(traced)}</body>")


_COLUMNS = ("words", "phrase", "cue", "rule", "clause", "days", "onset", "side", "of", "detail")
_STYLE = """<style>
table { border-collapse: collapse; font-size: 14px }
th, td { border: 1px solid #bbb; padding: 4px 8px; text-align: left; vertical-align: top }
</style>"""


def _table(traced: Trace) -> str:
    rows = []
    for step in traced.steps:
        values = dict(step.lines())
        cells = [f"{step.finding.kind} {_value(step.finding)}", step.said, *(values.get(name, "") for name in _COLUMNS)]
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = "".join(f'<th scope="col">{name}</th>' for name in ("finding", "says", *_COLUMNS))
    passed = "".join(f"<li>{escape(line)}</li>" for line in traced.passed_over)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>" + (f"<h2>Passed over</h2><ul>{passed}</ul>" if passed else "")


def run(text: str, html: Path | None = None, make_reader: Callable[[], Reader] = load_reader) -> int:
    """Print the trace of `text`; with `html`, write the page there as well. RuntimeError says in one line what is wrong."""

    if not re.search(r"\S", text):
        raise RuntimeError('there is no sentence to trace. Write it in quotes: trace "no weakness, but my calf jumps"')
    try:
        reader = make_reader()
        traced = trace(text, reader)
    except ValueError as error:
        raise RuntimeError(f"the vocabulary is damaged. {error}") from error
    print(as_text(traced))
    if html is not None:
        try:
            html.write_text(as_page(traced, reader), encoding="utf-8")
        except OSError as error:
            raise RuntimeError(f"cannot write the page to {html}: {error.strerror}") from error
        print(f"\nThe page is at {html}")
    return 0
