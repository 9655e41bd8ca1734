"""Small drawings: letters and patterns on coloured tiles, and a few motifs. All are PNGs, the same in each run."""

import math
import random
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIDE = 256  # pixels
FINER = 4  # motifs are drawn so many times larger, then made smaller, for smooth edges
BOLDER = 3  # pixels around a letter, whose font is thin
ACROSS = 3  # squares of a pattern, each way
DRAWINGS_KEPT = 256  # of each sort; some kilobytes each

# White letters can be read on each of them.
COLOURS = (
    "#B8541A",
    "#2574A9",
    "#8E44AD",
    "#1E8449",
    "#C0392B",
    "#117A65",
    "#C2185B",
    "#546072",
    "#5865F2",
    "#8D6E00",
)

Points = list[tuple[float, float]]
Pen = ImageDraw.ImageDraw


@lru_cache(DRAWINGS_KEPT)
def letter_tile(name: str, colour: str) -> bytes | None:
    """A tile with the first letter of a name; None if there is none that can be drawn."""
    letter = drawable_letter(name)
    if letter is None:
        return None
    image = Image.new("RGB", (SIDE, SIDE), colour)
    ImageDraw.Draw(image).text(
        (SIDE / 2, SIDE / 2), letter, fill="white", font=_font(), anchor="mm", stroke_width=BOLDER
    )
    return _png(image)


def drawable_letter(name: str) -> str | None:
    """The first letter or digit of a name, without accents, if the font at hand has it."""
    for character in name:
        if character.isalnum():
            plain = unicodedata.normalize("NFKD", character)[0].upper()
            # The font that comes with Pillow has these alone; for all else it would draw an empty box.
            return plain if plain.isascii() else None
    return None


