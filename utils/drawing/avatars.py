"""Somebody's avatar in a circle, or the first letters of their name. Pure, but for what is kept of fonts."""

from itertools import groupby
from typing import Final

from PIL import Image

from utils.drawing.colours import DARK, WHITE, Colour, mixed
from utils.drawing.fonts import Fonts
from utils.drawing.runs import clusters_of, direction
from utils.drawing.shapes import decoded, gradient, rounded
from utils.drawing.text import lay_out

MOST_AVATAR_PIXELS: Final = 2_048 * 2_048


def avatar_picture(file: bytes, size: int) -> Image.Image | None:
    """The first picture of somebody's avatar as a square; None if the file is broken or far too large."""
    return decoded(file, (size, size), most_pixels=MOST_AVATAR_PIXELS)


def initials(name: str) -> str:
    """The first letters of the first two words of a name; one alone where letters would join, or of emoji."""
    clusters = clusters_of(name)
    words = [list(word) for is_space, word in groupby(clusters, key=str.isspace) if not is_space]
    letters = [next((one for one in word if one[0].isalnum()), None) for word in words]
    first = [one.upper() for one in letters if one is not None][:2] or clusters[:1]
    return "".join(first if all(direction(one) == "left" for one in first) else first[:1])


def round_avatar(
    image: Image.Image,
    where: tuple[int, int],
    size: int,
    avatar: bytes | None,
    *,
    name: str,
    fonts: Fonts,
    accent: Colour,
    ring: int = 0,
) -> None:
    """Put somebody's avatar into a circle, or the first letters of their name; a ring goes around it."""
    left, top = where
    outer = size + 2 * ring
    image.paste(accent, (left - ring, top - ring), rounded(outer, outer, outer // 2))
    ground = gradient(size, size, mixed(accent, DARK, 0.45), mixed(accent, DARK, 0.75), down=0.7)
    picture = None if avatar is None else avatar_picture(avatar, size)
    if picture is not None:
        ground.paste(picture, (0, 0), picture)
    image.paste(ground, where, rounded(size, size, size // 2))
    if picture is not None:
        return
    letters = lay_out(fonts, initials(name), round(size * 0.38), bold=True, most_width=size * 0.8)
    letters.draw(image, left + size / 2, top + size * 0.635, WHITE, "middle")
