"""Whatever people write shows as text: no script runs, nothing is loaded from elsewhere, the page keeps its shape.

That nothing ran or left is looked at after each test of this folder; see conftest.
"""

import json
from pathlib import Path

import pytest
from discord import Embed
from discord.ext import commands
from playwright.async_api import FilePayload, expect

from main import create_bot
from playground import Playground, opened
from tests.browser.conftest import Open
from tools.flows import NOON, PHONE, Visitor, Visits
from utils.config import Config

SCRIPT = "<script>window.hacked = 1</script>"
IMAGE = "<img src=x onerror='window.hacked = 1'>"
SVG = '"><svg onload="window.hacked = 1">'
CHANNEL = "<img/src=x/onerror=hacked=1>"  # small and without spaces, as channels are named
RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe"
TOWN = {
    "start": CHANNEL,
    "people": {"olivia": {"display": IMAGE[:32], "note": "<b>owner</b>"}},
    "guilds": {
        IMAGE: {
            "owner": "olivia",
            "roles": {IMAGE: {"colour": "#E67E22", "hoist": True}},
            "members": {"olivia": {"roles": [IMAGE], "nick": SCRIPT[:32]}},
            "categories": {SCRIPT: {"channels": {CHANNEL: {"topic": f"{SCRIPT} [x](javascript:hacked=1)"}}}},
        }
    },
    "suggestions": [{"title": IMAGE, "text": SCRIPT, "as": "olivia", "channel": CHANNEL, "type": IMAGE}],
}
TEXTS = [
    SCRIPT,
    IMAGE,
    SVG,
    "</textarea></div>" + IMAGE,
    "&lt;script&gt;window.hacked = 1&lt;/script&gt; &amp;amp;",
    f"```html\n{SCRIPT}\n```",
    f"`{IMAGE}`",
    f"||{IMAGE}||",
    f"> {IMAGE}\n# {SVG}\n- {SCRIPT}",
    "[click](javascript:window.hacked=1)",
    "[a [b](javascript:window.hacked=1)](data:text/html,<script>window.hacked=1</script>)",
    '[x](https://example.org/"onmouseover="window.hacked=1)',
    "![picture](https://example.org/track.png)",
    "<https://example.org/><javascript:window.hacked=1>",
    "<@1><#1><@&1><:x:1><a:x:1><t:99999999999999:R></ping:1><id:customize>",
    "{{constructor.constructor('window.hacked=1')()}} ${window.hacked=1}",
    RIGHT_TO_LEFT + " @everyone",
    "Z\N{COMBINING GRAVE ACCENT}" * 400,
    "*_~|`>" * 300,
    "x" * 2000,
]


async def is_unharmed(visitor: Visitor) -> bool:
    """Nothing ran, and nothing is wider than the screen."""
    await visitor.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    hacked = await visitor.page.evaluate("'hacked' in window")
    made = await visitor.page.locator("script:not([src='js/main.js']), iframe, object, embed").count()
    width = await visitor.page.evaluate("document.scrollingElement.scrollWidth")
    return not hacked and not made and width <= visitor.screen.width


async def test_messages_of_all_kinds_are_text(visits: Visits):
    visitor = await visits.visitor(screen=PHONE)
    for text in TEXTS:
        await visitor.types(text)
        await visitor.page.keyboard.press("ArrowUp")  # the box for editing holds it as it was typed
        box = visitor.conversation.get_by_role("textbox", name="Edit the message")
        await expect(box).to_have_value(text)
        await box.press("Escape")
    for shown in (SCRIPT, IMAGE, SVG):
        await expect(visitor.message(shown).first).to_be_visible()
    for link in await visitor.conversation.get_by_role("link").all():
        assert not (await link.get_attribute("href") or "").startswith(("javascript:", "data:"))
    assert await is_unharmed(visitor)


async def test_what_is_too_long_is_said_before_it_is_sent(visitor: Visitor):
    await visitor.writing.fill("x" * 2001)
    await visitor.writing.press("Enter")
    await expect(visitor.page.get_by_role("main").get_by_role("alert")).to_contain_text("1 character too long")
    await expect(visitor.writing).to_have_value("x" * 2001)


