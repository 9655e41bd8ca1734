"""`guilds` and `leave`: the servers that the bot is in."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from discord.ext import commands

from utils import embeds
from utils.checks import owner_only
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.errors import UserError
from utils.everywhere import GuildFacts, silence
from utils.formatting import code, pages_of, safe, truncate
from utils.i18n import _, format_number, ngettext
from utils.time import timestamp

GUILDS_A_PAGE: Final = 10
NAME_CHARACTERS: Final = 60
MOST_NAMED: Final = 5
"""Servers that are named where a name fits several."""


class AnyGuild(commands.Converter[GuildFacts]):
    """A server of any process: its id, its name, or a part of the name that fits no other."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> GuildFacts:
        """Raise `BadArgument` if none or several fit."""
        found = await ctx.bot.everywhere.guilds()
        fitting = find_guilds(found.guilds, argument)
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            lines = [_("I'm in no server {text}; `guilds` lists them.").format(text=code(truncate(argument, 40)))]
            raise commands.BadArgument("\n".join([*lines, *silence(found.failed)]))
        named = [f"{safe(truncate(one.name, NAME_CHARACTERS))} ({code(str(one.id))})" for one in fitting[:MOST_NAMED]]
        raise commands.BadArgument(
            _("Several servers fit; write the id of one:\n{servers}").format(servers="\n".join(named))
        )


def find_guilds(guilds: Sequence[GuildFacts], text: str) -> list[GuildFacts]:
    """The server of an id; else those of exactly this name; else those whose name has it as a part."""
    wanted = " ".join(text.split()).strip('"“”„«»').casefold()
    if not wanted:
        return []
    by_id = [one for one in guilds if str(one.id) == wanted]
    exact = [one for one in guilds if one.name.casefold() == wanted]
    return by_id or exact or [one for one in guilds if wanted in one.name.casefold()]


class Guilds(Cog):
    """The servers, for who runs the bot."""

    @command(aliases=["servers"])
    @owner_only()
    @example("", "village", "123456789012345678")
    async def guilds(self, ctx: Context, *, name: str = "") -> None:
        """Show the servers I'm in, the largest first: members, since when, and whose they are.

        With a name or an id, those that it fits.
        """
        found = await self.bot.everywhere.guilds()
        listed = find_guilds(found.guilds, name) if name else list(found.guilds)
        if not listed:
            lines = [_("I'm in no such server.") if name else _("I'm in no server yet."), *silence(found.failed)]
            raise UserError("\n".join(lines))
        listed.sort(key=lambda guild: (-guild.members, guild.id))
        title = ngettext("{count} server", "{count} servers", len(listed)).format(count=format_number(len(listed)))
        pages = pages_of([*silence(found.failed), *map(_line, listed)], most_lines=GUILDS_A_PAGE)
        await ctx.paginate([embeds.info(page, title=title) for page in pages])

    @command(aliases=["leaveserver"])
    @owner_only()
    @example("123456789012345678", "Village")
    async def leave(self, ctx: Context, *, server: Annotated[GuildFacts, AnyGuild]) -> None:
        """Let me leave a server, after a question. To keep away from it, use `botblock`."""
        if not await ctx.confirm(_question(server)):
            await ctx.info(_("I stay."))
            return
        leaves_here = ctx.guild is not None and ctx.guild.id == server.id
        left = _("I left {name}.").format(name=safe(truncate(server.name, NAME_CHARACTERS)))
        if leaves_here:  # afterwards there is no place to say it
            await ctx.info(_("Good-bye."))
        was_there, failed = await self.bot.everywhere.leave(server.id)
        if not was_there:
            raise UserError("\n".join([_("I'm not in that server any more."), *silence(failed)]))
        if not leaves_here:
            await ctx.success(left)


def _question(server: GuildFacts) -> str:
    return _(
        "Leave the server {name} ({id}) with {members} members? What I keep of it is deleted 30 days later,"
        " unless I'm invited again."
    ).format(
        name=safe(truncate(server.name, NAME_CHARACTERS)),
        id=code(str(server.id)),
        members=format_number(server.members),
    )


def _line(guild: GuildFacts) -> str:
    joined = guild.joined_at
    words = {
        "members": format_number(guild.members),
        "owner": f"<@{guild.owner_id}>",
        "owner_id": code(str(guild.owner_id)),
    }
    if joined is None:
        facts = _("{members} members, owner {owner} ({owner_id})").format(**words)
    else:
        facts = _("{members} members, since {joined}, owner {owner} ({owner_id})").format(
            **words, joined=timestamp(joined, "d")
        )
    return f"**{safe(truncate(guild.name, NAME_CHARACTERS))}** ({code(str(guild.id))})\n{facts}"
