"""How a game that goes on ended, in words."""

import discord

from cogs.economy.bank import Bank
from cogs.economy.games.tables import Table
from utils import embeds
from utils.i18n import _


def ending_of(bank: Bank, table: Table) -> tuple[str, discord.Colour]:
    """What the player reads of their coins once a game is over, and the colour of that."""
    ending, guild_id = table.ending, table.wager.guild_id
    if ending is None:
        sentence = _("I can't reach my database at the moment; your coins come as soon as I can.")
        return sentence, embeds.INFO_COLOUR
    gain = ending.paid - ending.staked
    values = {
        "bet": bank.show(guild_id, ending.staked),
        "amount": bank.show(guild_id, abs(gain)),
        "balance": bank.show(guild_id, ending.balance),
    }
    if ending.refunded:
        sentence = _("This game was cut off, and your bet of {bet} was given back. You have {balance} in hand.")
        return sentence.format(**values), embeds.INFO_COLOUR
    if gain > 0:
        return _("You win {amount} and have {balance} in hand.").format(**values), embeds.SUCCESS_COLOUR
    if gain == 0:
        return _("You get your bet back and have {balance} in hand.").format(**values), embeds.INFO_COLOUR
    return _("You lose {amount} and have {balance} in hand.").format(**values), embeds.ERROR_COLOUR
