"""The shop in words: items in lists and in detail, and why something can't be bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from cogs.economy.bank import Bank
from cogs.economy.shop.rules import Buyer, Fault, Need, State, fault_of, needs_of, state_of, still_allowed
from cogs.economy.shop.settings import SELL_SHARE
from database.shop import ShopItem
from utils import embeds
from utils.formatting import pages_of, quoted, safe, truncate
from utils.i18n import N_, _, format_list, format_number, format_percent, ngettext, translate
from utils.time import human_duration, timestamp

NAME_IN_LISTS = 60  # characters
ITEMS_A_PAGE = 10
EMOJI = {"role": "🎭", "text": "📜", "code": "🔑", "boost": "⚡", "collectable": "💎"}
KIND_NAMES = {
    "role": N_("Role"),
    "text": N_("Text"),
    "code": N_("Code"),
    "boost": N_("XP boost"),
    "collectable": N_("Collectable"),
}
FAULTS = {
    Fault.ROLE_GONE: N_("{item} can't be had at the moment: its role was deleted."),
    Fault.NEEDED_ROLE_GONE: N_("{item} can't be had at the moment: the role that it needs was deleted."),
    Fault.ROLE_POWERFUL: N_(
        "{item} can't be had at the moment: its role got powerful permissions that the staff hasn't agreed to sell."
    ),
    Fault.NO_TEXT: N_("{item} can't be had at the moment: its text has yet to be written."),
}
"""What is wrong with an item, for whoever reads about it; a `shop edit` mends each."""


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody sees in the shop, and what is known of them."""

    bank: Bank
    guild: discord.Guild
    buyer: Buyer
    now: datetime
    powers: dict[int, int]
    """The powerful permissions of each of the guild's roles."""

    def coins(self, amount: int) -> str:
        """An amount, shown."""
        return self.bank.show(self.guild.id, amount)

    def state(self, item: ShopItem) -> State:
        """Whether an item can be bought."""
        return state_of(item, self.now, fault_of(item, self.powers))


def name_of(item: ShopItem, quantity: int = 1) -> str:
    """What an item is called in a sentence, with how many if there are more than one."""
    name = f"**{safe(truncate(item.name, NAME_IN_LISTS))}**"
    return name if quantity == 1 else f"{format_number(quantity)} × {name}"


# --- lists -------------------------------------------------------------------------------------------------


def list_pages(items: Sequence[ShopItem], look: Look, title: str, hint: str) -> list[discord.Embed]:
    """Items to leaf through."""
    pages = pages_of([list_line(item, look) for item in items], 3_500, ITEMS_A_PAGE)
    return [embeds.info(f"{hint}\n\n{page}", title=title) for page in pages]


def list_line(item: ShopItem, look: Look) -> str:
    """An item in a list: what it costs, what is left, what it needs."""
    price = look.coins(item.price) if item.price else _("free")
    parts = [f"{EMOJI[item.kind]} `#{item.number}` {name_of(item)}", price]
    parts += [part for part in (state_mark(item, look), _left(item, look)) if part]
    parts += [need_mark(need, look) for need in needs_of(item, look.buyer)]
    if still_allowed(item, look.buyer) == 0:
        parts.append("❌ " + _("bought as often as you may"))
    return " · ".join(parts)


def state_mark(item: ShopItem, look: Look) -> str | None:
    """Why an item can't be bought at all, in a word or two; None if it can."""
    state = look.state(item)
    if state is State.NOT_YET:
        assert item.sold_from is not None
        return "⏳ " + _("from {when}").format(when=timestamp(item.sold_from))
    marks = {
        State.SOLD_OUT: "🚫 " + _("sold out"), State.OVER: "🏁 " + _("over"), State.BROKEN: "⚠️ " + _("broken"),
    }  # fmt: skip
    return marks.get(state)


def _left(item: ShopItem, look: Look) -> str | None:
    if item.stock:
        return ngettext("{count} left", "{count} left", item.stock).format(count=format_number(item.stock))
    if item.stock is None and item.sold_until is not None and look.state(item) is State.ON_SALE:
        return _("until {when}").format(when=timestamp(item.sold_until))
    return None


def need_mark(need: Need, look: Look) -> str:
    """What an item needs, and whether the reader has it."""
    mark = "✅ " if need.met else "❌ "
    if need.kind == "role":
        return mark + f"<@&{need.value}>"
    if need.kind == "level":
        return mark + _("level {level}").format(level=format_number(need.value))
    return mark + _("own {amount}").format(amount=look.coins(need.value))


# --- one item ----------------------------------------------------------------------------------------------


