"""Draws body_map.png, the picture beside the question for a place. Run `python -m twitchwise.channels.telegram.body_picture` to renew it.

Front and back, the four regions of the keyboard in four tints, each with its name: colour is never the only sign. The same picture is
easy to read in Telegram's light and dark themes, because it brings its own background.
"""
from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from twitchwise.channels.telegram.texts import load_texts

if TYPE_CHECKING:
    from PIL import ImageDraw

SIZE = (800, 640)
#: Drawn larger and scaled down, for smooth edges.
SCALE = 3
PAPER, INK, LINE = "#f6f8fa", "#1b2733", "#51606e"
TINTS = {"head": "#ffd8a8", "arm": "#a5d8ff", "trunk": "#b2f2bb", "leg": "#d0bfff"}
#: Shapes of the right half of a body around x = 0, mirrored to the left: (region, points or box of an ellipse).
_ELLIPSES = (("head", (-34, 58, 34, 140)), ("arm", (118, 352, 146, 392)), ("leg", (12, 560, 52, 584)))
_POLYGONS = (
    ("head", ((-15, 132), (15, 132), (18, 158), (-18, 158))),
    ("arm", ((62, 162), (82, 172), (96, 214), (108, 270), (142, 352), (124, 362), (90, 288), (72, 232))),
    ("trunk", ((0, 156), (62, 160), (68, 230), (56, 290), (60, 350), (0, 362))),
    ("leg", ((2, 360), (60, 350), (60, 420), (50, 470), (50, 520), (40, 566), (18, 566), (14, 500), (10, 440), (2, 380))),
)
#: Lines that tell front from back: a face and a belly, or a spine and shoulder blades.
_FRONT = (((-14, 92), (-8, 92)), ((8, 92), (14, 92)), ((-10, 116), (0, 120), (10, 116)), ((-22, 200), (0, 208), (22, 200)),
          ((-2, 310), (2, 310)))
_BACK = (((0, 166), (0, 330)), ((-38, 190), (-20, 220), (-26, 240)), ((38, 190), (20, 220), (26, 240)), ((0, 345), (0, 362)))


def draw(path: Path) -> None:
    """Write the picture to `path`."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), PAPER)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(21 * SCALE)
    for centre, marks, title in ((190, _FRONT, "Front"), (610, _BACK, "Back")):
        _body(pen, centre, marks)
        _label(pen, font, (centre, 30), title)
    titles = load_texts()["places"]["region_titles"]
    for region, top, (left, right) in (("head", 96, (40, 40)), ("arm", 190, (80, 80)), ("trunk", 262, (52, 52)), ("leg", 440, (56, 56))):
        _label(pen, font, (400, top), titles[region], TINTS[region])
        for start, end in ((400 - 95, 190 + left), (400 + 95, 610 - right)):
            pen.line([(start * SCALE, top * SCALE), (end * SCALE, top * SCALE)], fill=LINE, width=2 * SCALE)
    small = image.resize(SIZE, Image.Resampling.LANCZOS).quantize(64, dither=Image.Dither.NONE)
    small.save(path, "PNG", optimize=True)


def _body(pen: ImageDraw.ImageDraw, centre: int, marks: tuple[tuple[tuple[int, int], ...], ...]) -> None:
    for side in (1, -1):
        for region, points in _POLYGONS:
            pen.polygon([_at(centre, side * x, y) for x, y in points], fill=TINTS[region])
            pen.line([_at(centre, side * x, y) for x, y in (*points, points[0])], fill=LINE, width=2 * SCALE, joint="curve")
        for region, (x0, y0, x1, y1) in _ELLIPSES:
            (left, top), (right, bottom) = _at(centre, min(side * x0, side * x1), y0), _at(centre, max(side * x0, side * x1), y1)
            pen.ellipse((left, top, right, bottom), fill=TINTS[region], outline=LINE, width=2 * SCALE)
    # The trunk's and the neck's middle are no edges.
    for region, (x, y0, y1) in (("trunk", (0, 160, 359)), ("head", (0, 134, 155))):
        pen.line([_at(centre, x, y0), _at(centre, x, y1)], fill=TINTS[region], width=5 * SCALE)
    for mark in marks:
        pen.line([_at(centre, x, y) for x, y in mark], fill=INK, width=2 * SCALE)


def _at(centre: int, x: int, y: int) -> tuple[int, int]:
    return (centre + x) * SCALE, y * SCALE


def _label(pen: ImageDraw.ImageDraw, font: object, at: tuple[int, int], text: str, tint: str | None = None) -> None:
    x, y = at[0] * SCALE, at[1] * SCALE
    if tint:
        pen.rounded_rectangle((x - 100 * SCALE, y - 19 * SCALE, x + 100 * SCALE, y + 19 * SCALE), 10 * SCALE, fill=tint, outline=LINE,
                              width=2 * SCALE)
    pen.text((x, y), text, fill=INK, font=font, anchor="mm")  # type: ignore[arg-type]


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("body_map.png")
    draw(target)
    print(f"{target.name}: {target.stat().st_size} bytes")
