"""Daily and weekly coins, work and crime."""

import discord

from cogs.economy.bank import Bank
from cogs.economy.base import EconomyCog
from cogs.economy.earning import rules, settings
from cogs.economy.earning.claiming import COOLDOWNS, Claimed, Claiming, next_time, streak_lives
from cogs.economy.earning.texts import CAUGHT, GOT_AWAY, WORKED
from database.economy import Posting
from utils import embeds
from utils.bot import Hearth
from utils.commands import command, example
from utils.context import GuildContext
from utils.errors import UserError
from utils.i18n import _, ngettext, translate
from utils.setting_types import Setting
from utils.time import timestamp


class Earning(EconomyCog):
    """Coins for coming back, for work and for crimes."""

    settings = (*settings.CLAIM_SETTINGS, *settings.JOB_SETTINGS)

    def __init__(self, bot: Hearth, bank: Bank) -> None:
        super().__init__(bot, bank)
        self.claiming = Claiming(bank)

    # --- for coming back

    @command(aliases=["dailies"])
    @example("")
    async def daily(self, ctx: GuildContext) -> None:
        """Get your daily coins; a streak of days adds to them.

        The next ones are there 20 hours later, and a streak lives for 48 hours, unless this server has set it
        otherwise. I say both moments each time.
        """
        amount = self._payout(ctx.guild.id, settings.DAILY_AMOUNT, _("There are no daily coins in this server."))
        each, most = self._get(ctx, settings.STREAK_BONUS), self._get(ctx, settings.STREAK_BONUS_MOST)
        async with self.bank.by(ctx, "daily") as operation:
            claimed = await self.claiming.claim(operation, ctx.author.id, "daily")
            bonus = rules.streak_bonus(claimed.claim.streak, each, most)
            await operation.post(Posting(ctx.author.id, amount + bonus))
            account = await operation.account(ctx.author.id)
        await ctx.success("\n".join(self._daily_lines(ctx.guild.id, claimed, amount, bonus, account.cash)))

    def _daily_lines(self, guild_id: int, claimed: Claimed, amount: int, bonus: int, balance: int) -> list[str]:
        """What was paid, how the streak stands, and when to come again."""
        values = {
            "amount": self.bank.show(guild_id, amount),
            "bonus": self.bank.show(guild_id, bonus),
            "balance": self.bank.show(guild_id, balance),
        }
        if bonus:
            lines = [_("You get {amount}, and {bonus} for your streak. You have {balance} in hand.").format(**values)]
        else:
            lines = [_("You get {amount} and have {balance} in hand.").format(**values)]
        if claimed.lost:
            lines.append(
                ngettext(
                    "Your streak of {days} day has ended; a new one begins.",
                    "Your streak of {days} days has ended; a new one begins.",
                    claimed.lost,
                ).format(days=claimed.lost)
            )
        return [*lines, streak_lives(claimed.claim, claimed.lives_until), next_time(claimed)]

    @command()
    @example("")
    async def weekly(self, ctx: GuildContext) -> None:
        """Get your weekly coins."""
        amount = self._payout(ctx.guild.id, settings.WEEKLY_AMOUNT, _("There are no weekly coins in this server."))
        async with self.bank.by(ctx, "weekly") as operation:
            claimed = await self.claiming.claim(operation, ctx.author.id, "weekly")
            await operation.post(Posting(ctx.author.id, amount))
            account = await operation.account(ctx.author.id)
        paid = _("You get {amount} and have {balance} in hand.").format(
            amount=self.bank.show(ctx.guild.id, amount), balance=self.bank.show(ctx.guild.id, account.cash)
        )
        await ctx.success(f"{paid}\n{next_time(claimed)}")

    def _payout(self, guild_id: int, setting: Setting[int], none: str) -> int:
        """How much there is; raises `UserError` with the sentence `none` where it is switched off."""
        amount = self.bot.guild_settings.get(guild_id, setting)
        if not amount:
            raise UserError(none)
        return amount

    # --- for what one does

    @command(aliases=["job"])
    @example("")
    async def work(self, ctx: GuildContext) -> None:
        """Work for some coins."""
        wages = rules.Range(self._get(ctx, settings.WORK_LEAST), self._get(ctx, settings.WORK_MOST))
        async with self.bank.by(ctx, "work") as operation:
            claimed = await self.claiming.claim(operation, ctx.author.id, "work")
            amount = wages.draw(self.bot.chance)
            await operation.post(Posting(ctx.author.id, amount))
            account = await operation.account(ctx.author.id)
        text = translate(self.bot.chance.choice(WORKED)).format(amount=self.bank.show(ctx.guild.id, amount))
        await ctx.success("\n".join([text, *self._after(ctx, account.cash, claimed)]))

    @command()
    @example("")
    async def crime(self, ctx: GuildContext) -> None:
        """Try something forbidden: it brings coins, or costs a fine.

        The fine is at most what you have in hand.
        """
        chance = self._get(ctx, settings.CRIME_CHANCE)
        gain = rules.Range(self._get(ctx, settings.CRIME_LEAST), self._get(ctx, settings.CRIME_MOST))
        fine = rules.Range(self._get(ctx, settings.CRIME_FINE_LEAST), self._get(ctx, settings.CRIME_FINE_MOST))
        async with self.bank.by(ctx, "crime") as operation:
            claimed = await self.claiming.claim(operation, ctx.author.id, "crime")
            has = (await operation.account(ctx.author.id)).cash
            came = rules.crime(self.bot.chance, chance, gain=gain, fine=fine, in_hand=has)
            await operation.post(Posting(ctx.author.id, came.gain), Posting(ctx.author.id, -came.fine, kind="fine"))
        after = self._after(ctx, has + came.gain - came.fine, claimed)
        await (ctx.success if came.success else ctx.error)("\n".join([self._crime_text(ctx, came), *after]))

    def _crime_text(self, ctx: GuildContext, came: rules.Outcome) -> str:
        if not came.success and not came.fine:
            return _("You are caught, but there is nothing in your pockets to pay a fine with.")
        text = self.bot.chance.choice(GOT_AWAY if came.success else CAUGHT)
        return translate(text).format(amount=self.bank.show(ctx.guild.id, came.gain or came.fine))

    def _after(self, ctx: GuildContext, balance: int, claimed: Claimed) -> list[str]:
        has = _("You have {balance} in hand.").format(balance=self.bank.show(ctx.guild.id, balance))
        return [has, next_time(claimed)]

    # --- when

    @command(aliases=["cds"])
    @example("")
    async def cooldowns(self, ctx: GuildContext) -> None:
        """Show when you can earn what again."""
        claims = await self.claiming.store.of(ctx.guild.id, ctx.author.id)
        now, lines = discord.utils.utcnow(), []
        for kind in COOLDOWNS:
            rhythm, last = self.claiming.rhythm(ctx.guild.id, kind), claims.get(kind)
            if last is None or rhythm.is_possible(last, now):
                lines.append(_("`{command}`: now").format(command=ctx.clean_prefix + kind))
            else:
                when = timestamp(rhythm.possible_at(last.at), "R")
                lines.append(_("`{command}`: {when}").format(command=ctx.clean_prefix + kind, when=when))
        daily = claims.get("daily")
        if daily is not None:
            lines += ["", streak_lives(daily, self.claiming.rhythm(ctx.guild.id, "daily").lives_until(daily.at))]
        await ctx.show(embeds.info("\n".join(lines), title=_("When you can earn again")))

    def _get(self, ctx: GuildContext, setting: Setting[int]) -> int:
        return self.bot.guild_settings.get(ctx.guild.id, setting)