@pytest.mark.parametrize("name", ["<img src=x onerror=hacked=1>", RIGHT_TO_LEFT + "ﷺ" * 8])
async def test_a_name_is_text_wherever_it_stands(visitor: Visitor, name: str):
    people = await visitor.unfolds("You are", "Who you are")
    await people.get_by_text("Add a person").first.click()
    await people.get_by_role("textbox", name="Name of somebody new").fill(name)
    await people.get_by_role("button", name="Add a person").click()
    await visitor.is_now(name)
    await visitor.types("Hello, it's me")
    await expect(await visitor.reads("Hello, it's me")).to_contain_text(name)
    await visitor.does("Reply", visitor.message("Hello, it's me"))
    await visitor.types("Me again")
    await expect(await visitor.reads("Me again")).to_contain_text(name)
    members = await visitor.looks_at("Members")
    await members.get_by_role("button", name=name).click()
    await expect(visitor.page.get_by_role("dialog", name=f"About {name}")).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    await visitor.page.keyboard.press("Control+k")
    await visitor.page.keyboard.type("become")
    await expect(visitor.page.get_by_role("listbox", name="Places and people")).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    await visitor.becomes("Ann")
    await visitor.writing.press_sequentially("@")
    await expect(visitor.page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    assert await is_unharmed(visitor)


async def test_a_file_name_is_text(visitor: Visitor):
    names = ["<img src=x onerror=hacked=1>.txt", RIGHT_TO_LEFT, "a" * 150 + ".bin", '"onload="hacked=1.png']
    await visitor.attaches(*(FilePayload(name=name, mimeType="text/html", buffer=b"<script>1") for name in names))
    await expect(visitor.page.get_by_role("list", name="Files to send")).to_contain_text(names[0])
    await visitor.types("Files")
    await expect(await visitor.reads("Files")).to_contain_text(
        "_img_src_x_onerror_hacked_1_.txt"
    )  # as Discord names it
    assert await is_unharmed(visitor)


async def test_what_the_bot_says_is_text_too(visitor: Visitor, playground: Playground):
    bad = f"{IMAGE}{SCRIPT}[x](javascript:hacked=1)"

    async def shout(ctx: commands.Context) -> None:
        embed = Embed(title=bad, description=bad, url="https://example.org/?<script>")
        embed.set_author(name=bad, url="https://example.org/'onclick='hacked=1").set_footer(text=bad)
        embed.add_field(name=bad, value=bad).add_field(name=RIGHT_TO_LEFT, value="x" * 1024, inline=True)
        await ctx.send(bad, embed=embed)

    playground.life.bot.add_command(commands.Command(shout, name="shout"))
    await visitor.types("!shout")
    await expect(visitor.answer().get_by_role("region", name="Embed")).to_contain_text(IMAGE)
    await visitor.asks_what_happened(visitor.answer())
    assert await is_unharmed(visitor)


async def test_an_error_with_hostile_words_is_text(visitor: Visitor, playground: Playground):
    async def fall(_ctx: commands.Context) -> None:
        raise RuntimeError(IMAGE)

    playground.life.bot.add_command(commands.Command(fall, name="fall"))
    await visitor.types(f"!fall {SCRIPT}")
    panel = await visitor.asks_what_happened(visitor.answer())
    await expect(panel).to_contain_text(IMAGE)
    await expect(panel).to_contain_text(SCRIPT)
    assert await is_unharmed(visitor)


async def test_a_town_full_of_hostile_names_is_text(tmp_path: Path, open_visits: Open, playground_config: Config):
    town = tmp_path / "town.yaml"
    town.write_text(json.dumps(TOWN))  # which YAML reads too
    async with opened(playground_config, create_bot, town=town, now=lambda: NOON) as playground:
        visits = open_visits(playground.url, NOON)
        visitor = await visits.visitor(first_time=True)
        page = visitor.page
        await expect(page.get_by_role("navigation", name="Servers")).to_be_visible()
        await expect(page.get_by_role("region", name="Things to try")).to_contain_text(IMAGE)
        await expect(page.get_by_role("navigation", name="Channels")).to_contain_text(SCRIPT)
        await visitor.is_in(CHANNEL)
        await page.get_by_role("heading", level=1).get_by_role("button").click()
        await expect(page.get_by_role("dialog", name="About")).to_contain_text(SCRIPT)
        await page.keyboard.press("Escape")
        await expect(await visitor.looks_at("Members")).to_contain_text(IMAGE)
        await expect(await visitor.looks_at("Trouble")).to_contain_text(IMAGE)
        await page.get_by_role("region", name="Things to try").get_by_role("button").last.click()
        await expect(visitor.writing).to_have_value(IMAGE)
        assert await is_unharmed(visitor)
        await visits.end()
