"""What every cog is made of."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord.ext import commands
from discord.ui import DynamicItem

from utils.errors import UserError
from utils.findings import Finding
from utils.i18n import _
from utils.personal_data import PersonalData
from utils.portable import Section
from utils.setting_types import Setting
from utils.shared_memory import Part
from utils.starters import Starter

if TYPE_CHECKING:
    from utils.bot import Hearth
    from utils.context import Context


class Cog(commands.Cog):
    """One topic of a feature.

    `settings` are declared when the cog is added. `dynamic_items` are the buttons that live on in old messages;
    they come and go with the cog, and so do the tasks made by `spawn`. `also_needs` are permissions of the bot by
    discord.py's names, for what isn't a command, or not each use of one; the value says what for. The invite link
    asks for them, and docs/PERMISSIONS.md shows them. `personal_data` says what is stored, why and for how long.
    `sections` are the parts of a server's configuration that this keeps, for files of it. `starters` are what it can
    add by itself when a server is set up. `in_memory` are the rows that it keeps in memory, which other processes may
    change.
    """

    settings: ClassVar[Sequence[Setting[Any]]] = ()
    dynamic_items: ClassVar[Sequence[type[DynamicItem[Any]]]] = ()
    also_needs: ClassVar[Mapping[str, str]] = {}
    personal_data: ClassVar[Sequence[PersonalData]] = ()
    sections: Sequence[Section] = ()
    starters: Sequence[Starter] = ()
    in_memory: Sequence[Part] = ()

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self._tasks: set[asyncio.Task[Any]] = set()
        for command in self.walk_commands():
            # discord.py keeps them with the class: two bots of one process would share everybody's cooldowns.
            command._buckets = command._buckets.copy()
            if command._max_concurrency is not None:
                command._max_concurrency = command._max_concurrency.copy()

    @cached_property
    def feature(self) -> str:
        """The package under `cogs/` that this belongs to."""
        return type(self).__module__.split(".")[1]

    def is_on(self, guild_id: int) -> bool:
        """Whether a server has this feature: where it is switched off, commands aren't heard, but events come."""
        return self.bot.switches.feature_is_on(guild_id, self.feature)

    def check_on(self, guild_id: int | None) -> None:
        """Raise `UserError` where this feature is switched off, for buttons; direct messages have everything."""
        if guild_id is not None and not self.is_on(guild_id):
            raise UserError(_("This is switched off in this server."))

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something beside the commands; it is cancelled when the cog goes. It should wait in `asyncio.sleep`."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """What is wrong in a guild with what this topic does there, for `doctor`; it only looks."""
        return ()

    async def cancel_tasks(self) -> None:
        """End what `spawn` started."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Drop what is held in memory of somebody, everywhere or in one guild, and is yet to be written.

        Called before their data is erased, and again after it; a write under way is waited for.
        """

    async def forget_guild(self, guild_id: int) -> None:
        """Drop what is held in memory of a guild whose data was erased."""

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.bot.error_reports.add(error, f"a task of {self.feature}")


class GuildCog(Cog):
    """One topic of what only servers have: its commands run there alone."""

    async def cog_check(self, ctx: "Context") -> bool:  # type: ignore[override]
        """Raise `NoPrivateMessage` in direct messages."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        return True


class StartingCog(Cog):
    """A topic that has something to do from the start on, once Discord has told of all guilds; reloaded, at once."""

    def __init__(self, bot: "Hearth") -> None:
        super().__init__(bot)
        self.has_begun = False

    async def cog_load(self) -> None:
        """Begin, if the bot is there already; anew where the cog comes back after a reload that failed."""
        self.has_begun = False
        if self.bot.is_ready():
            self._begin()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Begin, if this is the first time."""
        self._begin()

    def _begin(self) -> None:
        if not self.has_begun:
            self.has_begun = True
            self.spawn(self.from_the_start_on())

    async def from_the_start_on(self) -> None:
        """What there is to do; it may go on for ever."""
        raise NotImplementedError
