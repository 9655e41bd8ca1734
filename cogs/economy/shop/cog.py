"""Looking at the shop, and what the staff does to it: adding, changing and removing items."""

import discord
from discord.ext import commands

from cogs.economy.base import EconomyCog
from cogs.economy.shop import fields, rules, texts
from cogs.economy.shop.belongings import picked
from cogs.economy.shop.fields import FIELDS, Reader
from cogs.economy.shop.rules import MOST_ITEMS
from cogs.economy.shop.section import ShopSection
from cogs.economy.shop.texts import name_of
from cogs.economy.shop.till import Till
from cogs.economy.shop.views import Write
from database.errors import ConstraintViolated
from database.shop import ShopItem
from utils import checks, embeds
from utils.bot import Hearth
from utils.commands import example, examples_of, group
from utils.context import GuildContext
from utils.converters import parse_text
from utils.errors import UserError
from utils.formatting import safe, truncate
from utils.giving_roles import powers, powers_shown
from utils.i18n import _, format_list, ngettext, translate

# What is named as missing: the first of what these commands read out of one text.
NAME_FIRST = commands.parameter(displayed_name="name")
ITEM_FIRST = commands.parameter(displayed_name="item")


class Shop(EconomyCog):
    """What a server sells for its coins."""

    def __init__(self, bot: Hearth, till: Till) -> None:
        super().__init__(bot, till.bank)
        self.till = till
        self.sections = (ShopSection(till.shop),)

    # --- for members

    @group(aliases=["store"], usage="[item]")
    @example("", "VIP", "fish")
    async def shop(self, ctx: GuildContext, *, item: str = "") -> None:
        """Show what there is to buy, or everything about one item.

        Name an item, by its name or its number, to see all about it; a part of a name finds all that have it.
        """
        look, on_sale = await self.till.look(ctx.author), await self.till.shop.on_sale(ctx.guild.id)
        exact, found = rules.find(on_sale, item), rules.search(on_sale, item)
        if item and (len(exact) == 1 or len(found) == 1):
            await ctx.show(texts.details((exact or found)[0], look))
        elif found:
            hint = _("`{prefix}shop <item>` tells more, `{prefix}buy <item>` buys it.").format(
                prefix=ctx.clean_prefix
            )
            await ctx.paginate(texts.list_pages(found, look, _("Shop"), hint))
        elif item:
            raise UserError(texts.unknown(rules.near(on_sale, item), item, f"{ctx.clean_prefix}shop"))
        elif ctx.permissions.manage_guild:
            await ctx.info(_("The shop is empty; fill it with `{prefix}shop add`.").format(prefix=ctx.clean_prefix))
        else:
            await ctx.info(_("The shop is empty."))

    # --- for the staff: adding

    @shop.group(name="add", only_leads=True)
    @example("")
    @checks.requires(manage_guild=True)
    async def shop_add(self, ctx: GuildContext) -> None:
        """Put something into the shop.

        `shop edit` then sets everything else: description, stock, limit for each member, what one needs, dates.
        """
        raise UserError(
            _(
                "Say what to sell: `{prefix}shop add role`, `{prefix}shop add text`, `{prefix}shop add code`, "
                "`{prefix}shop add boost` or `{prefix}shop add collectable`."
            ).format(prefix=ctx.clean_prefix)
        )

    @shop_add.command(name="role", usage="<name> <price> <role> [duration]")
    @example("VIP 500 @VIP", '"Night owl" 2k @Owl 30d')
    @checks.requires(manage_guild=True, manage_roles=True)
    @checks.bot_needs(manage_roles=True)
    async def shop_add_role(self, ctx: GuildContext, *, offer: str = NAME_FIRST) -> None:
        """Sell a role, for good or for a time.

        It is given when it is bought; `shop edit <item> keep on` lets members keep it in their inventory until they
        use it, or give it away. Bought again, a role for a time lasts longer.
        """
        name, price, rest = self._offer(ctx, offer)
        if not rest:
            raise UserError(_("Name the role after the price."))
        with _sentences():
            role, lasts = fields.read_role_and_duration(rest, ctx.guild)
        accepted = await self._accept(ctx, role)
        new = ShopItem(
            ctx.guild.id, "role", name, price, role_id=role.id, accepted_permissions=accepted, lasts=lasts
        )  # fmt: skip
        await self._add(ctx, new)

    @shop_add.command(name="text", usage="<name> <price> [text]")
    @example("Secret 100", "Riddle 50 The answer is 42.")
    @checks.requires(manage_guild=True)
    async def shop_add_text(self, ctx: GuildContext, *, offer: str = NAME_FIRST) -> None:
        """Sell a text that only its buyer reads.

        Leave the text out to write it in a form, where nobody else in the channel reads it.
        """
        name, price, rest = self._offer(ctx, offer)
        with _sentences():
            content = parse_text(rest, fields.LONGEST_TEXT, 0)
        item = await self._add(ctx, ShopItem(ctx.guild.id, "text", name, price, content=content or None))
        if not content:
            await self._ask_to_write(ctx, item)

    @shop_add.command(name="code", aliases=["codes", "key", "keys"], usage="<name> <price>")
    @example("Game key 5k")
    @checks.requires(manage_guild=True)
    async def shop_add_code(self, ctx: GuildContext, *, offer: str = NAME_FIRST) -> None:
        """Sell codes, such as keys of a game: each buyer gets one of their own.

        You write them in a form, where nobody else reads them; `shop codes` adds more. As many are in stock as there
        are.
        """
        name, price, rest = self._offer(ctx, offer)
        if rest:
            raise UserError(_("Write the codes in the form that follows, and not here, where others read them."))
        await self._ask_to_write(ctx, await self._add(ctx, ShopItem(ctx.guild.id, "code", name, price, stock=0)))

    @shop_add.command(name="boost", aliases=["xp"], usage="<name> <price> <percent> <duration>")
    @example("Double XP 1k 100% 2h", '"50 percent" 300 50% 1d')
    @checks.requires(manage_guild=True)
    async def shop_add_boost(self, ctx: GuildContext, *, offer: str = NAME_FIRST) -> None:
        """Sell more XP for a time, from when its buyer uses it."""
        name, price, rest = self._offer(ctx, offer)
        percent, _space, lasts = rest.partition(" ")
        if not lasts:
            raise UserError(_("Say how much more XP and for how long after the price, like `50% 2h`."))
        with _sentences():
            how_much, how_long = fields.read_percent(percent), fields.read_duration(lasts)
        await self._add(ctx, ShopItem(ctx.guild.id, "boost", name, price, percent=how_much, lasts=how_long))
        if not self.bot.levels.are_counted:
            await ctx.info(_("Nothing counts XP here at the moment, so nobody can use a boost until something does."))

    @shop_add.command(name="collectable", aliases=["item", "thing"], usage="<name> <price> [description]")
    @example("Golden fish 100", "Golden fish 100 It blinks at you.")
    @checks.requires(manage_guild=True)
    async def shop_add_collectable(self, ctx: GuildContext, *, offer: str = NAME_FIRST) -> None:
        """Sell something to keep, give away and trade."""
        name, price, rest = self._offer(ctx, offer)
        with _sentences():
            description = parse_text(rest, fields.LONGEST_DESCRIPTION, 0)
        await self._add(ctx, ShopItem(ctx.guild.id, "collectable", name, price, description=description or None))

    # --- for the staff: changing

    @shop.command(name="edit", aliases=["change"], usage="<item> [field] [value]")
    @example("VIP", "VIP price 750", "golden fish stock 10", "VIP needed-level 5", "VIP until 31.12.")
    @checks.requires(manage_guild=True)
    async def shop_edit(self, ctx: GuildContext, *, change: str = ITEM_FIRST) -> None:
        """Change something about an item; without a field, show all that can be changed.

        `none` takes away what needn't be there, such as a limit. Members who have the item already keep it.
        """
        on_sale = await self.till.shop.on_sale(ctx.guild.id)
        found = rules.split_edit(on_sale, fields.WORDS, change)
        if found is None:
            raise UserError(self._no_such_change(on_sale, change, ctx.clean_prefix))
        item, name, value = found
        if name == "text" and not value and item.kind == "text":
            await self._ask_to_write(ctx, item)
        elif name and value:
            await self._change(ctx, item, name, value)
        else:
            await self._show_fields(ctx, item, name)

    @shop.command(name="codes", usage="<item>")
    @example("Game key", "#3")
    @checks.requires(manage_guild=True)
    async def shop_codes(self, ctx: GuildContext, *, item: str) -> None:
        """Add codes to an item that sells them, in a form that nobody else reads."""
        sold, _quantity = picked(await self.till.shop.on_sale(ctx.guild.id), item, ctx.clean_prefix)
        if sold.kind != "code":
            raise UserError(_("{item} sells no codes.").format(item=name_of(sold)))
        await self._ask_to_write(ctx, sold)

    @shop.command(name="remove", aliases=["delete"], usage="<item>")
    @example("VIP", "#3")
    @checks.requires(manage_guild=True)
    async def shop_remove(self, ctx: GuildContext, *, item: str) -> None:
        """Take an item out of the shop; members who have it keep it."""
        sold, _quantity = picked(await self.till.shop.on_sale(ctx.guild.id), item, ctx.clean_prefix)
        owners = await self.till.inventory.owners(ctx.guild.id, sold.number)
        question = ngettext(
            "Take {item} out of the shop? {count} member has it and keeps it.",
            "Take {item} out of the shop? {count} members have it and keep it.",
            owners,
        ).format(item=name_of(sold), count=owners)
        if not await ctx.confirm(question):
            raise UserError(_("It stays in the shop."))
        if not await self.till.shop.remove(ctx.guild.id, sold.number, discord.utils.utcnow()):
            raise UserError(_("{item} isn't sold any more.").format(item=name_of(sold)))
        await ctx.success(_("{item} isn't sold any more.").format(item=name_of(sold)))

    # --- how

    def _offer(self, ctx: GuildContext, text: str) -> tuple[str, int, str]:
        """The name, the price, and what follows. Raises `UserError`."""
        found = rules.split_offer(text)
        if found is None:
            assert ctx.command is not None
            example = examples_of(ctx.command, ctx.clean_prefix)[0]
            raise UserError(_("Write a name and then a price, like `{example}`.").format(example=example))
        with _sentences():
            return fields.read_name(found[0]), found[1], found[2]

    async def _accept(self, ctx: GuildContext, role: discord.Role) -> int:
        """The powerful permissions that are sold with a role. Raises `UserError` if it can't be, or shouldn't."""
        if not ctx.permissions.manage_roles:
            raise commands.MissingPermissions(["manage_roles"])
        checks.handling_role(ctx, role)
        bits = powers(role)
        if bits:
            question = _("Whoever buys {role} gets these permissions: {permissions}. Sell it all the same?").format(
                role=role.mention, permissions=powers_shown(bits)
            )
            if not await ctx.confirm(question):
                raise UserError(_("{role} isn't sold.").format(role=role.mention))
        return bits

    async def _add(self, ctx: GuildContext, new: ShopItem) -> ShopItem:
        if await self.till.shop.count(ctx.guild.id) >= MOST_ITEMS:
            raise UserError(_("The shop is full: it has {most} items.").format(most=MOST_ITEMS))
        item = await self.till.shop.add(new)
        if item is None:
            raise UserError(name_taken(new.name))
        sentence = _("{item} is in the shop as number {number}, for {price}.").format(
            item=name_of(item), number=item.number, price=self.bank.show(ctx.guild.id, item.price)
        )
        hint = _("Set everything else with `{call}`.").format(call=f"{ctx.clean_prefix}shop edit {item.number}")
        await ctx.success(f"{sentence} {hint}")
        return item

    async def _ask_to_write(self, ctx: GuildContext, item: ShopItem) -> None:
        question = _("Which codes does {item} sell?") if item.kind == "code" else _("What does {item} say?")
        view = Write(self.till, ctx.author.id, item)
        await ctx.show(embeds.info(question.format(item=name_of(item))), view=view)

    async def _change(self, ctx: GuildContext, item: ShopItem, name: str, value: str) -> None:
        changes = fields.read_change(item, name, value, Reader(ctx.guild, discord.utils.utcnow(), ctx.timezone))
        if name == "role":
            role = ctx.guild.get_role(changes["role_id"])
            assert role is not None
            changes["accepted_permissions"] = await self._accept(ctx, role)
        try:
            changed = await self.till.shop.change(ctx.guild.id, item.number, changes)
        except ConstraintViolated as error:
            raise UserError(name_taken(changes.get("name", item.name))) from error
        if changed is None:
            raise UserError(_("{item} isn't sold any more.").format(item=name_of(item)))
        lines = [self._field_line(changed, name)]
        if name == "needed-level" and changed.needed_level and not self.bot.levels.are_counted:
            lines.append(_("Nothing counts levels here at the moment, so nobody can buy it until something does."))
        await ctx.success("\n".join([_("{item} is changed.").format(item=name_of(changed)), *lines]))

    def _field_line(self, item: ShopItem, name: str) -> str:
        shown = FIELDS[name].show(item, lambda coins: self.bank.show(item.guild_id, coins))
        shown = _("none") if shown is None else shown
        return f"`{name}`: {shown}"

    async def _show_fields(self, ctx: GuildContext, item: ShopItem, name: str) -> None:
        shown = {name: FIELDS[name]} if name else fields.fields_of(item.kind)
        lines = [f"{self._field_line(item, key)} · {translate(field.help)}" for key, field in shown.items()]
        hint = _("Change one with `{call}`.").format(
            call=f"{ctx.clean_prefix}shop edit {item.number} {name or next(iter(shown))} …"
        )
        title = f"{texts.EMOJI[item.kind]} {safe(item.name)}"
        await ctx.paginate_lines([*lines, "", hint], title=title)

    def _no_such_change(self, items: list[ShopItem], text: str, prefix: str) -> str:
        """Why nothing could be changed: there is no such field, or no such item."""
        words = text.split()
        for count in range(len(words) - 1, 0, -1):
            found = rules.find(items, " ".join(words[:count]))
            if len(found) == 1:
                names = [f"`{name}`" for name in fields.fields_of(found[0].kind)]
                return _("“{text}” can't be set. There are {fields}.").format(
                    text=safe(truncate(words[count], 40)), fields=format_list(names)
                )
        return texts.unknown(rules.near(items, text), text, f"{prefix}shop")


class _sentences:  # noqa: N801 - reads as `with sentences():`
    """A `ValueError` of ours inside the block becomes what its reader is told."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError):
            raise UserError(str(error)) from error


def name_taken(name: str) -> str:
    """That something of that name is sold already, in a sentence."""
    return _("There is something called {item} in the shop already.").format(item=f"**{safe(name)}**")
