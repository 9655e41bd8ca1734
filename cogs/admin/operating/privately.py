"""Answers that are for nobody but whoever runs the bot: they come as a direct message."""

import io
from collections.abc import Sequence
from typing import Any, Final

import discord

from utils.context import Context
from utils.errors import UserError
from utils.formatting import MESSAGE_LIMIT, code_block
from utils.i18n import _
from utils.views import Pages

SHOWN_CHARACTERS: Final = MESSAGE_LIMIT - 100
"""Of a code block, so that its heading fits too."""


async def answer_privately(ctx: Context, pages: Sequence[dict[str, Any]], file: discord.File | None = None) -> None:
    """Send pages to leaf through as a direct message, the file with the first. Raises UserError."""
    first = dict(pages[0]) if file is None else {**pages[0], "file": file}
    try:
        if len(pages) == 1:
            await ctx.author.send(**first)
        else:
            view = Pages(ctx.bot, ctx.author.id, pages)
            view.message = await ctx.author.send(**first, view=view)
    except discord.Forbidden as error:
        raise UserError(_("I can't send you direct messages; open yours for this server and try again.")) from error
    if ctx.guild is not None:
        await ctx.success(_("I've sent it to you."))


async def send_text_privately(ctx: Context, heading: str, text: str, *, language: str, file_name: str) -> None:
    """Send a text as code block, or as a file where it is too long for one. Raises UserError."""
    shown = f"{heading}\n{code_block(text, language)}"
    if len(shown) <= MESSAGE_LIMIT:
        await answer_privately(ctx, [{"content": shown}])
    else:
        file = discord.File(io.BytesIO(text.encode(errors="replace")), file_name)
        await answer_privately(ctx, [{"content": heading}], file)