def details(item: ShopItem, look: Look) -> discord.Embed:
    """All that a member may know of an item."""
    embed = embeds.info(item.description, title=f"{EMOJI[item.kind]} {safe(item.name)}")
    embed.add_field(name=_("Price"), value=look.coins(item.price) if item.price else _("free"))
    embed.add_field(name=_("What you get"), value=what_one_gets(item))
    if item.stock is not None:
        embed.add_field(name=_("Left"), value=format_number(item.stock))
    allowed = still_allowed(item, look.buyer)
    if allowed is not None and item.per_person is not None:
        embed.add_field(
            name=_("For each member"),
            value=_("{most} in all; you can buy {left} more").format(
                most=format_number(item.per_person), left=format_number(allowed)
            ),
        )
    needs = needs_of(item, look.buyer)
    if needs:
        embed.add_field(name=_("Needs"), value="\n".join(need_mark(need, look) for need in needs))
    if item.sold_from is not None:
        embed.add_field(name=_("From"), value=timestamp(item.sold_from))
    if item.sold_until is not None:
        embed.add_field(name=_("Until"), value=timestamp(item.sold_until))
    share = look.bank.bot.guild_settings.get(look.guild.id, SELL_SHARE)
    if share and not (item.kind == "role" and not item.kept):
        embed.add_field(name=_("Sells back for"), value=look.coins(item.price * share // 100))
    state = look.state(item)
    if state is not State.ON_SALE:
        embed.add_field(name=_("At the moment"), value=why_not_state(item, look), inline=False)
    embed.set_footer(text=f"#{item.number} · {translate(KIND_NAMES[item.kind])}")
    return embed


GETS = {
    "text": N_("A text that only you read, when you use it"),
    "code": N_("A code of your own, when you use it"),
    "collectable": N_("Something to keep, give away or trade"),
}
"""What items of a kind are good for, where that is the same for all."""


def what_one_gets(item: ShopItem) -> str:
    """What an item is good for."""
    if item.kind in GETS:
        return translate(GETS[item.kind])
    if item.percent is not None and item.lasts is not None:
        return _("{percent} more XP for {time}, from when you use it").format(
            percent=format_percent(item.percent / 100), time=human_duration(item.lasts)
        )
    role = f"<@&{item.role_id}>"
    if item.lasts is None:
        return _("{role}, when you use it").format(role=role) if item.kept else role
    if item.kept:
        return _("{role} for {time}, from when you use it").format(role=role, time=human_duration(item.lasts))
    return _("{role} for {time}").format(role=role, time=human_duration(item.lasts))


# --- why not -----------------------------------------------------------------------------------------------


def why_not_state(item: ShopItem, look: Look) -> str:
    """Why an item can't be bought by anybody now, in a sentence."""
    state, name = look.state(item), name_of(item)
    if state is State.SOLD_OUT:
        return _("{item} is sold out.").format(item=name)
    if state is State.OVER:
        assert item.sold_until is not None
        return _("{item} was sold until {when}.").format(item=name, when=timestamp(item.sold_until))
    if state is State.NOT_YET:
        assert item.sold_from is not None
        return _("{item} can be bought from {when} on.").format(item=name, when=timestamp(item.sold_from))
    fault = fault_of(item, look.powers)
    assert fault is not None
    return why_not_now(item, fault)


def why_not_now(item: ShopItem, fault: Fault) -> str:
    """What is wrong with an item, in a sentence."""
    return translate(FAULTS[fault]).format(item=name_of(item))


def why_not_need(item: ShopItem, need: Need, look: Look) -> str:
    """What the buyer lacks, in a sentence."""
    name = name_of(item)
    if need.kind == "role":
        return _("{item} needs the role {role}, which you don't have.").format(item=name, role=f"<@&{need.value}>")
    if need.kind == "balance":
        return _("{item} is for members who own {amount}, and you own {has}.").format(
            item=name, amount=look.coins(need.value), has=look.coins(look.buyer.wealth)
        )
    if look.buyer.level is None:
        return _("{item} needs level {level}, and levels aren't counted here at the moment.").format(
            item=name, level=format_number(need.value)
        )
    return _("{item} needs level {level}, and you have level {has}.").format(
        item=name, level=format_number(need.value), has=format_number(look.buyer.level)
    )


def why_not(item: ShopItem, quantity: int, look: Look) -> str | None:
    """Why somebody can't buy so many of an item, in a sentence; None if they can. Coins are the bank's affair."""
    if look.state(item) is not State.ON_SALE:
        return why_not_state(item, look)
    for need in needs_of(item, look.buyer):
        if not need.met:
            return why_not_need(item, need, look)
    allowed = still_allowed(item, look.buyer)
    if allowed is not None and quantity > allowed:
        return why_not_allowed(item, allowed)
    if item.stock is not None and quantity > item.stock:
        return ngettext(
            "Only {count} of {item} is left.", "Only {count} of {item} are left.", item.stock
        ).format(count=format_number(item.stock), item=name_of(item))  # fmt: skip
    return None


def why_not_allowed(item: ShopItem, allowed: int) -> str:
    """That a member may not buy so many, in a sentence."""
    if not allowed:
        return _("You have bought {item} as often as each member may.").format(item=name_of(item))
    return ngettext(
        "You may buy {item} only {count} more time.", "You may buy {item} only {count} more times.", allowed
    ).format(item=name_of(item), count=format_number(allowed))  # fmt: skip


def changed(shown: ShopItem, now: ShopItem | None, look: Look) -> str:
    """That an item isn't what the buyer was shown any more, in a sentence."""
    if now is None:
        return _("{item} was taken out of the shop meanwhile; nothing was bought.").format(item=name_of(shown))
    if now.price != shown.price:
        return _("The price of {item} changed meanwhile: it is {price} now. Nothing was bought.").format(
            item=name_of(now), price=look.coins(now.price)
        )
    return _("{item} was changed meanwhile: look at it again. Nothing was bought.").format(item=name_of(now))


def unknown(near_ones: Sequence[ShopItem], text: str, command: str = "") -> str:
    """That no item is called so, with those that nearly are, or else the command that shows what there is."""
    shown = quoted(text)
    if not near_ones and not command:
        return _("There is no item “{text}”.").format(text=shown)
    if not near_ones:
        return _("There is no item “{text}”. `{command}` shows what there is.").format(text=shown, command=command)
    listed = [f"{name_of(item)} (`#{item.number}`)" for item in near_ones]
    return _("There is no item “{text}”. Did you mean {items}?").format(
        text=shown, items=format_list(listed, style="or")
    )
