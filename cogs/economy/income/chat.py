"""Coins for chatting: gathered in memory as messages come, and written every few seconds.

A kill loses what was gathered since the last writing, and never a part of a batch: one operation writes it. When the
database is away, the batches are kept and tried again under their ids, so that one whose answer was lost isn't paid
twice.
"""

import asyncio
import logging
from typing import Final

import discord

from cogs.economy.bank import Bank
from cogs.economy.earning.rules import Range
from cogs.economy.income import settings
from cogs.economy.income.gathering import Batch, Gathering
from database.economy import AlreadyDone, Cause
from database.errors import DatabaseError
from database.ids import new_id
from utils.cog import Cog
from utils.switches import places

log = logging.getLogger("hearth.economy")

WRITTEN_AFTER_SECONDS: Final = 5.0
COUNTED: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})


class ChatIncome:
    """Pays for messages. `hear` is called with each one and does no I/O."""

    def __init__(self, bank: Bank, cog: Cog) -> None:
        self.bank = bank
        self.bot = bank.bot
        self.cog = cog
        self.gathering = Gathering()
        self._writing = asyncio.Lock()
        self._writer: asyncio.Task[None] | None = None

    # --- on the path of every message

    def hear(self, message: discord.Message) -> None:
        """Let the author of an ordinary message have coins, if they get any for it."""
        guild = message.guild
        if guild is None or not self.bot.guild_settings.get(guild.id, settings.CHAT):
            return
        if message.webhook_id is not None or message.type not in COUNTED:
            return
        user_id, now = message.author.id, message.created_at
        if self.gathering.waits(guild.id, user_id, now) or not self._counts(guild.id, message):
            return
        get = self.bot.guild_settings.get
        range_ = Range(get(guild.id, settings.CHAT_LEAST), get(guild.id, settings.CHAT_MOST))
        coins = range_.draw(self.bot.chance)
        self.gathering.add(guild.id, user_id, coins, now + get(guild.id, settings.CHAT_COOLDOWN))
        if self._writer is None or self._writer.done():
            self._writer = self.cog.spawn(self._write_soon())

    def _counts(self, guild_id: int, message: discord.Message) -> bool:
        """Whether the place and the author count here."""
        switches = self.bot.switches
        if not switches.feature_is_on(guild_id, self.cog.feature):
            return False
        left_out = self.bot.guild_settings.get(guild_id, settings.CHAT_NOT_IN)
        if left_out and not set(places(message.channel)).isdisjoint(left_out):
            return False
        return not switches.is_ignored(message.channel, message.author)

    # --- writing

    async def _write_soon(self) -> None:
        """Write after a while, and again as long as anything is left."""
        while True:
            await asyncio.sleep(WRITTEN_AFTER_SECONDS)
            await self.write()
            if self.gathering.is_empty:
                return

    async def write(self) -> None:
        """Write all that was gathered; what the database doesn't take is kept for the next time."""
        async with self._writing:
            self.gathering.forget(discord.utils.utcnow())
            for batch in self.gathering.sealed(new_id):
                try:
                    await self._pay(batch)
                except DatabaseError as error:
                    log.warning("Coins for chatting in guild %d wait to be written: %s", batch.guild_id, error)
                else:
                    self.gathering.written(batch)

    async def _pay(self, batch: Batch) -> None:
        """Write a batch; once, also if it was written before and nobody heard of it."""
        try:
            async with self.bank.operation(batch.guild_id, "chat", Cause("batch", batch.id)) as operation:
                await operation.pay(batch.coins)
        except AlreadyDone:
            log.info("Coins for chatting in guild %d were written before", batch.guild_id)
