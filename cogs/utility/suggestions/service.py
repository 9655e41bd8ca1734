"""Keeping suggestions, and showing them as they are."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import discord

from cogs.utility.posting import lacking
from cogs.utility.refreshing import Refresher
from cogs.utility.suggestions import settings, texts
from cogs.utility.suggestions.views import buttons_of
from database.ids import new_id
from database.numbering import with_next_number
from database.suggestions import Suggestion, SuggestionsStore
from utils.bot import CANNOT_SAY
from utils.cog import Cog
from utils.context import GuildContext
from utils.errors import UserError
from utils.formatting import truncate
from utils.i18n import _, using
from utils.places import edit_message
from utils.time import timestamp

log = logging.getLogger("hearth.suggestions")

THREAD_NAME_LIMIT: Final = 100  # characters
THREAD_ARCHIVED_AFTER_MINUTES: Final = 1_440


class Desk:
    """Where suggestions arrive: each is a row first, and then a message that changes with it."""

    def __init__(self, cog: Cog) -> None:
        self.bot = cog.bot
        self.messages = Refresher(cog, self._show)
        self.store = SuggestionsStore(cog.bot.db)

    def channel(self, guild: discord.Guild) -> discord.TextChannel:
        """Where suggestions are shown. Raises UserError if there is no such channel, or it can't be written in."""
        channel = guild.get_channel(self.bot.guild_settings.get(guild.id, settings.SUGGESTION_CHANNEL) or 0)
        if not isinstance(channel, discord.TextChannel):  # news channels are, too
            raise UserError(
                _(
                    "This server takes no suggestions: "
                    "who manages it names a channel by `config set suggestion-channel`."
                )
            )
        if (lack := lacking(channel)) is not None:
            raise UserError(lack)
        return channel

    async def take(self, ctx: GuildContext, text: str, *, anonymous: bool) -> Suggestion:
        """Keep a suggestion and show it. Raises UserError if its author has to wait, or it can't be shown."""
        channel = self.channel(ctx.guild)
        kept = await self._keep(ctx, text, anonymous=anonymous)
        try:
            message = await channel.send(**await self.content(kept), allowed_mentions=discord.AllowedMentions.none())
        except CANNOT_SAY as error:
            await self.store.forget(kept.id)
            log.info("Suggestion %d can't be shown", kept.id, exc_info=True)
            raise UserError(
                _("Discord doesn't let me write in {channel}; try again later.").format(channel=channel.mention)
            ) from error
        await self.store.shown(kept.id, channel.id, message.id)
        if self.bot.guild_settings.get(ctx.guild.id, settings.SUGGESTION_THREADS):
            await self._open_thread(kept, message)
        return replace(kept, channel_id=channel.id, message_id=message.id)

    async def _keep(self, ctx: GuildContext, text: str, *, anonymous: bool) -> Suggestion:
        now = ctx.message.created_at
        wait: timedelta = self.bot.guild_settings.get(ctx.guild.id, settings.SUGGESTION_COOLDOWN)
        one = Suggestion(new_id(), ctx.guild.id, 0, ctx.author.id, text, anonymous, now)
        kept = await with_next_number(lambda: self.store.add(one, none_since=now - wait))
        if kept is None:
            last: datetime = await self.store.last_of(ctx.guild.id, ctx.author.id) or now
            raise UserError(
                _("Not so fast: you can suggest something again {when}.").format(when=timestamp(last + wait, "R"))
            )
        return kept

    async def _open_thread(self, one: Suggestion, message: discord.Message) -> None:
        """Where members talk about it; without the permission, nowhere."""
        name = truncate(" ".join(f"#{one.number} {one.text}".split()), THREAD_NAME_LIMIT)
        try:
            await message.create_thread(name=name, auto_archive_duration=THREAD_ARCHIVED_AFTER_MINUTES)
        except CANNOT_SAY:
            log.info("Suggestion %d has no thread", one.id, exc_info=True)

    async def tell_author(self, guild: discord.Guild, one: Suggestion) -> None:
        """Tell in direct messages what is decided, once of each decision; who can't be written to isn't told."""
        is_on = self.bot.guild_settings.get(guild.id, settings.SUGGESTION_DM)
        if not is_on or one.decided_by == one.author_id or not await self.store.tell(one.id, one.status):
            return
        try:
            with using(await self.bot.language_for(one.author_id, guild)):
                embed = texts.to_author(guild, one)
            author = self.bot.get_user(one.author_id) or await self.bot.fetch_user(one.author_id)
            await author.send(embed=embed)
        except CANNOT_SAY as error:
            log.info("Who suggested %d can't be told: %r", one.id, error)

    async def content(self, one: Suggestion) -> dict[str, Any]:
        """What its message is sent or edited with, in the guild's language."""
        votes = await self.store.votes(one.id)
        with using(self.bot.language_of(self.bot.get_guild(one.guild_id))):
            content: dict[str, Any] = {"embed": texts.shown(one, votes)}
            view = buttons_of(one)
        return content if view is None else {**content, "view": view}

    async def _show(self, suggestion_id: int) -> bool:
        """Change a suggestion's message to what it is now; False if there is none. Raises what Discord answers."""
        one = await self.store.get(suggestion_id)
        if one is None or one.channel_id is None:
            return False
        content = {"view": None, **await self.content(one)}
        return await edit_message(self.bot, one.guild_id, one.channel_id, one.message_id, **content)
