"""Text in pictures: in any script and direction, within a width, on one line. Runs in the thread that draws."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from PIL import Image, ImageDraw

from utils.drawing.fonts import ColourFace, Face, Fonts
from utils.drawing.runs import Run, clusters_of, runs
from utils.drawing.unshaped import unshaped
from utils.formatting import ELLIPSIS

Colour = tuple[int, int, int]

ABOVE, BELOW = 1.3, 0.55
"""How far over and under the line letters may go, in sizes; what goes further is cut off."""
EMOJI_HEIGHT: Final = 1.17
"""Of a coloured emoji, in sizes."""
EMOJI_DEPTH: Final = 0.22


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text as it will be drawn."""

    runs: tuple[Run[Face], ...]
    widths: tuple[float, ...]
    size: int
    language: str | None
    shapes: bool

    @property
    def width(self) -> float:
        """How wide it is, in pixels."""
        return sum(self.widths)

    def draw(
        self,
        image: Image.Image,
        x: float,
        baseline: float,
        colour: Colour,
        align: Literal["left", "middle", "right"] = "left",
    ) -> None:
        """Draw it into an RGB picture, beginning at `x`, around it or ending there."""
        x -= {"left": 0.0, "middle": self.width / 2, "right": self.width}[align]
        left, top = round(x) - self.size // 2, round(baseline - ABOVE * self.size)
        right, bottom = round(x + self.width) + self.size // 2, round(baseline + BELOW * self.size)
        # On a piece of the picture, so that piled up marks can't reach other lines.
        tile = image.crop((left, top, right, bottom))
        pen = ImageDraw.Draw(tile)
        x, baseline = x - left, baseline - top
        for run, width in zip(self.runs, self.widths, strict=True):
            if isinstance(run.font, ColourFace):
                self._draw_emoji(tile, run.font, run, (x, baseline))
            else:
                self._draw_run(pen, run, (x, baseline), colour)
            x += width
        image.paste(tile, (left, top))

    def _draw_run(self, pen: ImageDraw.ImageDraw, run: Run[Face], where: tuple[float, float], colour: Colour) -> None:
        text, options = _written(run, self.language, shapes=self.shapes)
        font = run.font.at(self.size, shapes=self.shapes)
        # FreeType gives up at a few glyphs of some fonts; the rest of the picture is worth more than these.
        with suppress(OSError):
            pen.text(where, text, fill=colour, font=font, anchor="ls", **options)

    def _draw_emoji(self, tile: Image.Image, face: ColourFace, run: Run[Face], where: tuple[float, float]) -> None:
        x, top = where[0], round(where[1] - (EMOJI_HEIGHT - EMOJI_DEPTH) * self.size)
        for cluster in reversed(run.clusters) if run.to_left else run.clusters:
            picture = _picture(face, cluster, self.size, shapes=self.shapes)
            tile.paste(picture, (round(x), top), picture)
            x += picture.width


def lay_out(fonts: Fonts, text: str, size: int, *, bold: bool = False, most_width: float | None = None) -> Line:
    """A text on one line in a size in pixels, cut with an ellipsis if it would be wider than allowed."""
    clusters = clusters_of(text)
    line = _laid_out(fonts, clusters, size, bold=bold)
    if most_width is None or line.width <= most_width:
        return line
    fits, too_many = 0, len(clusters)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if _laid_out(fonts, _cut(clusters, middle), size, bold=bold).width <= most_width:
            fits = middle
        else:
            too_many = middle
    return _laid_out(fonts, _cut(clusters, fits), size, bold=bold)


def fitted(fonts: Fonts, text: str, sizes: Sequence[int], *, most_width: float, bold: bool = False) -> Line:
    """A text on one line in the first of these sizes in which it fits; cut in the last one if it fits in none."""
    for size in sizes:
        line = lay_out(fonts, text, size, bold=bold)
        if line.width <= most_width:
            return line
    return lay_out(fonts, text, sizes[-1], bold=bold, most_width=most_width)


def _cut(clusters: Sequence[str], length: int) -> list[str]:
    kept = list(clusters[:length])
    while kept and kept[-1].isspace():
        kept.pop()
    return [*kept, ELLIPSIS]


def _laid_out(fonts: Fonts, clusters: Sequence[str], size: int, *, bold: bool) -> Line:
    made = runs(clusters, lambda cluster, emoji: fonts.face(cluster, bold=bold, emoji=emoji))
    language = _language(clusters)
    widths = tuple(_width(run, size, language, shapes=fonts.shapes) for run in made)
    return Line(tuple(made), widths, size, language, fonts.shapes)


def _width(run: Run[Face], size: int, language: str | None, *, shapes: bool) -> float:
    if isinstance(run.font, ColourFace):
        return sum(_picture(run.font, cluster, size, shapes=shapes).width for cluster in run.clusters)
    text, options = _written(run, language, shapes=shapes)
    return run.font.at(size, shapes=shapes).getlength(text, **options)


def _written(run: Run[Face], language: str | None, *, shapes: bool) -> tuple[str, dict[str, Any]]:
    """The letters of a run as Pillow takes them, and how it is to write them."""
    if not shapes:
        return unshaped(run.clusters, to_left=run.to_left), {}
    return run.text, {"direction": "rtl" if run.to_left else "ltr", "language": language}


def _picture(face: ColourFace, cluster: str, size: int, *, shapes: bool) -> Image.Image:
    """An emoji in a size of text."""
    shown = cluster if shapes else unshaped([cluster], to_left=False)
    return face.picture(shown, round(EMOJI_HEIGHT * size), shapes=shapes)


def _language(clusters: Sequence[str]) -> str | None:
    """How Chinese characters are to be written here: as beside kana or Korean syllables, where there are some."""
    found = None
    for cluster in clusters:
        one = ord(cluster[0])
        if 0x3041 <= one <= 0x30FF:
            return "ja"
        if 0xAC00 <= one <= 0xD7A3:
            return "ko"
        if 0x3400 <= one <= 0x9FFF:
            found = "zh-Hans"
    return found
