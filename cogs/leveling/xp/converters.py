"""What the commands of XP take."""

import re
from typing import Any, Final

from discord.ext import commands

from cogs.leveling.xp.importing.merging import Mode
from cogs.leveling.xp.rules import XpAmount, parse_amount
from utils.arguments import as_bad_argument
from utils.formatting import code, truncate
from utils.i18n import _


class XpAmountConverter(commands.Converter[XpAmount]):
    """XP like `500` or `1.5k`, or a level like `level 10`."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> XpAmount:
        """Raise `BadArgument` for anything else."""
        with as_bad_argument():
            return parse_amount(argument)


class SnapshotNumber(commands.Converter[int]):
    """The number of a snapshot, like `3` or `#3`."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> int:
        """Raise `BadArgument` for anything else."""
        found = re.fullmatch(r"#?([0-9]{1,18})", argument.strip())
        if found is None:
            raise commands.BadArgument(
                _("{word} is no snapshot: write its number as `xp snapshots` shows it, like `3`.").format(
                    word=code(truncate(argument, 40))
                )
            )
        return int(found[1])


_MODES: Final[dict[str, Mode]] = {
    "replace": "replace", "overwrite": "replace", "ersetzen": "replace",
    "highest": "highest", "higher": "highest", "max": "highest", "höchste": "highest",
    "add": "add", "sum": "add", "addieren": "add",
}  # fmt: skip


class ModeConverter(commands.Converter[Mode]):
    """What a file's XP does to what is there: `replace`, `highest` or `add`."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Mode:
        """Raise `BadArgument` for anything else."""
        mode = _MODES.get(argument.strip().casefold())
        if mode is None:
            raise commands.BadArgument(_("Write `highest`, `replace` or `add`."))
        return mode
