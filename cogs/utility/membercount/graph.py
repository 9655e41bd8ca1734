"""A graph of who came and went. Pure, but for what is kept of fonts."""

from dataclasses import dataclass
from typing import Final

from PIL import Image

from utils.drawing.colours import DARK, GREY, WHITE, Colour, mixed
from utils.drawing.fonts import Fonts
from utils.drawing.shapes import as_file, fill_bar
from utils.drawing.text import lay_out

WIDTH, HEIGHT = 900, 360
CORNER: Final = 24
LEFT, RIGHT, TOP, BOTTOM = 40, WIDTH - 90, 84, HEIGHT - 52
COMING: Final[Colour] = (87, 192, 118)
GOING: Final[Colour] = (226, 98, 96)
LINE: Final = mixed(DARK, WHITE, 0.16)
LEAST_SCALE: Final = 4
"""People: so that one who joins isn't a tower."""
LEAST_HALF: Final = 12
"""Pixels over and below the middle line: so that one who joins is seen beside a hundred who leave."""
WIDEST_BAR: Final = 40
LEAST_BAR: Final = 3
"""Pixels: so that a day on which one joins is seen beside that of a raid."""


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """All that the graph shows, day by day from the first; words and numbers as they are shown."""

    title: str
    joined: tuple[int, ...]
    gone: tuple[int, ...]
    joined_label: str
    gone_label: str
    first_day: str
    last_day: str
    most_joined_label: str
    most_gone_label: str


def scale(joined: tuple[int, ...], gone: tuple[int, ...]) -> tuple[int, int]:
    """How high it goes over the middle line, and how deep below."""
    up, down = max(joined, default=0), max(gone, default=0)
    return max(up, LEAST_SCALE if not down else 1), max(down, 1 if up else LEAST_SCALE)


def draw_graph(facts: GraphFacts, fonts: Fonts) -> bytes:
    """The graph as PNG file: bars up for who joined, and down for who left."""
    image = Image.new("RGB", (WIDTH, HEIGHT), DARK)
    lay_out(fonts, facts.title, 28, bold=True, most_width=420).draw(image, LEFT, 52, WHITE)
    gone = lay_out(fonts, facts.gone_label, 22, most_width=200)
    gone.draw(image, RIGHT + 50, 52, GOING, "right")
    joined = lay_out(fonts, facts.joined_label, 22, most_width=200)
    joined.draw(image, RIGHT + 50 - gone.width - 28, 52, COMING, "right")
    _draw_bars(image, facts)
    lay_out(fonts, facts.first_day, 20).draw(image, LEFT, HEIGHT - 20, GREY)
    lay_out(fonts, facts.last_day, 20).draw(image, RIGHT, HEIGHT - 20, GREY, "right")
    lay_out(fonts, facts.most_joined_label, 20, most_width=80).draw(image, RIGHT + 10, TOP + 16, GREY)
    lay_out(fonts, facts.most_gone_label, 20, most_width=80).draw(image, RIGHT + 10, BOTTOM, GREY)
    return as_file(image, CORNER)


def _draw_bars(image: Image.Image, facts: GraphFacts) -> None:
    up, down = scale(facts.joined, facts.gone)
    share = round((BOTTOM - TOP) * up / (up + down))
    middle = max(TOP + LEAST_HALF, min(TOP + share, BOTTOM - LEAST_HALF))
    image.paste(LINE, (LEFT, middle - 1, RIGHT, middle + 1))
    days = max(1, len(facts.joined))
    step = (RIGHT - LEFT) / days
    wide = max(2, min(WIDEST_BAR, round(step * 0.7)))
    for number, (joined, gone) in enumerate(zip(facts.joined, facts.gone, strict=True)):
        x = round(LEFT + step * (number + 0.5) - wide / 2)
        above, below = _height(middle - 2 - TOP, joined / up), _height(BOTTOM - middle - 2, gone / down)
        fill_bar(image, (x, middle - 2 - above, x + wide, middle - 2), COMING)
        fill_bar(image, (x, middle + 2, x + wide, middle + 2 + below), GOING)


def _height(most: int, share: float) -> int:
    return max(LEAST_BAR, round(most * share)) if share else 0
