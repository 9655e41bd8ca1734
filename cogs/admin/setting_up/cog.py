"""`setup`: a wizard that sets a server up, and the word with which the bot greets a new one."""

import logging
from datetime import timedelta
from typing import Final

import discord

from cogs.admin.setting_up import texts
from cogs.admin.setting_up.facts import read_facts
from cogs.admin.setting_up.steps import Wizard, steps_for
from cogs.admin.setting_up.views import SetupView
from database.errors import DatabaseError
from utils import checks, embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import GuildCog
from utils.commands import command, example
from utils.context import GuildContext
from utils.i18n import LANGUAGES, known_language, using
from utils.kept import FirstTimes

log = logging.getLogger("hearth.admin")

JUST_JOINED: Final = timedelta(minutes=15)
"""After an outage Discord may tell of servers as if they were new."""
REMEMBERED: Final = 1_000  # servers that were greeted


class Setup(GuildCog):
    """Setting a server up, step by step."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.at_work: set[int] = set()
        self._greeted = FirstTimes(REMEMBERED)

    @command(aliases=["wizard"])
    @example("")
    @checks.requires(manage_guild=True)
    @checks.bot_needs(manage_channels=True, manage_roles=True)
    async def setup(self, ctx: GuildContext) -> None:
        """Set this server up in a few minutes, by buttons and menus.

        I ask for the language, the prefix, the time zone, who moderates, the log, a jail, the welcome, levels, coins
        and automod. Each step can be skipped or taken back, and shows what holds now. At the end I show what I would
        make and change, and what I lack for it; only then, if you say so, it is done. Use it as often as you like.
        """
        now = read_facts(self.bot, ctx.guild).values
        view = SetupView(ctx, Wizard(steps_for(self.bot.guild_settings.declared), now), self.at_work)
        content = view.draw()
        view.message = await ctx.reply(**content, view=view)

    # --- a new server

    @GuildCog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say once how to begin, where that can be said."""
        if not self._is_new(guild) or self.bot.access.blocks.of_bot(guild.id) is not None:
            return
        try:
            await self.bot.guild_settings.catch_up(guild.id)
        except DatabaseError:
            log.warning("Could not read the settings of guild %d", guild.id)
        channel = _place_for_greeting(guild)
        if channel is None:
            log.info("There is no place to greet guild %d", guild.id)
            return
        with using(self._language(guild)):
            embed = texts.greeting(self.bot, guild)
        try:
            if channel.permissions_for(guild.me).embed_links:
                await channel.send(embed=embed)
            else:
                await channel.send(embeds.as_text(embed))
        except CANNOT_SAY:
            log.info("Could not greet guild %d", guild.id, exc_info=True)

    def _is_new(self, guild: discord.Guild) -> bool:
        """Whether the bot joined just now, and this is the first that is heard of it."""
        joined_at = guild.me.joined_at
        if joined_at is not None and discord.utils.utcnow() - joined_at > JUST_JOINED:
            return False
        return self._greeted.is_new((guild.id, joined_at))

    def _language(self, guild: discord.Guild) -> str:
        """The server's language: what it set, else what Discord knows of it, if that isn't English."""
        chosen = self.bot.language_of(guild)
        preferred = known_language(str(guild.preferred_locale))
        is_default = chosen == self.bot.language_of(None)
        return preferred if is_default and preferred in LANGUAGES and preferred != "en" else chosen


def _place_for_greeting(guild: discord.Guild) -> discord.TextChannel | None:
    """Where Discord tells of newcomers, else the first channel where everybody and the bot can write."""
    everyone = guild.default_role
    places = [guild.system_channel, *guild.text_channels]
    open_places = [
        one for one in places if one is not None and _may_write(one, guild.me)
    ]  # fmt: skip
    return next((one for one in open_places if one.permissions_for(everyone).view_channel), None) or next(
        iter(open_places), None
    )


def _may_write(channel: discord.TextChannel, member: discord.Member) -> bool:
    here = channel.permissions_for(member)
    return here.view_channel and here.send_messages
