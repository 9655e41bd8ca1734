"""Edited and deleted messages.

What was a command is left out: some are deleted at once, so that nobody sees who wrote them.
"""

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import discord

from cogs.admin.serverlog import texts
from cogs.admin.serverlog.bodies import SOMEBODY, Bodies, body_of
from cogs.admin.serverlog.desk import Desk
from cogs.admin.serverlog.evidence import TOGETHER, who_deleted, who_deleted_many
from cogs.admin.serverlog.kinds import KEEPS_BODIES
from cogs.admin.serverlog.settings import CHANNELS
from cogs.admin.serverlog.soon import Soon
from database.server_log import Body
from utils.bot import Hearth
from utils.cog import StartingCog
from utils.events import GuildSettingChanged
from utils.i18n import using

log = logging.getLogger("hearth.admin")

DEALT_WITH_AFTER_SECONDS: Final = 5.0
"""The audit log says a moment later who did it."""
JUST_EDITED: Final = timedelta(minutes=1)
"""An edit of a message that isn't known: later news of it are a pin or a preview."""
DELETIONS_REMEMBERED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Edited:
    """A message that may have been edited. `cached` is what it said, if it is known here and now."""

    message_id: int
    new: Body
    edited_at: datetime
    cached: Body | None


@dataclass(frozen=True, slots=True)
class Deleted:
    """Messages of a channel that are gone; `many` in one call. `count` are also those that aren't shown."""

    channel_id: int
    message_ids: frozenset[int]
    at: datetime
    cached: dict[int, Body]
    count: int
    many: bool = False


News = Edited | Deleted


