"""Cards as pictures: like those stored, bounded, and whatever files and names they are given.

Without the fonts of the system they are the same everywhere. To store them anew, after a look at them:
`STORE_PICTURES=1 python -m pytest tests/leveling/test_card_drawing.py`.
"""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cogs.leveling.cards.draw import (
    BAR,
    HEIGHT,
    LEFT,
    PANEL_STRENGTH,
    RIGHT,
    WIDTH,
    CardFacts,
    Figure,
    draw_card,
)
from cogs.leveling.cards.gallery import draw_gallery
from tests.support.drawn import assert_like_stored, face, file_of, opened
from utils.drawing.avatars import avatar_picture, initials
from utils.drawing.backgrounds import BACKGROUNDS, background
from utils.drawing.colours import DARK, GREY, LEAST_CONTRAST, contrast, luminance, mixed
from utils.drawing.fonts import SHIPPED, Fonts
from utils.drawing.text import lay_out

PICTURES = Path(__file__).parent / "pictures"
FONTS = Fonts(with_system=False)
UNSHAPED = Fonts(with_system=False, shapes=False)
FACTS = CardFacts(
    name="Ann Smith", handle="@ann", avatar="1", colour=0xE8833A, background="midnight", share=0.62,
    level=Figure("Level", "12"), rank=Figure("Rank", "#3", "/1,234"), progress="620 / 1,000 XP",
    total="12,345 XP in all · 321 messages",
)  # fmt: skip
NAMES = {
    "latin": "Jürgen Łoś", "arabic": "مرحبا بالعالم 12", "chinese": "你好世界", "japanese": "こんにちは日本",
    "emoji": "Fam 👨‍👩‍👧‍👦 ❤️ 🇩🇪", "long": "W" * 32,
    "hostile": "\u202ea\u0301\u0302\u0303\u0304\u0305\u0306 ﷽ ꧁༺𝕯𝖆𝖗𝖐༻꧂ \U0001f9ff𓀀",
}  # fmt: skip


# --- how they look ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fonts", [FONTS, UNSHAPED] if FONTS.shapes else [UNSHAPED])
def test_cards_in_many_scripts_look_like_the_stored_ones(fonts: Fonts):
    sheet = Image.new("RGB", (WIDTH, HEIGHT * len(NAMES)))
    for row, (name, background_name) in enumerate(zip(NAMES.values(), BACKGROUNDS, strict=False)):
        facts = replace(FACTS, name=name, background=background_name, share=row / 6)
        sheet.paste(
            opened(draw_card(facts, file_of(face()) if row % 2 else None, fonts)).convert("RGB"), (0, HEIGHT * row)
        )
    small = sheet.resize((WIDTH // 2, sheet.height // 2), Image.Resampling.BOX)
    assert_like_stored(file_of(small), PICTURES / ("cards.png" if fonts.shapes else "unshaped.png"))


def test_the_gallery_looks_like_the_stored_one():
    assert_like_stored(draw_gallery(UNSHAPED), PICTURES / "backgrounds.png")


def test_a_card_is_a_small_file_and_soon_drawn():
    draw_card(FACTS, None, FONTS)
    started = time.process_time()
    file = draw_card(replace(FACTS, share=0.3), file_of(face()), FONTS)
    assert time.process_time() - started < 0.5  # far above what the benchmark shows, which is below 0.1
    assert opened(file).size == (WIDTH, HEIGHT)
    assert len(file) < 300_000


@pytest.mark.parametrize("name", BACKGROUNDS)
def test_text_can_be_read_on_each_background(name: str):
    behind = background(name, WIDTH, HEIGHT).crop((LEFT, 30, RIGHT, HEIGHT - 30))
    colours = sorted((luminance(colour), count, colour) for count, colour in behind.getcolors(1 << 20) or ())
    left = 0.01 * behind.width * behind.height  # single stars and sparks hide no letter
    while left > 0:
        _bright, count, brightest = colours.pop()
        left -= count
    assert contrast(GREY, mixed(brightest, DARK, PANEL_STRENGTH)) >= LEAST_CONTRAST


@pytest.mark.parametrize(("share", "filled"), [(-1, 0.0), (0, 0.0), (0.5, 0.5), (1, 1.0), (7, 1.0)])
def test_the_bar_is_as_full_as_the_level(share: float, filled: float):
    image = opened(draw_card(replace(FACTS, share=share, colour=0x00FF00), None, FONTS)).convert("RGB")
    middle = (BAR[1] + BAR[3]) // 2
    row = [image.getpixel((x, middle)) for x in range(BAR[0] + 3, BAR[2] - 3)]
    green = [pixel for pixel in row if isinstance(pixel, tuple) and pixel[1] > 2 * pixel[0] + 40]
    assert len(green) / len(row) == pytest.approx(filled, abs=0.03)


# --- names ------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_any_name_is_drawn_within_its_width(name: str):
    line = lay_out(FONTS, name, 30, bold=True, most_width=200)
    assert line.width <= 200
    image = Image.new("RGB", (260, 120))
    line.draw(image, 30, 60, (255, 255, 255))
    assert image.crop((0, 0, 260, 60 - 40)).getbbox() is None
    assert image.crop((0, 60 + 17, 260, 120)).getbbox() is None


def test_long_text_ends_in_an_ellipsis_and_short_text_does_not():
    cut = lay_out(FONTS, "A" * 60, 30, most_width=200)
    assert cut.runs[-1].clusters[-1] == "…"
    assert cut.width > 160
    assert "…" not in "".join(run.text for run in lay_out(FONTS, "Ann", 30, most_width=200).runs)


@pytest.mark.parametrize(
    "text", [*list(NAMES.values())[:5], "हिन्दी", "สวัสดี", "שלום", "안녕", "Привет", "Ελλάδα", "★ ☆ ツ"]
)
def test_common_scripts_need_no_font_of_the_system(text: str):
    assert "□" not in "".join(run.text for run in lay_out(FONTS, text, 30).runs)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ann Smith", "AS"), ("ann", "A"), ("a b c", "AB"), ("مرحبا بالعالم", "م"), ("你好", "你"), ("👍🏽 ok", "O"),
        ("👍🏽", "👍🏽"), ("『Dark』", "D"), ("", ""), ("   ", ""), ("ß", "SS"),
    ],
)  # fmt: skip
def test_initials(name: str, letters: str):
    assert initials(name) == letters


