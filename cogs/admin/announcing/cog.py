"""`announce`: news from whoever runs the bot to servers, slowly, also over a restart."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar, Final, Self, TypeVar, cast

import discord
from discord.ui import Button, View

from cogs.admin.announcing import texts
from cogs.admin.announcing.rules import checked_text, place_for, split_ids
from database.announcements import Announcement, AnnouncementsStore
from database.engine import to_the_end
from database.errors import DatabaseError, DatabaseUnavailable
from database.personal_tables import KEEP, Person, Table
from utils import embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.checks import owner_only
from utils.cog import StartingCog
from utils.commands import example, group
from utils.context import Context
from utils.errors import UserError
from utils.everywhere import silence
from utils.i18n import N_, _, using
from utils.lasting import LastingButton
from utils.personal_data import PersonalData
from utils.setting_types import WRITES, Channel, Setting, Switch
from utils.shared_memory import Part

log = logging.getLogger("hearth.admin")

SENT_EVERY_SECONDS: Final = 1.0
SHOWN_EVERY_SECONDS: Final = 5.0
TRIED_AGAIN_SECONDS: Final = 60.0
TOLD_OF_WITHIN_SECONDS: Final = 10
LOOKED_AGAIN_SECONDS: Final = 5.0
"""While other processes are sending to their servers."""
IN_MEMORY: Final = "news under way"

NEWS = Setting[bool]("bot-news", Switch(), True, N_("Whether I post news here from whoever runs me."))
NEWS_CHANNEL = Setting[int | None](
    "bot-news-channel", Channel(), None, N_("Where I post news from whoever runs me."), needs=WRITES
)

Result = TypeVar("Result")


class CancelButton(LastingButton, template=r"announce:cancel:(?P<id>[0-9]+)"):
    """Ends the sending early."""

    def __init__(self, announcement_id: int) -> None:
        super().__init__(
            Button(
                label=_("Cancel"),
                emoji="✖️",
                style=discord.ButtonStyle.danger,
                custom_id=f"announce:cancel:{announcement_id}",
            )
        )
        self.announcement_id = announcement_id

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The button of the announcement with this id."""
        return cls(int(match["id"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel it. Raises UserError."""
        if not await interaction.client.is_owner(interaction.user):
            raise UserError(_("Only who runs me can stop this."))
        cog = cast("BotNews | None", interaction.client.get_cog("BotNews"))
        if cog is None or not cog.cancel(self.announcement_id):
            raise UserError(_("This isn't under way any more."))
        await interaction.response.defer()


class BotNews(StartingCog):
    """News for servers."""

    settings: ClassVar[Sequence[Setting[Any]]] = (NEWS, NEWS_CHANNEL)
    dynamic_items: ClassVar[Sequence[Any]] = (CancelButton,)
    personal_data: ClassVar = (
        PersonalData(
            N_("Which news whoever runs me is sending to servers, and where they are already."),
            N_("So that I go on after a restart, and no server gets them twice."),
            N_("Until they are everywhere."),
            (
                Table("announcements", (Person("started_by", KEEP),), guild=None, hidden=("slot",)),
                Table("announcement_guilds"),
            ),
        ),
    )

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = AnnouncementsStore(bot.db)
        self.in_memory = (Part(IN_MEMORY, self._read, about="bot"),)
        self._under_way: int | None = None
        self._cancelled = False
        self._ended_elsewhere = False

    async def from_the_start_on(self) -> None:
        """Go on with what was under way."""
        one = await self._patiently(self.store.under_way)
        if one is not None and self._under_way is None:
            await self._send_all(one)

    async def _read(self, _id: int | None) -> None:
        """Another process began or ended something: each sends to the servers that it runs."""
        one = await self.store.under_way()
        if one is None:
            self._ended_elsewhere = True
        elif self._under_way is None and self.has_begun:
            self._under_way = one.id
            self.spawn(self._send_all(one))

    def cancel(self, announcement_id: int | None = None) -> bool:
        """Stop sending, if this (or anything) is being sent."""
        if self._under_way is None or announcement_id not in {None, self._under_way}:
            return False
        self._cancelled = True
        return True

    # --- commands

    @group(ignore_extra=True)
    @owner_only()
    @example("On Sunday I'm away from 8 to 9 o'clock: I move to another machine.")
    async def announce(self, ctx: Context, *, text: str) -> None:
        """Send news to all servers that want them.

        I show them first and ask, send one a second, and go on after a restart; nobody is pinged, and no server gets
        them twice. They go where a server wants news (`config set bot-news-channel`), else to the channel where
        Discord tells moderators its own, else to the system channel, else to the first channel I can write in.
        """
        found = await self._guilds()
        await self._prepare(ctx, found, checked_text(text))

    @announce.command(name="to")
    @example("123456789012345678 234567890123456789 Your logo is wonderful!")
    async def announce_to(self, ctx: Context, *, ids_and_text: str) -> None:
        """Send news to some servers: their ids, then the text."""
        guild_ids, text = split_ids(ids_and_text)
        known = set(await self._guilds())
        for guild_id in guild_ids:
            if guild_id not in known:
                raise UserError(_("I'm in no server {id}; `guilds` lists them.").format(id=f"`{guild_id}`"))
        await self._prepare(ctx, guild_ids, text)

    @announce.command(name="cancel", aliases=["stop"])
    @example("")
    async def announce_cancel(self, ctx: Context) -> None:
        """Stop sending news; what is sent stays."""
        if not self.cancel():
            one = await self.store.under_way()
            if one is None:
                raise UserError(_("Nothing is being sent."))
            await self.store.end(one.id)  # an error ended the sending, and would keep further news waiting
            await self.bot.shared_memory.changed(IN_MEMORY)
        await ctx.success(_("I stop after the server I am at."))

    # --- beginning

    async def _prepare(self, ctx: Context, guild_ids: list[int], text: str) -> None:
        await self._refuse_second()
        if not guild_ids:
            raise UserError(_("I'm in no server yet."))
        await ctx.show(texts.news(text, ctx.clean_prefix))
        if not await ctx.confirm(texts.question(len(guild_ids))):
            await ctx.info(_("Nothing was sent."))
            return
        await self._refuse_second()
        message = await ctx.reply(embed=embeds.info(_("I begin.")), view=cancel_view(ctx.message.id))
        one = Announcement(ctx.message.id, ctx.channel.id, message.id, ctx.author.id, text)
        if not await self.store.begin(one, guild_ids):
            await message.delete()
            await self._refuse_second()
            return
        self._under_way, self._cancelled = one.id, False
        self.spawn(self._send_all(one))
        await self.bot.shared_memory.changed(IN_MEMORY)

    async def _guilds(self) -> list[int]:
        """The servers of all processes. Raises UserError where one doesn't say which it has."""
        found = await self.bot.everywhere.guilds()
        if found.failed:
            raise UserError("\n".join([_("Nothing was sent."), *silence(found.failed)]))
        return [guild.id for guild in found.guilds]

    async def _refuse_second(self) -> None:
        if await self.store.under_way() is not None:
            raise UserError(_("I'm sending other news; wait until they are everywhere, or `announce cancel`."))

    # --- sending

    async def _send_all(self, one: Announcement) -> None:
        """Send to the servers of this process, and stay until it is everywhere: one may be taken over meanwhile."""
        self._under_way, self._cancelled, self._ended_elsewhere = one.id, False, False
        await self._speak_to(one.started_by)
        self._shown_at: datetime | None = None
        try:
            while not self._is_over:
                waiting = await self._patiently(lambda: self.store.waiting(one.id))
                if not waiting:
                    break
                if not await self._send_ours(one, waiting):
                    await self._show_now_and_then(one)
                    await asyncio.sleep(LOOKED_AGAIN_SECONDS)
        finally:
            self._under_way = None
        if self._cancelled or (self.bot.cluster.leads and not self._ended_elsewhere):
            await self._show(one, ended=True)
            await self._patiently(lambda: self.store.end(one.id))
            await self.bot.shared_memory.changed(IN_MEMORY)

    @property
    def _is_over(self) -> bool:
        return self._cancelled or self._ended_elsewhere

    async def _send_ours(self, one: Announcement, waiting: Sequence[int]) -> bool:
        """Send to those of these servers that this process runs; whether there were any."""
        ours = [guild_id for guild_id in waiting if self.bot.cluster.owns(guild_id)]
        for guild_id in ours:
            if self._is_over:
                break
            await self._send_to(one, guild_id)
            await self._show_now_and_then(one)
            await asyncio.sleep(SENT_EVERY_SECONDS)
        return bool(ours)

    async def _show_now_and_then(self, one: Announcement) -> None:
        now = discord.utils.utcnow()
        if self._shown_at is None or (now - self._shown_at).total_seconds() >= SHOWN_EVERY_SECONDS:
            self._shown_at = now
            if self.bot.cluster.leads:  # it counts what all have sent
                await self._show(one, ended=False)

    async def _speak_to(self, user_id: int) -> None:
        """Tell of it in the language of who began it; the operator's while the database is away."""
        with suppress(DatabaseError):
            await self.bot.speak_to(user_id, None)

    async def _send_to(self, one: Announcement, guild_id: int) -> None:
        """Send it to a guild. That it is being sent is written down before, so that a crash doesn't send it twice."""
        guild, settings = await self._guild(guild_id), self.bot.guild_settings
        if guild is None:
            state = "nowhere"
        elif not settings.get(guild_id, NEWS):
            state = "unwanted"
        elif (channel := place_for(guild, settings.get(guild_id, NEWS_CHANNEL))) is None:
            state = "nowhere"
        else:
            await self._patiently(lambda: self.store.mark(one.id, guild_id, "sending"))
            # Also while I am being stopped: whether it was sent wouldn't be known.
            state = await to_the_end(self._post_and_mark(one, guild, channel))
        await self._patiently(lambda: self.store.mark(one.id, guild_id, state))

    async def _guild(self, guild_id: int) -> discord.Guild | None:
        """A guild; just after a start, Discord may not have told of it yet."""
        for _second in range(TOLD_OF_WITHIN_SECONDS):
            guild = self.bot.get_guild(guild_id)
            if guild is None or not guild.unavailable:
                return guild
            await asyncio.sleep(1.0)
        return None

    async def _post_and_mark(self, one: Announcement, guild: discord.Guild, channel: discord.TextChannel) -> str:
        state = await self._post(guild, channel, one.text)
        with suppress(DatabaseUnavailable):
            await self.store.mark(one.id, guild.id, state)
        return state

    async def _post(self, guild: discord.Guild, channel: discord.TextChannel, text: str) -> str:
        """Send it, and say what became of it."""
        prefixes = self.bot.beginnings.prefixes(guild)
        with using(self.bot.language_of(guild)):
            embed = texts.news(text, prefixes[0] if prefixes else f"@{guild.me.display_name} ")
        nobody = discord.AllowedMentions.none()
        try:
            if channel.permissions_for(guild.me).embed_links:
                await channel.send(embed=embed, allowed_mentions=nobody)
            else:
                for part in embeds.as_texts(embed):
                    await channel.send(part, allowed_mentions=nobody)
        except CANNOT_SAY as error:
            log.info("News can't be sent to guild %d: %r", guild.id, error)
            return "failed"
        return "sent"

    async def _show(self, one: Announcement, *, ended: bool) -> None:
        """Show how far it is, where it was begun; if that can't be shown, it goes on all the same."""
        cancelled = self._cancelled
        try:
            states = await self.store.states(one.id)
            text = texts.progress(states, ended=ended, cancelled=cancelled)
            went_well = ended and not cancelled and set(states) <= {"sent", "unwanted"}
            message = self.bot.get_partial_messageable(one.channel_id).get_partial_message(one.message_id)
            await message.edit(
                embed=embeds.success(text) if went_well else embeds.info(text),
                view=None if ended else cancel_view(one.id),
            )
        except (DatabaseError, *CANNOT_SAY) as error:
            log.info("How far the news are isn't shown: %r", error)

    async def _patiently(self, ask: Callable[[], Awaitable[Result]]) -> Result:
        """What the database says; while it is away, it is asked again."""
        while True:
            try:
                return await ask()
            except DatabaseUnavailable as error:
                log.warning("News wait for the database: %s", error)
                await asyncio.sleep(TRIED_AGAIN_SECONDS)


def cancel_view(announcement_id: int) -> View:
    """The button under what is under way."""
    view = View(timeout=None)
    view.add_item(CancelButton(announcement_id))
    return view
