"""What stands on the page, in which order, as lines and tables. Pure; pdf.py sets it."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone

from twitchwise.summary.model import Quote, Row, Summary

#: Words and whether they are bold.
Parts = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Line:
    """Some words. `scale`: times the size of the page's letters; `before`: space above (mm); `fill`: a level whose colour lies behind."""

    parts: Parts
    scale: float = 1.0
    before: float = 0.0
    strong: bool = False
    soft: bool = False
    fill: str | None = None
    rule: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells; a cell is some lines. `shares`: how the width is divided; `head`: whether the first row names the columns."""

    rows: tuple[tuple[tuple[Line, ...], ...], ...]
    shares: tuple[float, ...]
    head: bool = True


@dataclass(frozen=True)
class Room:
    """What there is room for: `quotes` for each finding, of at most `chars` signs; `quiet`: findings behind no warning sign are only named;
    `bare`: so are all others, and nothing stands in a table. Warning signs and their reasons are always there."""

    quotes: int
    chars: int
    quiet: bool = False
    bare: bool = False


Block = Line | Table
TOLD = {"present": "yes", "possible": "not sure"}


def sheet(summary: Summary, room: Room) -> list[Block]:
    """The page, with what there is room for."""
    blocks: list[Block] = [
        Line(((summary.title, True),), scale=1.6, strong=True),
        Line(((f"{day(summary.made_at)}. About {summary.about}. Told to Twitchwise, an automated assistant: self-reported, checked by no "
               "clinician, not a diagnosis.", False),), soft=True, before=0.6),
        Line((("Name: ________________________________    Date of birth: __________________", False),), before=2.2),
        Line(_advice(summary), fill=summary.level or "self_care", before=2.4),
    ]
    blocks += _flags(summary, room)
    blocks += _at_a_glance(summary, room)
    blocks += _told(summary, room)
    blocks += _listed("Asked about, or told, and not there", [row.term for row in summary.denied])
    blocks += _listed("Not known (not asked yet, or not answered)", [word[:1].upper() + word[1:] for word in summary.not_asked])
    blocks += _listed("Earlier, or in relatives", summary.background)
    blocks.append(Line((("Words in quotation marks are the person's own; what was understood in them is in bold. The advice follows fixed rules "
                         f"(version {summary.rules_version[:8]}), which can be read in the project's pages. Made on request on "
                         f"{summary.made_at.astimezone(timezone.utc):%d %B %Y, %H:%M} UTC; no copy was kept.", False),),
                       scale=0.82, soft=True, before=2.4))
    return blocks


def day(moment: datetime) -> str:
    """'23 November 2026'."""
    return f"{moment.day} {moment:%B %Y}"


def _advice(summary: Summary) -> Parts:
    if summary.level is None:
        return (("No advice yet: ", True), ("the check was not finished.", False))
    unfinished = "" if summary.complete else " The check was not finished."
    return (("Advice given: ", True), (f"{summary.urgency}.{unfinished}", False))


def _head(words: str) -> Line:
    return Line(((words, True),), strong=True, scale=1.08, before=2.4)


def _flags(summary: Summary, room: Room) -> list[Block]:
    if not summary.flags:
        return [_head("Warning signs"), Line((("None was found." if summary.complete else "None was found so far.", False),))]
    if room.bare:
        parts = [((flag.term, True), (f": {flag.why} " if flag.why else ". ", False)) for flag in summary.flags]
        return [_head("Warning signs"), Line(tuple(part for both in parts for part in both))]
    rows = tuple(((Line(((flag.term, True),)),), (Line(((flag.why, False),)),)) for flag in summary.flags)
    return [_head("Warning signs"), Table(rows, (0.42, 0.58), head=False)]


def _at_a_glance(summary: Summary, room: Room) -> list[Block]:
    said = tuple(part for quote in summary.quotes[:room.quotes] for part in quoted(quote, room.chars))
    pairs: list[tuple[str, Parts]] = [
        ("Twitching in", ((", ".join(site.words for site in summary.sites) or "not told", False),)),
        ("For", ((summary.course or "not told", False),)),
        ("Possible triggers", ((", ".join(row.term.lower() for row in summary.triggers) or "none named", False),)),
    ]
    if said:
        pairs.append(("In the person's words", said))
    if room.bare:
        return [_head("Twitching"), *(Line(((f"{name}: ", True), *parts)) for name, parts in pairs)]
    rows = tuple(((Line(((name, True),)),), (Line(parts),)) for name, parts in pairs)
    return [_head("Twitching"), Table(rows, (0.24, 0.76), head=False)]


def _told(summary: Summary, room: Room) -> list[Block]:
    found = [row for row in summary.found if row.code != "twitching"]
    rows = [row for row in found if not room.bare and (row.flag or not room.quiet)]
    rest = [f"{row.term} (not sure)" if row.assertion == "possible" else row.term for row in found if row not in rows]
    blocks: list[Block] = []
    if rows:
        head = tuple((Line(((name, True),), scale=0.92),) for name in ("Clinical term", "There", "In the person's own words"))
        blocks += [_head("What was told"), Table((head, *(_cells(row, room) for row in rows)), (0.34, 0.10, 0.56))]
    return blocks + _listed("Also told" if rows else "What was told", rest)


def _cells(row: Row, room: Room) -> tuple[tuple[Line, ...], ...]:
    more = "; ".join(part for part in (", ".join(site.words for site in row.sites), row.since) if part)
    term = (Line(((row.term, True),)), *((Line(((more, False),), soft=True, scale=0.92),) if more else ()))
    words: list[Line] = []
    for quote in row.quotes[:room.quotes]:
        if quote.question:
            words.append(Line(((f"Asked: {quote.question}", False),), soft=True, scale=0.92))
        words.append(Line(quoted(quote, room.chars)))
    words = words or [Line((("–", False),), soft=True)]
    return term, (Line(((TOLD.get(row.assertion, "no"), False),)),), tuple(words)


def quoted(quote: Quote, chars: int) -> Parts:
    """The words in quotation marks, the marked ones bold."""
    parts: list[tuple[str, bool]] = []
    at = 0
    text, marks = shortened(quote, chars)
    for start, end in marks:
        if start < at:
            continue
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    parts.append((text[at:], False))
    return (("“", False), *(part for part in parts if part[0]), ("” ", False))


def shortened(quote: Quote, chars: int) -> tuple[str, tuple[tuple[int, int], ...]]:
    """At most about `chars` signs of a quote around its first mark, and the marks in them."""
    text, marks = quote.text, quote.marks
    if len(text) <= chars + 10:
        return text, marks
    first, last = marks[0] if marks else (0, 0)
    start = max(0, min(first - max(0, chars - (last - first)) // 2, len(text) - chars))
    end = min(len(text), max(start + chars, min(last, start + 2 * chars)))
    while start and start < first and not text[start - 1].isspace():
        start += 1
    while end < len(text) and end > last and not text[end].isspace():
        end -= 1
    before, after = "… " if start else "", " …" if end < len(text) else ""
    moved = len(before) - start
    inside = tuple((low + moved, min(high, end) + moved) for low, high in marks if start <= low < end)
    return f"{before}{text[start:end].strip() if not inside else text[start:end]}{after}", inside


def _listed(head: str, names: Iterable[str]) -> list[Block]:
    words = "; ".join(dict.fromkeys(name for name in names if name))
    return [_head(head), Line(((f"{words}.", False),))] if words else []
