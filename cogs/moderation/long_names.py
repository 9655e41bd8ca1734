"""Names with spaces where a reason may follow: `role add @ann Mod Helper too good` isn't about the role `Mod`."""

from collections.abc import Iterable
from typing import Any

from discord.ext import commands

from utils.context import Context
from utils.converters import RoleConverter, VoiceChannelConverter


def longest_name(text: str, names: Iterable[str]) -> str | None:
    """The longest of the names that a text begins with, as whole words and whatever the case; None if none does."""
    folded = text.casefold()
    fitting = [name for name in names if f"{folded} ".startswith(f"{name.casefold()} ")]
    return max(fitting, key=len, default=None)


class LongRole(RoleConverter):
    """A role by mention, id or name; a name with spaces needs no quotes if it is written whole."""

    async def convert(self, ctx: Context, argument: str) -> Any:  # type: ignore[override]
        """Raise `BadArgument` if none or more than one is meant."""
        guild = _guild_of(ctx)
        return await super().convert(ctx, _with_what_follows(ctx, argument, (role.name for role in guild.roles)))


class LongVoiceChannel(VoiceChannelConverter):
    """The same for a voice channel."""

    async def convert(self, ctx: Context, argument: str) -> Any:  # type: ignore[override]
        """Raise `BadArgument` if none or more than one is meant."""
        guild = _guild_of(ctx)
        voices = [channel.name for channel in (*guild.voice_channels, *guild.stage_channels)]
        return await super().convert(ctx, _with_what_follows(ctx, argument, voices))


def _guild_of(ctx: Context) -> Any:
    if ctx.guild is None:
        raise commands.NoPrivateMessage
    return ctx.guild


def _with_what_follows(ctx: Context, word: str, names: Iterable[str]) -> str:
    """The name that a word and those behind it make, which are then read; the word itself in quotes or if none do."""
    view = ctx.view
    if view.buffer[: view.index].endswith(word):  # not a closing quotation mark
        name = longest_name(word + view.buffer[view.index :], names)
        if name is not None and len(name) > len(word):
            view.index += len(name) - len(word)
            return name
    return word
