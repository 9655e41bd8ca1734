"""XP for talking: events tell who is together in a voice channel, and once a minute their minutes are counted."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import discord

from cogs.leveling import settings as leveling_settings
from cogs.leveling.base import LevelingCog, role_ids
from cogs.leveling.multipliers import Multipliers, multiplied
from cogs.leveling.service import Leveling
from cogs.leveling.voice.rules import GOES_ON_WITHIN, MINUTE, Known, Talks, earning_there, unknown_there
from cogs.leveling.voice.settings import VOICE_XP
from cogs.leveling.voice.states import active_people, forget_states, is_in_voice
from database.standing_values import Gain
from database.voice_sessions import VoiceSession, VoiceSessionsStore
from utils.bot import Hearth
from utils.cog import Cog
from utils.core_settings import DISABLED_FEATURES
from utils.events import GuildSettingChanged
from utils.gathering import Batch, Writer
from utils.members import get_members
from utils.shared_memory import Part
from utils.switches import places

log = logging.getLogger("hearth.leveling")

ASKED_EVERY_SECONDS: Final = 1.0
"""Between two questions to the gateway, which takes two a second at most, of all features together."""
ASKED_AGAIN_AFTER_SECONDS: Final = 60.0
ROLES_KNOWN_FOR: Final = timedelta(minutes=10)
"""Discord doesn't tell of changed roles where members aren't kept in memory, so they are asked for now and then."""

LOOK_AFTER: Final = frozenset(
    setting.key
    for setting in (
        VOICE_XP, DISABLED_FEATURES, leveling_settings.NO_XP_CHANNELS, leveling_settings.ONLY_XP_CHANNELS,
        leveling_settings.NO_XP_ROLES, leveling_settings.ONLY_XP_ROLES,
    )
)  # fmt: skip
"""Settings that decide who earns."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody gained since the last writing, where, and how their session goes on, if it does."""

    gain: Gain
    channel_id: int
    session: VoiceSession | None

    def __add__(self, other: "Spoken") -> "Spoken":
        where = other.channel_id if other.gain.voice_minutes else self.channel_id
        return Spoken(self.gain + other.gain, where, other.session)