class MessageLog(StartingCog):
    """What was edited and deleted, as part of the server log."""

    def __init__(self, bot: Hearth, desk: Desk) -> None:
        super().__init__(bot)
        self.desk = desk
        self.bodies = Bodies(bot, self, desk)
        self._soon: Soon[News] = Soon(self, DEALT_WITH_AFTER_SECONDS, self._deal_with)
        desk.heard.append(self._soon)
        self._deletions: deque[tuple[int, int, datetime]] = deque(maxlen=DELETIONS_REMEMBERED)

    async def cog_load(self) -> None:
        """Hear of messages."""
        await super().cog_load()
        for hearers in (self.bot.message_hearers, self.bot.bot_message_hearers):
            hearers.append(self.bodies.hear)

    async def cog_unload(self) -> None:
        """Hear of no more messages, and write what was gathered."""
        for hearers in (self.bot.message_hearers, self.bot.bot_message_hearers):
            hearers.remove(self.bodies.hear)
        await self.bodies.writer.write_the_last()

    async def from_the_start_on(self) -> None:
        """Forget in time."""
        await self.bodies.forget_in_time()

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Write what was gathered, so that it is erased with the rest: it is held by message, and not by author."""
        await self.bodies.writer.write(guild_id)

    @StartingCog.listener()
    async def on_guild_setting_changed(self, event: GuildSettingChanged) -> None:
        """Keep nothing where neither edits nor deletions are logged any more."""
        of_ours = event.key in {CHANNELS[kind].key for kind in KEEPS_BODIES}
        if of_ours and event.new is None and not self.desk.wants(event.guild_id, *KEEPS_BODIES):
            await self.bodies.writer.write(event.guild_id)
            await self.bodies.store.forget_guild(event.guild_id)

    # --- hearing

    @StartingCog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Perhaps somebody edited a message; a preview or a pin is told in the same way."""
        message, guild_id = payload.message, payload.guild_id
        if guild_id is None or message.edited_at is None or not self.desk.wants(guild_id, *KEEPS_BODIES):
            return
        if self.desk.ignores_message(message, guild_id) or self.desk.is_command(message):
            return
        old = payload.cached_message
        cached = None if old is None or self.desk.is_command(old) else body_of(old)
        self._soon.add(guild_id, Edited(message.id, body_of(message), message.edited_at, cached))

    @StartingCog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """A message is gone."""
        known = [] if payload.cached_message is None else [payload.cached_message]
        self._gone(payload.guild_id, payload.channel_id, {payload.message_id}, known)

    @StartingCog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages are gone at once."""
        self._gone(payload.guild_id, payload.channel_id, payload.message_ids, payload.cached_messages, many=True)

    def _gone(
        self,
        guild_id: int | None,
        channel_id: int,
        message_ids: set[int],
        known: Iterable[discord.Message],
        *,
        many: bool = False,
    ) -> None:
        guild = self.bot.get_guild(guild_id or 0)
        if guild is None or not self.desk.wants(guild.id, "deletes"):
            return
        if self.desk.ignores_channel(guild.id, guild.get_channel_or_thread(channel_id)):
            return
        left_out = {one.id for one in known if self.desk.ignores_message(one, guild.id)}
        if not many:  # an entry of the audit log may be about it all the same
            at = discord.utils.utcnow()
            self._deletions += [(one.author.id, channel_id, at) for one in known if one.id in left_out]
        cached = {
            one.id: body_of(one, is_shown=not self.desk.is_command(one)) for one in known if one.id not in left_out
        }
        now = discord.utils.utcnow()
        if ids := frozenset(message_ids - left_out):
            self._soon.add(guild.id, Deleted(channel_id, ids, now, cached, len(message_ids), many))

    # --- telling

    async def _deal_with(self, guild_id: int, news: list[News], beyond: int) -> None:
        guild = self.bot.get_guild(guild_id)
        if guild is None:
            return
        if beyond:
            log.warning("Guild %d: %d deletions and edits came too fast for the log", guild_id, beyond)
        ids = {one for thing in news for one in _ids(thing)}
        bodies = await self.bodies.of(guild_id, ids)
        changed: dict[int, Body] = {}
        gone: set[int] = set()
        together: dict[int, list[Deleted]] = {}
        self._remember_deletions(news, bodies)
        with using(self.bot.language_of(guild)):
            for thing in news:
                if isinstance(thing, Edited):
                    self._edited(guild, thing, bodies, changed)
                    continue
                gone |= thing.message_ids
                if thing.many:
                    together.setdefault(thing.channel_id, []).append(thing)
                else:
                    self._deleted(guild, thing, bodies)
            for deleted in together.values():
                await self._deleted_many(guild, deleted, bodies)
        await self.bodies.note(guild_id, changed, gone)

    def _remember_deletions(self, news: Iterable[News], bodies: dict[int, Body]) -> None:
        """All of them before one is told: who deleted one isn't sure if there is another like it."""
        for thing in news:
            if isinstance(thing, Deleted) and not thing.many:
                message_id = min(thing.message_ids)
                body = bodies.get(message_id) or thing.cached.get(message_id)
                author_id = SOMEBODY if body is None else body.author_id
                self._deletions.append((author_id, thing.channel_id, thing.at))

    def _edited(
        self, guild: discord.Guild, edited: Edited, bodies: dict[int, Body], changed: dict[int, Body]
    ) -> None:
        old = bodies.get(edited.message_id) or edited.cached
        if old is not None and not old.is_shown:  # it was a command, or its author was left out when they wrote it
            old = None
        if old is not None and (old.text, old.files) == (edited.new.text, edited.new.files):
            return
        if old is None and discord.utils.utcnow() - edited.edited_at > JUST_EDITED:
            return
        bodies[edited.message_id] = changed[edited.message_id] = edited.new
        self.desk.show(guild.id, texts.edited(guild, edited.message_id, old, edited.new, edited.edited_at))

    def _deleted(self, guild: discord.Guild, deleted: Deleted, bodies: dict[int, Body]) -> None:
        message_id = min(deleted.message_ids)
        body = bodies.get(message_id) or deleted.cached.get(message_id)
        if body is None:
            self.desk.show(guild.id, texts.deleted_unknown(deleted.channel_id, message_id, deleted.at))
            return
        if not body.is_shown or self.desk.ignores_person(guild.id, body.author_id):
            return
        alike = sum(
            author_id in {body.author_id, SOMEBODY}
            and channel_id == deleted.channel_id
            and abs(at - deleted.at) <= TOGETHER
            for author_id, channel_id, at in self._deletions
        )
        fact = who_deleted(self.desk.facts_of(guild.id), body.author_id, deleted.channel_id, deleted.at, alike=alike)
        self.desk.show(guild.id, texts.deleted(message_id, body, deleted.at, fact))

    async def _deleted_many(self, guild: discord.Guild, deleted: Sequence[Deleted], bodies: dict[int, Body]) -> None:
        channel_id, at = deleted[0].channel_id, deleted[-1].at
        fact = who_deleted_many(self.desk.facts_of(guild.id), channel_id, at, sum(one.count for one in deleted))
        if fact is not None and fact.actor_id == guild.me.id and self.desk.has_mod_log(guild.id):
            ids = {message_id for one in deleted for message_id in one.message_ids}
            if not await self.bot.removals.without_case(guild.id, ids):
                return  # a purge, which the mod log shows with a file of what was deleted
        known: dict[int, Body] = {}
        for one in deleted:
            known |= {**one.cached, **{key: bodies[key] for key in one.message_ids if key in bodies}}
        shown = {
            key: body
            for key, body in sorted(known.items())
            if body.is_shown and not self.desk.ignores_person(guild.id, body.author_id)
        }
        count = sum(len(one.message_ids) for one in deleted) - (len(known) - len(shown))
        if count:
            self.desk.show(guild.id, texts.deleted_many(channel_id, count, shown, at, fact))


def _ids(thing: News) -> Iterable[Any]:
    return thing.message_ids if isinstance(thing, Deleted) else (thing.message_id,)
