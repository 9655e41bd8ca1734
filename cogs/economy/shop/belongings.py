"""What members do in the shop and with what they have: buy, sell, use, give away."""

from typing import Annotated

import discord

from cogs.economy.base import EconomyCog
from cogs.economy.shop import rules, texts
from cogs.economy.shop.handover import Handed
from cogs.economy.shop.settings import ASK_FROM, SETTINGS
from cogs.economy.shop.texts import name_of
from cogs.economy.shop.till import Receipt, Till
from cogs.economy.shop.views import ReadText
from database.economy import Shortfall
from database.shop import ShopItem
from utils import embeds
from utils.bot import Hearth
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.errors import UserError
from utils.formatting import pages_of
from utils.i18n import _, format_percent
from utils.time import timestamp

Member = Annotated[discord.Member, GuildMember]
THINGS_A_PAGE = 15


class Belongings(EconomyCog):
    """Buy things in the shop, and use, sell or give away what you have."""

    settings = SETTINGS
    also_needs = {"manage_roles": "giving roles that members buy, and taking those that end"}  # noqa: RUF012

    def __init__(self, bot: Hearth, till: Till) -> None:
        super().__init__(bot, till.bank)
        self.till = till

    # --- buying and selling

    @command(aliases=["purchase"], usage="[quantity] <item>")
    @example("VIP", "2 golden fish", "#3")
    async def buy(self, ctx: GuildContext, *, item: str) -> None:
        """Buy something in the shop, by its name or number.

        A role is yours at once, unless it is one that is kept until you use it. Everything else goes into your
        inventory. How many you may buy of something counts for good, also after you sold or gave it away.
        """
        on_sale = await self.till.shop.on_sale(ctx.guild.id)
        shown, quantity = picked(on_sale, item, ctx.clean_prefix)
        if quantity is None:
            raise UserError(_("Say how many you want to buy."))
        if shown.price * quantity >= self.bot.guild_settings.get(ctx.guild.id, ASK_FROM):
            await self._ask(ctx, shown, quantity)
        await self._tell_bought(ctx, await self.till.buy(ctx, shown, quantity), quantity)

    async def _ask(self, ctx: GuildContext, item: ShopItem, quantity: int) -> None:
        """Ask whether somebody means to buy that. Raises `UserError` if they can't or don't."""
        await self.till.refuse(ctx.author, item, quantity, await self.till.look(ctx.author))
        account, total = await self.bank.account(ctx.guild.id, ctx.author.id), item.price * quantity
        if account.cash < total:
            short = Shortfall(ctx.author.id, "cash", account.cash, total)
            raise UserError(self.bank.not_enough(ctx.guild.id, short, ctx.author.id))
        question = _("Buy {item} for {price}? You have {cash} in hand.").format(
            item=name_of(item, quantity),
            price=self.bank.show(ctx.guild.id, total),
            cash=self.bank.show(ctx.guild.id, account.cash),
        )
        if not await ctx.confirm(question):
            raise UserError(_("Nothing was bought."))

    async def _tell_bought(self, ctx: GuildContext, receipt: Receipt, quantity: int) -> None:
        values = {
            "item": name_of(receipt.item, quantity),
            "price": self.bank.show(ctx.guild.id, receipt.paid),
            "balance": self.bank.show(ctx.guild.id, receipt.balance),
        }
        if receipt.handed is not None and receipt.handed.why_not is not None:
            raise UserError(
                _("{why} {item} wasn't bought; you have {balance} back.").format(
                    why=receipt.handed.why_not, item=values["item"], balance=values["price"]
                )
            )
        bought = _("You bought {item} for {price} and have {balance} in hand.").format(**values)
        if receipt.handed is None:
            await ctx.success(" ".join(filter(None, [bought, what_next(ctx, receipt.item)])))
        else:
            await ctx.success(f"{bought} {role_now(receipt.item, receipt.handed)}")

    @command(usage="[quantity] <item>")
    @example("golden fish", "5 golden fish", "all golden fish")
    async def sell(self, ctx: GuildContext, *, item: str) -> None:
        """Sell something back to the shop, for a part of its price.

        Only what is in your inventory and still sold can be sold back: no role that you have, and no text that you
        read. Where the shop has a limited number of it, it has one more then.
        """
        thing, quantity = await self._mine(ctx, item)
        value, balance = await self.till.sell(ctx, thing, quantity)
        await ctx.success(
            _("You sold {item} for {price} and have {balance} in hand.").format(
                item=name_of(thing, quantity),
                price=self.bank.show(ctx.guild.id, value),
                balance=self.bank.show(ctx.guild.id, balance),
            )
        )

    # --- what one has

    @command(aliases=["inv", "bag"])
    @example("", "@ann")
    async def inventory(
        self, ctx: GuildContext, *, member: Annotated[discord.Member | None, GuildMember] = None
    ) -> None:  # fmt: skip
        """Show what you have from the shop, or what another member has."""
        owner = member or ctx.author
        lines = [*await self._running(ctx, owner), *await self._things(ctx, owner)]
        if not lines:
            sentence = _("You have nothing from the shop yet; `{prefix}shop` shows what there is.")
            if owner != ctx.author:
                sentence = _("{member} has nothing from the shop.")
            await ctx.info(sentence.format(prefix=ctx.clean_prefix, member=owner.mention))
            return
        pages = [embeds.info(page, title=_("Inventory")) for page in pages_of(lines, most_lines=THINGS_A_PAGE)]
        for page in pages:
            page.set_author(name=owner.display_name, icon_url=owner.display_avatar.url)
        await ctx.paginate(pages)

    async def _running(self, ctx: GuildContext, owner: discord.Member) -> list[str]:
        """What somebody has for a time."""
        lines = [
            _("{emoji} {role} until {when}").format(
                emoji=texts.EMOJI["role"], role=f"<@&{role.role_id}>", when=timestamp(role.ends_at)
            )
            for role in await self.till.handover.roles.of(ctx.guild.id, owner.id)
        ]
        boost = await self.till.boosts.running(ctx.guild.id, owner.id, discord.utils.utcnow())
        if boost is not None:
            lines.append(
                _("{emoji} {percent} more XP until {when}").format(
                    emoji=texts.EMOJI["boost"], percent=format_percent(boost.percent / 100),
                    when=timestamp(boost.ends_at),
                )
            )  # fmt: skip
        return lines

    async def _things(self, ctx: GuildContext, owner: discord.Member) -> list[str]:
        holdings = await self.till.inventory.of(ctx.guild.id, owner.id)
        items = await self.till.shop.items(ctx.guild.id, (holding.item for holding in holdings))
        return [
            " · ".join(
                [
                    f"{texts.EMOJI[items[one.item].kind]} `#{one.item}` {name_of(items[one.item], one.quantity)}",
                    *([_("not sold any more")] if items[one.item].removed_at is not None else []),
                ]
            )
            for one in holdings
        ]

    @command(usage="<item>")
    @example("VIP", "#3")
    async def use(self, ctx: GuildContext, *, item: str) -> None:
        """Use something that you have: get its role, read its text or code, or start its XP boost.

        A text comes by direct message, or if these are closed by a button that works for you alone. Using a boost
        while one of the same strength runs makes that one longer; one of another strength has to wait.
        """
        thing, quantity = await self._mine(ctx, item)
        if quantity != 1:
            raise UserError(_("Use one at a time."))
        if thing.kind == "role":
            await self._use_role(ctx, thing)
        elif thing.kind in {"text", "code"}:
            await self._use_text(ctx, thing)
        elif thing.kind == "boost":
            await self._use_boost(ctx, thing)
        else:
            raise UserError(
                _("{item} can't be used: it is to be kept, given away or traded.").format(item=name_of(thing))
            )

    async def _use_role(self, ctx: GuildContext, item: ShopItem) -> None:
        handed = await self.till.use_role(ctx, item)
        if handed.why_not is not None:
            raise UserError(_("{why} You still have {item}.").format(why=handed.why_not, item=name_of(item)))
        await ctx.success(role_now(item, handed))

    async def _use_text(self, ctx: GuildContext, item: ShopItem) -> None:
        if item.kind == "text" and item.content is None:
            raise UserError(_("The text of {item} has yet to be written.").format(item=name_of(item)))
        handed = await self.till.handover.deliver(await self.till.use_text(ctx, item))
        if handed.over:
            await ctx.success(_("I sent you {item} by direct message.").format(item=name_of(item)))
        elif handed.closed:
            question = _("I can't write to you directly. Press the button to read {item}; it is used up with that.")
            view = ReadText(self.till, ctx.author.id, item)
            await ctx.show(embeds.info(question.format(item=name_of(item))), view=view)
        elif handed.why_not is not None:
            raise UserError(_("{why} You still have {item}.").format(why=handed.why_not, item=name_of(item)))
        else:
            await ctx.info(no_answer(name_of(item)))

    async def _use_boost(self, ctx: GuildContext, item: ShopItem) -> None:
        boost = await self.till.use_boost(ctx, item)
        await ctx.success(
            _("You get {percent} more XP until {when}.").format(
                percent=format_percent(boost.percent / 100), when=timestamp(boost.ends_at)
            )
        )

    @command(usage="<member> [quantity] <item>")
    @example("@ann golden fish", "@ann 2 golden fish")
    async def gift(self, ctx: GuildContext, member: Member, *, item: str) -> None:
        """Give another member something that you have."""
        if member.bot:
            raise UserError(_("Bots have no use for presents."))
        if member == ctx.author:
            raise UserError(_("That's yours already."))
        thing, quantity = await self._mine(ctx, item)
        await self.till.gift(ctx, member, thing, quantity)
        await ctx.success(
            _("You gave {item} to {member}.").format(item=name_of(thing, quantity), member=member.mention)
        )

    # --- what is meant

    async def _mine(self, ctx: GuildContext, text: str) -> tuple[ShopItem, int]:
        """What somebody has and means, and how many of it. Raises `UserError`."""
        holdings = {one.item: one.quantity for one in await self.till.inventory.of(ctx.guild.id, ctx.author.id)}
        mine = list((await self.till.shop.items(ctx.guild.id, holdings)).values())
        found = rules.pick(mine, text)
        if found is not None:
            item, quantity = found
            return item, holdings[item.number] if quantity is None else quantity
        sold = rules.pick(await self.till.shop.on_sale(ctx.guild.id), text)
        if sold is not None:
            raise UserError(why_not_mine(sold[0]))
        raise UserError(texts.unknown(rules.near(mine, text), text, f"{ctx.clean_prefix}inventory"))


