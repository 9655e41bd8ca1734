"""Selling tickets, drawing and refunding: a lottery ends once, and its end is told until somebody can read it."""

import logging
from collections.abc import Sequence

from cogs.economy.bank import Bank
from cogs.economy.games.pots import prize
from cogs.economy.lottery import rules, settings
from cogs.economy.lottery.rules import LOTTERY
from cogs.economy.lottery.texts import news_of
from database.economy import AlreadyDone, Cause, Operation
from database.ids import new_id
from database.lottery import Holder, Lottery, LotteryStore
from database.wagers import WagersStore
from utils.ending import Ends
from utils.events import LotteryTimer
from utils.i18n import using
from utils.members import get_member
from utils.places import say

log = logging.getLogger("hearth.economy")


class SoldMeanwhile(Exception):  # noqa: N818 - nothing is wrong
    """A ticket was sold between the look at who is here and the draw, which begins anew."""


class Draws:
    """The lotteries of all guilds."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.bot = bank.bot
        self.store = LotteryStore(bank.bot.db)
        self.wagers = WagersStore(bank.bot.db)
        self.ends = Ends(bank.bot, LotteryTimer, "lottery_id", self.store, self._end)

    # --- the open one

    async def open_one(self, operation: Operation, channel_id: int) -> Lottery:
        """The lottery that tickets are sold for; a new one, with its timer, if there is none."""
        lottery = await self.store.open_in(operation.guild_id)
        if lottery is not None:
            return lottery
        read = self.bot.guild_settings.get
        guild_id, lottery_id = operation.guild_id, new_id()
        draws_at = operation.new.at + read(guild_id, settings.INTERVAL)
        return await self.store.open(
            operation,
            price=read(guild_id, settings.PRICE),
            house_percent=read(guild_id, settings.HOUSE_SHARE),
            draws_at=draws_at,
            timer_id=await self.ends.schedule(guild_id, lottery_id, draws_at),
            lottery_id=lottery_id,
            channel_id=channel_id,
        )

    # --- its end

    async def _end(self, lottery: Lottery) -> bool:
        """End it if nobody has, and tell of it."""
        ended: Lottery | None = lottery
        if lottery.is_open:
            cause = Cause("timer", lottery.timer_id)
            is_on = self.bot.switches.feature_is_on(lottery.guild_id, "economy")
            ended = await (self.draw(lottery, cause) if is_on else self.refund(lottery, cause))
        if ended is not None and not ended.told:
            await self._tell(ended)
            await self.store.told(ended.id)
        return True

    async def draw(self, lottery: Lottery, cause: Cause, actor_id: int | None = None) -> Lottery | None:
        """Let one ticket win, or refund all where too few play; the timer tells it. How the lottery is then.

        Raises what Discord answers when asked who is here.
        """
        while True:
            holders = await self.store.holders(lottery.id)
            winner_id = await self._winner(lottery, holders)
            try:
                return await self.finish(lottery, cause, actor_id, holders, winner_id)
            except SoldMeanwhile:
                continue

    async def refund(
        self, lottery: Lottery, cause: Cause, actor_id: int | None = None, *, told: bool = True
    ) -> Lottery | None:
        """Give everybody their coins back, also who left; `told` if nothing is to be announced.

        Returns the lottery as it is then: it may have been drawn before.
        """
        return await self.finish(lottery, cause, actor_id, None, None, told=told)

    async def _winner(self, lottery: Lottery, holders: Sequence[Holder]) -> int | None:
        """Whose ticket is drawn; again if that person left. None for too few players, or if everybody left."""
        guild = self.bot.get_guild(lottery.guild_id)
        if guild is None or len(holders) < rules.FEWEST_PLAYERS:
            return None
        left = list(holders)
        while left:
            winner_id = rules.drawn(left, self.bot.chance)
            if await get_member(guild, winner_id) is not None:
                return winner_id
            left = [holder for holder in left if holder.user_id != winner_id]
        return None

    async def finish(
        self, lottery: Lottery, cause: Cause, actor_id: int | None, seen: Sequence[Holder] | None,
        winner_id: int | None, *, told: bool = False,
    ) -> Lottery | None:  # fmt: skip
        """End it in one operation, once. Raises `SoldMeanwhile` if others than those in `seen` hold tickets.

        `seen` is None without a draw. Returns the lottery as it is then.
        """
        kind = "bet_refund" if winner_id is None else "winnings"
        try:
            async with self.bank.operation(
                lottery.guild_id, kind, cause, actor_id, subject=LOTTERY.name
            ) as operation:
                holders = await self.store.holders(lottery.id)
                if seen is not None and holders != seen:
                    raise SoldMeanwhile
                if winner_id is None:
                    ended = await self.store.end(operation, lottery.id, told=told)
                else:
                    pot = lottery.price * sum(holder.tickets for holder in holders)
                    won = prize(pot, lottery.house_percent)
                    ended = await self.store.end(operation, lottery.id, winner_id=winner_id, prize=won)
                if ended is None:
                    raise AlreadyDone
                await self._give(operation, ended, holders)
                # The timer of one that was drawn early tells it now.
                if ended.told:
                    await self.ends.disarm(lottery)
                elif lottery.draws_at > operation.new.at:
                    await self.bot.timers.reschedule(lottery.timer_id, operation.new.at)
        except AlreadyDone:
            return await self.store.get(lottery.id)
        return ended

    async def _give(self, operation: Operation, ended: Lottery, holders: Sequence[Holder]) -> None:
        if ended.winner_id is None or ended.prize is None:
            await operation.pay({holder.user_id: holder.tickets * ended.price for holder in holders})
            return
        await operation.pay({ended.winner_id: ended.prize})
        played = [
            (holder.user_id, holder.tickets * ended.price, ended.prize if holder.user_id == ended.winner_id else 0)
            for holder in holders
        ]
        await self.wagers.record_all(operation, LOTTERY.name, played)

    # --- telling

    async def _tell(self, lottery: Lottery) -> None:
        """Announce how it ended, in the first channel that takes it. Raises for what may pass."""
        guild = self.bot.get_guild(lottery.guild_id)
        if guild is None:
            return
        holders = await self.store.holders(lottery.id)
        with using(self.bot.language_of(guild)):
            text = news_of(self.bank, lottery, holders)
        chosen = self.bot.guild_settings.get(guild.id, settings.CHANNEL)
        for channel_id in dict.fromkeys((chosen or lottery.channel_id, lottery.channel_id)):
            if await say(self.bot, guild.id, channel_id, text, nonce=f"lottery-{lottery.id:x}"):
                return
        log.info("Nobody could be told how lottery %d in guild %d ended", lottery.id, guild.id)
