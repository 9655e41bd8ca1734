"""Telling of new levels where the server wants it, as often as it wants it, and nobody who doesn't."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

import discord

from cogs.leveling.announcing import settings
from cogs.leveling.announcing.rules import Told, is_due
from cogs.leveling.announcing.texts import level_up_text
from cogs.leveling.rewards.roles import LevelRoles
from cogs.leveling.rewards.rules import by_role, wanted
from cogs.leveling.service import LevelMove
from database.errors import DatabaseError
from database.level_ups import LevelUpsStore
from utils.bot import CANNOT_SAY, Hearth
from utils.events import LevelUpMessageTimer
from utils.i18n import _, using
from utils.members import get_member
from utils.owners import tell_owner
from utils.permissions import missing_in

log = logging.getLogger("hearth.leveling")

Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
PLACES: Final = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.Thread)


class Announcer:
    """Says who reached which level."""

    def __init__(self, bot: Hearth, store: LevelUpsStore, roles: LevelRoles) -> None:
        self.bot = bot
        self.store = store
        self.roles = roles
        self.told = Told()
        self._known_to_work: set[int] = set()  # guilds with no trouble written down

    async def announce(self, guild_id: int, moves: Sequence[LevelMove]) -> None:
        """Tell of levels that members of a guild have reached. Never raises: the levels are what counts."""
        guild = self.bot.get_guild(guild_id)
        if guild is None or guild.unavailable:
            return
        try:
            silent = await self.store.silent(guild_id, [move.user_id for move in moves])
            rewards = by_role(one for one in self.roles.there(guild) if not one.in_trouble)
            for move in moves:
                if move.user_id not in silent:
                    await self._announce(guild, move, rewards)
        except DatabaseError as error:
            log.warning("Guild %d isn't told of new levels: %s", guild_id, error)

    async def _announce(self, guild: discord.Guild, move: LevelMove, rewards: Mapping[int, int]) -> None:
        get = self.bot.guild_settings.get
        start = self.told.from_level(guild.id, move.user_id, move.old_level)
        if not is_due(start, move.new_level, get(guild.id, settings.EVERY), rewards.values()):
            return
        self.told.remember(guild.id, move.user_id, move.new_level)
        mode = self.roles.mode(guild.id)
        role_ids = wanted(move.new_level, rewards, mode) - wanted(start, rewards, mode)
        roles = sorted((role for one in role_ids if (role := guild.get_role(one)) is not None), reverse=True)
        template = get(guild.id, settings.MESSAGE)

        def text(name: str, *, directly: bool = False) -> str:
            return level_up_text(guild, move, roles, template=template, name=name, directly=directly)

        try:
            if get(guild.id, settings.MODE) == "dm":
                await self._tell_directly(guild, move.user_id, text)
            else:
                await self._tell_in_channel(guild, move, text, named="{name}" in (template or ""))
        except CANNOT_SAY as error:
            log.info("Level %d of user %d in guild %d isn't told: %s", move.new_level, move.user_id, guild.id, error)

    async def _tell_directly(self, guild: discord.Guild, user_id: int, text: Callable[..., str]) -> None:
        member = await get_member(guild, user_id)
        if member is None:
            return
        with using(await self.bot.language_for(user_id, guild)):
            words = text(member.display_name, directly=True)
        await member.send(words)

    async def _tell_in_channel(
        self, guild: discord.Guild, move: LevelMove, text: Callable[..., str], *, named: bool
    ) -> None:
        channel = await self._channel(guild, move)
        if channel is None:
            return
        member = await get_member(guild, move.user_id) if named else None
        if named and member is None:  # they left
            return
        ping = self.bot.guild_settings.get(guild.id, settings.PING)
        with using(self.bot.language_of(guild)):
            words = text("" if member is None else member.display_name)
        sent = await channel.send(
            words,
            allowed_mentions=discord.AllowedMentions(users=[discord.Object(move.user_id)] if ping else False),
        )
        seconds = self.bot.guild_settings.get(guild.id, settings.DELETE_AFTER)
        if seconds:
            await self.bot.timers.schedule(
                LevelUpMessageTimer,
                discord.utils.utcnow() + timedelta(seconds=seconds),
                guild_id=guild.id,
                payload={"channel_id": channel.id, "message_id": sent.id},
            )

    # --- where

    async def _channel(self, guild: discord.Guild, move: LevelMove) -> Place | None:
        """Where to say it: one of the two places stands in for the other where that one isn't set or known."""
        chosen = self.bot.guild_settings.get(guild.id, settings.CHANNEL)
        wants_here = self.bot.guild_settings.get(guild.id, settings.MODE) == "here"
        if move.channel_id is not None and (wants_here or chosen is None):
            here = guild.get_channel_or_thread(move.channel_id)
            return here if isinstance(here, PLACES) and may_write(here) else None
        return None if chosen is None else await self._chosen(guild, chosen)

    async def _chosen(self, guild: discord.Guild, channel_id: int) -> Place | None:
        """The channel that the server chose; those who run it are told once that it doesn't work."""
        channel = guild.get_channel(channel_id)
        with using(self.bot.language_of(guild)):
            if not isinstance(channel, PLACES):
                sentence = _(
                    "The channel for new levels was deleted, so I tell nobody of them."
                    " `config set level-up-channel` takes another."
                )
            elif not may_write(channel):
                sentence = _(
                    "I may not write in the channel for new levels, {channel}; I need {permissions} there."
                ).format(channel=channel.mention, permissions=_("View Channel and Send Messages"))
            else:
                if guild.id not in self._known_to_work:
                    await self.store.works(guild.id)
                    self._known_to_work.add(guild.id)
                return channel
            self._known_to_work.discard(guild.id)
            if await self.store.is_in_trouble(guild.id, channel_id):
                log.warning("Guild %d: %s", guild.id, sentence)
                await tell_owner(self.bot, guild, sentence)
        return None

    # --- deleting it again

    async def delete(self, event: LevelUpMessageTimer) -> None:
        """Delete a message whose time is over; one that can't be deleted stays."""
        guild = None if event.guild_id is None else self.bot.get_guild(event.guild_id)
        channel = None if guild is None else guild.get_channel_or_thread(event.payload["channel_id"])
        if isinstance(channel, PLACES):
            try:
                await channel.get_partial_message(event.payload["message_id"]).delete()
            except CANNOT_SAY as error:
                log.info("A message about a level in guild %d stays: %s", channel.guild.id, error)
        await self.bot.timers.done(event)


def may_write(channel: Place) -> bool:
    """Whether the bot may send messages there: a refused one counts against it at Discord."""
    return not missing_in(channel, channel.guild.me, ("view_channel", "send_messages"))
