"""What is behind cards and greetings: dark pictures made by code, by name."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from utils.drawing.colours import Colour, mixed
from utils.drawing.shapes import SMOOTH, gradient

Paint = Callable[[int, int], Image.Image]
Point = tuple[float, float]

DEFAULT: Final = "midnight"
BACKGROUNDS: Final[dict[str, Paint]] = {}
"""All there are, by name."""


@lru_cache(maxsize=4)
def background(name: str, width: int, height: int) -> Image.Image:
    """A background in a size; the default for a name that there isn't. It is shared: draw on a copy."""
    return BACKGROUNDS.get(name, BACKGROUNDS[DEFAULT])(width, height)


def named(name: str) -> Callable[[Paint], Paint]:
    """Offer a background by this name."""

    def decorate(paint: Paint) -> Paint:
        BACKGROUNDS[name] = paint
        return paint

    return decorate


# --- Means ------------------------------------------------------------------------------------------------


def glow(image: Image.Image, at: Point, reach: Point, colour: Colour, strength: float) -> None:
    """Let a colour shine from a point, as far as it reaches to the sides and up and down."""
    width, height = round(2 * reach[0]), round(2 * reach[1])
    light = ImageOps.invert(Image.radial_gradient("L")).resize((width, height), Image.Resampling.BILINEAR)
    # Pillow's reaches the corners; a light that has an edge looks like a box.
    light = light.point([round((max(0, value - 75) / 180) ** 1.5 * strength) for value in range(256)])
    image.paste(colour, (round(at[0] - reach[0]), round(at[1] - reach[1])), light)


def specks(image: Image.Image, seed: int, count: int, colours: Sequence[Colour], largest: float = 1.6) -> None:
    """Scatter small lights, always the same."""
    chance = random.Random(seed)
    layer = Image.new("L", (image.width * SMOOTH, image.height * SMOOTH))
    pen = ImageDraw.Draw(layer)
    for _speck in range(count):
        x, y = chance.uniform(0, layer.width), chance.uniform(0, layer.height)
        radius = chance.uniform(0.5, largest) * SMOOTH
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=chance.randint(60, 230))
    image.paste(chance.choice(colours), (0, 0), layer.reduce(SMOOTH))


@contextmanager
def laid_over(image: Image.Image, colour: Colour) -> Iterator[ImageDraw.ImageDraw]:
    """A pen for a layer twice as large, empty at first, whose light is laid over the image in a colour."""
    layer = Image.new("L", (image.width * 2, image.height * 2))
    yield ImageDraw.Draw(layer)
    image.paste(colour, (0, 0), layer.reduce(2))


def below(image: Image.Image, edge: Callable[[float], float], colour: Colour, strength: float = 1.0) -> None:
    """Fill what is below an edge, which says how high it is at each point from left to right."""
    width, height = image.width * 2, image.height * 2
    points = [(x, 2 * edge(x / 2)) for x in range(0, width + 4, 4)]
    with laid_over(image, colour) as pen:
        pen.polygon([*points, (width + 4, height), (0, height)], fill=round(255 * strength))


def ridge(seed: int, width: int, middle: float, height: float) -> Callable[[float], float]:
    """The edge of mountains: straight lines between peaks and valleys, always the same."""
    chance = random.Random(seed)
    peaks, x, up = [], -40.0, True
    while x < width + 160:
        peaks.append((x, middle + (-1 if up else 1) * chance.uniform(0.25, 1) * height))
        x, up = x + chance.uniform(45, 110), not up

    def edge(at: float) -> float:
        for (left, low), (right, high) in pairwise(peaks):
            if left <= at <= right:
                return low + (high - low) * (at - left) / (right - left)
        return middle

    return edge


# --- Those there are --------------------------------------------------------------------------------------


@named("midnight")
def _midnight(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (30, 34, 54), (17, 18, 27), down=0.5)
    glow(image, (0.08 * width, 0), (0.5 * width, 1.1 * height), (74, 86, 148), 130)
    return image


@named("hearth")
def _hearth(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (32, 21, 24), (58, 27, 20), down=1)
    glow(image, (0.5 * width, 1.15 * height), (0.75 * width, height), (238, 118, 44), 190)
    glow(image, (0.16 * width, 1.1 * height), (0.3 * width, 0.8 * height), (255, 176, 74), 120)
    specks(image, 5, 70, [(255, 190, 110)])
    return image


@named("ocean")
def _ocean(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (12, 40, 66), (9, 24, 44), down=1)
    glow(image, (0.8 * width, 0), (0.5 * width, height), (62, 168, 190), 150)
    for number in range(4):
        middle, long = (0.45 + 0.15 * number) * height, 120 + 45 * number
        below(
            image,
            lambda x, middle=middle, long=long, at=2.1 * number: middle + 13 * math.sin(x / long * 2 + at),  # type: ignore[misc]
            mixed((26, 96, 132), (8, 30, 52), number / 3), 0.55,
        )  # fmt: skip
    return image


