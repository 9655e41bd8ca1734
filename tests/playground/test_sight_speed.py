"""What people see is read anew at each change, so it has to be quick."""

from collections.abc import Callable
from time import perf_counter

import discord

from playground.simulation.sight import Sight
from tests.playground.sight_town import HIDDEN, SHOWN, SightTown, sight_town

LONGEST_CONVERSATION_SECONDS = 0.060
LONGEST_PLACES_SECONDS = 0.010


def best_of_five(look: Callable[[], object]) -> float:
    """Seconds; a machine that is busy with something else must not fail a test."""
    taken = []
    for _ in range(5):
        begun = perf_counter()
        look()
        taken.append(perf_counter() - begun)
    return min(taken)


def two_large_guilds(town: SightTown) -> None:
    second = town.env.create_guild("Second", owner=town.users["Olivia"])
    for guild in (town.guild, second):
        roles = [guild.create_role(f"role {number}", color=number + 1) for number in range(8)]
        for number in range(22):
            hidden = {guild.default_role: HIDDEN, roles[0]: SHOWN} if number % 3 == 0 else None
            guild.create_text_channel(f"channel-{number}", overwrites=hidden)
        for number in range(26):
            user = town.env.create_user(f"user{guild.id}{number}")
            guild.add_member(user, roles=roles[: number % 8])
    second.add_member(town.users["Ann"], roles=[second.roles["role 0"]])


async def talk(town: SightTown) -> None:
    """Fifty messages: people talk, and the bot answers with embeds and buttons."""
    for number in range(25):
        await town.bob.send(town.general, f"!case {number} for <@{town.ann.id}>, **again**")
        embed = discord.Embed(title=f"Case {number}", description=f"**Ann** warned <@{town.bob.id}> `x`\n> quote")
        for field in range(3):
            embed.add_field(name=f"Field {field}", value=f"<t:{1_767_225_600 + number}:R> [a](https://b.example)")
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Next", custom_id="next"))
        await town.bob.react(await town.bot_says(town.general, embed=embed, view=view), "🎉")


async def test_fifty_messages_are_shown_quickly():
    async with sight_town(two_large_guilds) as town:
        await talk(town)
        ann, general = town.ann.id, town.general.id
        assert len(town.sight.conversation(ann, general)["messages"]) == 50
        assert best_of_five(lambda: town.sight.conversation(ann, general)) < LONGEST_CONVERSATION_SECONDS
        anew = Sight(town.world)
        assert best_of_five(lambda: Sight(town.world).conversation(ann, general)) < LONGEST_CONVERSATION_SECONDS
        assert anew.conversation(ann, general) == town.sight.conversation(ann, general)


async def test_places_and_members_are_shown_quickly():
    async with sight_town(two_large_guilds) as town:
        ann, general = town.ann.id, town.general.id
        assert sum(len(guild["channels"]) for guild in town.sight.places(ann)["guilds"]) > 35
        assert best_of_five(lambda: town.sight.places(ann)) < LONGEST_PLACES_SECONDS
        assert best_of_five(lambda: town.sight.members(ann, general)) < LONGEST_PLACES_SECONDS


async def test_what_is_remembered_follows_the_names():
    async with sight_town() as town:
        await town.ann.send(town.general, f"<@{town.bob.id}> <@&{town.plain.id}> {town.offtopic.mention}")
        before = town.last(town.mo)["html"]
        await town.cached.get_member(town.bob.id).edit(nick="Bobby")
        await town.cached.get_role(town.plain.id).edit(name="Simple")
        await town.place(town.offtopic).edit(name="on-topic")
        await town.env.settle()
        after = town.last(town.mo)["html"]
        for old, new in (("@Bob<", "@Bobby<"), ("@Plain<", "@Simple<"), ("off-topic", "on-topic")):
            assert old in before
            assert old not in after
            assert new in after
        assert town.seen(town.bob)[0]["html"] != after, "Bob's own name stands out for him"
