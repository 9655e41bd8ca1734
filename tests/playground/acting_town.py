"""A small town with every kind of place in it, and the real bot, for the tests of what people do."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest

from main import create_bot
from playground.errors import Refused
from playground.life import Life
from playground.simulation.acting import Acting
from playground.simulation.adapter import bot_user, new_world
from playground.simulation.sight import Sight
from playground.town.pictures import Pictures
from playground.town.world import World
from utils.bot import Hearth
from utils.config import Config

PEOPLE = ("olivia", "mo", "ann", "bob")
"""Olivia owns the guild, Mo moderates it, Ann and Bob are members; Ann is in the other guild too."""


@dataclass
class ActingTown:
    """What a test needs, with the ids of all by their names."""

    world: World
    life: Life
    acting: Acting
    sight: Sight
    ids: dict[str, int]
    """Of people by name, channels by `#name`, roles by `@name`, guilds by their name, the emoji `:party:` of the
    second guild."""

    @property
    def bot(self) -> Hearth:
        assert self.life.bot is not None
        return self.life.bot

    @property
    def guild(self) -> discord.Guild:
        """The first guild, as the bot knows it."""
        return self.bot.get_guild(self.ids["Hearth Town"])

    def live(self, channel: str) -> Any:
        """discord.py's own object of a channel."""
        return self.bot.get_channel(self.ids[channel])

    async def settle(self) -> None:
        await self.world.env.settle()

    async def pass_time(self, seconds: float) -> None:
        await self.world.env.advance_time(seconds)

    def conversation(self, person: str, channel: str) -> list[dict[str, Any]]:
        """The messages that somebody sees in a channel, the oldest first."""
        return self.sight.conversation(self.ids[person], self.ids[channel])["messages"]

    def newest(self, person: str, channel: str) -> dict[str, Any]:
        return self.conversation(person, channel)[-1]

    async def send(self, person: str, channel: str, text: str, **more: Any) -> int:
        return await self.acting.send(self.ids[person], self.ids[channel], text, **more)

    async def bot_sends(self, channel: str, text: str | None = None, **more: Any) -> int:
        """A message of the bot, as from one of its commands."""
        message = await self.live(channel).send(text, **more)
        await self.settle()
        return message.id


def refused(sentence: str) -> Any:
    """Expects the refusal with this sentence, the whole of it."""
    return pytest.raises(Refused, match=rf"^{re.escape(sentence)}$")


def _world() -> World:
    env = new_world()
    people = {name: env.create_user(name, global_name=name.title()) for name in PEOPLE}
    guild = env.create_guild("Hearth Town", owner=people["olivia"])
    moderator = guild.create_role(
        "Moderator", permissions=discord.Permissions(manage_messages=True, manage_nicknames=True, move_members=True)
    )
    guild.create_role("Violet", color=0x9B59B6)
    guild.add_member(people["mo"], roles=[moderator])
    for name in ("ann", "bob"):
        guild.add_member(people[name])
    everyone = guild.default_role
    general = guild.create_text_channel("general")
    guild.create_category("Info")
    silent = discord.PermissionOverwrite(send_messages=False, add_reactions=False, attach_files=False)
    guild.create_text_channel("rules", overwrites={everyone: silent})
    hidden = discord.PermissionOverwrite(view_channel=False)
    shown = discord.PermissionOverwrite(view_channel=True)
    guild.create_text_channel("staff", overwrites={everyone: hidden, moderator: shown, bot_user(env): shown})
    guild.create_text_channel("slow")
    guild.create_forum_channel("help")
    guild.create_voice_channel("Lounge", user_limit=1)
    guild.create_voice_channel("Stage")
    other = env.create_guild("Elsewhere", owner=people["ann"])
    other.create_text_channel("elsewhere")
    other.create_voice_channel("Attic")
    return World(
        name="Acting Town", env=env, guilds=[guild, other], general=general, owner=people["olivia"],
        people={user.id: user for user in people.values()},
        notes={user.id: "" for user in people.values()}, pictures=Pictures(), suggestions=[],
    )  # fmt: skip


def _ids(world: World) -> dict[str, int]:
    ids = {user.name: user.id for user in world.people.values()}
    for guild in world.guilds:
        ids[guild.name] = guild.id
        ids |= {f"#{name}": channel.id for name, channel in guild.channels.items()}
        ids |= {f"@{name}": role.id for name, role in guild.roles.items()}
    ids["@everyone"] = world.guilds[0].id
    ids[":party:"] = world.guilds[1].create_emoji("party").id
    return ids


@asynccontextmanager
async def acting_town(folder: Path) -> AsyncIterator[ActingTown]:
    """The town, with the bot in it, inside the block."""
    world = _world()
    config = Config(database_url=f"sqlite:///{folder / 'acting.db'}", command_spam=False)
    life = Life(config, create_bot, world, asyncio.Lock())
    await life.start()
    try:
        yield ActingTown(world, life, Acting(world), Sight(world), _ids(world))
    finally:
        await life.close()
