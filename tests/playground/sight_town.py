"""A small town with a plain discord.py bot in it, to look at through people's eyes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import discord

from playground.shapes import Guild, Message
from playground.simulation.adapter import attach, bot_user, new_world
from playground.simulation.sight import Sight
from playground.town.pictures import Pictures
from playground.town.world import World

HIDDEN = discord.PermissionOverwrite(view_channel=False)
SHOWN = discord.PermissionOverwrite(view_channel=True)


class SightTown:
    """Olivia owns the guild, Mo moderates it, Ann and Bob are members; `#staff` is hidden from those two."""

    def __init__(self) -> None:
        self.env = env = new_world("Hearth")
        pictures = Pictures()
        self.users = {
            name: env.create_user(name.lower(), global_name=name) for name in ("Olivia", "Mo", "Ann", "Bob")
        }
        for user in (*self.users.values(), bot_user(env)):
            pictures.add_person(user.id, user.name)
        self.guild = guild = env.create_guild("Hearth Town", owner=self.users["Olivia"])
        pictures.add_guild(guild.id, "flame", "#e67e22")
        moderates = discord.Permissions(manage_messages=True, moderate_members=True, manage_threads=True)
        self.moderator = guild.create_role("Moderator", permissions=moderates, color=0x3498DB, hoist=True)
        self.violet = guild.create_role("Violet", color=0x9B59B6)
        self.plain = guild.create_role("Plain")
        self.general = guild.create_text_channel("general", topic="Be **kind**")
        self.offtopic = guild.create_text_channel("off-topic")
        self.staff = guild.create_text_channel(
            "staff", overwrites={guild.default_role: HIDDEN, self.moderator: SHOWN, bot_user(env): SHOWN}
        )
        self.mo = guild.add_member(self.users["Mo"], roles=[self.moderator])
        self.ann = guild.add_member(self.users["Ann"], roles=[self.violet])
        self.bob = guild.add_member(self.users["Bob"])
        self.world = World(
            name="Hearth Town",
            env=env,
            guilds=[guild],
            general=self.general,
            owner=self.users["Olivia"],
            people={user.id: user for user in self.users.values()},
            notes={self.users["Olivia"].id: "owner"},
            pictures=pictures,
            suggestions=[],
        )
        self.olivia = self.world.actor(self.users["Olivia"].id, guild.id)
        self.bot = discord.AutoShardedClient(intents=discord.Intents.all(), shard_count=1)
        self.sight: Sight

    async def open(self) -> None:
        """Let the bot in, and the people look."""
        await attach(self.env, self.bot)
        self.sight = Sight(self.world)

    @property
    def cached(self) -> discord.Guild:
        """The guild as the bot has it."""
        guild = self.bot.get_guild(self.guild.id)
        assert guild is not None
        return guild

    def place(self, handle: Any) -> Any:
        """A channel as the bot has it."""
        return self.bot.get_channel(handle.id) or self.cached.get_thread(handle.id)

    async def bot_says(self, channel: Any, text: str | None = None, **parts: Any) -> discord.Message:
        """Let the bot send something."""
        return await self.place(channel).send(text, **parts)

    # --- what is seen

    def seen(self, person: Any, channel: Any = None, **choice: Any) -> list[Message]:
        """The conversation as somebody sees it."""
        return self.sight.conversation(person.id, (channel or self.general).id, **choice)["messages"]

    def last(self, person: Any, channel: Any = None) -> Message:
        """The newest message that somebody sees."""
        return self.seen(person, channel)[-1]

    def guild_of(self, person: Any) -> Guild:
        """The guild as somebody sees it in the rail."""
        return next(one for one in self.sight.places(person.id)["guilds"] if one["id"] == str(self.guild.id))

    def channels_of(self, person: Any) -> list[str]:
        """The names in somebody's list of channels."""
        return [channel["name"] for channel in self.guild_of(person)["channels"]]

    def line(self, person: Any, channel: Any) -> Any:
        """One channel in somebody's list."""
        return next(one for one in self.guild_of(person)["channels"] if one["id"] == str(channel.id))


@asynccontextmanager
async def sight_town(arrange: Callable[[SightTown], None] | None = None) -> AsyncIterator[SightTown]:
    """Keep such a town open inside the block; `arrange` changes it before the bot comes."""
    town = SightTown()
    if arrange is not None:
        arrange(town)
    try:
        await town.open()
        yield town
    finally:
        await town.env.shutdown()
