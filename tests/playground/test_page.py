"""The page's line to the town: what one types is answered, and one is who one chose to be."""

import asyncio

import pytest
from discord.ext import commands

from playground import Playground
from playground.town.build import build
from playground.town.file import HEARTH, load
from tests.playground.conftest import TestClock
from tests.playground.tab import Tab, TabRefused, text_of


async def test_a_message_typed_in_the_page_is_answered(tab: Tab):
    answer = await tab.answer_to("!ping")
    assert "Pong!" in text_of(answer)
    assert answer["author"]["display"] == "Hearth"
    assert answer["reply"]["text"] == "!ping"


async def test_one_starts_as_the_owner_and_can_become_anybody(tab: Tab, playground: Playground):
    assert tab.state["you"]["display"] == "Olivia"
    await tab.answer_to("!prefix add ?")
    guild = playground.life.bot.get_guild(int(tab.state["you"]["guilds"][0]))
    assert "?" in playground.life.bot.beginnings.prefixes(guild)
    await tab.become("Dan")
    assert "Manage Server" in text_of(await tab.answer_to("!prefix add $"))
    assert "$" not in playground.life.bot.beginnings.prefixes(guild)


async def test_the_owner_of_the_town_owns_the_bot(playground: Playground):
    assert playground.life.bot.owner_ids == {playground.world.owner.id}


async def test_the_first_visit_suggests_what_works(tab: Tab):
    """As a member, as a moderator, as an admin: each of the three is answered without a refusal."""
    assert len(tab.hello["suggestions"]) == 3
    for suggestion in tab.hello["suggestions"]:
        await tab.ask("become", person=suggestion["person"])
        await tab.ask("open", channel=suggestion["channel"])
        await tab.until(lambda: tab.state["you"]["id"] == suggestion["person"])  # noqa: B023
        answer = await tab.answer_to(suggestion["type"])
        assert "need" not in text_of(answer)
        (trace,) = await tab.ask("trace", message=answer["reply"]["id"])
        assert trace["outcome"] == "done"


async def test_no_action_is_lost_between_the_ticks_of_the_clock(
    tab: Tab, playground: Playground, real_clock: TestClock
):
    """However many people act while the clock moves."""
    ticking = True
    done: list[int] = []

    async def labour(ctx: commands.Context) -> None:
        await asyncio.sleep(0.5)
        await ctx.send("done")
        done.append(ctx.message.id)

    async def tick() -> None:
        while ticking:
            real_clock.move(milliseconds=100)
            await playground.clock.tick()

    playground.life.bot.add_command(commands.Command(labour))
    ticker = asyncio.create_task(tick())
    async with Tab(playground.url) as other:
        await other.become("Dan")
        sent = await asyncio.gather(*(one.say("!labour") for _ in range(15) for one in (tab, other)))
    ticking = False
    await ticker
    real_clock.move(seconds=1)
    await playground.clock.tick()
    assert sorted(done) == sorted(int(number) for number in sent)


async def test_everybody_has_the_same_id_in_every_run(playground: Playground, real_clock: TestClock):
    real_clock.move(days=3)
    again, world = build(load(HEARTH), real_clock()), playground.world
    assert {user.name: user.id for user in again.people.values()} == {
        user.name: user.id for user in world.people.values()
    }
    assert again.general.id == world.general.id
    assert [guild.id for guild in again.guilds] == [guild.id for guild in world.guilds]


async def test_people_have_faces_and_embeds_name_them(tab: Tab, playground: Playground):
    ann = next(person for person in tab.hello["people"] if person["display"] == "Ann")
    card = await tab.answer_to(f"!userinfo <@{ann['id']}>")
    (embed,) = card["embeds"]
    for picture in (card["author"]["avatar"], embed["thumbnail"]):
        async with tab.http.get(playground.url + picture) as response:
            assert response.status == 200
            assert (await response.read()).startswith(b"\x89PNG")
    assert "@Ann" in text_of(card)


async def test_a_page_that_comes_back_is_who_and_where_it_was(tab: Tab, playground: Playground):
    await tab.become("Mo")
    await tab.open("mod-log")
    channel = tab.state["channel"]["id"]
    async with Tab(playground.url, person=tab.state["you"]["id"], channel=channel) as again:
        assert again.hello["you"]["display"] == "Mo"
        assert again.state["channel"]["id"] == channel
    async with Tab(playground.url, channel=channel, person="1") as stranger:
        assert stranger.hello["you"]["display"] == "Olivia"
    dan = next(person for person in tab.hello["people"] if person["display"] == "Dan")
    async with Tab(playground.url, person=dan["id"], channel=channel) as without_rights:
        assert without_rights.state["channel"]["name"] == "general"


async def test_a_hidden_channel_is_hidden_from_every_question(tab: Tab):
    await tab.become("Mo")
    await tab.open("mod-log")
    hidden = tab.state["channel"]["id"]
    number = await tab.say("For moderators' eyes")
    await tab.become("Dan")
    questions = [
        ("open", {}), ("send", {"text": "let me in"}), ("older", {"before": number}),
        ("edit", {"message": number, "text": "x"}), ("delete", {"message": number}),
        ("react", {"message": number, "key": "👍", "on": True}),
    ]  # fmt: skip
    for verb, fields in questions:
        with pytest.raises(TabRefused):
            await tab.ask(verb, channel=hidden, **fields)
    assert await tab.ask("pins", channel=hidden) == []
    async with Tab(tab.url, person=tab.state["you"]["id"], channel=hidden) as anew:
        assert "moderators' eyes" not in str((anew.state, anew.messages))


async def test_older_messages_come_when_asked_for_and_follow_their_changes(tab: Tab):
    numbers = [await tab.say(f"word {number}") for number in range(60)]
    async with Tab(tab.url) as late:
        assert len(late.messages) == 50
        assert late.state["conversation"]["more"]
        channel = late.state["channel"]["id"]
        first = min(late.messages, key=int)
        older = await late.ask("older", channel=channel, before=first)
        assert older["messages"][-1]["id"] < first
        assert older["messages"][-1]["text"].startswith("word")
        early = next(message["id"] for message in older["messages"] if message["id"] in numbers)
        await tab.ask("edit", channel=channel, message=early, text="another word")
        await late.until(lambda: late.messages.get(early, {}).get("text") == "another word")


async def test_what_one_person_alone_may_see_stays_theirs(tab: Tab, playground: Playground):
    """An ephemeral answer to a click is in the page of who clicked, and in no other."""
    import discord

    class Secret(discord.ui.View):
        @discord.ui.button(label="Tell me", custom_id="tell")
        async def tell(self, interaction: discord.Interaction, _button: discord.ui.Button) -> None:
            await interaction.response.send_message("the secret word", ephemeral=True)

    async def secret(ctx: commands.Context) -> None:
        await ctx.send("Who wants to know?", view=Secret())

    playground.life.bot.add_command(commands.Command(secret))
    message = await tab.answer_to("!secret")
    async with Tab(playground.url) as other:
        await other.become("Dan")
        clicked = await tab.ask("click", channel=message["channel"], message=message["id"], custom_id="tell")
        assert clicked == {"answered": True, "modal": None}
        seen = await tab.until(lambda: next((m for m in tab.messages.values() if m["ephemeral"]), None))
        assert seen["text"] == "the secret word"
        number = await tab.say("Something for all")
        await other.until(lambda: number in other.messages)
        assert "the secret word" not in str(other.messages)
