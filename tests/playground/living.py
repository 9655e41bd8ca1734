"""A small town whose bot can die, with a clock that runs ahead, and trouble: for the tests of those."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
from discord.ext import commands

from database.manager import DatabaseManager
from main import create_bot
from playground import memory
from playground.clock import TownClock
from playground.life import Life
from playground.shapes import Toast
from playground.simulation import arranging
from playground.simulation.adapter import as_bot, move_clock_before_start, new_world
from playground.simulation.sight import Sight
from playground.simulation.standing import Standing
from playground.town.pictures import Pictures
from playground.town.world import World
from playground.trouble import Trouble
from tests.support.patience import PATIENCE
from utils.bot import Hearth
from utils.config import Config

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


class RealClock:
    """Stands for the real clock."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


class Living:
    """Olivia owns the town and the bot, Mo moderates, Ann is a member."""

    def __init__(
        self, folder: Path, real_clock: RealClock, make_bot: Callable[[Config, DatabaseManager], Hearth] = create_bot
    ) -> None:
        self.real_clock = real_clock
        self.config = Config(database_url=f"sqlite:///{folder / 'living.db'}", command_spam=False)
        self.memory = memory.load(memory.beside(self.config.database_url))
        self.world = _world(real_clock() + self.memory.ahead)
        self.env = self.world.env
        self.env.settle_timeout *= PATIENCE
        self.turn = asyncio.Lock()
        self.toasts: list[Toast] = []
        self.states: list[str] = []
        self.changes = 0
        self.life = Life(
            self.config, make_bot, self.world, self.turn, tell=self.toasts.append, changed=self._state_changed
        )
        self.sight = Sight(self.world)
        self.trouble = Trouble(
            self.life, self.sight, Standing(self.env), tell=self.toasts.append, changed=self._changed
        )
        self.clock = TownClock(
            self.env, self.life, self.memory, self.turn,
            now=real_clock, tell=self.toasts.append, changed=self._changed,
        )  # fmt: skip
        self.people = {user.name: user for user in self.world.people.values()}

    def _changed(self) -> None:
        self.changes += 1

    def _state_changed(self) -> None:
        self.states.append(self.life.state)

    @property
    def bot(self) -> Hearth:
        assert self.life.bot is not None
        return self.life.bot

    @property
    def db(self) -> DatabaseManager:
        assert self.life.db is not None
        return self.life.db

    @property
    def guild(self) -> discord.Guild:
        """As the bot knows it."""
        return self.bot.guilds[0]

    # --- what happens

    async def says(self, name: str, text: str) -> str:
        """Somebody says something in #general; the newest message there, once the bot has come to rest."""
        actor = self.world.actor(self.people[name].id, self.world.guilds[0].id)
        assert actor is not None
        async with self.turn:
            await actor.send(self.world.general, text)
        return self.texts()[-1]

    async def presses(self, name: str, label: str) -> Any:
        """Somebody presses a button under the newest message."""
        actor = self.world.actor(self.people[name].id, self.world.guilds[0].id)
        assert actor is not None
        async with self.turn:
            return await actor.click(self.history()[-1], label=label)

    async def settle(self) -> None:
        await self.env.settle()

    async def as_bot(self, work: Any) -> Any:
        """Do something on the bot's side, to its end."""
        with as_bot(self.env):
            task = asyncio.ensure_future(work)
        await self.settle()
        return task.result()

    def command(self, name: str, run: Callable[..., Any]) -> None:
        """Teach the bot that runs now another command."""
        self.bot.add_command(commands.Command(run, name=name))

    # --- what one sees

    def history(self) -> list[discord.Message]:
        """The conversation in #general, the oldest first."""
        return self.world.general.history()

    def texts(self) -> list[str]:
        """What the conversation in #general says; of embeds, their descriptions."""
        return [
            "\n".join(filter(None, [message.content, *(embed.description for embed in message.embeds)]))
            for message in self.history()
        ]


def _world(now: datetime) -> World:
    env = new_world()
    people = {name: env.create_user(name, global_name=name.title()) for name in ("olivia", "mo", "ann")}
    guild = env.create_guild("Hearth Town", owner=people["olivia"])
    moderates = discord.Permissions(moderate_members=True, manage_messages=True)
    moderator = guild.create_role("Moderator", permissions=moderates)
    guild.add_member(people["mo"], roles=[moderator])
    guild.add_member(people["ann"])
    # So that it asks for nothing when it starts, and each call is one that a test means.
    permissions = discord.Permissions.all()
    permissions.update(administrator=False, view_audit_log=False)
    arranging.permit(env, guild, arranging.bot_role(env, guild), permissions)
    general = guild.create_text_channel("general")
    guild.create_text_channel("quiet")
    move_clock_before_start(env, now)
    return World(
        name="Living Town", env=env, guilds=[guild], general=general, owner=people["olivia"],
        people={user.id: user for user in people.values()},
        notes={user.id: "" for user in people.values()}, pictures=Pictures(), suggestions=[],
    )  # fmt: skip


@asynccontextmanager
async def living_town(
    folder: Path,
    real_clock: RealClock | None = None,
    make_bot: Callable[[Config, DatabaseManager], Hearth] = create_bot,
) -> AsyncIterator[Living]:
    """The town inside the block, with its bot."""
    living = Living(folder, real_clock or RealClock(), make_bot)
    await living.life.start()
    try:
        yield living
    finally:
        await living.life.close()
