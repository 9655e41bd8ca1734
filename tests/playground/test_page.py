"""The page: what one types is answered, and one is who one chose to be."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import aiohttp
from discord.ext import commands

from playground import Playground
from tests.playground.conftest import TestClock
from tests.playground.tab import Tab


async def test_a_message_typed_in_the_page_is_answered(tab: Tab):
    assert (await tab.look())[0].startswith("Welcome to Hearth Town!")
    receipt = await tab.say("!ping")
    assert receipt["settlement"] == "settled"
    *_, question, answer = await tab.look()
    assert question == "!ping"
    assert "Pong!" in answer


async def test_one_starts_as_the_owner_and_can_become_anybody(tab: Tab, playground: Playground):
    assert [viewer["name"] for viewer in tab.snapshot["viewers"]] == [
        "Olivia", "Ada", "Mo", "Ann", "Bob", "Chloé", "Dan",
    ]  # fmt: skip
    await tab.say("!prefix add ?")
    assert "?" in playground.bot.prefixes(playground.bot.guilds[0])
    await tab.become("Dan")
    receipt = await tab.say("!prefix add $")
    assert (receipt["settlement"], receipt["uncertain"]) == ("settled", False)  # a refusal is an answer
    assert "Manage Server" in (await tab.look())[-1]
    assert "$" not in playground.bot.prefixes(playground.bot.guilds[0])


async def test_the_owner_of_the_town_owns_the_bot(playground: Playground):
    assert playground.bot.owner_ids == {playground.world.owner.id}


async def test_the_page_listens_on_loopback_and_wants_its_secret(playground: Playground):
    parts = urlsplit(playground.url)
    assert parts.hostname == "127.0.0.1"
    async with aiohttp.ClientSession(f"http://{parts.netloc}") as stranger:
        assert (await stranger.get("/")).status == 200
        assert (await stranger.post("/api/pages", json={})).status == 401


async def test_no_action_is_lost_between_the_ticks_of_the_clock(
    tab: Tab, playground: Playground, real_clock: TestClock
):
    """Neither while the clock moves, nor from a page that doesn't show yet what happened a moment ago."""
    ticking = True
    done: list[int] = []

    async def work(ctx: commands.Context) -> None:
        await asyncio.sleep(0.5)
        await ctx.send("done")
        done.append(ctx.message.id)

    async def tick() -> None:
        while ticking:
            real_clock.move(milliseconds=100)
            await playground.clock.tick()

    playground.bot.add_command(commands.Command(work))
    ticker = asyncio.create_task(tick())
    receipts = [await tab.say("!work") for _ in range(30)]
    ticking = False
    await ticker
    assert {receipt["settlement"] for receipt in receipts} == {"settled"}
    real_clock.move(seconds=1)
    await playground.clock.tick()
    assert len(set(done)) == len(done) == 30


async def test_everybody_has_the_same_id_in_every_run(playground: Playground, playground_config, real_clock):
    from playground.world import build

    real_clock.move(days=3)
    again = build(real_clock())
    ids = {name: actor.id for name, actor in playground.world.people.items()}
    assert {name: actor.id for name, actor in again.people.items()} == ids
    assert again.general.id == playground.world.general.id
    assert again.guild.id == playground.world.guild.id


async def test_people_have_faces_and_embeds_name_them(tab: Tab, playground: Playground):
    await tab.say(f"!userinfo {playground.world.people['ann'].mention}")
    await tab.look()
    *_, card = (tab.snapshot["messages"][identity] for identity in tab.snapshot["timeline"])
    assert card["author"]["avatar_available"]
    (embed,) = card["embeds"]
    assert embed["thumbnail"]["available"]
    labels = {token.get("label") for paragraph in embed["description_tokens"] for token in _inside(paragraph)}
    assert "@Ann" in labels


def _inside(token: dict) -> Iterator[dict]:
    yield token
    for child in token.get("children", []):
        yield from _inside(child)