def picked(items: list[ShopItem], text: str, prefix: str) -> tuple[ShopItem, int | None]:
    """The item and how many of it somebody means. Raises `UserError` that names near ones."""
    found = rules.pick(items, text)
    if found is None:
        raise UserError(texts.unknown(rules.near(items, text), text, f"{prefix}shop"))
    return found


def why_not_mine(item: ShopItem) -> str:
    """That somebody hasn't got something, in a sentence."""
    if rules.given_at_once(item):
        return _("{item} is a role that is given when it is bought; it is in nobody's inventory.").format(
            item=name_of(item)
        )
    return _("You don't have {item}.").format(item=name_of(item))


def role_now(item: ShopItem, handed: Handed) -> str:
    """What became of a role, in a sentence."""
    role = f"<@&{item.role_id}>"
    if not handed.over:
        return no_answer(role)
    if handed.ends_at is None:
        return _("You have {role} now.").format(role=role)
    return _("You have {role} until {when}.").format(role=role, when=timestamp(handed.ends_at))


def no_answer(what: str) -> str:
    """That nobody knows yet what became of something, in a sentence."""
    return _("Discord gives no answer: you get {what} as soon as it does, or else back what you gave.").format(
        what=what
    )


def what_next(ctx: GuildContext, item: ShopItem) -> str | None:
    """What one can do with what one bought, in a sentence."""
    if item.kind == "collectable":
        return None
    call = f"`{ctx.clean_prefix}use {item.number}`"
    sentences = {
        "role": _("Get the role with {call}."),
        "text": _("Read it with {call}."),
        "code": _("Read it with {call}."),
        "boost": _("Start it with {call}."),
    }
    return sentences[item.kind].format(call=call)
