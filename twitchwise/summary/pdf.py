"""The summary as a PDF of one page, with fpdf2. Slow to import: only whoever makes a file imports this, off the event loop.

The page is set in DejaVu Sans, which comes with a package of the lock file (matplotlib, through Rasa); where it is missing the core fonts
of PDF do, with other signs replaced. A page that would run over is set smaller, then with shorter quotes; no warning sign is ever left out."""
from __future__ import annotations

import importlib.metadata
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from fpdf import FPDF, ViewerPreferences
from fpdf.enums import MethodReturnValue, WrapMode

from twitchwise.summary.model import Summary
from twitchwise.summary.sheet import Block, Line, Room, Table, sheet

logger = logging.getLogger(__name__)
FAMILY = "summary"
FILES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
MARGIN = 14.0
INK, SOFT, RULE = (23, 35, 43), (84, 96, 105), (196, 205, 211)
COLOURS = {"self_care": (0, 94, 184), "see_gp": (0, 94, 184), "neurologist": (0, 94, 184), "urgent": (176, 42, 20), "emergency": (142, 13, 25)}
#: A zero-width space: between two signs that would be read as a mark of formatting.
_APART = "\u200b"
_LETTER = ("US", "CA")


@dataclass(frozen=True)
class Density:
    """How tightly a page is set: size of the letters (points), and what sheet.py may leave out."""

    size: float
    room: Room


DENSITIES = (Density(9.5, Room(2, 170)), Density(8.5, Room(1, 110)), Density(8.0, Room(1, 70, quiet=True)), Density(7.5, Room(0, 0, quiet=True, bare=True)),
             Density(6.0, Room(0, 0, quiet=True, bare=True)))


def render(summary: Summary) -> bytes:
    """The page as the bytes of a PDF: A4, or Letter for North America."""
    page = Page(summary)
    density, fits = page.density_for(summary)
    if not fits:
        logger.error("A summary does not fit on its page; its end is cut")
    page.flow(blocks_of(summary, density), density, draw=True)
    return page.bytes()


def blocks_of(summary: Summary, density: Density) -> list[Block]:
    """The page's content at this density."""
    return sheet(summary, density.room)


def fonts() -> dict[str, Path]:
    """The font files by style; empty where they are not installed."""
    try:
        # By the installed package: a server keeps the module itself out of its memory.
        place = Path(str(importlib.metadata.distribution("matplotlib").locate_file("matplotlib")))
    except importlib.metadata.PackageNotFoundError:
        return {}
    files = {style: place / "mpl-data" / "fonts" / "ttf" / name for style, name in FILES.items()}
    return files if all(path.is_file() for path in files.values()) else {}


