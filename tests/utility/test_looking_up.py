"""`colour`, `charinfo` and `snowflake`."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cogs.utility.colours.swatch import HEIGHT, WIDTH, Swatch, cmyk, draw_swatch, hsl
from cogs.utility.looking_up import character_line, snowflake_line
from tests.support.town import Town
from utils.drawing.fonts import Fonts


@pytest.mark.parametrize(
    ("number", "as_hsl", "as_cmyk"),
    [
        (0xFF8800, (32, 100, 50), (0, 47, 100, 0)), (0x000000, (0, 0, 0), (0, 0, 0, 100)),
        (0xFFFFFF, (0, 0, 100), (0, 0, 0, 0)), (0x336699, (210, 50, 40), (67, 33, 0, 40)),
    ],
)  # fmt: skip
def test_a_colour_in_numbers(number: int, as_hsl: tuple[int, ...], as_cmyk: tuple[int, ...]):
    assert hsl(number) == as_hsl
    assert cmyk(number) == as_cmyk


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 0xFFFFFF))
def test_a_swatch_shows_the_colour_and_its_name(number: int):
    image = Image.open(io.BytesIO(draw_swatch(Swatch(number), Fonts(with_system=False)))).convert("RGB")
    assert image.size == (WIDTH, HEIGHT)
    assert image.getpixel((WIDTH // 2, 12)) == (number >> 16, number >> 8 & 255, number & 255)
    assert len(image.getcolors(1 << 16) or ()) > 5, "its name is written on it"


@given(st.characters())
def test_every_character_has_a_line(character: str):
    line = character_line(character)
    assert f"U+{ord(character):04X}" in line
    assert "\n" not in line


def test_an_id_tells_when_it_was_made():
    assert "<t:1462015105:F>" in snowflake_line(175928847299117063)
    assert "worker 1, process 0, number 7" in snowflake_line(175928847299117063)


async def test_colours_are_shown_with_a_picture_where_that_can_be(town: Town):
    answer = await town.says(town.ann, "!colour #ff8800")
    assert [file.filename for file in answer.files] == ["colour.png"]
    assert "rgb(255, 136, 0)" in answer
    role = town.role("Painters", color=0x123456)
    assert "#123456" in await town.says(town.bob, f"!color <@&{role.id}>")
    await town.take_permission(town.general, "attach_files")
    answer = await town.says(town.bob, "!colour random")
    assert not answer.files
    assert "RGB" in answer
    for wrong in ("nosuch", "#ff88001", "x" * 1900, "<@&12345678901234567>"):
        await town.wait(seconds=20)
        assert not (await town.says(town.ann, f"!colour {wrong}")).files


async def test_characters_and_ids_are_looked_up(town: Town):
    answer = await town.says(town.ann, "!charinfo аé\u200b")
    assert "CYRILLIC SMALL LETTER A" in answer
    assert "U+200B" in answer
    answer = await town.says(town.ann, "!snowflake 175928847299117063 <:x:175928847299117064>")
    assert "0.000 s" in answer
    assert "no id" in await town.says(town.ann, "!snowflake 123 @everyone")
    assert "no id" in await town.says(town.ann, "!snowflake 99999999999999999999")
