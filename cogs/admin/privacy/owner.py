"""What whoever runs the bot does about people's data: Discord asks for deletions."""

import re
from typing import Final

from discord.ext import commands

from cogs.admin.privacy.departures import Departures
from utils.bot import Hearth
from utils.checks import owner_only
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context
from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _, format_list, format_number, ngettext
from utils.lookup import id_in, user_id_in
from utils.privacy import store_of

MOST_AT_ONCE: Final = 100
SHOWN_CHARACTERS: Final = 1_500
"""Of ids that nothing is found about."""


class ErasingForOwner(Cog):
    """Deletes data for others."""

    def __init__(self, bot: Hearth, departures: Departures) -> None:
        super().__init__(bot)
        self.departures = departures
        self.erasing = departures.erasing

    @group(only_leads=True)
    @owner_only()
    @example("")
    async def erase(self, ctx: Context) -> None:
        """Delete what is stored about people or servers."""
        raise UserError(
            _("Write {add} or {remove}.").format(
                add=f"`{ctx.clean_prefix}erase user 80351110224678912`",
                remove=f"`{ctx.clean_prefix}erase server 81384788765712384`",
            )
        )

    @erase.command(name="user", aliases=["users", "account"])
    @owner_only()
    @commands.max_concurrency(1)
    @example("80351110224678912", "80351110224678912 80351110224678913")
    async def erase_user(self, ctx: Context, *, ids: str) -> None:
        """Delete all that is stored about accounts, as Discord asks for it when somebody deletes theirs.

        Warnings, blocks and what would never end go at once. What is in force for a time stays until it ends, so that
        a ban is lifted; then it is anonymised, too.
        """
        user_ids = read_ids(ids)
        self.erasing.check_whole()
        store = store_of(self.bot)
        unknown = [user_id for user_id in user_ids if not await store.is_named(user_id)]
        if not await ctx.confirm(_question(len(user_ids), unknown)):
            await ctx.info(_("Nothing was deleted."))
            return
        stays = [user_id for user_id in user_ids if await self.erasing.erase(user_id, strict=True)]
        await ctx.success(_done(len(user_ids), len(stays)))

    @erase.command(name="server", aliases=["guild"])
    @owner_only()
    @example("81384788765712384")
    async def erase_server(self, ctx: Context, server_id: str) -> None:
        """Delete all that is stored about a server that I'm not in any more, without waiting for its 30 days."""
        guild_id = id_in(server_id)
        if guild_id is None:
            raise _no_id()
        if await self.departures.is_here(guild_id):
            raise UserError(_("I'm in that server. Remove me from it first."))
        self.erasing.check_whole()
        if not await ctx.confirm(_("Delete all that I store about this server? This can't be taken back.")):
            await ctx.info(_("Nothing was deleted."))
            return
        await self.departures.left(guild_id)  # so that it goes on if it is cut off
        if await self.departures.is_here(guild_id) or not await self.departures.erase(guild_id):
            raise UserError(_("I'm at it already, or in that server again."))
        await ctx.success(_("All that I stored about this server is deleted."))


def read_ids(text: str) -> list[int]:
    """The ids in a text, each once. Raises `UserError` for anything else in it, and for too many."""
    found: dict[int, None] = {}
    for word in re.split(r"[\s,;]+", text.strip()):
        user_id = user_id_in(word)
        if user_id is None:
            raise _no_id()
        found[user_id] = None
    if len(found) > MOST_AT_ONCE:
        raise UserError(
            ngettext("{count} id at once, please.", "{count} ids at once at most, please.", MOST_AT_ONCE).format(
                count=format_number(MOST_AT_ONCE)
            )
        )
    return list(found)


def _no_id() -> UserError:
    return UserError(_("That's no id. Ids are long numbers, such as `81384788765712384`."))


def _question(count: int, unknown: list[int]) -> str:
    question = ngettext(
        "Delete all that I store about {count} account? This can't be taken back.",
        "Delete all that I store about {count} accounts? This can't be taken back.",
        count,
    ).format(count=format_number(count))
    if not unknown:
        return question
    ids = truncate(format_list([code(str(user_id)) for user_id in unknown]), SHOWN_CHARACTERS)
    return "\n".join([question, _("I find nothing about {ids}.").format(ids=ids)])


def _done(count: int, stays: int) -> str:
    done = ngettext(
        "The data of {count} account is deleted.", "The data of {count} accounts is deleted.", count
    ).format(count=format_number(count))
    if not stays:
        return done
    left = ngettext(
        "Of {count} of them, what is in force stays until it ends.",
        "Of {count} of them, what is in force stays until it ends.",
        stays,
    ).format(count=format_number(stays))
    return f"{done}\n{left}"
