"""Embeds with all their parts; pictures only from the town itself."""

from collections.abc import AsyncIterator
from io import BytesIO

import discord
import pytest

from tests.playground.sight_town import SightTown, sight_town

ELSEWHERE = "https://pictures.example/a.png?x=1&y=<2>"


@pytest.fixture
async def town() -> AsyncIterator[SightTown]:
    async with sight_town() as town:
        yield town


async def shown(town: SightTown, embed: discord.Embed, **parts):
    await town.bot_says(town.general, embed=embed, **parts)
    (found,) = town.last(town.bob)["embeds"]
    return found


async def test_all_parts(town):
    now = town.env.now()
    embed = discord.Embed(
        title="A *title*",
        description=f"For <@{town.ann.id}>",
        colour=0x57F287,
        url="https://a.example/b",
        timestamp=now,
    )
    face = f"https://cdn.discordapp.com/avatars/{town.ann.id}/0123abcd.png?size=1024"
    embed.set_author(name="Ann *herself*", icon_url=face, url="https://a.example")
    embed.set_footer(text="The end", icon_url=face)
    embed.set_thumbnail(url=face)
    embed.add_field(name="A **name**", value="A `value`", inline=True)
    assert await shown(town, embed) == {
        "colour": "#57f287",
        "author": {"text": "Ann *herself*", "icon": f"files/avatar/{town.ann.id}.png", "link": "https://a.example"},
        "title_html": "A <em>title</em>",
        "link": "https://a.example/b",
        "html": f'For <span class="mention user" data-user="{town.ann.id}" role="button" tabindex="0">@Ann</span>',
        "fields": [{"name_html": "A <strong>name</strong>", "html": "A <code>value</code>", "inline": True}],
        "thumbnail": f"files/avatar/{town.ann.id}.png",
        "image": None,
        "footer": {"text": "The end", "icon": f"files/avatar/{town.ann.id}.png", "link": None},
        "at": round(now.timestamp() * 1000),
    }


async def test_the_largest_embed(town):
    embed = discord.Embed(title="t" * 200, description="d" * 1000)
    for number in range(25):
        embed.add_field(name=f"name {number}", value="v" * 100, inline=number % 2 == 0)
    found = await shown(town, embed)
    assert [field["name_html"] for field in found["fields"]] == [f"name {number}" for number in range(25)]
    assert [field["inline"] for field in found["fields"][:2]] == [True, False]


async def test_an_empty_colour_is_none(town):
    assert (await shown(town, discord.Embed(description="d")))["colour"] is None


async def test_an_uploaded_picture_stands_in_the_embed_alone(town):
    embed = discord.Embed(title="Rank").set_image(url="attachment://rank.png")
    files = [discord.File(BytesIO(b"\x89PNG"), "rank.png"), discord.File(BytesIO(b"log"), "log.txt")]
    found = await shown(town, embed, files=files)
    message = town.last(town.bob)
    assert [file["name"] for file in message["attachments"]] == ["log.txt"]
    assert found["image"].startswith(f"files/attachment/{town.general.id}/")
    assert found["image"].endswith("/rank.png")


@pytest.mark.parametrize("part", ["image", "thumbnail"])
async def test_a_picture_from_elsewhere_is_a_link(town, part):
    embed = discord.Embed(description="Look")
    getattr(embed, f"set_{part}")(url=ELSEWHERE)
    found = await shown(town, embed)
    assert (found["image"], found["thumbnail"]) == (None, None)
    assert found["html"] == (
        'Look<br><a href="https://pictures.example/a.png?x=1&amp;y=&lt;2&gt;" target="_blank" '
        'rel="noopener noreferrer">Picture at pictures.example</a>'
    )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "http://[broken", "//a.example", ""])
async def test_only_addresses_of_the_web_are_led_out_to(town, address):
    embed = discord.Embed(title="t", url=address).set_author(name="a", url=address, icon_url=address)
    embed.set_image(url=address)
    found = await shown(town, embed)
    assert (found["link"], found["author"]["link"], found["author"]["icon"], found["image"]) == (None,) * 4
    assert found["html"] == ""


async def test_pictures_of_those_who_have_none_are_not_shown(town):
    embed = discord.Embed(title="t")
    embed.set_thumbnail(url="https://cdn.discordapp.com/avatars/1/0123abcd.png")
    embed.set_image(url="https://cdn.simcord.invalid/attachments/1/2/gone.png")
    found = await shown(town, embed)
    assert (found["thumbnail"], found["image"]) == (None, None)


async def test_embeds_that_were_taken_away(town):
    message = await town.bot_says(town.general, "See", embed=discord.Embed(title="t"))
    await message.edit(suppress=True)
    assert town.last(town.bob)["embeds"] == []
