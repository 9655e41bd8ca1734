"""Trades: two members see both offers, both confirm, and everything changes hands at once.

Nothing is held before that: what is offered may be spent meanwhile, and then the trade doesn't go through. A trade
that a restart ends has moved nothing.
"""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import discord

from cogs.economy.accounts.settings import LARGEST_PAYMENT
from cogs.economy.bank import Bank
from cogs.economy.base import EconomyCog
from cogs.economy.panels import repaint
from cogs.economy.settings import CURRENCY_NAME, CURRENCY_SYMBOL
from cogs.economy.shop import rules as shop_rules
from cogs.economy.shop.texts import name_of, unknown
from cogs.economy.trade import rules
from cogs.economy.trade.rules import Offer, UnknownPartError
from cogs.economy.trade.swap import LacksItem, swap
from cogs.economy.trade.trade import OPEN_FOR, Trade, as_typed, called_off_embed, done_embed, open_embed, subject_of
from cogs.economy.trade.views import OfferForm, TradeButton, buttons_of, trade_is_over
from database.economy import AlreadyDone, Cause, NotEnough, Shortfall, TooMuch
from database.inventory import InventoryStore
from database.shop import ShopItem, ShopStore
from utils.bot import Hearth
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.errors import UserError
from utils.i18n import _, format_number, ngettext, using
from utils.members import get_member

Click = discord.Interaction[Any]