@lru_cache(DRAWINGS_KEPT)
def pattern_tile(seed: int, colour: str) -> bytes:
    """A tile with arcs that turn this way and that, for names in other scripts."""
    turns = random.Random(seed)
    step = SIDE * FINER // ACROSS
    one_way = _two_arcs(step)
    other_way = one_way.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    mask = Image.new("L", (step * ACROSS, step * ACROSS))
    for square in range(ACROSS**2):
        mask.paste(turns.choice((one_way, other_way)), (square % ACROSS * step, square // ACROSS * step))
    image = Image.new("RGB", (SIDE, SIDE), colour)
    image.paste("white", (0, 0), mask.resize((SIDE, SIDE), Image.Resampling.LANCZOS))
    return _png(image)


@lru_cache(DRAWINGS_KEPT)
def motif_tile(motif: str, colour: str) -> bytes:
    """A tile with a motif in white."""
    inner = SIDE * 5 // 8
    shape = _mask(motif).resize((inner, inner), Image.Resampling.LANCZOS)
    image = Image.new("RGB", (SIDE, SIDE), colour)
    image.paste("white", ((SIDE - inner) // 2, (SIDE - inner) // 2), shape)
    return _png(image)


@lru_cache(DRAWINGS_KEPT)
def motif_alone(motif: str) -> bytes:
    """A motif in its own colour on nothing, as a custom emoji."""
    image = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    shape = _mask(motif).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    image.paste(MOTIFS[motif][0], (0, 0), shape)
    return _png(image)


@lru_cache(1)
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(SIDE * 0.55)


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _two_arcs(side: int) -> Image.Image:
    """A square with a quarter of a ring around two corners that face each other."""
    square = Image.new("L", (side, side))
    pen = ImageDraw.Draw(square)
    width = side // 5
    outer = (side + width) / 2
    for corner in (0, side):
        pen.ellipse((corner - outer, corner - outer, corner + outer, corner + outer), outline=255, width=width)
    return square


def _mask(motif: str) -> Image.Image:
    mask = Image.new("L", (SIDE * FINER, SIDE * FINER), 0)
    MOTIFS[motif][1](ImageDraw.Draw(mask))
    return mask


def _points(points: Points) -> Points:
    """From hundredths of the side to pixels."""
    return [(x * SIDE * FINER / 100, y * SIDE * FINER / 100) for x, y in points]


def _fill(pen: Pen, points: Points, shade: int = 255) -> None:
    pen.polygon(_points(points), fill=shade)


def _disc(pen: Pen, x: float, y: float, radius: float, shade: int = 255) -> None:
    pen.ellipse(_points([(x - radius, y - radius), (x + radius, y + radius)]), fill=shade)


def _stroke(pen: Pen, points: Points, width: float) -> None:
    pen.line(_points(points), fill=255, width=round(width * SIDE * FINER / 100), joint="curve")
    for x, y in points:
        _disc(pen, x, y, width / 2)


def _curve(start: tuple[float, float], bend: tuple[float, float], end: tuple[float, float]) -> Points:
    parts = [part / 24 for part in range(25)]
    return [
        tuple((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c for a, b, c in zip(start, bend, end, strict=True))  # type: ignore[misc]
        for t in parts
    ]


def _flame(pen: Pen) -> None:
    _fill(pen, _curve((52, 4), (60, 30), (78, 46)) + _curve((78, 46), (90, 60), (82, 78)) + [(50, 78)])
    _fill(pen, _curve((52, 4), (48, 26), (30, 40)) + _curve((30, 40), (8, 58), (18, 78)) + [(82, 78), (60, 40)])
    pen.pieslice(_points([(16, 50), (84, 97)]), 0, 180, fill=255)
    _fill(pen, [*_curve((52, 50), (56, 62), (64, 72)), (64, 80), (38, 80), *_curve((38, 74), (46, 64), (52, 50))], 0)
    _disc(pen, 51, 80, 13, 0)


def _heart(pen: Pen) -> None:
    _disc(pen, 30, 34, 22)
    _disc(pen, 70, 34, 22)
    _fill(pen, [(11, 45), (50, 32), (89, 45), (50, 92)])


def _check(pen: Pen) -> None:
    _stroke(pen, [(16, 54), (40, 78), (84, 26)], 15)


def _cross(pen: Pen) -> None:
    _stroke(pen, [(22, 22), (78, 78)], 15)
    _stroke(pen, [(78, 22), (22, 78)], 15)


def _star(pen: Pen) -> None:
    corners = []
    for corner in range(10):
        radius, angle = (46 if corner % 2 == 0 else 20), math.pi * corner / 5
        corners.append((50 + radius * math.sin(angle), 53 - radius * math.cos(angle)))
    _fill(pen, corners)


def _leaf(pen: Pen) -> None:
    _fill(pen, _curve((86, 12), (6, 10), (20, 78)) + _curve((20, 78), (88, 96), (86, 12)))
    _stroke(pen, [(10, 92), (22, 76)], 7)
    pen.line(_points([(22, 76), (62, 38)]), fill=0, width=round(0.05 * SIDE * FINER))


def _moon(pen: Pen) -> None:
    _disc(pen, 48, 52, 42)
    _disc(pen, 66, 40, 34, 0)


def _cup(pen: Pen) -> None:
    _disc(pen, 74, 60, 16)
    _disc(pen, 74, 60, 8, 0)
    _fill(pen, [(16, 42), (74, 42), (70, 82), (62, 90), (28, 90), (20, 82)])
    _stroke(pen, _curve((34, 32), (26, 22), (36, 10)), 6)
    _stroke(pen, _curve((54, 32), (46, 22), (56, 10)), 6)


def _house(pen: Pen) -> None:
    _fill(pen, [(50, 8), (94, 48), (82, 48), (82, 92), (18, 92), (18, 48), (6, 48)])
    _fill(pen, [(41, 62), (59, 62), (59, 92), (41, 92)], 0)


MOTIFS: dict[str, tuple[str, Callable[[Pen], None]]] = {
    "flame": ("#F4791F", _flame),
    "heart": ("#E8476A", _heart),
    "check": ("#3BA55D", _check),
    "cross": ("#D83C3E", _cross),
    "star": ("#F5B821", _star),
    "leaf": ("#4CAF50", _leaf),
    "moon": ("#C9B458", _moon),
    "cup": ("#A5744A", _cup),
    "house": ("#7289DA", _house),
}
