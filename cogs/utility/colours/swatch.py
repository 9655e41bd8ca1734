"""A colour as a picture, and in numbers. Pure, but for what is kept of fonts."""

from colorsys import rgb_to_hls
from dataclasses import dataclass
from typing import Final

from PIL import Image

from utils.drawing.colours import Colour, contrast, of_number
from utils.drawing.fonts import Fonts
from utils.drawing.shapes import as_file
from utils.drawing.text import lay_out

WIDTH, HEIGHT = 480, 160
CORNER: Final = 20
LIGHT: Final[Colour] = (255, 255, 255)
DARK: Final[Colour] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Swatch:
    """What the picture shows."""

    number: int

    @property
    def hexadecimal(self) -> str:
        """As in style sheets: #ff8800."""
        return f"#{self.number:06x}"


def draw_swatch(swatch: Swatch, fonts: Fonts) -> bytes:
    """The colour as PNG file, with its name in what can be read on it best."""
    ground = of_number(swatch.number)
    image = Image.new("RGB", (WIDTH, HEIGHT), ground)
    ink = max((LIGHT, DARK), key=lambda one: contrast(one, ground))
    lay_out(fonts, swatch.hexadecimal.upper(), 44, bold=True).draw(image, WIDTH / 2, HEIGHT / 2 + 16, ink, "middle")
    return as_file(image, CORNER)


def hsl(number: int) -> tuple[int, int, int]:
    """Hue in degrees, saturation and lightness in percent."""
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in of_number(number)))
    return round(hue * 360) % 360, round(saturation * 100), round(lightness * 100)


def cmyk(number: int) -> tuple[int, int, int, int]:
    """Cyan, magenta, yellow and black in percent, without regard to any paper."""
    parts = [part / 255 for part in of_number(number)]
    black = 1 - max(parts)
    if black == 1:
        return 0, 0, 0, 100
    cyan, magenta, yellow = (round((1 - part - black) / (1 - black) * 100) for part in parts)
    return cyan, magenta, yellow, round(black * 100)