class Talking(LevelingCog):
    """XP for talking in voice channels."""

    settings = (VOICE_XP,)

    def __init__(self, bot: Hearth, leveling: Leveling, multipliers: Multipliers) -> None:
        super().__init__(bot, leveling)
        self.multipliers = multipliers
        self.store = VoiceSessionsStore(bot.db)
        self.in_memory = (Part("time in voice channels", self._read, here_alone=True),)
        self.writer: Writer[Spoken] = Writer(self, "XP for talking", Spoken.__add__, self._write)
        self._guilds: dict[int, Talks] = {}
        self._counting: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._unheard_shards: set[int] = set()
        self._to_ask: dict[int, None] = {}
        """Guilds with people of whom nothing is known, in the order they are asked."""

    async def cog_load(self) -> None:
        """Take up the sessions that were running a moment ago."""
        self._guilds.clear()  # after a reload that failed, the sessions are the stored ones, too
        await self.store.remove_old(discord.utils.utcnow() - GOES_ON_WITHIN)
        await self._read(None)
        self.leveling.writers.append(self.write)
        if self.bot.is_ready():
            for guild in self.bot.guilds:
                self.look(guild)

    async def _read(self, guild_id: int | None) -> None:
        for session in await self.store.all(guild_id):
            talks = self._talks(session.guild_id)
            if session.user_id not in talks.running:
                talks.held[session.user_id] = session

    async def cog_unload(self) -> None:
        """Write the whole minutes; the sessions stay, so that the next start goes on with them."""
        self.leveling.writers.remove(self.write)
        for talks in self._guilds.values():
            self._count(talks)
        await self.writer.write_the_last()

    # --- what happens in voice channels

    @Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Somebody came, went, or was muted or deafened: look who earns in the channels concerned."""
        talks = self._talks(member.guild.id)
        talks.known[member.id] = _known(member)
        self.look(member.guild, {channel.id for channel in (before.channel, after.channel) if channel is not None})

    @Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Let nobody earn who isn't a member any more."""
        guild, talks = self.bot.get_guild(payload.guild_id), self._guilds.get(payload.guild_id)
        if guild is not None and talks is not None and payload.user.id in talks.known:
            talks.known[payload.user.id] = Known(is_human=False, role_ids=(), at=discord.utils.utcnow())
            self.look(guild)

    @Cog.listener()
    async def on_guild_setting_changed(self, event: GuildSettingChanged) -> None:
        """Look who earns by the new settings."""
        guild = self.bot.get_guild(event.guild_id)
        if event.key in LOOK_AFTER and guild is not None:
            self.look(guild)

    @Cog.listener()
    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """Look who is in the new channel for who is away."""
        if before.afk_channel != after.afk_channel:
            self.look(after)

    @Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:  # fmt: skip
        """Look who earns in a channel that was moved to another category."""
        if before.category_id != after.category_id:
            self.look(after.guild, {after.id})

    @Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Nobody earns in a channel that is gone."""
        self.look(channel.guild, {channel.id})

    # --- when Discord can't be heard

    @Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Discord told who is in the voice channels: at the start, and after an outage."""
        self.look(guild)

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Look who is in the voice channels already."""
        self.look(guild)

    @Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Let everybody wait until the guild is back."""
        self._hold(guild.id)
        forget_states(guild)

    @Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Count what was earned in a guild that the bot left."""
        talks = self._guilds.pop(guild.id, None)
        if talks is not None:
            for session in [*talks.running.values()]:
                self._end(talks, session)
            self._drop(talks, list(talks.held))

    @Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Let everybody wait: who goes now, goes unheard."""
        self._unheard_shards.add(shard_id)
        for guild in self.bot.guilds:
            if guild.shard_id == shard_id:
                self._hold(guild.id)

    @Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """A new session: Discord is about to tell of each guild anew."""
        self._unheard_shards.discard(shard_id)

    @Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """Look who is there: Discord has told all that was missed."""
        self._unheard_shards.discard(shard_id)
        for guild in self.bot.guilds:
            if guild.shard_id == shard_id:
                self.look(guild)

    @Cog.listener()
    async def on_ready(self) -> None:
        """Look everywhere, and forget the sessions of guilds that the bot left while it was away."""
        for guild in self.bot.guilds:
            self.look(guild)
        for talks in [talks for guild_id, talks in self._guilds.items() if self.bot.get_guild(guild_id) is None]:
            if self.bot.cluster.owns(talks.guild_id):  # else the sessions are another process's now
                self._drop(talks, list(talks.held))
            del self._guilds[talks.guild_id]

    # --- who earns

    def look(self, guild: discord.Guild, channel_ids: Collection[int] | None = None) -> None:
        """Let those earn, in all voice channels or in these, who do by now. Without I/O."""
        if guild.unavailable or guild.shard_id in self._unheard_shards:
            return
        talks, now = self._talks(guild.id), discord.utils.utcnow()
        earning, unknown = self._earning(guild, talks, channel_ids)
        for session in [*talks.running.values()]:
            looked_at = channel_ids is None or session.channel_id in channel_ids
            if looked_at and earning.get(session.user_id) != session.channel_id:
                self._end(talks, session)
        for user_id, channel_id in earning.items():
            if user_id not in talks.running:
                session = talks.begin(user_id, channel_id, now)
                self.writer.add(guild.id, user_id, Spoken(Gain(), channel_id, session))
        if channel_ids is None:
            self._drop(talks, [user_id for user_id in talks.held if user_id not in unknown])
        for user_id in [user_id for user_id in talks.known if not is_in_voice(guild, user_id)]:
            talks.forget(user_id)
        if unknown:
            self._ask(guild.id)
        if talks.is_empty:
            del self._guilds[guild.id]
        elif talks.running and (self._counting is None or self._counting.done()):
            self._counting = self.spawn(self._count_each_minute())

    def _earning(
        self, guild: discord.Guild, talks: Talks, channel_ids: Collection[int] | None
    ) -> tuple[dict[int, int], set[int]]:
        """Who earns, and in which channel; and who has to be asked about first."""
        earning: dict[int, int] = {}
        unknown: set[int] = set()
        is_on = self.bot.switches.feature_is_on(guild.id, self.feature)
        if is_on and self.bot.guild_settings.get(guild.id, VOICE_XP):
            rules, blocks = self.place_rules(guild.id), self.bot.access.blocks
            for channel, active in active_people(guild, channel_ids).items():
                unknown |= unknown_there(active, talks.known)
                for user_id in earning_there(active, talks.known, rules, places(channel)):
                    if not blocks.shut_out(guild, user_id):
                        earning[user_id] = channel.id
        return earning, unknown

    def _talks(self, guild_id: int) -> Talks:
        return self._guilds.setdefault(guild_id, Talks(guild_id))

    def _hold(self, guild_id: int) -> None:
        talks = self._guilds.get(guild_id)
        if talks is not None:
            self._count(talks)
            talks.hold()

    def _end(self, talks: Talks, session: VoiceSession) -> None:
        now = discord.utils.utcnow()
        gain = self._gain(session, talks.minutes(session.user_id, now), talks)
        self.writer.add(session.guild_id, session.user_id, Spoken(gain, session.channel_id, None))
        talks.end(session.user_id, now)

    def _drop(self, talks: Talks, user_ids: list[int]) -> None:
        """Let go of people who don't go on with their sessions."""
        for user_id in user_ids:
            session = talks.held.pop(user_id)
            self.writer.add(talks.guild_id, user_id, Spoken(Gain(), session.channel_id, None))

    # --- counting

    async def _count_each_minute(self) -> None:
        """Count minutes as long as anybody earns."""
        while any(talks.running for talks in self._guilds.values()):
            await asyncio.sleep(MINUTE.total_seconds())
            for talks in [*self._guilds.values()]:
                guild = self.bot.get_guild(talks.guild_id)
                if guild is not None:
                    self.look(guild)
                self._count(talks)
                if self._outdated(talks):
                    self._ask(talks.guild_id)
                await asyncio.sleep(0)  # thousands of people take a while

    def _count(self, talks: Talks) -> None:
        """Let those who earn have their whole minutes."""
        now = discord.utils.utcnow()
        for user_id, session in [*talks.running.items()]:
            minutes = talks.minutes(user_id, now)
            if not minutes:
                continue
            counted = talks.counted(user_id, minutes)
            gain = self._gain(session, minutes, talks)
            if self.writer.add(talks.guild_id, user_id, Spoken(gain, session.channel_id, counted)):
                talks.running[user_id] = counted

    def _gain(self, session: VoiceSession, minutes: int, talks: Talks) -> Gain:
        """What so many minutes bring."""
        channel, known = self.bot.get_channel(session.channel_id), talks.known.get(session.user_id)
        where = places(channel) if channel is not None else [session.channel_id]
        roles = known.role_ids if known is not None else ()
        now = discord.utils.utcnow()
        percents = self.multipliers.percents(session.guild_id, session.user_id, where, roles, now)
        each = multiplied(self.bot.guild_settings.get(session.guild_id, VOICE_XP), percents)
        return Gain(xp=minutes * each, voice_minutes=minutes)

    # --- asking who somebody is

    def _ask(self, guild_id: int) -> None:
        self._to_ask[guild_id] = None
        if self._asking is None or self._asking.done():
            self._asking = self.spawn(self._ask_all())

    async def _ask_all(self) -> None:
        while self._to_ask:
            guild_id = next(iter(self._to_ask))
            del self._to_ask[guild_id]
            guild = self.bot.get_guild(guild_id)
            if guild is None or guild.unavailable:
                continue  # it is looked at again when it is back
            answered = await self._ask_about(guild)
            if not answered:
                self._to_ask[guild_id] = None
            await asyncio.sleep(ASKED_EVERY_SECONDS if answered else ASKED_AGAIN_AFTER_SECONDS)

    async def _ask_about(self, guild: discord.Guild) -> bool:
        """Ask about those of whom too little is known, and look again; False if there was no answer."""
        talks = self._talks(guild.id)
        wanted = self._earning(guild, talks, None)[1] | self._outdated(talks)
        try:
            found = await get_members(guild, wanted)
        except TimeoutError:
            log.info("Who is in the voice channels of guild %d isn't known yet", guild.id)
            return False
        nobody = Known(is_human=False, role_ids=(), at=discord.utils.utcnow())
        talks = self._talks(guild.id)
        talks.known |= {user_id: _known(found[user_id]) if user_id in found else nobody for user_id in wanted}
        self.look(guild)
        return True

    def _outdated(self, talks: Talks) -> set[int]:
        """Whose roles were asked for too long ago, where roles decide about XP."""
        now, rules = discord.utils.utcnow(), self.place_rules(talks.guild_id)
        multiplied_roles = any(one.kind == "role" for one in self.multipliers.of_guild(talks.guild_id, now))
        if not (rules.no_roles or rules.only_roles or multiplied_roles):
            return set()
        return {
            user_id for user_id, known in talks.known.items() if known.is_human and now - known.at >= ROLES_KNOWN_FOR
        }

    # --- writing

    async def write(self, guild_id: int) -> None:
        """Write what a guild's members gained up to now."""
        talks = self._guilds.get(guild_id)
        if talks is not None:
            self._count(talks)
        await self.writer.write(guild_id)

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Drop the minutes that aren't written."""
        await self.writer.forget(user_id, guild_id)

    async def _write(self, batch: Batch[Spoken]) -> None:
        async def write_sessions() -> None:
            await self.store.put(one.session for one in batch.gains.values() if one.session is not None)
            ended = [user_id for user_id, one in batch.gains.items() if one.session is None]
            await self.store.remove(batch.guild_id, ended)

        gained = {user_id: one for user_id, one in batch.gains.items() if one.gain.voice_minutes}
        await self.leveling.add_batch(
            batch.guild_id,
            batch.id,
            {user_id: one.gain for user_id, one in gained.items()},
            {user_id: one.channel_id for user_id, one in gained.items()},
            also=write_sessions,
        )


def _known(member: discord.Member) -> Known:
    return Known(not member.bot, role_ids(member), discord.utils.utcnow())
