"""Coins for chatting: gathered in memory as messages come, and written every few seconds."""

import logging
import operator
from typing import Final

import discord

from cogs.economy.bank import Bank
from cogs.economy.earning.rules import Range
from cogs.economy.income import settings
from database.economy import AlreadyDone, Cause
from utils.cog import Cog
from utils.gathering import Batch, Writer
from utils.switches import places

log = logging.getLogger("hearth.economy")

COUNTED: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})


class ChatIncome:
    """Pays for messages. `hear` is called with each one and does no I/O."""

    def __init__(self, bank: Bank, cog: Cog) -> None:
        self.bank = bank
        self.bot = bank.bot
        self.cog = cog
        self.writer: Writer[int] = Writer(cog, "Coins for chatting", operator.add, self._pay)

    def hear(self, message: discord.Message) -> None:
        """Let the author of an ordinary message have coins, if they get any for it."""
        guild = message.guild
        if guild is None or not self.bot.guild_settings.get(guild.id, settings.CHAT):
            return
        if message.webhook_id is not None or message.type not in COUNTED:
            return
        user_id, now = message.author.id, message.created_at
        if self.writer.waits.must(guild.id, user_id, now) or not self._counts(guild, message):
            return
        get = self.bot.guild_settings.get
        range_ = Range(get(guild.id, settings.CHAT_LEAST), get(guild.id, settings.CHAT_MOST))
        if self.writer.add(guild.id, user_id, range_.draw(self.bot.chance)):
            self.writer.waits.begin(guild.id, user_id, now + get(guild.id, settings.CHAT_COOLDOWN))

    def _counts(self, guild: discord.Guild, message: discord.Message) -> bool:
        """Whether the place and the author count here."""
        switches = self.bot.switches
        if not switches.feature_is_on(guild.id, self.cog.feature):
            return False
        left_out = self.bot.guild_settings.get(guild.id, settings.CHAT_NOT_IN)
        if left_out and not set(places(message.channel)).isdisjoint(left_out):
            return False
        if self.bot.access.blocks.shut_out(guild, message.author.id):
            return False
        return not switches.is_ignored(message.channel, message.author)

    async def _pay(self, batch: Batch[int]) -> None:
        """Write a batch; once, also if it was written before and nobody heard of it."""
        try:
            async with self.bank.operation(batch.guild_id, "chat", Cause("batch", batch.id)) as operation:
                await operation.pay(batch.gains)
        except AlreadyDone:
            log.info("Coins for chatting in guild %d were written before", batch.guild_id)