def test_fonts_that_are_missing_or_broken_leave_boxes_or_nothing(tmp_path: Path):
    (tmp_path / "Broken.ttf").write_bytes(b"no font")
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    fonts = Fonts(with_system=False, shipped=tmp_path)
    assert [run.text for run in lay_out(fonts, "你", 30).runs] == ["?"]
    assert draw_card(replace(FACTS, name="你好 Ann"), None, fonts)


# --- avatars ----------------------------------------------------------------------------------------------


def test_avatars_of_every_kind_are_drawn():
    animated = file_of(face(), "GIF", save_all=True, append_images=[Image.new("RGB", (256, 256))])
    see_through = file_of(Image.new("RGBA", (64, 32), (255, 0, 0, 90)))
    for file in (file_of(face()), file_of(face(), "JPEG"), file_of(face(), "WEBP"), animated, see_through):
        picture = avatar_picture(file, 160)
        assert picture is not None
        assert picture.size == (160, 160)
        assert draw_card(FACTS, file, FONTS)
    first = avatar_picture(animated, 160)
    assert first is not None
    assert first.getpixel((80, 80)) != (0, 0, 0, 255)


@settings(max_examples=40)
@given(st.binary(max_size=200), st.integers(0, 2_000))
def test_a_broken_avatar_leaves_the_letters_of_the_name(junk: bytes, cut: int):
    whole = file_of(face())
    for file in (junk, whole[:cut] + junk + whole[cut + len(junk) :], whole[: min(cut, len(whole) // 2)]):
        picture = avatar_picture(file, 64)
        assert picture is None or picture.size == (64, 64)


def test_what_is_no_avatar_is_not_decoded():
    too_large = file_of(Image.new("1", (3_000, 3_000)))
    for file in (b"", b"<svg/>", too_large, file_of(face(), "BMP")):
        assert avatar_picture(file, 160) is None
    letters = draw_card(FACTS, None, FONTS)
    assert draw_card(FACTS, b"no picture", FONTS) == letters
