"""Handing over what Discord has a say in: roles and texts.

What is handed over was bought or used before, in an operation that left a row in `deliveries`. The row ends once,
with what was handed over or with what is given back; one that a crash leaves is found at the next start.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from weakref import WeakValueDictionary

import discord

from cogs.economy.bank import Bank
from cogs.economy.shop.rules import lasts_until
from database.deliveries import DeliveriesStore, Delivery, ShopRole, ShopRolesStore
from database.economy import AlreadyDone, BankRefusal, Cause, Posting
from database.errors import DatabaseUnavailable
from database.inventory import InventoryStore
from database.sanctions import SanctionsStore
from database.shop import ShopItem, ShopStore
from database.shop_codes import ShopCodesStore
from utils import embeds, events
from utils.bot import CANNOT_SAY
from utils.errors import UserError
from utils.events import ItemBought, ShopRoleTimer
from utils.formatting import code, safe, truncate
from utils.giving_roles import why_not_give
from utils.i18n import _, using
from utils.members import get_member, get_members
from utils.time import LONGEST

log = logging.getLogger("hearth.economy")


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a delivery. If nothing is set, nobody knows yet: Discord gives no answer."""

    over: bool = False
    """It was handed over."""
    ends_at: datetime | None = None
    """When a role that was handed over ends."""
    why_not: str | None = None
    """Why not, in a sentence; it was given back."""
    closed: bool = False
    """Not, because this person can't be written to."""


