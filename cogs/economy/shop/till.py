"""The till: buying, selling, using and giving away, each in one operation.

What was shown before is looked at again inside the operation, where nobody else changes it.
"""

from dataclasses import dataclass

import discord

from cogs.economy.bank import Bank, Doer
from cogs.economy.shop import texts
from cogs.economy.shop.handover import Handed, Handover, in_jail
from cogs.economy.shop.rules import Buyer, Fault, fault_of, given_at_once, lasts_until, resale_value, same_offer
from cogs.economy.shop.settings import SELL_SHARE
from cogs.economy.shop.texts import Look, name_of
from database.deliveries import Delivery
from database.economy import Operation, Posting
from database.shop import ShopItem
from database.xp_boosts import XpBoost, XpBoostsStore
from utils import events
from utils.context import Context, GuildContext
from utils.errors import UserError
from utils.events import XpBoosted
from utils.giving_roles import powers_of, why_not_give
from utils.i18n import _, format_number, format_percent
from utils.time import timestamp


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody bought. `handed` says what became of a role that is given at once."""

    item: ShopItem
    paid: int
    balance: int
    handed: Handed | None


class Till:
    """Where things change hands. One for all cogs of the shop."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.bot = bank.bot
        self.handover = Handover(bank)
        self.shop = self.handover.shop
        self.inventory = self.handover.inventory
        self.boosts = XpBoostsStore(self.bot.db)

    async def look(self, member: discord.Member) -> Look:
        """What somebody sees in the shop."""
        return await self._look(member, await self._level(member))

    async def _level(self, member: discord.Member) -> int | None:
        """Somebody's level, which another feature counts: it is never asked inside an operation."""
        return await self.bot.levels.of(member.guild.id, member.id)

    async def _look(self, member: discord.Member, level: int | None, operation: Operation | None = None) -> Look:
        guild = member.guild
        account = await (operation.account(member.id) if operation else self.bank.account(guild.id, member.id))
        buyer = Buyer(
            role_ids=frozenset(role.id for role in member.roles),
            wealth=account.total,
            level=level,
            bought=await self.shop.bought(guild.id, member.id),
        )
        return Look(self.bank, guild, buyer, discord.utils.utcnow(), powers_of(guild))

    # --- buying

    async def buy(self, ctx: GuildContext, shown: ShopItem, quantity: int) -> Receipt:
        """Buy so many of an item for the price that was shown. Raises `UserError`."""
        level = await self._level(ctx.author)
        if not given_at_once(shown):
            return await self._buy(ctx, ctx.author, level, shown, quantity)
        async with self.handover.turn(ctx.author) as member:
            return await self._buy(ctx, member, level, shown, quantity)

    async def _buy(
        self, ctx: GuildContext, member: discord.Member, level: int | None, shown: ShopItem, quantity: int
    ) -> Receipt:
        async with self.bank.by(ctx, "purchase", subject=subject_of(shown, quantity)) as operation:
            item = await self.shop.held(operation, shown.number)
            look = await self._look(member, level, operation)
            if item is None or not same_offer(shown, item):
                raise UserError(texts.changed(shown, item, look))
            await self.refuse(member, item, quantity, look)
            paid = item.price * quantity
            entries = await operation.post(Posting(member.id, -paid))
            await self.shop.take_stock(operation, item.number, quantity)
            await self.shop.count_purchase(operation, member.id, item.number, quantity)
            delivery = None
            if given_at_once(item):
                delivery = await self._begin(operation, member.id, item, quantity, paid)
            else:
                await self.inventory.add(operation, member.id, item.number, quantity)
            balance = entries[-1].balance if entries else (await operation.account(member.id)).cash
        if delivery is None:
            self.handover.tell_bought(item, member.id, quantity, paid, operation.number)
            return Receipt(item, paid, balance, None)
        return Receipt(item, paid, balance, await self.handover.deliver_in_turn(delivery))

    async def refuse(self, member: discord.Member, item: ShopItem, quantity: int, look: Look) -> None:
        """Raise `UserError` if somebody can't buy so many of an item; coins are the bank's affair."""
        why_not = texts.why_not(item, quantity, look)
        if why_not is not None:
            raise UserError(why_not)
        if given_at_once(item):
            await self._refuse_role(member, item, quantity)

    async def _refuse_role(self, member: discord.Member, item: ShopItem, quantity: int) -> None:
        """Raise `UserError` if somebody can't be given an item's role, or has it already."""
        assert item.role_id is not None
        why_not = why_not_give(member.guild, member.guild.get_role(item.role_id))
        if why_not is not None:
            raise UserError(why_not)
        if await self.handover.sanctions.is_jailed(member.guild.id, member.id):
            raise UserError(in_jail())
        running = await self.handover.roles.get(member.guild.id, member.id, item.role_id)
        awaited = await self.handover.deliveries.awaits_role(member.guild.id, member.id, item.role_id)
        has_for_good = member.get_role(item.role_id) is not None and running is None and not awaited
        if has_for_good or (awaited and item.lasts is None):
            raise UserError(_("You have {role} already.").format(role=f"<@&{item.role_id}>"))
        if item.lasts is None:
            if quantity > 1:
                raise UserError(_("{item} is a role for good: you need it only once.").format(item=name_of(item)))
            return
        ends_at = running.ends_at if running else None
        if lasts_until(discord.utils.utcnow(), ends_at, item.lasts, quantity) is None:
            raise UserError(too_long())

    async def _begin(
        self, operation: Operation, user_id: int, item: ShopItem, quantity: int, paid: int | None
    ) -> Delivery:
        lasts = None if item.lasts is None else item.lasts * quantity
        return await self.handover.deliveries.begin(
            operation, user_id, item.number, quantity, paid=paid, role_id=item.role_id, lasts=lasts
        )

    # --- what one has

    async def sell(self, ctx: GuildContext, item: ShopItem, quantity: int) -> tuple[int, int]:
        """Give things back to the shop: what it paid, and what one has in hand then. Raises `UserError`."""
        share = self.bot.guild_settings.get(ctx.guild.id, SELL_SHARE)
        async with self.bank.by(ctx, "sale", subject=subject_of(item, quantity)) as operation:
            current = await self.shop.held(operation, item.number)
            if current is None:
                raise UserError(
                    _("{item} isn't sold any more, so the shop doesn't take it back.").format(item=name_of(item))
                )
            value = resale_value(current.price, quantity, share)
            if not value:
                raise UserError(_("The shop pays nothing for {item}.").format(item=name_of(item)))
            await self.take(operation, ctx.author.id, item, quantity)
            await self.shop.give_stock(operation, item.number, quantity)
            entries = await operation.post(Posting(ctx.author.id, value))
        return value, entries[-1].balance

    async def gift(self, ctx: GuildContext, receiver: discord.Member, item: ShopItem, quantity: int) -> None:
        """Let another member have what one has. Raises `UserError`."""
        async with self.bank.by(ctx, "gift", subject=subject_of(item, quantity)) as operation:
            await self.take(operation, ctx.author.id, item, quantity)
            await self.inventory.add(operation, receiver.id, item.number, quantity)

    async def take(self, operation: Operation, user_id: int, item: ShopItem, quantity: int) -> None:
        """Take things out of somebody's inventory. Raises `UserError` for who hasn't so many."""
        if not await self.inventory.take(operation, user_id, item.number, quantity):
            has = await self.inventory.count(operation.guild_id, user_id, item.number)
            raise UserError(
                _("You have only {count} of {item}.").format(count=format_number(has), item=name_of(item))
                if has
                else _("You don't have {item}.").format(item=name_of(item))
            )

    # --- using

    async def use_role(self, ctx: GuildContext, item: ShopItem) -> Handed:
        """Have a role put on that was kept in the inventory. Raises `UserError`."""
        fault = fault_of(item, powers_of(ctx.guild))
        if fault in {Fault.ROLE_GONE, Fault.ROLE_POWERFUL}:
            raise UserError(texts.why_not_now(item, fault))
        async with self.handover.turn(ctx.author) as member:
            async with self.bank.by(ctx, "use", subject=item.name) as operation:
                await self.take(operation, member.id, item, 1)
                await self._refuse_role(member, item, 1)
                delivery = await self._begin(operation, member.id, item, 1, None)
            return await self.handover.deliver_in_turn(delivery)

    async def use_text(self, doer: Doer, item: ShopItem) -> Delivery:
        """Take a text or a code out of the inventory, to be shown to its owner. Raises `UserError`."""
        user = doer.author if isinstance(doer, Context) else doer.user
        async with self.bank.by(doer, "use", subject=item.name) as operation:
            await self.take(operation, user.id, item, 1)
            if item.kind == "code" and not await self.handover.codes.take(operation, user.id, item.number):
                raise UserError(_("There is no code left for {item}; tell the staff.").format(item=name_of(item)))
            return await self._begin(operation, user.id, item, 1, None)

    async def use_boost(self, ctx: GuildContext, item: ShopItem) -> XpBoost:
        """Begin a boost, or let the same one go on for longer. Raises `UserError` while another runs."""
        assert item.percent is not None
        assert item.lasts is not None
        if not self.bot.levels.are_counted:
            raise UserError(_("Nothing counts XP here at the moment, so this boost would be wasted."))
        async with self.bank.by(ctx, "use", subject=item.name) as operation:
            await self.take(operation, ctx.author.id, item, 1)
            now = operation.new.at
            running = await self.boosts.running(ctx.guild.id, ctx.author.id, now)
            if running is not None and running.percent != item.percent:
                raise UserError(
                    _("You have {percent} more XP until {when}; use this one after that.").format(
                        percent=format_percent(running.percent / 100), when=timestamp(running.ends_at)
                    )
                )
            ends_at = lasts_until(now, running.ends_at if running else None, item.lasts)
            if ends_at is None:
                raise UserError(too_long())
            boost = await self.boosts.put(operation, ctx.author.id, item.percent, ends_at)
        events.publish(self.bot, XpBoosted(boost.guild_id, boost.user_id, boost.percent, boost.ends_at))
        return boost


def too_long() -> str:
    """That something would end too far ahead, in a sentence."""
    return _("That would last longer than ten years.")


def subject_of(item: ShopItem, quantity: int) -> str:
    """What an operation is about, as the ledger shows it."""
    return item.name if quantity == 1 else f"{quantity} × {item.name}"
