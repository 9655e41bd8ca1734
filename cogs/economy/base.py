"""What every cog of the economy is made of."""

import discord

from cogs.economy.bank import Bank
from utils.bot import Hearth
from utils.cog import GuildCog
from utils.errors import UserError
from utils.i18n import _


class EconomyCog(GuildCog):
    """One topic of the economy: coins are a server's, so its commands run in servers only."""

    def __init__(self, bot: Hearth, bank: Bank) -> None:
        super().__init__(bot)
        self.bank = bank

    def check_coins_on(self, guild_id: int) -> None:
        """Raise `UserError` where the economy is switched off, for buttons: commands aren't heard there."""
        if not self.bot.switches.feature_is_on(guild_id, self.feature):
            raise UserError(_("Coins are switched off in this server."))


def not_a_bot(member: discord.Member) -> discord.Member:
    """The same member; raises `UserError` for a bot."""
    if member.bot:
        raise UserError(_("Bots have no coins."))
    return member
