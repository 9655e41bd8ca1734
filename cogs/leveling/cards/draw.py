"""Drawing a rank card: from facts to a file. Pure, but for what is kept of fonts and shapes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image

from utils.drawing.avatars import round_avatar
from utils.drawing.backgrounds import BACKGROUNDS, background
from utils.drawing.colours import DARK, GREY, WHITE, Colour, mixed, of_number, readable
from utils.drawing.fonts import Fonts
from utils.drawing.shapes import as_file, fill_rounded, gradient, rounded
from utils.drawing.text import fitted, lay_out

WIDTH, HEIGHT = 900, 250
CORNER: Final = 28
PANEL: Final = (16, 16, WIDTH - 16, HEIGHT - 16)
PANEL_STRENGTH: Final = 0.66
"""How much darker the background is behind text: enough to read it on each of them."""
AVATAR: Final = 160
AVATAR_LEFT, AVATAR_TOP = 46, (HEIGHT - AVATAR) // 2
RING: Final = 6
LEFT, RIGHT = 238, 850
BAR: Final = (LEFT, 156, RIGHT, 184)
NAME_SIZES: Final = (42, 36, 30)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it is, in words as they are shown, and what stands small behind it."""

    label: str
    number: str
    behind: str = ""

    @property
    def text(self) -> str:
        """Number and what is behind it."""
        return self.number + self.behind


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that a card shows, as it is written there, so that equal facts make equal pictures.

    `avatar` tells the files of avatars apart, and `share` is how much of the way to the next level is done.
    """

    name: str
    handle: str
    avatar: str
    colour: int
    background: str
    share: float
    level: Figure
    rank: Figure | None
    progress: str
    total: str


def draw_card(facts: CardFacts, avatar: bytes | None, fonts: Fonts) -> bytes:
    """The card as PNG file. Without an avatar, or with a broken one, there are the first letters of the name."""
    accent = readable(of_number(facts.colour))
    image = _ground(facts.background).copy()
    where = AVATAR_LEFT, AVATAR_TOP
    round_avatar(image, where, AVATAR, avatar, name=facts.name, fonts=fonts, accent=accent, ring=RING)
    room = _draw_figures(image, facts, fonts, accent)
    lay_out(fonts, facts.handle, 22, most_width=room).draw(image, LEFT, 82, GREY)
    fitted(fonts, facts.name, NAME_SIZES, bold=True, most_width=RIGHT - LEFT).draw(image, LEFT, 134, WHITE)
    _draw_bar(image, facts.share, accent)
    progress = lay_out(fonts, facts.progress, 21, bold=True, most_width=RIGHT - LEFT)
    progress.draw(image, RIGHT, 214, WHITE, "right")
    total = lay_out(fonts, facts.total, 21, most_width=max(0.0, RIGHT - LEFT - progress.width - 20))
    total.draw(image, LEFT, 214, GREY)
    return as_file(image, CORNER)


@lru_cache(maxsize=len(BACKGROUNDS))
def _ground(name: str) -> Image.Image:
    """A background with the panel that text is written on."""
    image = background(name, WIDTH, HEIGHT).copy()
    fill_rounded(image, PANEL, CORNER - 8, DARK, PANEL_STRENGTH)
    return image


def _draw_figures(image: Image.Image, facts: CardFacts, fonts: Fonts, accent: Colour) -> float:
    """Draw level and rank from the right, and tell how much room they leave beside them."""
    right, baseline = float(RIGHT), 84
    for figure, colour in ((facts.level, accent), (facts.rank, WHITE)):
        if figure is None:
            continue
        behind = lay_out(fonts, figure.behind, 20, most_width=110)
        behind.draw(image, right, baseline, GREY, "right")
        right -= behind.width + (3 if figure.behind else 0)
        number = lay_out(fonts, figure.number, 40, bold=True, most_width=220)
        number.draw(image, right, baseline, colour, "right")
        right -= number.width + 8
        label = lay_out(fonts, figure.label, 20, most_width=110)
        label.draw(image, right, baseline, GREY, "right")
        right -= label.width + 24
    return max(0.0, right - LEFT)


def _draw_bar(image: Image.Image, share: float, accent: Colour) -> None:
    left, top, right, bottom = BAR
    height = bottom - top
    fill_rounded(image, BAR, height // 2, (255, 255, 255), 0.14)
    if share <= 0:
        return
    width = height + round((right - left - height) * min(1.0, share))
    filled = gradient(width, height, mixed(accent, DARK, 0.35), accent)
    image.paste(filled, (left, top), rounded(width, height, height // 2))
