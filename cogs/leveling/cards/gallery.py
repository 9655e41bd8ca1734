"""All backgrounds in one picture, to choose from."""

from typing import Final

from PIL import Image

from cogs.leveling.cards.draw import HEIGHT, WIDTH
from utils.drawing.backgrounds import BACKGROUNDS, background
from utils.drawing.colours import DARK, WHITE
from utils.drawing.fonts import Fonts
from utils.drawing.shapes import as_file, fill_rounded, rounded
from utils.drawing.text import lay_out

COLUMNS: Final = 3
SMALLER: Final = 3
GAP: Final = 14


def draw_gallery(fonts: Fonts) -> bytes:
    """The backgrounds with their names, as PNG file."""
    width, height = WIDTH // SMALLER, HEIGHT // SMALLER
    rows = -(-len(BACKGROUNDS) // COLUMNS)
    size = (COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP)
    image = Image.new("RGB", size, DARK)
    mask = rounded(width, height, 12)
    for index, name in enumerate(BACKGROUNDS):
        left, top = GAP + index % COLUMNS * (width + GAP), GAP + index // COLUMNS * (height + GAP)
        small = background(name, WIDTH, HEIGHT).resize((width, height), Image.Resampling.BOX)
        label = lay_out(fonts, name, 20, bold=True, most_width=width - 40)
        fill_rounded(small, (12, height - 40, round(12 + label.width + 20), height - 10), 8, DARK, 0.7)
        label.draw(small, 22, height - 18, WHITE)
        image.paste(small, (left, top), mask)
    return as_file(image, 16)