class Page:
    """One page that is measured first and drawn then."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        pdf = self.pdf = FPDF(format="Letter" if summary.country in _LETTER else "A4")
        pdf.set_auto_page_break(False)
        pdf.set_margin(MARGIN)
        pdf.set_lang("en-GB")
        pdf.set_title(summary.title)
        pdf.set_subject("Self-reported symptoms, written down by an automated assistant; not a diagnosis")
        pdf.set_author("Twitchwise")
        pdf.set_creator("Twitchwise")
        pdf.set_producer("fpdf2")
        pdf.set_creation_date(summary.made_at)
        pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        pdf.add_page()
        files = fonts()
        self.family = FAMILY if files else "helvetica"
        for style, path in files.items():
            pdf.add_font(FAMILY, style, str(path))
        if not files:
            logger.warning("The fonts of the summary are not installed; it is set in the core fonts. Install the locked packages.")
        set_font = pdf.fonts.get(FAMILY)
        self._known = set(getattr(set_font, "cmap", ())) if set_font else None
        self.width = pdf.w - 2 * MARGIN
        self.bottom = pdf.h - MARGIN + 2

    def bytes(self) -> bytes:
        return bytes(self.pdf.output())

    def density_for(self, summary: Summary) -> tuple[Density, bool]:
        """The loosest density at which the page holds everything, and whether it does."""
        for density in DENSITIES:
            if self.flow(blocks_of(summary, density), density, draw=False) <= self.bottom:
                return density, True
        return DENSITIES[-1], False

    # -- words

    def safe(self, text: str) -> str:
        """`text` with signs that the font lacks replaced, and nothing that would be read as formatting."""
        if self._known is None:
            text = text.replace("“", '"').replace("”", '"').replace("…", "...").replace("–", "-").replace("’", "'")
            text = text.encode("latin-1", "replace").decode("latin-1")
        else:
            text = "".join(sign if ord(sign) in self._known or sign.isspace() else "" if ord(sign) in _SILENT else "□" for sign in text)
        apart = _APART if self._known is not None else " "
        for mark in ("**", "__", "--", "~~"):
            while mark in text:
                text = text.replace(mark, mark[0] + apart + mark[0])
        return text.replace("[", "(").replace("]", ")").replace("\\", "/")

    def marked(self, line: Line) -> str:
        """The parts of a line, with the bold ones in fpdf2's own marks."""
        return "".join(f"**{self.safe(text)}**" if bold and text.strip() else self.safe(text) for text, bold in line.parts)

    # -- setting

    def flow(self, blocks: list[Block], density: Density, *, draw: bool) -> float:
        """Set the blocks one below the other; the height at which they end (mm)."""
        y = MARGIN - 2
        for block in blocks:
            y = self._table(block, y, density, draw) if isinstance(block, Table) else self._line(block, y, density, draw)
        return y

    def _line(self, line: Line, y: float, density: Density, draw: bool) -> float:
        y += line.before * density.size / 9.5
        pad = 2.6 if line.fill else 0.0
        colour = COLOURS.get(line.fill or "", INK)
        height = self._words(line, MARGIN + pad, y + pad * 0.7, self.width - 2 * pad, density, draw=False) + pad * 1.4
        if draw and line.fill:
            self.pdf.set_fill_color(*colour)
            self.pdf.rect(MARGIN, y, self.width, height, style="F", round_corners=True, corner_radius=1.2)
        if draw:
            self._words(line, MARGIN + pad, y + pad * 0.7, self.width - 2 * pad, density, draw=True)
        if draw and line.rule:
            self.pdf.set_draw_color(*RULE)
            self.pdf.line(MARGIN, y + height + 0.6, MARGIN + self.width, y + height + 0.6)
        return y + height + (1.4 if line.rule else 0.0)

    def _words(self, line: Line, x: float, y: float, width: float, density: Density, *, draw: bool) -> float:
        size = density.size * line.scale
        self.pdf.set_font(self.family, "B" if line.strong else "", size)
        self.pdf.set_text_color(*((255, 255, 255) if line.fill else SOFT if line.soft else INK))
        self.pdf.set_xy(x, y)
        text = self.safe("".join(text for text, _ in line.parts)) if line.strong else self.marked(line)
        if not text.strip():
            return size * 0.45
        height = self.pdf.multi_cell(width, size * 0.45, text, align="L", dry_run=not draw, output=MethodReturnValue.HEIGHT, padding=0,
                                     markdown=not line.strong, wrapmode=WrapMode.WORD, new_x="LMARGIN", new_y="NEXT")
        return cast(float, height)

    def _table(self, table: Table, y: float, density: Density, draw: bool) -> float:
        widths = [share * self.width for share in table.shares]
        gap = density.size * 0.12
        for number, row in enumerate(table.rows):
            heights = [sum(self._words(line, MARGIN, y, width - 2.4, density, draw=False) + 0.4 for line in cell)
                       for cell, width in zip(row, widths, strict=True)]
            height = max(heights) + 2 * gap
            if draw:
                if number == 0 and table.head:
                    self.pdf.set_fill_color(233, 238, 242)
                    self.pdf.rect(MARGIN, y, self.width, height, style="F")
                x = MARGIN
                for cell, width in zip(row, widths, strict=True):
                    at = y + gap
                    for line in cell:
                        at += self._words(line, x + 1.2, at, width - 2.4, density, draw=True) + 0.4
                    x += width
                self.pdf.set_draw_color(*RULE)
                self.pdf.set_line_width(0.15)
                self.pdf.line(MARGIN, y + height, MARGIN + self.width, y + height)
            y += height
        return y


#: Signs that only change how others look: left out without a trace.
_SILENT = frozenset({0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xFE0E, 0xFE0F, 0xFEFF, *range(0x1F3FB, 0x1F400)})

