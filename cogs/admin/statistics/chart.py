"""A chart of numbers over time: bars, of which a part is red, or a line. Pure, but for what is kept of fonts."""

from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from utils.drawing.colours import DARK, GREY, WHITE, Colour, mixed
from utils.drawing.fonts import Fonts
from utils.drawing.shapes import as_file, fill_bar
from utils.drawing.text import lay_out

WIDTH, HEIGHT = 900, 360
CORNER: Final = 24
APART: Final = 28
"""Pixels between what the numbers mean."""
LEFT, RIGHT, TOP, BOTTOM = 40, WIDTH - 90, 84, HEIGHT - 52
BAR: Final[Colour] = (98, 148, 224)
FAILED: Final[Colour] = (226, 98, 96)
CURVE: Final[Colour] = (232, 174, 90)
LINE: Final = mixed(DARK, WHITE, 0.16)
LEAST_BAR: Final = 3
"""Pixels: so that a day with one use is seen beside that with thousands."""
WIDEST_BAR: Final = 40
CURVE_PIXELS: Final = 3
MOST_DOTS: Final = 90
"""Points of a curve that can be told apart."""


@dataclass(frozen=True, slots=True)
class ChartFacts:
    """All that a chart shows, from the first moment to the last; words and numbers as they are shown.

    `failed` are parts of `bars`. A curve has a scale of its own; None in it is a moment of which nothing is known.
    """

    title: str
    first_label: str
    last_label: str
    bars: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()
    curve: tuple[float | None, ...] = ()
    bars_label: str = ""
    failed_label: str = ""
    curve_label: str = ""
    most_label: str = ""


def draw_chart(facts: ChartFacts, fonts: Fonts) -> bytes:
    """The chart as PNG file."""
    image = Image.new("RGB", (WIDTH, HEIGHT), DARK)
    room = 240 if facts.failed_label else 380
    lay_out(fonts, facts.title, 28, bold=True, most_width=room).draw(image, LEFT, 52, WHITE)
    curve = lay_out(fonts, facts.curve_label, 22, most_width=220)
    curve.draw(image, RIGHT + 50, 52, CURVE, "right")
    bars = lay_out(fonts, facts.bars_label, 22, most_width=200)
    bars.draw(image, RIGHT + 50 - curve.width - APART, 52, BAR, "right")
    failed = lay_out(fonts, facts.failed_label, 22, most_width=150)
    failed.draw(image, RIGHT + 50 - curve.width - bars.width - 2 * APART, 52, FAILED, "right")
    image.paste(LINE, (LEFT, BOTTOM, RIGHT, BOTTOM + 2))
    _draw_bars(image, facts)
    _draw_curve(image, facts)
    lay_out(fonts, facts.first_label, 20).draw(image, LEFT, HEIGHT - 20, GREY)
    lay_out(fonts, facts.last_label, 20).draw(image, RIGHT, HEIGHT - 20, GREY, "right")
    lay_out(fonts, facts.most_label, 20, most_width=80).draw(image, RIGHT + 10, TOP + 16, GREY)
    return as_file(image, CORNER)


def heights(bars: tuple[int, ...], failed: tuple[int, ...], room: int) -> list[tuple[int, int]]:
    """How many pixels each bar has, and how many of them are red: at least some of either where there is any."""
    most = max(bars, default=0)
    found = []
    for whole, red in zip(bars, failed, strict=True):
        high = max(LEAST_BAR, round(room * whole / most)) if whole else 0
        part = min(high, max(LEAST_BAR, round(high * red / whole))) if red and whole else 0
        found.append((high, part))
    return found


def points(curve: tuple[float | None, ...], room: int) -> list[int | None]:
    """How many pixels above the line each point of a curve is; the highest takes all the room."""
    most = max((one for one in curve if one is not None), default=0.0)
    return [None if one is None else round(room * one / most) if most > 0 else 0 for one in curve]


def _draw_bars(image: Image.Image, facts: ChartFacts) -> None:
    step = (RIGHT - LEFT) / max(1, len(facts.bars))
    wide = max(2, min(WIDEST_BAR, round(step * 0.7)))
    for number, (high, red) in enumerate(heights(facts.bars, facts.failed, BOTTOM - TOP)):
        x = round(LEFT + step * (number + 0.5) - wide / 2)
        fill_bar(image, (x, BOTTOM - high, x + wide, BOTTOM), BAR)
        fill_bar(image, (x, BOTTOM - red, x + wide, BOTTOM), FAILED)


def _draw_curve(image: Image.Image, facts: ChartFacts) -> None:
    # Below the tops of bars, so that it isn't taken for their outline.
    room = round((BOTTOM - TOP) * (0.8 if facts.bars else 1.0)) - CURVE_PIXELS
    step = (RIGHT - LEFT) / max(1, len(facts.curve))
    dot = 3 if len(facts.curve) <= MOST_DOTS else 1
    pen = ImageDraw.Draw(image)
    last: tuple[float, float] | None = None
    for number, above in enumerate(points(facts.curve, room)):
        if above is None:
            continue
        x, y = LEFT + step * (number + 0.5), BOTTOM - above - CURVE_PIXELS
        if last is not None:
            pen.line((*last, x, y), fill=CURVE, width=CURVE_PIXELS)
        pen.ellipse((x - dot, y - dot, x + dot, y + dot), fill=CURVE)
        last = (x, y)