class Handover:
    """Gives people what they bought. One for all cogs of the shop."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.bot = bank.bot
        self.shop = ShopStore(self.bot.db)
        self.inventory = InventoryStore(self.bot.db)
        self.deliveries = DeliveriesStore(self.bot.db)
        self.roles = ShopRolesStore(self.bot.db)
        self.codes = ShopCodesStore(self.bot.db)
        self.sanctions = SanctionsStore(self.bot.db)
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()
        self.on_left_open: Callable[[], object] = lambda: None
        """Told when nobody can say what became of something, so that it is looked at again soon."""

    def lock(self, guild_id: int, user_id: int) -> asyncio.Lock:
        """What is held while a bought role is given to a person or taken from them."""
        return self._locks.setdefault((guild_id, user_id), asyncio.Lock())

    @asynccontextmanager
    async def turn(self, member: discord.Member) -> AsyncIterator[discord.Member]:
        """Hold the bought roles of a person still, and give them as Discord has them now.

        Messages tell which roles their author had when they were written: another one may have bought the same
        since. Raises `UserError` if Discord doesn't answer.
        """
        async with self.lock(member.guild.id, member.id):
            try:
                found = await get_members(member.guild, [member.id])
            except TimeoutError as error:
                raise UserError(_("Discord has trouble at the moment; try again in a minute.")) from error
            if member.id not in found:
                raise UserError(_("You aren't in this server any more."))
            yield found[member.id]

    async def deliver(self, delivery: Delivery) -> Handed:
        """Hand something over, or give back what was paid for it; may be called again after a crash."""
        async with self.lock(delivery.guild_id, delivery.user_id):
            return await self.deliver_in_turn(delivery)

    async def deliver_in_turn(self, delivery: Delivery) -> Handed:
        """The same for who holds the person's roles still already."""
        guild = self.bot.get_guild(delivery.guild_id)
        item = await self.shop.get(delivery.guild_id, delivery.item)
        assert item is not None
        if guild is None or guild.unavailable or not await self.deliveries.is_open(delivery):
            return Handed()
        try:
            handed = await self._hand_over(guild, item, delivery)
        except DatabaseUnavailable:
            self.on_left_open()
            raise
        if not (handed.over or handed.why_not):
            self.on_left_open()
        return handed

    async def _hand_over(self, guild: discord.Guild, item: ShopItem, delivery: Delivery) -> Handed:
        give = self._give_role if delivery.role_id is not None else self._give_text
        handed = await give(guild, item, delivery)
        if handed.over:
            return await self.settle(item, delivery)
        if handed.why_not is not None and not await self.give_back(item, delivery):
            return Handed()
        return handed

    # --- what Discord is asked for

    async def _give_role(self, guild: discord.Guild, item: ShopItem, delivery: Delivery) -> Handed:
        assert delivery.role_id is not None
        role = guild.get_role(delivery.role_id)
        why_not = why_not_give(guild, role)
        if why_not is not None:
            return Handed(why_not=why_not)
        if await self.sanctions.is_jailed(guild.id, delivery.user_id):
            return Handed(why_not=in_jail())
        try:
            member = await get_member(guild, delivery.user_id)
            if member is None:
                return Handed(why_not=_("You aren't in this server any more."))
            await member.add_roles(discord.Object(delivery.role_id), reason=_bought(item))
        except CANNOT_SAY as error:
            log.info("Discord didn't give role %d in guild %d: %r", delivery.role_id, guild.id, error)
            return await self._look(guild, delivery, error)
        return Handed(over=True)

    async def _look(self, guild: discord.Guild, delivery: Delivery, error: Exception) -> Handed:
        """What became of a role that Discord gave no clear answer about."""
        assert delivery.role_id is not None
        if not isinstance(error, discord.HTTPException) or error.status >= 500:
            try:
                member = await guild.fetch_member(delivery.user_id)
            except discord.NotFound:
                return Handed(why_not=why_refused(error))
            except CANNOT_SAY:
                return Handed()
            if member.get_role(delivery.role_id) is not None:
                return Handed(over=True)
        return Handed(why_not=why_refused(error))

    async def _give_text(self, guild: discord.Guild, item: ShopItem, delivery: Delivery) -> Handed:
        try:
            member = await get_member(guild, delivery.user_id)
            if member is None:
                return Handed(why_not=_("You aren't in this server any more."))
            with using(await self.bot.language_for(member.id, guild)):
                embed = await self.text_embed(guild, item, delivery)
            await member.send(embed=embed)
        except discord.Forbidden as error:
            return Handed(why_not=why_refused(error), closed=True)
        except CANNOT_SAY as error:
            return Handed(why_not=why_refused(error))
        return Handed(over=True)

    async def text_embed(self, guild: discord.Guild, item: ShopItem, delivery: Delivery) -> discord.Embed:
        """A text or a code as its buyer reads it; a text's writer is an admin, whose formatting is kept."""
        found = await self.codes.of(delivery) if item.kind == "code" else None
        embed = embeds.info(item.content if found is None else code(found), title=f"📜 {safe(item.name)}")
        embed.set_footer(text=_("Bought in {server}").format(server=guild.name))
        return embed

    # --- how it ends

    async def settle(self, item: ShopItem, delivery: Delivery) -> Handed:
        """Write down that it was handed over."""
        ends_at = None
        async with self.bot.db.transaction():
            if not await self.deliveries.end(delivery):
                return Handed()
            if delivery.role_id is not None:
                ends_at = await self._begin_role(delivery)
        if delivery.paid is not None:
            self.tell_bought(item, delivery.user_id, delivery.quantity, delivery.paid, delivery.operation)
        return Handed(over=True, ends_at=ends_at)

    async def _begin_role(self, delivery: Delivery) -> datetime | None:
        """Let a role that was given end in time, or last for good; one that runs already goes on for longer."""
        assert delivery.role_id is not None
        running = await self.roles.get(delivery.guild_id, delivery.user_id, delivery.role_id)
        if delivery.lasts is None:
            if running is not None:
                await self.forget(running)
            return None
        now = discord.utils.utcnow()
        ends_at = lasts_until(now, running.ends_at if running else None, delivery.lasts) or now + LONGEST
        role = ShopRole(
            delivery.guild_id, delivery.user_id, delivery.role_id, ends_at, running.timer_id if running else 0, now
        )
        await self.keep_until(role, ends_at)
        return ends_at

    async def keep_until(self, role: ShopRole, until: datetime) -> None:
        """Write a role that ends down, to be looked at then. Inside a transaction."""
        if not await self.bot.timers.reschedule(role.timer_id, until):
            timer_id = await self.bot.timers.schedule(
                ShopRoleTimer, until, guild_id=role.guild_id, user_id=role.user_id
            )
            role = replace(role, timer_id=timer_id)
        await self.roles.put(role)

    async def forget(self, role: ShopRole) -> None:
        """Let a role that ends do so no more: it is over, or for good."""
        async with self.bot.db.transaction():
            if await self.roles.remove(role):
                await self.bot.timers.cancel(role.timer_id)

    async def give_back(self, item: ShopItem, delivery: Delivery) -> bool:
        """Give back what was paid, or put into the inventory again what came from there; False if that can't be."""
        paid = delivery.paid is not None
        kind, cause = "purchase_refund" if paid else "use_refund", Cause("operation", delivery.operation)
        try:
            async with self.bank.operation(
                delivery.guild_id, kind, cause, delivery.user_id, subject=item.name,
                reverses=delivery.operation if paid else None,
            ) as operation:  # fmt: skip
                if not await self.deliveries.end(delivery):
                    raise AlreadyDone
                if delivery.paid is None:
                    await self.codes.put_back(delivery)
                    await self.inventory.add(operation, delivery.user_id, item.number, delivery.quantity)
                else:
                    await self.shop.give_stock(operation, item.number, delivery.quantity)
                    await self.shop.uncount_purchase(operation, delivery.user_id, item.number, delivery.quantity)
                    await operation.post(Posting(delivery.user_id, delivery.paid))
        except AlreadyDone:  # the staff took the purchase back meanwhile
            await self.deliveries.end(delivery)
        except BankRefusal as error:  # to an account that is full
            log.info("Operation %d in guild %d isn't given back: %r", delivery.operation, delivery.guild_id, error)
            return False
        return True

    def tell_bought(self, item: ShopItem, user_id: int, quantity: int, paid: int, operation: int) -> None:
        """Tell other features that somebody has bought something."""
        events.publish(
            self.bot,
            ItemBought(
                item.guild_id, user_id, item.number, item.name, item.kind, quantity, paid, operation
            ),
        )  # fmt: skip


def in_jail() -> str:
    """That somebody can't be given a role because they are in jail, in a sentence."""
    return _("You get no roles while you are in jail.")


def why_refused(error: Exception) -> str:
    """What Discord answered, in a sentence."""
    if isinstance(error, discord.HTTPException) and error.status < 500:
        return _("Discord doesn't let me: {answer}.").format(answer=error.text or error.status)
    return _("Discord has trouble at the moment.")


def _bought(item: ShopItem) -> str:
    return _("Bought in the shop: {item}").format(item=truncate(item.name, 100))
