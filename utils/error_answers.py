"""What is answered to a command that failed, or to a word that is none."""

from typing import TYPE_CHECKING

from discord.ext import commands

from utils import checks, errors
from utils.context import Context
from utils.core_settings import SUGGESTIONS
from utils.i18n import _
from utils.invoking import may_run
from utils.near import nearest

if TYPE_CHECKING:
    from utils.bot import Hearth


async def sentence_for(bot: "Hearth", ctx: Context, error: commands.CommandError) -> str | None:
    """The sentence for whoever caused an error; None if nothing is said. What nobody expects is written down."""
    if isinstance(error, commands.CommandNotFound):
        return await _suggestion(bot, ctx)
    if not errors.is_expected(error):
        where = ctx.command.qualified_name if ctx.command else "a command"
        return errors.our_bug(bot.error_reports.add(errors.cause_of(error), where))
    sentence = errors.answer_to(ctx, error)
    if sentence and isinstance(error, errors.USAGE_FOLLOWS):
        return f"{sentence}\n{errors.usage_line(ctx)}"
    return sentence


async def _suggestion(bot: "Hearth", ctx: Context) -> str | None:
    """The command that was probably meant, of those that whoever wrote it may use here."""
    if ctx.guild is None or not ctx.invoked_with or not bot.guild_settings.get(ctx.guild.id, SUGGESTIONS):
        return None
    if not await checks.is_heard(ctx) or not await bot.access.takes(ctx):
        return None
    await bot.speak_for(ctx)
    names = [name for name, command in bot.all_commands.items() if await may_run(ctx, command)]
    names += [name for finder in bot.command_finders for name in await finder.names(ctx)]
    near = nearest(ctx.invoked_with.lower(), names)
    return _("Did you mean `{command}`?").format(command=f"{ctx.clean_prefix}{near}") if near else None
