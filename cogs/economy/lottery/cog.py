"""The lottery's commands: looking, buying tickets; drawing early and calling it off."""

from typing import Annotated

import discord

from cogs.economy.base import EconomyCog
from cogs.economy.games.casino import Casino
from cogs.economy.lottery import settings, texts
from cogs.economy.lottery.draws import Draws
from cogs.economy.lottery.rules import LOTTERY
from database.economy import Cause, NotEnough, Operation, Posting, Shortfall
from database.lottery import Lottery
from utils import checks, embeds
from utils.amounts import Amount
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.errors import UserError
from utils.events import LotteryTimer
from utils.i18n import _


class _BeingDrawnError(Exception):
    """The lottery's time is over, and it isn't drawn yet."""


class LotteryCog(EconomyCog, name="Lottery"):
    """The lottery: tickets fill a pot, and one of them wins it."""

    settings = (
        LOTTERY.switch, settings.PRICE, settings.MOST_TICKETS, settings.INTERVAL, settings.HOUSE_SHARE,
        settings.CHANNEL,
    )  # fmt: skip

    def __init__(self, bot: Hearth, casino: Casino) -> None:
        super().__init__(bot, casino.bank)
        self.casino = casino
        self.draws = Draws(self.bank)

    # --- listeners

    @Cog.listener()
    async def on_lottery_timer(self, event: LotteryTimer) -> None:
        """Draw what is due."""
        await self.draws.ends.heard(event)

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Draw what became due while the bot wasn't there."""
        await self.draws.ends.is_back_in(guild)

    # --- commands

    @group(aliases=["lotto"])
    @example("")
    async def lottery(self, ctx: GuildContext) -> None:
        """Show the lottery's pot, your tickets and your chance.

        Each ticket is as likely to win as any other, and the winner gets the pot but for the house's share. Who has
        left the server by then doesn't win: another ticket is drawn. With fewer than two players everybody gets
        their coins back, and also where coins are switched off by then.
        """
        lottery = await self.draws.store.open_in(ctx.guild.id)
        read = self.bot.guild_settings.get
        if lottery is None:
            embed = embeds.info(
                texts.closed_text(
                    self.bank, ctx.guild.id, read(ctx.guild.id, settings.PRICE), read(ctx.guild.id, settings.INTERVAL)
                ),
                title=_("Lottery"),
            )
        else:
            holders = await self.draws.store.holders(lottery.id)
            most = read(ctx.guild.id, settings.MOST_TICKETS)
            embed = texts.open_embed(self.bank, lottery, holders, ctx.author.id, most)
        last = await self.draws.store.last_drawn(ctx.guild.id)
        if last is not None and last.ended_at is not None:
            shown = [embed.description, texts.last_text(self.bank, last, last.ended_at)]
            embed.description = "\n".join(filter(None, shown))
        await ctx.show(embed)

    @lottery.command(name="buy", aliases=["ticket", "tickets"])
    @example("", "5", "all")
    async def lottery_buy(self, ctx: GuildContext, tickets: Annotated[Amount | None, Amount] = None) -> None:
        """Buy lottery tickets: one, so many, or `all` that you can have."""
        self.casino.check_on(ctx.guild.id, LOTTERY)
        try:
            lottery, count, held = await self._buy(ctx, tickets or Amount(coins=1))
        except _BeingDrawnError as error:
            await self.draws.ends.wake(ctx.guild.id)
            raise UserError(_("The lottery is being drawn; try again in a minute.")) from error
        sold = sum(holder.tickets for holder in await self.draws.store.holders(lottery.id))
        await ctx.success(texts.bought_text(self.bank, lottery, count, held, sold))

    async def _buy(self, ctx: GuildContext, wanted: Amount) -> tuple[Lottery, int, int]:
        """The lottery, how many tickets somebody bought, and how many they have then."""
        async with self.bank.by(ctx, "lottery_ticket") as operation:
            lottery = await self.draws.open_one(operation, ctx.channel.id)
            if operation.new.at >= lottery.draws_at:
                raise _BeingDrawnError
            count = await self._how_many(operation, lottery, ctx.author.id, wanted)
            held = await self.draws.store.add_tickets(lottery.id, ctx.author.id, count, ctx.channel.id)
            await operation.post(Posting(ctx.author.id, -count * lottery.price))
        return lottery, count, held

    @lottery.command(name="draw")
    @example("")
    @checks.requires(manage_guild=True)
    async def lottery_draw(self, ctx: GuildContext) -> None:
        """Draw the lottery now."""
        lottery = await self._open(ctx)
        ended = await self.draws.draw(lottery, Cause("message", ctx.message.id), ctx.author.id)
        if ended is None or not ended.is_open:
            await ctx.success(_("The lottery is over; I announce how it ended."))

    @lottery.command(name="cancel")
    @example("")
    @checks.requires(manage_guild=True)
    async def lottery_cancel(self, ctx: GuildContext) -> None:
        """Call the lottery off: everybody gets their coins back."""
        lottery = await self._open(ctx)
        if not await ctx.confirm(_("Call the lottery off, and give everybody their coins back?")):
            await ctx.info(_("The lottery goes on."))
            return
        ended = await self.draws.refund(lottery, Cause("message", ctx.message.id), ctx.author.id)
        if ended is not None and ended.status == "drawn":
            raise UserError(_("The lottery was drawn meanwhile."))
        await ctx.success(_("The lottery is called off; everybody has their coins back."))

    # --- helpers

    async def _open(self, ctx: GuildContext) -> Lottery:
        lottery = await self.draws.store.open_in(ctx.guild.id)
        if lottery is None:
            raise UserError(_("No lottery is open."))
        return lottery

    async def _how_many(self, operation: Operation, lottery: Lottery, user_id: int, wanted: Amount) -> int:
        """How many tickets somebody buys; raises UserError or NotEnough."""
        most = self.bot.guild_settings.get(operation.guild_id, settings.MOST_TICKETS)
        held = await self.draws.store.held_by(lottery.id, user_id)
        has = (await operation.account(user_id)).cash
        if held >= most:
            raise UserError(texts.too_many_text(held, 0))
        if has < lottery.price:
            raise NotEnough([Shortfall(user_id, "cash", has, lottery.price)])
        try:
            count = wanted.resolve(min(most - held, has // lottery.price))
        except ValueError:  # half of one ticket
            count = 1
        if count > most - held:
            raise UserError(texts.too_many_text(held, most - held))
        return count
