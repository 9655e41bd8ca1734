"""Where reports arrive: the staff's channel, with one message a report that changes with it."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import discord

from cogs.moderation import settings
from cogs.moderation.reports import texts as report_texts
from cogs.moderation.reports.copies import images_of
from cogs.moderation.reports.views import buttons_of
from cogs.moderation.staff_places import others_read
from database.moderation import CaseFilter, CasesStore
from database.reports import Report, ReportsStore
from utils.bot import CANNOT_SAY
from utils.i18n import _, format_list, using
from utils.members import get_member
from utils.owners import tell_owner
from utils.permissions import permission_names

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

NEEDED = ("view_channel", "send_messages", "embed_links")
NOBODY = discord.AllowedMentions.none()


class ReportDesk:
    """Shows reports to the staff. What can't be shown is kept, and shown when it can."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.store = ReportsStore(bot.db)
        self.cases = CasesStore(bot.db)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._one_at_a_time = asyncio.Lock()

    # --- where

    def channel_id(self, guild: discord.Guild) -> int | None:
        """The channel for reports, which may be deleted: the mod log if none is set and not everybody reads that."""
        chosen = self.bot.guild_settings.get(guild.id, settings.REPORT_CHANNEL)
        if chosen is not None:
            return chosen
        log_id = self.bot.guild_settings.get(guild.id, settings.MOD_LOG)
        channel = guild.get_channel(log_id or 0)
        return None if channel is not None and others_read(self.bot, channel, chosen=True) else log_id

    def _why_not(self, guild: discord.Guild, channel: Any) -> str | None:
        """The sentence for the owner if reports can't be shown in a channel."""
        if not isinstance(channel, discord.TextChannel):  # news channels are, too
            return _(
                "The channel for reports was deleted: I keep what members report. "
                "`config set report-channel` takes another."
            )
        if others_read(self.bot, channel, chosen=True):
            return _(
                "Not only staff can read {channel}, so I keep reports instead of showing them there. "
                "Hide it from the others, count their roles as staff by `config set mod-roles`, or take another by "
                "`config set report-channel`."
            ).format(channel=channel.mention)
        may = channel.permissions_for(guild.me)
        if all(getattr(may, name) for name in NEEDED):
            return None
        return _(
            "I may not write in the channel for reports, {channel}; I need {permissions} there. "
            "I keep what members report until then."
        ).format(channel=channel.mention, permissions=format_list(permission_names(NEEDED)))

    # --- showing

    async def content(self, report: Report) -> dict[str, Any]:
        """What the staff's message is sent or edited with, in the guild's language."""
        guild = self.bot.get_guild(report.guild_id)
        voices = await self.store.voices(report.id)
        before = await self.store.count_before(report)
        cases = await self.cases.count(report.guild_id, CaseFilter(target_id=report.target_id))
        with using(self.bot.language_of(guild)):
            embed = report_texts.staff_embed(report, voices, reports_before=before, cases=cases)
            return {"embed": embed, "view": buttons_of(report)}

    def lock(self, report_id: int) -> asyncio.Lock:
        """One at a time changes the message of a report: else the older text could come last."""
        return self._locks.setdefault(report_id, asyncio.Lock())

    async def show(self, report_id: int, message: discord.Message | None = None) -> bool:
        """Show a report as it is now: change its message, or send one. Whether the staff can read it.

        `message` is the reported one, if it is at hand. Never raises for want of a place.
        """
        async with self.lock(report_id):
            report = await self.store.get(report_id)
            guild = self.bot.get_guild(report.guild_id) if report is not None else None
            if report is None or guild is None or guild.unavailable:
                return False
            if report.staff_message_id is not None and await self._edit(guild, report):
                return True
            return report.resolved_at is None and await self._post(guild, report, message)

    async def _edit(self, guild: discord.Guild, report: Report) -> bool:
        """Change its message; False if it was deleted."""
        channel: Any = guild.get_channel(report.staff_channel_id or 0)
        if channel is None:
            return False
        assert report.staff_message_id is not None
        try:
            await channel.get_partial_message(report.staff_message_id).edit(**await self.content(report))
        except discord.NotFound:
            return False
        except CANNOT_SAY:
            log.warning("Report %d in guild %d isn't shown as it is now", report.id, guild.id, exc_info=True)
        return True

    async def _post(self, guild: discord.Guild, report: Report, message: discord.Message | None) -> bool:
        channel_id = self.channel_id(guild)
        if channel_id is None:
            return False
        channel: Any = guild.get_channel(channel_id)
        with using(self.bot.language_of(guild)):
            if (why := self._why_not(guild, channel)) is not None:
                await self._complain(guild, channel_id, why)
                return False
        content = {**await self.content(report), **self._ping(guild)}
        files = await self._images(channel, report, message)
        try:
            sent = await self._send(channel, report, content, files)
        except CANNOT_SAY:
            log.warning("Report %d in guild %d waits", report.id, guild.id, exc_info=True)
            return False
        await self.store.shown(report.id, channel.id, sent.id)
        await self.store.works(guild.id)
        return True

    async def _send(
        self, channel: discord.TextChannel, report: Report, content: dict[str, Any], files: list[discord.File]
    ) -> discord.Message:
        # Discord knows by the nonce what was sent just before a crash. One that was deleted since has another.
        nonce = report.staff_message_id or report.id
        try:
            return await channel.send(**content, files=files, nonce=nonce)
        except discord.HTTPException:
            if not files:
                raise
            return await channel.send(**content, nonce=nonce)  # without what it may not like

    def _ping(self, guild: discord.Guild) -> dict[str, Any]:
        role = guild.get_role(self.bot.guild_settings.get(guild.id, settings.REPORT_PING) or 0)
        if role is None or role.is_default():
            return {"allowed_mentions": NOBODY}
        roles = discord.AllowedMentions(everyone=False, users=False, roles=[role])
        return {"content": role.mention, "allowed_mentions": roles}

    async def _images(
        self, channel: discord.TextChannel, report: Report, message: discord.Message | None
    ) -> list[discord.File]:
        if report.message is None or not report.message.files:
            return []
        if not channel.permissions_for(channel.guild.me).attach_files:
            return []
        message = message or await self._reported(channel.guild, report)
        return await images_of(message) if message is not None else []

    async def _reported(self, guild: discord.Guild, report: Report) -> discord.Message | None:
        assert report.message is not None
        try:
            place: Any = await guild.fetch_channel(report.message.channel_id)
            found: discord.Message = await place.fetch_message(report.message.message_id)
        except CANNOT_SAY:
            return None
        return found

    async def attach(self, report_id: int, reporter_id: int, files: list[discord.File]) -> bool:
        """Send the pictures that a reporter sent along, below the report; whether they arrived."""
        report = await self.store.get(report_id)
        guild = self.bot.get_guild(report.guild_id) if report is not None else None
        channel: Any = guild.get_channel(report.staff_channel_id or 0) if report is not None and guild else None
        if report is None or channel is None:
            return False
        assert report.staff_message_id is not None
        with using(self.bot.language_of(guild)):
            text = report_texts.attached_by(reporter_id)
        below = discord.MessageReference(
            message_id=report.staff_message_id, channel_id=channel.id, fail_if_not_exists=False
        )
        try:
            await channel.send(text, files=files, reference=below, allowed_mentions=NOBODY)
        except CANNOT_SAY:
            log.warning("Pictures of report %d in guild %d are lost", report.id, report.guild_id, exc_info=True)
            return False
        return True

    # --- when it can't be shown

    async def show_waiting(self, guild_id: int | None = None) -> None:
        """Show what is open and stands nowhere: it couldn't be shown before, or its channel was deleted."""
        async with self._one_at_a_time:
            for report_id, place, channel_id in await self.store.open_places(guild_id):
                guild = self.bot.get_guild(place)
                if guild is not None and not guild.unavailable and guild.get_channel(channel_id or 0) is None:
                    await self.show(report_id)

    async def _complain(self, guild: discord.Guild, channel_id: int, sentence: str) -> None:
        """Tell the owner that reports reach nobody: once, until it works again or it is another channel."""
        if await self.store.is_in_trouble(guild.id, channel_id):
            log.warning("Guild %d: %s", guild.id, sentence)
            await tell_owner(self.bot, guild, sentence)

    # --- afterwards

    async def tell_reporters(self, report: Report) -> None:
        """Tell those who reported it that it was looked at, if the guild wants that. Closed ones never matter."""
        guild = self.bot.get_guild(report.guild_id)
        if guild is None or not self.bot.guild_settings.get(guild.id, settings.REPORT_FEEDBACK):
            return
        for reporter_id in {voice.reporter_id: None for voice in await self.store.voices(report.id)}:
            try:
                member = await get_member(guild, reporter_id)
                with using(await self.bot.language_for(reporter_id, guild)):
                    sentence = report_texts.looked_at(guild)
                if member is not None:
                    await member.send(sentence)
            except CANNOT_SAY as error:
                log.info("Member %d of guild %d wasn't told of their report: %s", reporter_id, guild.id, error)
