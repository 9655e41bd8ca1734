"""Pictures for the people of the town: a coloured tile with their first letter. Nothing is loaded from elsewhere."""

from io import BytesIO

from discord import Asset
from PIL import Image, ImageDraw, ImageFont

# Under the first, simcord's page looks for the avatars beside messages; the second is in the bot's embeds.
SERVERS = ("https://cdn.simcord.invalid", Asset.BASE)
SIDE = 128  # pixels
SIZES = tuple(2**power for power in range(4, 13))  # what one may ask Discord for, in pixels: 16 to 4096
COLOURS = ("#E67E22", "#2E86C1", "#8E44AD", "#27AE60", "#C0392B", "#16A085", "#D81B60", "#5D6D7E")


def avatar_hash(name: str) -> str:
    """What stands in an avatar's address for which picture it is."""
    return f"town-{name}"


def assets(people: dict[int, str]) -> dict[str, tuple[str, bytes]]:
    """The pictures by the addresses that Discord would have for them; `people` are account names by user id."""
    found = {}
    for number, (user_id, name) in enumerate(people.items()):
        picture = (f"{name}.png", tile(name[0].upper(), COLOURS[number % len(COLOURS)]))
        for server in SERVERS:
            for suffix in ("", *(f"?size={size}" for size in SIZES)):
                found[f"{server}/avatars/{user_id}/{avatar_hash(name)}.png{suffix}"] = picture
    return found


def tile(letter: str, colour: str) -> bytes:
    """A PNG with a white letter."""
    image = Image.new("RGB", (SIDE, SIDE), colour)
    font = ImageFont.load_default(SIDE * 0.55)
    ImageDraw.Draw(image).text((SIDE / 2, SIDE / 2), letter, fill="white", font=font, anchor="mm")
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
