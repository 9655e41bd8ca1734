"""New levels are told; who wants to hear nothing of theirs says so."""

import asyncio
from typing import Annotated, Final

from cogs.leveling.announcing import settings
from cogs.leveling.announcing.announcer import Announcer
from cogs.leveling.base import LevelingCog
from cogs.leveling.rewards.roles import LevelRoles
from cogs.leveling.service import Leveling, LevelMove
from cogs.leveling.settings import CURVE
from database.level_ups import LevelUpsStore
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import Boolean
from utils.events import GuildSettingChanged, LevelUpMessageTimer
from utils.i18n import _

GRACE_SECONDS: Final = 3.0


class Announcing(LevelingCog):
    """Telling of new levels."""

    settings = settings.SETTINGS
    also_needs = {  # noqa: RUF012
        "send_messages": "telling of new levels",
        "send_messages_in_threads": "telling of levels that were reached in a thread",
    }

    def __init__(self, bot: Hearth, leveling: Leveling, roles: LevelRoles) -> None:
        super().__init__(bot, leveling)
        self.store = LevelUpsStore(bot.db)
        self.announcer = Announcer(bot, self.store, roles)

    async def cog_load(self) -> None:
        """Begin to hear of new levels."""
        self.leveling.watchers.append(self.hear)

    async def cog_unload(self) -> None:
        """Hear of no more levels; those that the last gains brought are still told."""
        self.leveling.watchers.remove(self.hear)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)

    def hear(self, moves: list[LevelMove]) -> None:
        """Tell of those who earned a higher level; the moves are of one guild."""
        earned = []
        for move in moves:
            if not move.earned:
                self.announcer.told.forget(move.guild_id, move.user_id)
            elif move.new_level > move.old_level:
                earned.append(move)
        if not earned:
            return
        guild_id = earned[0].guild_id
        wanted = self.bot.guild_settings.get(guild_id, settings.MODE) != "off"
        if wanted and self.bot.switches.feature_is_on(guild_id, self.feature):
            self.spawn(self.announcer.announce(guild_id, earned))

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Begin anew with who has no XP any more."""
        self.announcer.told.forget_person(user_id, guild_id)

    async def forget_guild(self, guild_id: int) -> None:
        """Begin anew with everybody there."""
        self.announcer.told.forget_guild(guild_id)

    @Cog.listener()
    async def on_guild_setting_changed(self, event: GuildSettingChanged) -> None:
        """Another curve makes other levels: what was told of the old ones says nothing about these."""
        if event.key == CURVE.key:
            self.announcer.told.forget_guild(event.guild_id)

    @Cog.listener()
    async def on_level_up_message_timer(self, event: LevelUpMessageTimer) -> None:
        """Delete a message about a level whose time is over."""
        await self.announcer.delete(event)

    @command(aliases=["levelupmessages"])
    @example("off", "on", "")
    async def levelups(self, ctx: GuildContext, on: Annotated[bool | None, Boolean] = None) -> None:
        """Choose whether I tell of your new levels in this server.

        Say `off`, and I say nothing when you reach a level, neither in a channel nor to you. You keep your XP, your
        levels and what they bring.
        """
        if on is None:
            silent = await self.store.silent(ctx.guild.id, [ctx.author.id])
            on = not silent
        elif on:
            await self.store.unsilence(ctx.guild.id, ctx.author.id)
        else:
            await self.store.silence(ctx.guild.id, ctx.author.id)
        if on:
            await ctx.success(_("Your new levels are told here."))
        else:
            await ctx.success(_("Your new levels aren't told here."))
