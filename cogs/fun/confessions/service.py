"""Posting confessions, and what moderators do about them."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import discord

from cogs.fun.confessions import settings
from cogs.fun.confessions.views import post_view, staff_view
from database.confessions import Confession, ConfessionsStore
from utils import embeds
from utils.bot import CANNOT_SAY
from utils.errors import UserError, is_final
from utils.formatting import message_link, safe, safe_with_spoilers, truncate
from utils.i18n import _, ngettext, using
from utils.members import get_member
from utils.time import timestamp

if TYPE_CHECKING:
    from utils.bot import Hearth

MOST_CHARACTERS: Final = 2_000
WHO_KEPT: Final = timedelta(days=90)
"""So long it is known who wrote a confession."""
MOST_GUILDS: Final = 25  # that one chooses from
TOLD_AT: Final = frozenset({1, 3, 10, 30, 100, 300})
"""At how many reports of a confession the moderators are told."""


class Confessions:
    """The confessions of all servers."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.store = ConfessionsStore(bot.db)
        self._numbering: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def channel(self, guild: discord.Guild) -> discord.TextChannel | None:
        """Where confessions are posted; None where there are none."""
        confess = self.bot.get_command("confess")
        if confess is None or not self.bot.switches.is_enabled(guild.id, None, confess):
            return None
        found = guild.get_channel(self.bot.guild_settings.get(guild.id, settings.CONFESSION_CHANNEL) or 0)
        return found if isinstance(found, discord.TextChannel) else None

    async def guilds_of(self, user_id: int) -> list[discord.Guild]:
        """The servers with confessions that somebody is in."""
        found = []
        for guild in self.bot.guilds:
            if self.channel(guild) is not None and await get_member(guild, user_id) is not None:
                found.append(guild)
                if len(found) == MOST_GUILDS:
                    break
        return found

    async def check(self, guild: discord.Guild, user_id: int) -> discord.TextChannel:
        """The channel in which somebody may confess. Raises `UserError` if they may not."""
        channel = self.channel(guild)
        if channel is None:
            raise UserError(
                _("This server has no channel for confessions. Who manages it sets one: `{command}`.").format(
                    command="config set confession-channel #confessions"
                )
            )
        member = await get_member(guild, user_id)
        if member is None or not channel.permissions_for(member).view_channel or member.is_timed_out():
            raise UserError(_("You can't confess in this server at the moment."))
        if await self.store.is_blocked(guild.id, user_id):
            raise UserError(_("The moderators of this server take no confessions from you."))
        mine = channel.permissions_for(guild.me)
        if not (mine.view_channel and mine.send_messages and mine.embed_links):
            raise UserError(_("I may not post in the channel for confessions; tell who manages the server."))
        latest = await self.store.latest_at(guild.id, user_id)
        wait = self.bot.guild_settings.get(guild.id, settings.CONFESSION_WAIT)
        if latest is not None and latest + wait > discord.utils.utcnow():
            raise UserError(_("You can confess again {when}.").format(when=timestamp(latest + wait, "R")))
        return channel

    async def post(self, guild: discord.Guild, user_id: int, confession_id: int, text: str) -> discord.Message | None:
        """Post a confession; None if it was posted before. Raises `UserError` and what Discord answers."""
        async with self._numbering.setdefault(guild.id, asyncio.Lock()):  # and nobody slips through the wait twice
            channel = await self.check(guild, user_id)
            now = discord.utils.utcnow()
            await self.store.forget_who(now - WHO_KEPT)
            confession = await self.store.begin(confession_id, guild.id, user_id, channel.id, now)
        if confession is None:
            return None
        with using(self.bot.language_of(guild)):
            title = _("Confession #{number}").format(number=confession.number)
            embed = embeds.info(safe_with_spoilers(text), title=title)
            view = post_view(confession.id)
        try:
            message = await channel.send(embed=embed, view=view)
        except discord.HTTPException as error:
            if is_final(error):  # else it may stand there, and moderators will ask who wrote it
                await self.store.drop(confession.id)
            raise
        await self.store.posted(confession.id, message.id)
        return message

    # --- moderators

    async def report(self, confession: Confession, guild: discord.Guild, user_id: int) -> None:
        """Tell the moderators that somebody reports a confession. Raises `UserError` if nobody can be told."""
        log = guild.get_channel(self.bot.guild_settings.get(guild.id, settings.CONFESSION_LOG) or 0)
        if not isinstance(log, discord.TextChannel):
            raise UserError(_("The moderators chose no channel for reports: write to one of them."))
        count = await self.store.report(confession.id, user_id)
        if count is None:
            raise UserError(_("You have reported this confession already."))
        with using(self.bot.language_of(guild)):
            text = ngettext(
                "{count} member reported [confession #{number}]({link}).",
                "{count} members reported [confession #{number}]({link}).",
                count,
            ).format(count=count, number=confession.number, link=link(confession))
            embed, view = embeds.info(text), staff_view(confession.id)
        if count not in TOLD_AT:
            return
        try:
            await log.send(embed=embed, view=view)
        except CANNOT_SAY:
            await self.store.take_back_report(confession.id, user_id)
            raise

    async def remove(self, confession: Confession) -> None:
        """Delete what was posted. Raises what Discord answers."""
        channel = self.bot.get_channel(confession.channel_id)
        if isinstance(channel, discord.TextChannel) and confession.message_id is not None:
            with suppress(discord.NotFound):
                await channel.get_partial_message(confession.message_id).delete()

    async def block(self, confession: Confession, by: int) -> None:
        """Take no more confessions from who wrote this one. Raises `UserError` if nobody knows who it was."""
        user_id = writer(confession)
        if not await self.store.block(confession.guild_id, user_id, by, discord.utils.utcnow()):
            raise UserError(_("Who wrote it is blocked already."))


def writer(confession: Confession) -> int:
    """Who wrote it. Raises `UserError` if nobody knows any more."""
    # The rows are only swept when somebody confesses.
    if confession.user_id is None or discord.utils.utcnow() - confession.posted_at > WHO_KEPT:
        raise UserError(
            ngettext(
                "Nobody knows any more who wrote it: I forget it after {days} day.",
                "Nobody knows any more who wrote it: I forget it after {days} days.",
                WHO_KEPT.days,
            ).format(days=WHO_KEPT.days)
        )
    return confession.user_id


def link(confession: Confession) -> str:
    """Where it stands."""
    return message_link(confession.guild_id, confession.channel_id, confession.message_id)


def warning(guild: discord.Guild) -> str:
    """What everybody is told before their first confession."""
    return _(
        "Nobody sees in **{server}** who wrote a confession, but its moderators can look it up for {days} days, and"
        " so can who runs me. Do you want to post it?"
    ).format(server=safe(truncate(guild.name, 100)), days=WHO_KEPT.days)