@named("forest")
def _forest(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (26, 62, 52), (14, 30, 27), down=1)
    glow(image, (0.72 * width, 0.1 * height), (0.4 * width, 0.9 * height), (150, 196, 120), 110)
    chance = random.Random(11)
    for row, colour in enumerate([(26, 66, 55), (18, 49, 42), (11, 33, 29)]):
        with laid_over(image, colour) as pen:
            x = -30.0
            while x < width + 30:
                foot, tall = 1.05 * height, height * (0.75 - 0.16 * row) * chance.uniform(0.6, 1)
                for part in (1.0, 0.78, 0.56):  # three cones on each other
                    half, top = 26 * part + 6 * row, foot - tall * (1.45 - part * 0.45)
                    base = foot - tall * (1 - part) * 1.2
                    pen.polygon([(2 * x, 2 * top), (2 * (x - half), 2 * base), (2 * (x + half), 2 * base)], fill=255)
                x += chance.uniform(26, 52)
    return image


@named("aurora")
def _aurora(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (12, 16, 38), (13, 26, 44), down=1)
    specks(image, 2, 90, [(220, 230, 255)], 1.1)
    for x, y, colour in ((0.2, 0.2, (58, 214, 160)), (0.5, 0.05, (64, 170, 214)), (0.8, 0.3, (150, 92, 214))):
        glow(image, (x * width, y * height), (0.36 * width, 0.75 * height), colour, 150)
    below(image, ridge(8, width, 0.93 * height, 26), (9, 14, 26))
    return image


@named("sunset")
def _sunset(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (54, 32, 84), (176, 76, 78), down=1)
    glow(image, (0.66 * width, 0.82 * height), (0.42 * width, 0.85 * height), (255, 176, 96), 210)
    for number, colour in enumerate([(112, 50, 82), (74, 34, 68), (42, 22, 48)]):
        below(image, ridge(20 + number, width, (0.68 + 0.13 * number) * height, 34), colour)
    return image


@named("mountains")
def _mountains(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (72, 92, 120), (122, 140, 160), down=1)
    for number, colour in enumerate([(78, 98, 124), (54, 72, 98), (34, 48, 70), (20, 29, 45)]):
        below(image, ridge(40 + number, width, (0.38 + 0.18 * number) * height, 42), colour)
    return image


@named("stars")
def _stars(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (14, 14, 34), (34, 20, 56), down=0.35)
    glow(image, (0.7 * width, 0.35 * height), (0.5 * width, 0.7 * height), (120, 70, 176), 120)
    glow(image, (0.2 * width, 0.8 * height), (0.35 * width, 0.7 * height), (40, 92, 168), 110)
    specks(image, 1, 260, [(236, 238, 255)], 1.3)
    specks(image, 9, 18, [(255, 250, 235)], 2.6)
    return image


@named("grid")
def _grid(width: int, height: int) -> Image.Image:
    """A floor of lines that run to a far point, under a low sun."""
    image = gradient(width, height, (26, 12, 48), (62, 18, 84), down=1)
    horizon = 0.5 * height
    glow(image, (0.5 * width, horizon), (0.45 * width, 0.75 * height), (240, 84, 160), 170)
    with laid_over(image, (214, 92, 236)) as pen:
        for number in range(-24, 25):
            pen.line((width, 2 * horizon, width + number * 190, 2 * height), fill=120, width=3)
        for number in range(9):
            y = 2 * (horizon + (height - horizon) * (number / 8) ** 1.8)
            pen.line((0, y, 2 * width, y), fill=70 + 8 * number, width=3)
    return image


@named("carbon")
def _carbon(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (46, 48, 54), (22, 23, 27), down=0.6)
    with laid_over(image, (12, 12, 15)) as pen:
        for x in range(-2 * height, 2 * width, 28):
            pen.line((x, 2 * height, x + 2 * height, 0), fill=60, width=10)
    glow(image, (0.1 * width, 0), (0.5 * width, height), (120, 126, 140), 60)
    return image


@named("honeycomb")
def _honeycomb(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (58, 42, 18), (26, 20, 16), down=0.3)
    chance = random.Random(4)
    with laid_over(image, (236, 168, 52)) as pen:
        side = 52
        for row in range(-1, 2 * height // 78 + 2):
            for column in range(-1, 2 * width // 90 + 2):
                x, y = column * 90 + row % 2 * 45, row * 78
                corners = [
                    (x + side * math.sin(math.pi / 3 * i), y + side * math.cos(math.pi / 3 * i)) for i in range(6)
                ]
                pen.polygon(corners, fill=chance.choice((0, 0, 24, 48, 84)), outline=110, width=3)
    return image


@named("blossom")
def _blossom(width: int, height: int) -> Image.Image:
    image = gradient(width, height, (66, 34, 62), (40, 26, 52), down=0.5)
    glow(image, (0.85 * width, 0.1 * height), (0.5 * width, 1.1 * height), (236, 140, 176), 130)
    chance = random.Random(6)
    with laid_over(image, (250, 176, 204)) as pen:
        for _petal in range(60):
            x, y, size = chance.uniform(0, 2 * width), chance.uniform(0, 2 * height), chance.uniform(6, 20)
            turn, shade = chance.uniform(0, math.tau), chance.randint(50, 190)
            for leaf in range(5):
                angle = turn + leaf * math.tau / 5
                a, b = x + size * math.cos(angle), y + size * math.sin(angle)
                pen.ellipse((a - size * 0.62, b - size * 0.62, a + size * 0.62, b + size * 0.62), fill=shade)
    return image
