"""Colours that can be read. Pure; the measure is that of https://www.w3.org/TR/WCAG21/#contrast-minimum."""

from typing import Final

Colour = tuple[int, int, int]

WHITE: Final[Colour] = (245, 246, 250)
GREY: Final[Colour] = (186, 190, 202)
DARK: Final[Colour] = (22, 23, 29)
"""About what everything is written on."""
LEAST_CONTRAST: Final = 4.5


def of_number(number: int) -> Colour:
    """The three parts of a colour such as 0xE8833A."""
    return number >> 16 & 255, number >> 8 & 255, number & 255


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """A colour so far, from 0 to 1, on the way to another."""
    red, green, blue = (round(one + (other - one) * share) for one, other in zip(first, second, strict=True))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """How bright a colour looks, from 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (one / 255 for one in colour)
    )  # fmt: skip
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(first: Colour, second: Colour) -> float:
    """How well one is read on the other: from 1, not at all, to 21."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: Colour) -> Colour:
    """The colour itself, or as much lighter as it takes to be read on the dark."""
    share = 0.0
    made = colour
    while contrast(made, DARK) < LEAST_CONTRAST:
        share += 0.05
        made = mixed(colour, (255, 255, 255), min(1.0, share))
    return made
