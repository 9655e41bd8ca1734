"""Shapes with smooth edges: Pillow draws jagged ones, so they are drawn four times as large first."""

from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from utils.drawing.colours import Colour

SMOOTH: Final = 4
FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP")
COMPRESSION: Final = 1
"""Of the file: each step more takes milliseconds and saves little."""


@lru_cache(maxsize=64)
def rounded(width: int, height: int, radius: int) -> Image.Image:
    """A mask with round corners; a circle if the radius is half of each side."""
    large = Image.new("L", (width * SMOOTH, height * SMOOTH))
    box = (0, 0, width * SMOOTH - 1, height * SMOOTH - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius * SMOOTH, fill=255)
    return large.reduce(SMOOTH)


def fill_rounded(
    image: Image.Image, box: tuple[int, int, int, int], radius: int, colour: Colour, strength: float = 1.0
) -> None:
    """Fill a box with round corners, let through what is below by less strength."""
    left, top, right, bottom = box
    mask = rounded(right - left, bottom - top, radius)
    if strength < 1:
        mask = mask.point([round(value * strength) for value in range(256)])
    image.paste(colour, box, mask)


def fill_bar(image: Image.Image, box: tuple[int, int, int, int], colour: Colour) -> None:
    """Fill a chart's bar, however thin; one without a height isn't there."""
    left, top, right, bottom = box
    if bottom > top:
        fill_rounded(image, box, min(4, (right - left) // 2, (bottom - top) // 2), colour)


@lru_cache(maxsize=16)
def ramp(width: int, height: int, *, down: float = 0.0) -> Image.Image:
    """From black on the left to white on the right; with `down` 1 from top to bottom, between them aslant. Shared."""
    falling = Image.linear_gradient("L").resize((width, height))
    rising = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize((width, height))
    return Image.blend(rising, falling, down)


def gradient(width: int, height: int, first: Colour, last: Colour, *, down: float = 0.0) -> Image.Image:
    """From one colour to another."""
    image = Image.new("RGB", (width, height), first)
    image.paste(last, (0, 0), ramp(width, height, down=down))
    return image


def decoded(file: bytes, size: tuple[int, int], *, most_pixels: int) -> Image.Image | None:
    """A file's first picture, as large as wanted and cut to that shape; None if it is broken or has more pixels."""
    try:
        with Image.open(BytesIO(file), formats=FORMATS) as opened:
            if opened.width * opened.height > most_pixels:
                return None
            opened.draft("RGB", size)
            picture = ImageOps.fit(opened.convert("RGBA"), size, Image.Resampling.LANCZOS)
    except (OSError, ValueError, TypeError, LookupError, ArithmeticError, SyntaxError, EOFError, MemoryError):
        return None  # whatever Pillow's decoders raise at bytes that are none of theirs
    except Image.DecompressionBombError:
        return None
    return picture


def as_file(image: Image.Image, corner: int) -> bytes:
    """A picture with round corners as PNG file."""
    image.putalpha(rounded(image.width, image.height, corner))
    file = BytesIO()
    image.save(file, "PNG", compress_level=COMPRESSION)
    return file.getvalue()
