"""XP for messages: judged on the path of every message without I/O, gathered, and written every few seconds."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import discord

from cogs.leveling import settings
from cogs.leveling.base import LevelingCog, role_ids
from cogs.leveling.chat.rules import Award, ChatRules, Reason, RecentAwards, RecentTexts
from cogs.leveling.multipliers import IN_MEMORY, Multipliers, multiplied
from cogs.leveling.service import Leveling
from database.errors import DatabaseUnavailable
from database.standing_values import Gain
from utils.bot import Hearth
from utils.cog import Cog
from utils.events import XpBoosted
from utils.gathering import Batch, Writer
from utils.shared_memory import Part
from utils.switches import places

log = logging.getLogger("hearth.leveling")

COUNTED: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})


@dataclass(frozen=True, slots=True)
class Gathered:
    """What somebody gained since the last writing, and in which channel last."""

    gain: Gain
    channel_id: int | None

    def __add__(self, other: "Gathered") -> "Gathered":
        return Gathered(self.gain + other.gain, other.channel_id or self.channel_id)


class Chat(LevelingCog):
    """XP for messages."""

    settings = settings.SETTINGS

    def __init__(self, bot: Hearth, leveling: Leveling, multipliers: Multipliers) -> None:
        super().__init__(bot, leveling)
        self.multipliers = multipliers
        self.in_memory = (Part(IN_MEMORY, multipliers.read),)
        self.rules = bot.guild_settings.digest(self._rules)
        self.texts = RecentTexts()
        self.awards = RecentAwards()
        self.writer: Writer[Gathered] = Writer(self, "XP for chatting", Gathered.__add__, self._write)

    async def cog_load(self) -> None:
        """Begin to hear what is said, and to answer what somebody's level is."""
        await self.multipliers.load(discord.utils.utcnow())
        self.leveling.writers.append(self.writer.write)
        self.bot.chat_hearers.append(self.hear)
        self.bot.levels.register(self.leveling.level_of)

    async def cog_unload(self) -> None:
        """Write what was gathered."""
        self.bot.levels.withdraw(self.leveling.level_of)
        self.bot.chat_hearers.remove(self.hear)
        self.leveling.writers.remove(self.writer.write)
        await self.writer.write_the_last()

    def _rules(self, guild_id: int | None) -> ChatRules:
        values = self.bot.guild_settings
        places, (least, most) = self.place_rules(guild_id), settings.xp_range(values, guild_id)
        return ChatRules(
            is_on=self.bot.switches.feature_is_on(guild_id, self.feature),
            places=None if places.are_all else places,
            shortest=values.get(guild_id, settings.SHORTEST),
            repeats_count=values.get(guild_id, settings.REPEATED),
            least=least,
            most=most,
            cooldown=values.get(guild_id, settings.XP_COOLDOWN),
        )

    # --- on the path of every message

    def hear(self, message: discord.Message) -> None:
        """Let the author of an ordinary message have XP, if they get any for it; once, if it is delivered twice."""
        if self.awards.of(message.id) is not None:
            return
        if self.refusal(message) is not None:
            return
        assert message.guild is not None
        guild_id, user_id, now = message.guild.id, message.author.id, message.created_at
        wait = self.wait(guild_id, user_id, now)
        if wait == "full":
            return
        self.texts.remember(guild_id, user_id, message.content)
        gain = Gain(messages=1) if wait == "wait" else Gain(xp=self.draw(message), messages=1)
        if not self.writer.add(guild_id, user_id, Gathered(gain, message.channel.id)):
            return
        if gain.xp:  # where a multiplier leaves nothing, nobody's minute begins
            self.writer.waits.begin(guild_id, user_id, now + self.rules.of(guild_id).cooldown)
        self.awards.remember(message.id, Award(guild_id, user_id, gain, now))

    def refusal(self, message: discord.Message) -> Reason | None:
        """Why a message doesn't count; None if it does, though its author may have to wait for more XP."""
        guild, author = message.guild, message.author
        if guild is None or not isinstance(author, discord.Member) or message.type not in COUNTED:
            return "not_chat"
        if not self.rules.of(guild.id).is_on:
            return "off"
        reason = self.reason_there(author, message.channel)
        if reason is not None:
            return reason
        if self.is_short(message):
            return "short"
        return "repeated" if self.repeats(message) else None

    def reason_there(self, member: discord.Member, channel: discord.abc.Snowflake) -> Reason | None:
        """Why this member gets no XP in a channel, whatever they write: blocked, or by its place or their roles."""
        if self.bot.access.blocks.shut_out(member.guild, member.id):
            return "blocked"
        allowed = self.rules.of(member.guild.id).places
        if allowed is None:
            return None
        roles = role_ids(member) if allowed.no_roles or allowed.only_roles else ()
        return allowed.reason(places(channel), roles)

    def wait(self, guild_id: int, user_id: int, now: datetime) -> Reason | None:
        """Whether somebody has to wait for more XP, or there is no room to remember more of them."""
        if not self.writer.waits.must(guild_id, user_id, now):
            return None
        return "full" if self.writer.waits.until(guild_id, user_id) is None else "wait"

    def percents(self, member: discord.Member, channel: discord.abc.Snowflake, now: datetime) -> list[int]:
        """All that a gain of this member in this channel is multiplied by, in percent."""
        return self.multipliers.percents(member.guild.id, member.id, places(channel), role_ids(member), now)

    def draw(self, message: discord.Message) -> int:
        """What this message brings."""
        assert isinstance(message.author, discord.Member)
        rules = self.rules.of(message.author.guild.id)
        drawn = self.bot.chance.randint(rules.least, rules.most)
        return multiplied(drawn, self.percents(message.author, message.channel, message.created_at))

    def is_short(self, message: discord.Message) -> bool:
        """Whether a message is too short for XP. One that shows no text to us, for want of the intent, isn't."""
        assert message.guild is not None
        shortest = self.rules.of(message.guild.id).shortest
        if len(message.content.strip()) >= shortest or message.attachments or message.stickers:
            return False
        return self.bot.intents.message_content

    def repeats(self, message: discord.Message) -> bool:
        """Whether a message says what its author said just before, and that isn't allowed."""
        assert message.guild is not None
        guild_id = message.guild.id
        if self.rules.of(guild_id).repeats_count:
            return False
        return self.texts.repeats(guild_id, message.author.id, message.content)

    # --- what is taken back

    @Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take back what a message brought that was deleted soon."""
        self._take_back([payload.message_id])

    @Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Take back what messages brought that were cleared away soon."""
        self._take_back(payload.message_ids)

    def _take_back(self, message_ids: Iterable[int]) -> None:
        now = discord.utils.utcnow()
        for message_id in message_ids:
            award = self.awards.take(message_id, now)
            if award is not None:
                lost = Gain(xp=-award.gain.xp, messages=-award.gain.messages)
                self.writer.add(award.guild_id, award.user_id, Gathered(lost, None))

    # --- writing

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Drop what they gained and isn't written, what they said last, and their boost."""
        await self.writer.forget(user_id, guild_id)
        self.texts.forget(user_id, guild_id)
        self.awards.forget_person(user_id, guild_id)
        self.multipliers.forget_boosts(user_id, guild_id)

    async def forget_guild(self, guild_id: int) -> None:
        """Drop the guild's multipliers and boosts."""
        self.multipliers.forget_guild(guild_id)

    async def _write(self, batch: Batch[Gathered]) -> None:
        self.awards.forget(discord.utils.utcnow())
        await self.leveling.add_batch(
            batch.guild_id,
            batch.id,
            {user_id: one.gain for user_id, one in batch.gains.items()},
            {user_id: one.channel_id for user_id, one in batch.gains.items() if one.channel_id is not None},
        )

    # --- boosts from the shop

    @Cog.listener()
    async def on_xp_boosted(self, event: XpBoosted) -> None:
        """Let somebody's boost count from now on."""
        try:
            await self.multipliers.load_boost(event.guild_id, event.user_id, discord.utils.utcnow())
        except DatabaseUnavailable as error:  # it counts from the next start on
            log.warning("The boost of user %d isn't read: %s", event.user_id, error)
