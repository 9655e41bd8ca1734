"""Numbers of coins as staff writes them: zero counts, and shares of nothing don't."""

from typing import Any

from discord.ext import commands

from utils.amounts import Amount
from utils.i18n import _


class Coins(commands.Converter[int]):
    """A number of coins like `250` or `1k`, but no share such as `half`."""

    def __init__(self, least: int = 1) -> None:
        self.least = least

    async def convert(self, ctx: commands.Context[Any], argument: str) -> int:
        """Raise `BadArgument` for anything else."""
        if self.least == 0 and argument.strip() == "0":
            return 0
        coins = (await Amount.convert(ctx, argument)).coins
        if coins is None:
            raise commands.BadArgument(_("Write how many coins, like `250` or `1k`."))
        return coins
