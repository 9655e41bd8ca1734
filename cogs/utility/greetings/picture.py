"""Drawing a greeting: from facts to a file. Pure, but for what is kept of fonts and shapes."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image

from utils.drawing.avatars import round_avatar
from utils.drawing.backgrounds import BACKGROUNDS, background
from utils.drawing.colours import DARK, GREY, WHITE, of_number, readable
from utils.drawing.fonts import Fonts
from utils.drawing.shapes import as_file, decoded, fill_rounded
from utils.drawing.text import fitted

WIDTH, HEIGHT = 900, 350
CORNER: Final = 28
PANEL: Final = (16, 16, WIDTH - 16, HEIGHT - 16)
PANEL_STRENGTH: Final = 0.66
"""As behind rank cards, on whose backgrounds text can be read then."""
OWN_PANEL_STRENGTH: Final = 0.8
"""Enough to read it on white."""
MOST_OWN_PIXELS: Final = 4_096 * 4_096
OWN_QUALITY: Final = 88
AVATAR: Final = 150
AVATAR_LEFT, AVATAR_TOP = (WIDTH - AVATAR) // 2, 38
RING: Final = 6
ROOM: Final = WIDTH - 100
HEADING_SIZES, NAME_SIZES, LINE_SIZES = (26, 20), (46, 38, 30), (24, 20)


@dataclass(frozen=True, slots=True)
class GreetingFacts:
    """All that a picture shows, so that equal facts make equal pictures; words as they are shown.

    `avatar` tells the files of avatars apart, and `background` those of a server's own.
    """

    heading: str
    name: str
    line: str
    avatar: str
    colour: int
    background: str


def draw_greeting(facts: GreetingFacts, avatar: bytes | None, own: bytes | None, fonts: Fonts) -> bytes:
    """The picture as PNG file; `own` is a background that a server has put there.

    Without an avatar, or with a broken one, there are the first letters of the name.
    """
    accent = readable(of_number(facts.colour))
    image = _own_ground(own) or _ground(facts.background).copy()
    where = AVATAR_LEFT, AVATAR_TOP
    round_avatar(image, where, AVATAR, avatar, name=facts.name, fonts=fonts, accent=accent, ring=RING)
    heading = fitted(fonts, facts.heading, HEADING_SIZES, most_width=ROOM)
    heading.draw(image, WIDTH / 2, 232, accent, "middle")
    name = fitted(fonts, facts.name, NAME_SIZES, bold=True, most_width=ROOM)
    name.draw(image, WIDTH / 2, 280, WHITE, "middle")
    line = fitted(fonts, facts.line, LINE_SIZES, most_width=ROOM)
    line.draw(image, WIDTH / 2, 314, GREY, "middle")
    return as_file(image, CORNER)


def prepared(file: bytes) -> bytes:
    """A picture in the size of the background it is to be, as small file; nothing if it can't be read."""
    picture = decoded(file, (WIDTH, HEIGHT), most_pixels=MOST_OWN_PIXELS)
    if picture is None:
        return b""
    image = Image.new("RGB", (WIDTH, HEIGHT), DARK)
    image.paste(picture, (0, 0), picture)
    made = BytesIO()
    image.save(made, "JPEG", quality=OWN_QUALITY)
    return made.getvalue()


def _own_ground(own: bytes | None) -> Image.Image | None:
    picture = None if own is None else decoded(own, (WIDTH, HEIGHT), most_pixels=WIDTH * HEIGHT)
    if picture is None:
        return None
    image = picture.convert("RGB")
    fill_rounded(image, PANEL, CORNER - 8, DARK, OWN_PANEL_STRENGTH)
    return image


@lru_cache(maxsize=len(BACKGROUNDS))
def _ground(name: str) -> Image.Image:
    """A background with the panel that text is written on."""
    image = background(name, WIDTH, HEIGHT).copy()
    fill_rounded(image, PANEL, CORNER - 8, DARK, PANEL_STRENGTH)
    return image
