"""Commands whose author others shouldn't see."""

from contextlib import suppress
from typing import Final

import discord

from database.removed_messages import RemovedMessage
from utils.bot import CANNOT_SAY
from utils.context import Context

SECONDS_SEEN: Final = 15.0
"""How long an answer stands in a channel."""


HIDDEN: Final = "hidden"
"""As what it is written down that such a command was removed."""


async def hidden(ctx: Context) -> bool:
    """Delete a command, so that nobody sees who wrote it; whether it is gone."""
    try:
        await ctx.message.delete()
    except discord.NotFound:
        return True
    except CANNOT_SAY:
        return False
    if ctx.guild is not None:
        now = discord.utils.utcnow()
        await ctx.bot.removals.note([RemovedMessage(ctx.guild.id, ctx.message.id, ctx.channel.id, None, HIDDEN, now)])
    return True


async def whisper(ctx: Context, answer: discord.Embed, *, for_all: discord.Embed | None = None) -> None:
    """Answer directly, else in the channel, where it soon goes; `for_all` is what may be read there in its place."""
    try:
        await ctx.author.send(embed=answer)
    except CANNOT_SAY:
        with suppress(*CANNOT_SAY):
            await ctx.send(embed=for_all or answer, delete_after=SECONDS_SEEN)
