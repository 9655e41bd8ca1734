"""`eval`: running Python inside the bot, where the operator allows it."""

import asyncio
import logging
from typing import Any, Final

import discord

from cogs.admin.operating.privately import send_text_privately
from cogs.admin.operating.rows import out_of_block
from cogs.admin.operating.running import Outcome, run, secrets_in
from utils.bot import Hearth
from utils.checks import owner_only
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.errors import UserError
from utils.formatting import truncate
from utils.i18n import _
from utils.log import mask

log = logging.getLogger("hearth.admin")

SECONDS: Final = 30.0
STEP_SECONDS: Final = 3.0
"""For what doesn't let the bot do anything else."""
LONGEST_OUTPUT: Final = 500_000  # characters


class Evaluating(Cog):
    """Code, for who runs the bot."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.last_values: dict[int, Any] = {}

    @command(name="eval", aliases=["evaluate"])
    @owner_only()
    @example("len(bot.guilds)", "await db.fetchval('SELECT COUNT(*) FROM cases')")
    async def evaluate(self, ctx: Context, *, code: str) -> None:
        """Run Python inside me. Off unless `ALLOW_EVAL=1` is set where I run.

        The value of the last expression and what is printed come as a direct message, with secrets blotted out.
        There are `bot`, `ctx`, `db`, `guild`, `channel`, `author`, `message`, `discord`, `asyncio`, and `last`, the
        value before. After 30 seconds it is stopped, and sooner if it lets nothing else run.
        """
        if not self.bot.config.allow_eval:
            raise UserError(
                _("Running code is switched off. To allow it, set `ALLOW_EVAL=1` where I run, and restart me.")
            )
        text = out_of_block(code)
        if not text.strip():
            raise UserError(_("There is no code in it."))
        log.warning("%d runs code: %s", ctx.author.id, text)
        async with ctx.typing():
            outcome = await run(text, self._names(ctx), seconds=SECONDS, step_seconds=STEP_SECONDS)
        if outcome.value is not None:
            self.last_values[ctx.author.id] = outcome.value
        await send_text_privately(ctx, _heading(outcome), self._shown(outcome), language="py", file_name="result.txt")

    def _names(self, ctx: Context) -> dict[str, Any]:
        return {
            "bot": self.bot, "ctx": ctx, "db": self.bot.db, "guild": ctx.guild, "channel": ctx.channel,
            "author": ctx.author, "message": ctx.message, "discord": discord, "asyncio": asyncio,
            "last": self.last_values.get(ctx.author.id),
        }  # fmt: skip

    def _shown(self, outcome: Outcome) -> str:
        parts = [outcome.printed.rstrip("\n"), outcome.error or ""]
        if outcome.error is None and not outcome.overdue and (outcome.value is not None or not outcome.printed):
            parts.append(_representation(outcome.value))
        text = mask("\n".join(filter(None, parts)), self.bot.config.secrets | secrets_in())
        return truncate(text, LONGEST_OUTPUT)


def _heading(outcome: Outcome) -> str:
    if outcome.overdue:
        return _("I stopped it: it took too long.")
    return _("It raised an error:") if outcome.error is not None else _("Result:")


def _representation(value: Any) -> str:
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001 - a class of theirs may raise anything
        return f"<{type(value).__name__}: {type(error).__name__}>"
