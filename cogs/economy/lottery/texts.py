"""What is said about a lottery."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import discord

from cogs.economy.bank import Bank
from cogs.economy.games.pots import prize
from cogs.economy.lottery.rules import FEWEST_PLAYERS
from database.lottery import Holder, Lottery
from utils import embeds
from utils.i18n import _, format_number, format_percent, ngettext
from utils.time import human_duration, timestamp


def tickets_text(count: int) -> str:
    """So many tickets."""
    return ngettext("{count} ticket", "{count} tickets", count).format(count=format_number(count))


def chance_text(held: int, sold: int) -> str:
    """How likely it is that one of these tickets is drawn."""
    return format_percent(held / sold if sold else 0.0, 2)


def news_of(bank: Bank, lottery: Lottery, holders: Sequence[Holder]) -> str:
    """How a lottery ended."""
    if lottery.winner_id is not None and lottery.prize is not None:
        sold = sum(holder.tickets for holder in holders)
        held = next((holder.tickets for holder in holders if holder.user_id == lottery.winner_id), 0)
        return _("🎟️ {member} wins the lottery: {prize}! Their chance was {chance}.").format(
            member=f"<@{lottery.winner_id}>",
            prize=bank.show(lottery.guild_id, lottery.prize),
            chance=chance_text(held, sold),
        )
    if len(holders) < FEWEST_PLAYERS:
        return _("🎟️ The lottery wasn't drawn, for it takes two players. The only one has the coins back.")
    return _("🎟️ The lottery wasn't drawn, and all players have their coins back.")


def open_embed(bank: Bank, lottery: Lottery, holders: Sequence[Holder], reader_id: int, most: int) -> discord.Embed:
    """A lottery that tickets are sold for."""
    guild_id = lottery.guild_id
    sold = sum(holder.tickets for holder in holders)
    held = sum(holder.tickets for holder in holders if holder.user_id == reader_id)
    pot = lottery.price * sold
    players = ngettext("{tickets} of {count} player", "{tickets} of {count} players", len(holders))
    embed = embeds.info(price_text(bank, lottery, most), title=_("Lottery"))
    embed.add_field(name=_("Pot"), value=bank.show(guild_id, pot))
    embed.add_field(name=_("The winner gets"), value=bank.show(guild_id, prize(pot, lottery.house_percent)))
    embed.add_field(
        name=_("Sold"), value=players.format(tickets=tickets_text(sold), count=format_number(len(holders)))
    )
    embed.add_field(name=_("Yours"), value=tickets_text(held))
    embed.add_field(name=_("Your chance"), value=chance_text(held, sold))
    embed.add_field(name=_("Drawn"), value=f"{timestamp(lottery.draws_at, 'F')} ({timestamp(lottery.draws_at, 'R')})")
    return embed


def price_text(bank: Bank, lottery: Lottery, most: int) -> str:
    """What a ticket costs, how many one can have, and what the house keeps."""
    return _("A ticket costs {price}; you can have {most}. The house keeps {share} of the pot.").format(
        price=bank.show(lottery.guild_id, lottery.price),
        most=format_number(most),
        share=format_percent(lottery.house_percent / 100),
    )


def closed_text(bank: Bank, guild_id: int, price: int, interval: timedelta) -> str:
    """That no lottery is open, and how one is opened."""
    return _("No lottery is open. The first ticket, for {price}, opens one that is drawn {duration} later.").format(
        price=bank.show(guild_id, price), duration=human_duration(interval)
    )


def last_text(bank: Bank, lottery: Lottery, ended_at: datetime) -> str:
    """Who won the last time."""
    return _("Last time, {when}, {member} won {prize}.").format(
        when=timestamp(ended_at, "R"),
        member=f"<@{lottery.winner_id}>",
        prize=bank.show(lottery.guild_id, lottery.prize or 0),
    )


def bought_text(bank: Bank, lottery: Lottery, count: int, held: int, sold: int) -> str:
    """What somebody bought, and what their chance is now."""
    return _("You buy {tickets} for {price}, and have {held} of {sold} now: {chance}. Drawn {when}.").format(
        tickets=tickets_text(count),
        price=bank.show(lottery.guild_id, count * lottery.price),
        held=format_number(held),
        sold=format_number(sold),
        chance=chance_text(held, sold),
        when=timestamp(lottery.draws_at, "R"),
    )


def too_many_text(held: int, left: int) -> str:
    """That somebody can't have so many."""
    if left <= 0:
        return _("You have {tickets}; more aren't allowed.").format(tickets=tickets_text(held))
    return ngettext(
        "You have {tickets} and can buy only {left} more.", "You have {tickets} and can buy only {left} more.", left
    ).format(tickets=tickets_text(held), left=format_number(left))
