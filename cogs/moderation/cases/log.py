"""The log channel: one embed a case, changed when the case is."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import discord

from cogs.moderation import settings
from cogs.moderation.cases.missed import MissedCases
from cogs.moderation.cases.texts import log_embed
from cogs.moderation.massban.rules import KIND
from cogs.moderation.staff_places import others_read
from cogs.moderation.undo.button import undo_view
from database.errors import DatabaseError
from database.moderation import Case, CasesStore
from utils.bot import CANNOT_SAY
from utils.i18n import _, using
from utils.owners import tell_owner

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

SERVER_TROUBLE = 500  # Discord's statuses from here on say that it isn't the request that is wrong


class CaseLog:
    """Shows cases in the channel that the guild chose. That it can't is said once, and loses no case."""

    def __init__(self, bot: "Hearth", cases: CasesStore) -> None:
        self.bot = bot
        self.cases = cases
        self.missed = MissedCases(bot, cases, self._show_later)
        self._known_to_work: set[int] = set()  # guilds with no trouble written down
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def show(self, case: Case, *, file: discord.File | None = None) -> None:
        """Show a case as it is now, or change the embed that shows it. Never raises: the case is what counts.

        One at a time for each case: else two changes at once would make two embeds, or leave the older text.
        A file goes with the first embed, unless others than staff read the log or files can't be attached there.
        """
        wanted = self.bot.guild_settings.get(case.guild_id, settings.MOD_LOG) is not None and KIND not in case.details
        if not wanted and case.log_message_id is None:  # a part of many stands there with the case of them all
            return
        try:
            guild = self.bot.get_guild(case.guild_id)
            if guild is None:
                return
            works = not guild.unavailable and await self.missed.catch_up(guild)
            if not (works and await self._show(guild, case, file)):
                await self.missed.missed(case)
        except DatabaseError:
            log.warning("Case %d of guild %d isn't in its log", case.number, case.guild_id, exc_info=True)

    async def show_later(self, case: Case) -> None:
        """Show a case with others, the oldest first and not too many, when the log is asked to catch up."""
        if self.bot.guild_settings.get(case.guild_id, settings.MOD_LOG) is not None:
            await self.missed.missed(case)

    async def _show_later(self, case: Case) -> bool:
        guild = self.bot.get_guild(case.guild_id)
        return guild is not None and await self._show(guild, case, None)

    async def _show(self, guild: discord.Guild, case: Case, file: discord.File | None) -> bool:
        """Show it now; False if another try is worth it."""
        async with self._locks.setdefault((guild.id, case.number), asyncio.Lock()):
            now = await self.cases.get(guild.id, case.number)
            if now is None:
                return True
            if now.log_message_id is not None:
                return await self._edit(guild, now)
            return await self._post(guild, now, file)

    async def _post(self, guild: discord.Guild, case: Case, file: discord.File | None) -> bool:
        channel_id = self.bot.guild_settings.get(guild.id, settings.MOD_LOG)
        if channel_id is None:
            return True
        channel = guild.get_channel(channel_id)
        with using(self.bot.language_of(guild)):
            if not isinstance(channel, discord.TextChannel):  # news channels are, too
                sentence = _(
                    "The mod log channel was deleted: cases go on, but nobody sees them there. "
                    "`config set mod-log` takes another."
                )
                await self._complain(guild, channel_id, sentence)
                return False
            private = not others_read(self.bot, channel, chosen=True)
            embed = log_embed(case, show_text=private)
            attach = file is not None and private and channel.permissions_for(guild.me).attach_files
            try:
                files = [file] if file is not None and attach else []
                view: Any = undo_view(case)
                sent = await channel.send(embed=embed, files=files, view=view)
            except discord.Forbidden:
                sentence = _("I may not write in the mod log channel, {channel}; I need {permissions} there.")
                names = _("View Channel, Send Messages and Embed Links")
                filled = sentence.format(channel=channel.mention, permissions=names)
                await self._complain(guild, channel_id, filled)
                return False
            except CANNOT_SAY as error:
                log.warning("Case %d of guild %d isn't in its log", case.number, guild.id, exc_info=True)
                return not _may_pass(error)
        await self.cases.logged(case, channel.id, sent.id)
        await self.missed.shown(case)
        if guild.id not in self._known_to_work:
            await self.cases.log_works(guild.id)
            self._known_to_work.add(guild.id)
        return True

    async def _edit(self, guild: discord.Guild, case: Case) -> bool:
        assert case.log_channel_id is not None
        assert case.log_message_id is not None
        channel = guild.get_channel(case.log_channel_id)
        if not isinstance(channel, discord.TextChannel):
            log.info("The log of case %d in guild %d was deleted; the case stays", case.number, guild.id)
            return True
        changes = await self.cases.changes(guild.id, case.number)
        with using(self.bot.language_of(guild)):
            private = not others_read(self.bot, channel, chosen=True)
            embed = log_embed(case, show_text=private, last_change=changes[-1] if changes else None)
            view = undo_view(case)
        place: Any = channel.get_partial_message(case.log_message_id)
        try:
            await place.edit(embed=embed, view=view)
        except discord.NotFound:
            log.info("The log message of case %d in guild %d was deleted; the case stays", case.number, guild.id)
        except CANNOT_SAY as error:
            log.warning("The log of case %d in guild %d isn't up to date", case.number, guild.id, exc_info=True)
            return not _may_pass(error)
        await self.missed.shown(case)
        return True

    async def _complain(self, guild: discord.Guild, channel_id: int, sentence: str) -> None:
        """Tell those who run the guild that its log doesn't work: once, until it works again or is another one."""
        self._known_to_work.discard(guild.id)
        if not await self.cases.log_is_in_trouble(guild.id, channel_id):
            return
        log.warning("Guild %d: %s", guild.id, sentence)
        await tell_owner(self.bot, guild, sentence)


def _may_pass(error: Exception) -> bool:
    """Whether it isn't the embed or the place that is wrong: what never can be shown doesn't hold up the others."""
    return not isinstance(error, discord.HTTPException) or error.status >= SERVER_TROUBLE
