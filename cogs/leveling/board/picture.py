"""A page of the leaderboard as a picture: from facts to a file. Pure, but for what is kept of fonts and shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image

from utils.drawing.avatars import round_avatar
from utils.drawing.backgrounds import DEFAULT, background
from utils.drawing.colours import DARK, GREY, WHITE, Colour, mixed
from utils.drawing.fonts import Fonts
from utils.drawing.shapes import fill_rounded
from utils.drawing.text import lay_out
from utils.rankings import PER_PAGE

WIDTH: Final = 900
ROW: Final = 78
EDGE: Final = 16
QUALITY: Final = 90
AVATAR: Final = 58
PLACE_RIGHT: Final = 118
AVATAR_LEFT: Final = 136
LEFT: Final = 214
RIGHT: Final = WIDTH - EDGE - 24
BAR: Final = 8
ACCENT: Final[Colour] = (232, 131, 58)
MEDALS: Final[dict[int, Colour]] = {1: (255, 205, 80), 2: (202, 210, 222), 3: (222, 150, 96)}


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A person on the page, in words as they are shown. `avatar` tells the files of avatars apart."""

    place: int
    place_text: str
    name: str
    avatar: str
    amount: str
    level: str
    share: float
    """How long the bar is, from 0 to 1."""
    is_reader: bool


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """All that a picture shows, so that equal facts make equal pictures."""

    rows: tuple[RowFacts, ...]


def draw_board(facts: BoardFacts, avatars: Sequence[bytes | None], fonts: Fonts) -> bytes:
    """The page as file; `avatars` in the order of its rows. A PNG would take as long to write as all the rest."""
    height = 2 * EDGE + ROW * len(facts.rows)
    # Cut from one of full height: it is drawn once for all.
    image = background(DEFAULT, WIDTH, 2 * EDGE + ROW * PER_PAGE).crop((0, 0, WIDTH, height))
    for number, (row, avatar) in enumerate(zip(facts.rows, avatars, strict=True)):
        _draw_row(image, EDGE + ROW * number, row, avatar, fonts)
    file = BytesIO()
    image.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue()


def _draw_row(image: Image.Image, top: int, row: RowFacts, avatar: bytes | None, fonts: Fonts) -> None:
    accent = MEDALS.get(row.place, ACCENT)
    box = (EDGE, top + 3, WIDTH - EDGE, top + ROW - 3)
    if row.is_reader:
        fill_rounded(image, box, 16, mixed(ACCENT, DARK, 0.6), 0.9)
    else:
        fill_rounded(image, box, 16, DARK, 0.66)
    place = lay_out(fonts, row.place_text, _place_size(row.place_text), bold=True, most_width=PLACE_RIGHT - EDGE - 8)
    place.draw(image, PLACE_RIGHT, top + 48, MEDALS.get(row.place, WHITE), "right")
    where = AVATAR_LEFT, top + (ROW - AVATAR) // 2
    round_avatar(image, where, AVATAR, avatar, name=row.name, fonts=fonts, accent=accent)
    amount = lay_out(fonts, row.amount, 26, bold=True, most_width=300)
    amount.draw(image, RIGHT, top + 37, WHITE, "right")
    level = lay_out(fonts, row.level, 20, most_width=160)
    level.draw(image, RIGHT, top + 64, GREY, "right")
    name = lay_out(fonts, row.name, 28, bold=True, most_width=RIGHT - LEFT - amount.width - 24)
    name.draw(image, LEFT, top + 39, WHITE)
    _draw_bar(image, (LEFT, top + 54), RIGHT - 176 - LEFT, row.share, accent)


def _place_size(text: str) -> int:
    """Smaller letters for long numbers."""
    return 30 if len(text) <= 4 else 24 if len(text) <= 6 else 18


def _draw_bar(image: Image.Image, where: tuple[int, int], width: int, share: float, accent: Colour) -> None:
    left, top = where
    fill_rounded(image, (left, top, left + width, top + BAR), BAR // 2, (255, 255, 255), 0.14)
    filled = BAR + round((width - BAR) * max(0.0, min(1.0, share)))
    fill_rounded(image, (left, top, left + filled, top + BAR), BAR // 2, accent)
