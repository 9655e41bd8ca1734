"""Avatars, icons and emoji are drawn here, and found at the addresses that Discord would have for them."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from playground.town.drawing import COLOURS, MOTIFS, SIDE, drawable_letter, letter_tile, motif_alone, motif_tile
from playground.town.pictures import Pictures, avatar_hash, usual_colour

CDN = "https://cdn.discordapp.com"
ANN, SAKURA, YUSUF, GUILD, TEA = 11, 12, 13, 21, 31


@pytest.fixture
def pictures() -> Pictures:
    pictures = Pictures()
    pictures.add_person(ANN, "Ann", "#2574A9")
    pictures.add_person(SAKURA, "さくら")
    pictures.add_person(YUSUF, "يوسف")
    pictures.add_guild(GUILD, "flame", "#B8541A")
    pictures.add_emoji(TEA, "cup")
    return pictures


def opened(picture: bytes | None) -> Image.Image:
    assert picture is not None
    image = Image.open(BytesIO(picture))
    assert image.format == "PNG"
    assert image.size == (SIDE, SIDE)
    return image.convert("RGBA")


def test_an_avatar_is_a_letter_on_the_persons_colour(pictures: Pictures):
    avatar = opened(pictures.avatar(ANN))
    assert avatar.getpixel((2, 2)) == (0x25, 0x74, 0xA9, 255)
    assert (255, 255, 255, 255) in {avatar.getpixel((x, SIDE // 2)) for x in range(SIDE)}
    assert pictures.avatar(ANN) == letter_tile("Ann", "#2574A9")


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Ann", "A"),
        ("Éloïse", "E"),
        ("zoë 🌿", "Z"),
        ("🌿 zoë", "Z"),
        ("…42", "4"),
        ("Łukasz", None),
        ("Надя", None),
        ("Σοφία", None),
        ("يوسف", None),
        ("さくら", None),
        ("美玲", None),
        ("🌿", None),
        ("", None),
    ],
)
def test_which_letter_stands_for_a_name(name: str, letter: str | None):
    assert drawable_letter(name) == letter
    assert (letter_tile(name, "#000000") is None) == (letter is None)


def test_other_scripts_get_a_pattern_and_each_their_own(pictures: Pictures):
    first, second = opened(pictures.avatar(SAKURA)), opened(pictures.avatar(YUSUF))
    for image in (first, second):
        assert len(image.getcolors(SIDE * SIDE) or []) > 2
    assert first.tobytes() != second.tobytes()


def test_it_is_drawn_once_and_the_same_in_each_run(pictures: Pictures):
    assert pictures.avatar(SAKURA) is pictures.avatar(SAKURA)
    again = Pictures()
    again.add_person(SAKURA, "さくら")
    assert again.avatar(SAKURA) == pictures.avatar(SAKURA)


def test_icons_and_emoji(pictures: Pictures):
    assert opened(pictures.icon(GUILD)).getpixel((2, 2)) == (0xB8, 0x54, 0x1A, 255)
    assert opened(pictures.emoji(TEA)).getpixel((2, 2))[3] == 0  # nothing around it


def test_each_motif_is_a_picture_of_its_own():
    pictures = {motif_alone(motif) for motif in MOTIFS} | {motif_tile(motif, "#000000") for motif in MOTIFS}
    assert len(pictures) == 2 * len(MOTIFS)
    for picture in pictures:
        assert len(opened(picture).getcolors(SIDE * SIDE) or []) > 1


def test_what_there_is_no_picture_of(pictures: Pictures):
    for kind in ("avatar", "icon", "emoji", "attachment"):
        assert pictures.get(kind, 99) is None
    assert pictures.get("icon", ANN) is None
    assert pictures.avatar_url(GUILD) is None


def test_addresses_in_the_page(pictures: Pictures):
    assert pictures.avatar_url(ANN) == "files/avatar/11.png"
    assert pictures.icon_url(GUILD) == "files/icon/21.png"
    assert pictures.emoji_url(TEA) == "files/emoji/31.png"


@pytest.mark.parametrize(
    ("path", "relative"),
    [
        (f"avatars/{ANN}/{avatar_hash('ann')}.png", "files/avatar/11.png"),
        (f"avatars/{ANN}/{avatar_hash('ann')}.webp?size=1024", "files/avatar/11.png"),
        (f"guilds/{GUILD}/users/{ANN}/avatars/abc.png?size=64", "files/avatar/11.png"),
        (f"icons/{GUILD}/abc.png", "files/icon/21.png"),
        (f"emojis/{TEA}.png?quality=lossless", "files/emoji/31.png"),
    ],
)
def test_discords_addresses_are_known(pictures: Pictures, path: str, relative: str):
    assert pictures.relative(f"{CDN}/{path}") == relative
    assert pictures.find(f"{CDN}/{path}") == pictures.get(*_subject(relative))


def _subject(relative: str) -> tuple[str, int]:
    _files, kind, name = relative.split("/")
    return kind, int(name.removesuffix(".png"))


@pytest.mark.parametrize(
    "url",
    [
        f"{CDN}/avatars/99/abc.png",
        f"{CDN}/avatars/{ANN}/../abc.png",
        f"{CDN}/banners/{ANN}/abc.png",
        f"https://example.com/avatars/{ANN}/abc.png",
        f"{CDN}.example.com/avatars/{ANN}/abc.png",
        f"files/avatar/{ANN}.png",
        "",
    ],
)
def test_other_addresses_are_not(pictures: Pictures, url: str):
    assert pictures.relative(url) is None
    assert pictures.find(url) is None


def test_default_avatars_can_be_downloaded(pictures: Pictures):
    found = {pictures.find(f"{CDN}/embed/avatars/{number}.png") for number in range(6)}
    assert len(found) == 6
    for picture in found:
        opened(picture)


@given(st.text())
def test_any_address_can_be_asked_for(url: str):
    assert Pictures().find(url) is None
    assert Pictures().find(f"{CDN}/{url}") is None or url.startswith("embed/avatars/")


@settings(deadline=None)  # drawing takes its time on a busy machine
@given(st.text(), st.integers(0, 1 << 63))
def test_everybody_gets_a_picture(name: str, user_id: int):
    pictures = Pictures()
    pictures.add_person(user_id, name)
    opened(pictures.avatar(user_id))
    assert usual_colour(name) in COLOURS


@pytest.mark.parametrize("colour", COLOURS)
def test_white_can_be_read_on_every_colour(colour: str):
    """At least 4.5 to 1, as WCAG's AA wants it."""
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