class Trades(EconomyCog):
    """Trading coins and items with another member, both or nothing."""

    dynamic_items: ClassVar = (TradeButton,)

    def __init__(self, bot: Hearth, bank: Bank) -> None:
        super().__init__(bot, bank)
        self.inventory = InventoryStore(bot.db)
        self.shop = ShopStore(bot.db)
        self.open: dict[int, Trade] = {}
        """Trades that aren't over, by their ids."""

    @command(aliases=["swap"], usage="<member> [what you give] [for what you want]")
    @example("@bob", "@bob 100 coins for 2 golden fish", "@bob sword, 50 coins")
    async def trade(
        self, ctx: GuildContext, member: Annotated[discord.Member, GuildMember], *, terms: str = ""
    ) -> None:  # fmt: skip
        """Trade coins and items with another member.

        Both see what each gives, and can change their own part. Once both have confirmed, everything changes hands at
        once; a change takes both confirmations back. If you say both parts, you have confirmed already. Nothing is
        kept aside: if somebody hasn't what they offer any more, nothing changes hands. `inventory` shows what you
        have, and an offer may hold several things, like `100 coins, 2 golden fish, sword`.
        """
        self._check_partner(ctx, member)
        trade = Trade(
            ctx.message.id, ctx.guild, (ctx.author, member), discord.utils.utcnow() + OPEN_FOR, ctx.can_embed
        )
        if terms.strip():
            await self._take_terms(trade, terms)
        await self._call_off_earlier(ctx)
        self.open[trade.id] = trade
        try:
            trade.message = await ctx.reply(embed=open_embed(self.bank, trade), view=buttons_of(trade.id))
        except BaseException:
            del self.open[trade.id]
            raise
        self.spawn(self._watch(trade))

    def _check_partner(self, ctx: GuildContext, member: discord.Member) -> None:
        if member.id == ctx.author.id:
            raise UserError(_("You can't trade with yourself; name another member."))
        if member.bot:
            raise UserError(_("Bots have nothing to trade; name another member."))

    async def _call_off_earlier(self, ctx: GuildContext) -> None:
        """One trade at a time: whoever begins another has done with the one before, whose message may be gone."""
        for trade in list(self.open.values()):
            if trade.guild.id != ctx.guild.id or trade.ids[0] != ctx.author.id:
                continue
            async with trade.lock:
                if not trade.over:
                    with using(trade.language):
                        why = _("{member} began another trade; nothing changes hands.").format(
                            member=ctx.author.mention
                        )
                        await self._close(trade, called_off_embed(why))

    async def _take_terms(self, trade: Trade, terms: str) -> None:
        """What the command itself says of both parts. Raises `UserError` for the likeliest way to read it."""
        first: UserError | None = None
        for mine, theirs in rules.sides(terms):
            try:
                offers = [await self._read(trade, 0, mine)]
                if theirs is not None:
                    offers.append(await self._read(trade, 1, theirs))
            except UserError as error:
                first = first or error
                continue
            for place, (offer, items) in enumerate(offers):
                trade.offers[place] = offer
                trade.items |= items
            trade.confirmed[0] = theirs is not None
            return
        assert first is not None
        raise first

    # --- offers

    async def _read(self, trade: Trade, place: int, text: str) -> tuple[Offer, dict[int, ShopItem]]:
        """What one of the two offers, and its items. Raises `UserError` for what they haven't."""
        guild_id, member = trade.guild.id, trade.members[place]
        holdings = {one.item: one.quantity for one in await self.inventory.of(guild_id, member.id)}
        items = await self.shop.items(guild_id, holdings)
        cash = (await self.bank.account(guild_id, member.id)).cash
        settings = self.bot.guild_settings
        words = [settings.get(guild_id, CURRENCY_SYMBOL), settings.get(guild_id, CURRENCY_NAME) or ""]
        try:
            offer = rules.offer_of(rules.read_offer(text, list(items.values()), words), cash, holdings)
        except UnknownPartError as error:
            raise UserError(self._has_not(member, list(items.values()), error.text)) from error
        except ValueError as error:
            raise UserError(str(error)) from error
        if len(offer.things) > rules.MOST_KINDS:
            raise UserError(
                ngettext(
                    "Offer {most} item at a time at most.", "Offer {most} different items at most.", rules.MOST_KINDS
                ).format(most=rules.MOST_KINDS)
            )
        if offer.coins > cash:
            short = Shortfall(member.id, "cash", cash, offer.coins)
            raise UserError(self.bank.not_enough(guild_id, short, 0))
        most = settings.get(guild_id, LARGEST_PAYMENT)
        if offer.coins > most:
            raise UserError(
                _("The most that can be traded at once is {most}.").format(most=self.bank.show(guild_id, most))
            )
        for number, quantity in offer.things.items():
            if quantity > holdings[number]:
                raise UserError(lacks(member.id, items[number], holdings[number]))
        return offer, {number: items[number] for number in offer.things}

    def _has_not(self, member: discord.Member, items: Sequence[ShopItem], text: str) -> str:
        why = _("{member} has nothing like that.").format(member=member.mention)
        return f"{why} {unknown(shop_rules.near(items, text), text)}"

    # --- buttons

    async def press(self, click: Click, doing: str, trade_id: int) -> None:
        """Somebody presses a button. Raises `UserError`."""
        trade, place = self._found(click, trade_id)
        if doing == "change":
            await click.response.send_modal(OfferForm(trade.id, as_typed(trade, trade.offers[place])))
            return
        async with trade.lock:
            if trade.over:
                raise UserError(trade_is_over())
            if doing == "confirm":
                await self._confirm(click, trade, place)
                return
            with using(trade.language):
                why = _("{member} cancels the trade; nothing changes hands.").format(member=click.user.mention)
                await self._close(trade, called_off_embed(why), click)

    def _found(self, click: Click, trade_id: int) -> tuple[Trade, int]:
        """The trade, and which of the two pressed. Raises `UserError`."""
        trade = self.open.get(trade_id)
        if trade is None:
            raise UserError(trade_is_over())
        if click.user.id not in trade.ids:
            raise UserError(_("These buttons are not yours."))
        return trade, trade.ids.index(click.user.id)

    async def change(self, click: Click, trade_id: int, text: str) -> None:
        """Somebody offers something else. Raises `UserError`."""
        trade, place = self._found(click, trade_id)
        async with trade.lock:
            if trade.over:
                raise UserError(trade_is_over())
            offer, items = await self._read(trade, place, text)
            trade.change(place, offer, items, discord.utils.utcnow())
            await self._show(trade, click)
            trade.changed_at = discord.utils.utcnow()  # it may have taken Discord a while to show it

    async def _confirm(self, click: Click, trade: Trade, place: int) -> None:
        self.check_coins_on(trade.guild.id)
        if all(offer.is_empty for offer in trade.offers):
            raise UserError(_("Nobody offers anything yet."))
        now = discord.utils.utcnow()
        if trade.is_fresh(now):
            raise UserError(_("The offers changed a moment ago: look at them again, then confirm."))
        trade.confirmed[place] = True
        trade.deadline = now + OPEN_FOR
        if all(trade.confirmed):
            await self._finish(click, trade)
        else:
            await self._show(trade, click)

    # --- its end

    async def _finish(self, click: Click, trade: Trade) -> None:
        """Let everything change hands, or say what is in the way and let both look again."""
        other = trade.members[1 - trade.ids.index(click.user.id)]
        if await get_member(trade.guild, other.id) is None:
            with using(trade.language):
                why = _("{member} isn't in this server any more; nothing changes hands.").format(member=other.mention)
                await self._close(trade, called_off_embed(why), click)
            return
        with using(trade.language):
            why_not = await self._swap(trade)
            if why_not is None:
                await self._close(trade, done_embed(self.bank, trade), click)
                return
        trade.unconfirm(discord.utils.utcnow())
        trade.notice = why_not
        await self._show(trade, click)

    async def _swap(self, trade: Trade) -> str | None:
        """Do it in one operation, once; what is in the way, in a sentence for both, if something is."""
        cause = Cause("trade", trade.id)
        try:
            async with self.bank.operation(
                trade.guild.id, "trade", cause, trade.ids[0], subject=subject_of(trade)
            ) as operation:
                await swap(operation, self.inventory, trade.ids, trade.offers)
        except NotEnough as error:
            return self.bank.not_enough(trade.guild.id, error.shortfalls[0], 0)
        except TooMuch as error:
            return self.bank.too_much(trade.guild.id, error, 0)
        except LacksItem as error:
            return lacks(error.user_id, trade.items[error.item], error.has)
        except AlreadyDone:  # the database did it, and couldn't say so
            return None
        return None

    async def _watch(self, trade: Trade) -> None:
        """Call it off when nobody has done anything for long."""
        while not trade.over:
            left = (trade.deadline - discord.utils.utcnow()).total_seconds()
            if left > 0:
                await asyncio.sleep(left)
                continue
            async with trade.lock:
                if not trade.over and trade.deadline <= discord.utils.utcnow():
                    with using(trade.language):
                        why = _("Nobody went on with this trade; nothing changes hands.")
                        await self._close(trade, called_off_embed(why))

    async def _close(self, trade: Trade, embed: discord.Embed, click: Click | None = None) -> None:
        trade.over = True
        self.open.pop(trade.id, None)
        await repaint(trade.message, embed, None, can_embed=trade.can_embed, over=True, click=click)

    async def _show(self, trade: Trade, click: Click) -> None:
        with using(trade.language):
            embed, view = open_embed(self.bank, trade), buttons_of(trade.id)
            await repaint(trade.message, embed, view, can_embed=trade.can_embed, over=False, click=click)


def lacks(user_id: int, item: ShopItem, has: int) -> str:
    """That somebody hasn't so many of an item, in a sentence for both."""
    if not has:
        return _("{member} doesn't have {item}.").format(member=f"<@{user_id}>", item=name_of(item))
    return _("{member} has only {count} of {item}.").format(
        member=f"<@{user_id}>", count=format_number(has), item=name_of(item)
    )
