"""Pictures of greetings: their looks, and when there are none.

Without the fonts of the system they are the same everywhere. To store them anew, after a look at them:
`STORE_PICTURES=1 python -m pytest tests/utility/test_greeting_pictures.py`.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cogs.utility.greetings.picture import (
    AVATAR_LEFT,
    HEIGHT,
    PANEL_STRENGTH,
    WIDTH,
    GreetingFacts,
    draw_greeting,
    prepared,
)
from cogs.utility.greetings.rules import MOST_PICTURES, PICTURES_WITHIN, Sparing
from tests.support.drawn import assert_like_stored, face, file_of, opened
from tests.support.town import Town
from utils.drawing.backgrounds import BACKGROUNDS, background
from utils.drawing.colours import DARK, GREY, LEAST_CONTRAST, contrast, luminance, mixed, of_number, readable
from utils.drawing.fonts import Fonts

PICTURES = Path(__file__).parent / "pictures"
FONTS = Fonts(with_system=False)
UNSHAPED = Fonts(with_system=False, shapes=False)
NAMES = ("Jürgen Łoś", "مرحبا بالعالم 12", "你好世界", "Fam 👨‍👩‍👧‍👦 ❤️ 🇩🇪", "W" * 32, "\u202e\u200b")


@pytest.mark.parametrize("fonts", [FONTS, UNSHAPED] if FONTS.shapes else [UNSHAPED])
def test_greetings_in_many_scripts_look_like_the_stored_ones(fonts: Fonts):
    sheet = Image.new("RGB", (WIDTH, HEIGHT * len(NAMES)))
    for row, (name, ground) in enumerate(zip(NAMES, BACKGROUNDS, strict=False)):
        facts = GreetingFacts("Welcome", name, f"Member 1,234 of {name * 8}"[:100], "", 0xE8833A, ground)
        made = draw_greeting(facts, file_of(face()) if row % 2 else None, None, fonts)
        assert len(made) < 300_000
        sheet.paste(opened(made).convert("RGB"), (0, HEIGHT * row))
    small = sheet.resize((WIDTH // 2, sheet.height // 2), Image.Resampling.BOX)
    assert_like_stored(file_of(small), PICTURES / ("greetings.png" if fonts.shapes else "greetings-unshaped.png"))


@pytest.mark.parametrize("name", BACKGROUNDS)
def test_text_can_be_read_on_each_background(name: str):
    behind = background(name, WIDTH, HEIGHT).crop((50, 200, WIDTH - 50, HEIGHT - 20))
    colours = sorted((luminance(colour), count, colour) for count, colour in behind.getcolors(1 << 20) or ())
    left = 0.01 * behind.width * behind.height  # single stars and sparks hide no letter
    while left > 0:
        _bright, count, brightest = colours.pop()
        left -= count
    assert contrast(GREY, mixed(brightest, DARK, PANEL_STRENGTH)) >= LEAST_CONTRAST


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_text_can_be_read_on_any_background_of_ones_own(form: str):
    own = prepared(file_of(Image.new("RGB", (50, 2_000), (255, 255, 255)), form))
    assert opened(own).size == (WIDTH, HEIGHT)
    facts = GreetingFacts("", "", "", "", 0xE8833A, "own")
    picture = opened(draw_greeting(facts, None, own, FONTS)).convert("RGB")
    assert contrast(GREY, picture.getpixel((100, 300))) >= LEAST_CONTRAST
    assert contrast(readable(of_number(facts.colour)), picture.getpixel((100, 300))) > 3  # large letters


@settings(max_examples=25)
@given(st.binary(max_size=200), st.integers(0, 500))
def test_what_is_no_picture_is_no_background(junk: bytes, cut: int):
    made = prepared(file_of(face())[:cut] + junk)
    assert made == b"" or opened(made).size == (WIDTH, HEIGHT)
    facts = GreetingFacts("", "", "", "", 0, "own")
    assert draw_greeting(facts, None, junk, UNSHAPED)


def test_what_is_far_too_large_is_not_decoded():
    assert prepared(file_of(Image.new("1", (5_000, 5_000)))) == b""


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(0, 20)), max_size=60))
def test_pictures_are_bounded_in_any_stretch_of_time(events):
    sparing, now, drawn = Sparing(), datetime(2026, 1, 1, tzinfo=UTC), dict[int, list[datetime]]()
    for guild_id, seconds in events:
        now += timedelta(seconds=seconds)
        lately = [one for one in drawn.setdefault(guild_id, []) if now - one < PICTURES_WITHIN]
        assert sparing.may_draw(guild_id, now) == (len(lately) < MOST_PICTURES)
        if len(lately) < MOST_PICTURES:
            drawn[guild_id].append(now)


@pytest.mark.town(languages=("en",))
async def test_pictures_of_greetings(town: Town):
    for setting in (
        "welcome-channel #bots-corner", "leave-channel #bots-corner", "boost-channel #bots-corner",
        "greeting-pictures welcome boost", "greeting-background ocean",
    ):  # fmt: skip
        await town.says(town.admin, f"!config set {setting}")
    assert "honeycomb" in await town.says(town.admin, "!config set greeting-background nosuch")
    cleo = town.outsider("cleo")
    town.chooses_avatar(cleo, file_of(Image.new("RGB", (256, 256), (0, 200, 0))))
    await town.join(cleo)
    greeted = town.last(town.bots_corner)
    assert greeted is not None
    (file,) = greeted.files
    assert file.description == f"Welcome · cleo · Member {town.guild.member_count} of Town"
    picture = opened(await town.as_bot(file.read())).convert("RGB")
    assert picture.getpixel((AVATAR_LEFT + 20, 113)) == (0, 200, 0)
    await town.says(town.admin, "!config set greeting-embed on")
    await town.boosts(town.ann, town.general)
    thanked = town.last(town.bots_corner)
    assert thanked is not None
    assert thanked.embed is not None
    assert thanked.embed.image.url.endswith("greeting.png")
    assert "Thank you for the boost · ann · Town has" in (thanked.files[0].description or "")
    tried = await town.says(town.admin, "!greeting test welcome")
    assert tried is not None
    assert len(tried.files) == 1
    await town.leave(cleo)
    gone = town.last(town.bots_corner)
    assert gone is not None
    assert "cleo" in gone
    assert not gone.files
    await town.take_permission(town.bots_corner, "attach_files")
    await town.join(town.outsider("dora"))
    assert not town.last(town.bots_corner).files
    await town.give_permission(town.bots_corner, "attach_files")
    town.bot.drawing.close()  # now everything that draws fails
    await town.join(town.outsider("emil"))
    greeted = town.last(town.bots_corner)
    assert not greeted.files
    assert greeted.embed.thumbnail.url


@pytest.mark.town(languages=("en",))
async def test_a_background_of_ones_own(town: Town):
    assert "Attach" in await town.says(town.admin, "!greeting background")
    assert "no picture of your own" in await town.says(town.admin, "!greeting background none")
    await town.wait(seconds=30)
    assert "can't read" in await town.says(town.admin, "!greeting background", files=[("a.png", b"no picture")])
    assert "You need" in await town.says(town.ann, "!greeting background", files=[("a.png", b"no picture")])
    red = file_of(Image.new("RGB", (300, 300), (255, 0, 0)))
    shown = await town.says(town.admin, "!greeting background", files=[("red.png", red)])
    for setting in ("welcome-channel #bots-corner", "greeting-pictures welcome"):
        await town.says(town.admin, f"!config set {setting}")
    await town.restart()
    await town.join(town.outsider("cleo"))
    for answer in (shown, town.last(town.bots_corner)):
        assert answer is not None
        picture = opened(await town.as_bot(answer.files[0].read())).convert("RGB")
        assert picture.getpixel((WIDTH // 2, 6)) == (254, 0, 0)  # as JPEG has it
    await town.wait(seconds=30)
    assert "removed" in await town.says(town.admin, "!greeting background none")
    assert "midnight" in await town.says(town.admin, "!config show greeting-background")


async def test_in_a_raid_most_are_greeted_without_a_picture(town: Town):
    await town.says(town.admin, "!config set welcome-channel #bots-corner")
    await town.says(town.admin, "!config set greeting-pictures welcome")
    for number in range(3 * MOST_PICTURES):
        await town.join(town.outsider(f"raider{number}"))
    greeted = town.messages(town.bots_corner)
    assert len(greeted) == 3 * MOST_PICTURES
    assert sum(len(one.files) for one in greeted) == MOST_PICTURES
    await town.wait(minutes=1)
    await town.join(town.outsider("cleo"))
    assert town.last(town.bots_corner).files
